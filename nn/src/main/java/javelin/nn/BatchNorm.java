package javelin.nn;

import java.util.List;
import java.util.Optional;
import javelin.Tensors;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Normalises each feature by its mean and variance: in training those of the batch, in evaluation running means of
 * them, which the collection {@code batch_stats} holds as {@code mean} and {@code var}. In training {@code running =
 * momentum running + (1 - momentum) batch}, with the variance divided by n. Flax's defaults: momentum 0.99 (PyTorch's
 * 0.1 is our 0.9, and its running variance is divided by n - 1), epsilon 1e-5. Ioffe and Szegedy, arXiv:1502.03167.
 * (flax.linen.BatchNorm, whose use_running_average is the mode of the scope; formula: {@link Norm})
 *
 * @param axis the axis of the features
 */
public record BatchNorm(Norm norm, int axis, double momentum) implements Norm.Of<BatchNorm> {
    public static BatchNorm of() { return new BatchNorm(Norm.of(1e-5), -1, 0.99); }

    public BatchNorm withMomentum(double momentum) { return new BatchNorm(norm, axis, momentum); }

    public BatchNorm withAxis(int axis) { return new BatchNorm(norm, axis, momentum); }

    @Override public BatchNorm with(Norm norm) { return new BatchNorm(norm, axis, momentum); }

    @Override public Tensor normalized(Scope s, Tensor x, Optional<Tensor> mask) {
        List<Integer> features = Norm.axes(x, List.of(axis)), reduced = Norm.others(x, 0, features);
        Norm.require("BatchNorm", x, features);
        TensorType type = x.type().withShape(x.shape().select(features));
        Variable mean = s.variable("batch_stats", "mean", () -> Tensor.zeros(type));
        Variable variance = s.variable("batch_stats", "var", () -> Tensors.ones(type));
        Shape along = new Shape(Lists.each(x.rank(), a -> features.contains(a) ? x.size(a) : 1));
        if (!s.isTraining()) {
            var running = new Norm.Statistics(mean.value().reshape(along), variance.value().reshape(along));
            return norm.normalize(s, x, running, features);
        }
        var batch = norm.statistics(x, reduced, mask);
        mean.set(mean.value().mul(momentum).add(batch.mean().reshape(type.shape()).mul(1 - momentum)));
        variance.set(variance.value().mul(momentum).add(batch.variance().reshape(type.shape()).mul(1 - momentum)));
        return norm.normalize(s, x, batch, features);
    }
}
