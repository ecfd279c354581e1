/**
 * What users wait for, measured: workloads with the names, shapes and inputs that other libraries' benchmarks have,
 * timed as those are, alone or in turn with them. Start with {@link javelin.bench.Bench}; each section of workloads is
 * a file.
 */
package javelin.bench;
