/**
 * Program to program: the same values, computed by less. {@link javelin.compiler.simplify.Simplify} lists the passes.
 * Imports core only.
 */
package javelin.compiler.simplify;
