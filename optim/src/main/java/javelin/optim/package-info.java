/**
 * Optimizers with Optax's numbers: {@link javelin.optim.GradientTransformation} is the pair of pure functions that all
 * are, {@link javelin.optim.Optimizers} lists them, {@link javelin.optim.Schedules} says how learning rates go. One
 * transformation per file. Imports {@code javelin} and core.
 */
package javelin.optim;
