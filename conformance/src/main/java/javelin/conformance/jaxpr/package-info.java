/**
 * Programs written as JAX's jaxprs, in JSON, turned into programs of Javelin. Read
 * {@link javelin.conformance.jaxpr.Jaxpr} first, then {@link javelin.conformance.jaxpr.Primitives}, the table of what
 * is understood.
 */
package javelin.conformance.jaxpr;
