/**
 * Networks with the semantics of Flax linen and an explicit scope: {@link javelin.nn.Layer} is what to write,
 * {@link javelin.nn.Scope} what it is given, {@link javelin.nn.Variables} what {@code init} makes, {@link
 * javelin.nn.Nn} the way in for modules of any shape. Names, random streams and initial weights are Flax's. Imports
 * {@code javelin} and core.
 */
package javelin.nn;
