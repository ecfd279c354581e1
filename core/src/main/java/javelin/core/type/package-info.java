/**
 * What is known of a tensor without its numbers: element types, shapes, and {@link javelin.core.type.TensorType}, which
 * is both and the type to read first. Imports nothing of ours.
 */
package javelin.core.type;
