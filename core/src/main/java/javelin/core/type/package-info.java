/** Element types, shapes and tensor types; read {@link javelin.core.type.TensorType} first. Imports nothing of ours. */
package javelin.core.type;
