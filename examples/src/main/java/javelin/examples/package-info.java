/**
 * Programs to look at, one file each, to be read from top to bottom: {@link javelin.examples.Xor} first. They use what
 * any user has, the dependency {@code javelin}, and beside it a parser of command lines, a progress bar and plots.
 */
package javelin.examples;
