/**
 * Tensors in files: {@link javelin.io.Safetensors}, {@link javelin.io.Npz} and {@link javelin.io.Npy}, and
 * {@link javelin.io.FlaxMsgpack}, for any tree of tensors, whose names {@link javelin.io.NamedTensors} makes. Files are
 * never trusted: whatever is wrong with one ends in a {@link javelin.io.FormatException}, and what is allocated for it
 * is bounded by its size. Names of formats occur in this package only. Imports core.
 */
package javelin.io;
