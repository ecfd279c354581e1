/**
 * The factorizations of dense matrices, each its textbook self in f64: {@link javelin.core.linalg.Matrix} first. They
 * are the meaning of the ops of linear algebra; signs and orders are those LAPACK gives. Imports {@code core.type} and
 * {@code core.lowering} only.
 */
package javelin.core.linalg;
