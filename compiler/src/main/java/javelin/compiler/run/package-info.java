/**
 * What runs when a compiled program runs, beside generated code. Hot: allocates nothing, boxes nothing, takes no lock.
 * Sees {@code core.Executable} only.
 */
package javelin.compiler.run;
