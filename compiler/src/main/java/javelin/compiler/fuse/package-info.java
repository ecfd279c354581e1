/**
 * Which equations share a loop nest: {@link javelin.compiler.fuse.Fuser} makes {@link javelin.compiler.fuse.Group}s, by
 * the kinds of lowerings and not by ops. Imports core only.
 */
package javelin.compiler.fuse;
