/**
 * The nouns: {@link javelin.core.Tensor}, {@link javelin.core.Op}, {@link javelin.core.Program}, the
 * {@link javelin.core.Recorder} that writes programs down and the {@link javelin.core.Evaluator} that says what they
 * mean. Read {@code Op} first. Imports {@code core.type} and {@code core.lowering}; shares a two-way street with
 * {@code core.ops}, whose ops are the tensors' methods.
 */
package javelin.core;
