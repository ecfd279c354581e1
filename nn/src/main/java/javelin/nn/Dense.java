package javelin.nn;

import java.util.List;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * {@code y = x kernel + bias} along the last axis: {@code [..., in] -> [..., features]}. Parameters {@code kernel} [in,
 * features] and {@code bias} [features], of the input's element type. Defaults: a bias, LeCun normal, zeros.
 * (flax.linen.Dense)
 */
public record Dense(int features, boolean useBias, Initializer kernelInit, Initializer biasInit) implements Layer {
    public Dense {
        if (features < 1) throw new JavelinException("Dense needs one feature or more, not " + features);
    }

    public static Dense of(int features) {
        return new Dense(features, true, Initializers.lecunNormal(), Initializers.zeros());
    }

    public Dense withUseBias(boolean use) { return new Dense(features, use, kernelInit, biasInit); }

    public Dense withKernelInit(Initializer init) { return new Dense(features, useBias, init, biasInit); }

    public Dense withBiasInit(Initializer init) { return new Dense(features, useBias, kernelInit, init); }

    @Override public Tensor call(Scope s, Tensor x) {
        if (x.rank() == 0 || !x.dtype().isFloat())
            throw new ShapeException("Dense(" + features + ")", List.of(x.type()),
                    "takes floating-point numbers with an axis of features, the last"
                    + (x.dtype().isFloat() ? "" : "; convert with astype"));
        Tensor y = x.matmul(s.param("kernel", kernelInit, TensorType.of(x.dtype(), x.size(-1), features)));
        return useBias ? y.add(s.param("bias", biasInit, TensorType.of(x.dtype(), features))) : y;
    }
}
