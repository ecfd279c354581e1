/**
 * JMH benchmarks of kernels: {@link javelin.bench.jmh.Kernels}, to be read first, holds and runs them. Inputs are
 * state, results are returned. May import nn and what nn imports.
 */
package javelin.bench.jmh;
