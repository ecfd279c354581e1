/**
 * Algorithms behind what loops alone do slowly: {@link javelin.compiler.library.Routines} chooses one for an op, {@link
 * javelin.compiler.library.Gemm}, products of matrices, is the largest. Only this package and {@code emit} mention the
 * Vector API. Imports core, {@code schedule}, {@code emit} for generated inner loops and {@code run} for the workers.
 */
package javelin.compiler.library;
