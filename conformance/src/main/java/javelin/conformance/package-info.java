/**
 * The runner of the language-neutral cases: programs, arguments and the numbers JAX, Flax and Optax gave. Read {@link
 * javelin.conformance.Suite} first. May import all of core, nn and optim.
 */
package javelin.conformance;
