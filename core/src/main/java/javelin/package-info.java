/**
 * What users call: {@link javelin.Transforms} (jit, grad, vmap, ...), {@link javelin.Control} (scan, cond, ...),
 * {@link javelin.Tensors} (NumPy's vocabulary) and {@link javelin.Key} (random numbers). Imports all of core.
 */
package javelin;
