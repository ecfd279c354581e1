/**
 * From groups to loop nests: {@link javelin.compiler.schedule.Scheduler} decides the order of loops and which of them
 * run in lanes, and writes down a {@link javelin.compiler.kernel.Kernel}. Imports fuse and kernel.
 */
package javelin.compiler.schedule;
