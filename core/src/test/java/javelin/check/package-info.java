/**
 * The checkers all ops and passes are tested with, for this module and for others: {@link javelin.check.Gradients},
 * {@link javelin.check.Transposes}, {@link javelin.check.Batching}, {@link javelin.check.Programs}. Each takes a
 * program and arguments, and a {@link javelin.check.Runner} that says how programs are run; {@link
 * javelin.check.RandomPrograms} makes programs to run them on. Imports {@code javelin} and {@code javelin.core}.
 */
package javelin.check;
