/**
 * The user's own types as trees of tensors: {@link javelin.core.tree.Trees} takes them apart and puts them together,
 * {@link javelin.core.tree.TreeDef} is what remains without the tensors. Imports {@code core}.
 */
package javelin.core.tree;
