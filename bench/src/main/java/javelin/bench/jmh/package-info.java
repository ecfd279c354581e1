/** JMH benchmarks of kernels: {@link javelin.bench.jmh.Kernels} runs them. Inputs are state, results are returned. */
package javelin.bench.jmh;
