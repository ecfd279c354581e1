/**
 * What ops mean, element by element: {@link javelin.core.lowering.Lowering} first, then the expressions
 * ({@link javelin.core.lowering.Scalar}) it is made of. May import {@code core.type} only.
 */
package javelin.core.lowering;
