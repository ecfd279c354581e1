/**
 * Hand-written kernels behind what loops alone do slowly: {@link javelin.compiler.library.Gemm}, products of matrices, is
 * the type to read first. Only this package and {@code emit} mention the Vector API. Imports {@code core.type},
 * {@code schedule}, {@code emit} for generated inner loops and {@code run} for the workers.
 */
package javelin.compiler.library;
