/**
 * What runs when a compiled program runs, beside generated code: {@link javelin.compiler.run.Workspace}, a program
 * with its memory, is the type to read first. Hot: allocates nothing, boxes nothing, takes no lock. Sees {@code
 * core.Executable} only.
 */
package javelin.compiler.run;
