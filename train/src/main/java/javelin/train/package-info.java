/**
 * What training is made of beside layers and optimizers: {@link javelin.train.TrainState} and
 * {@link javelin.train.TrainLoop}, {@link javelin.train.Batches} of data, {@link javelin.train.Metrics},
 * {@link javelin.train.Checkpoints}. All of it is optional: a loop of one's own with {@code jit} needs none. Imports
 * {@code javelin}, core, nn, optim and io.
 */
package javelin.train;
