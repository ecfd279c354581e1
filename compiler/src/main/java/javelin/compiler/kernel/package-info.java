/**
 * The compiler's second and last representation: {@link javelin.compiler.kernel.Kernel}, loops over buffers, whose
 * arithmetic is a graph of {@link javelin.compiler.kernel.Code} nodes; and what the transcendental functions are made
 * of. Mutable buffers appear here and nowhere above. Imports core's types and lowerings only.
 */
package javelin.compiler.kernel;
