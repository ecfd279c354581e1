/**
 * From programs to bytecode: {@link javelin.compiler.JvmBackend} is the list of passes and the type to read first, each
 * pass is a package of its own. Imports all of them; from core what a {@link javelin.core.Backend} needs.
 */
package javelin.compiler;
