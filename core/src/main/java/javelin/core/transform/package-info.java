/**
 * The transformations, one pass a file, each from program to program; read {@link javelin.core.transform.Jvp} first.
 * Imports {@code core} and knows {@code Op}, never a particular op: a user's op is as good as ours.
 */
package javelin.core.transform;
