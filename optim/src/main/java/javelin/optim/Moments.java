package javelin.optim;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Decaying means of what happened, and their correction for the start from 0: what most rules share. */
final class Moments {
    private Moments() {}

    /** {@code (1 - decay) x + decay mean}. (optax.tree.update_moment) */
    static <P> P mean(String what, P x, P mean, double decay) {
        return TreeMath.zip(what, x, mean, (g, m) -> mean(g, m, decay));
    }

    /** {@code (1 - decay) x^2 + decay mean} */
    static <P> P meanSquare(String what, P x, P mean, double decay) {
        return TreeMath.zip(what, x, mean, (g, v) -> mean(g.square(), v, decay));
    }

    /** {@code 1 - decay} is rounded once. In the wider of the two types. */
    static Tensor mean(Tensor x, Tensor mean, double decay) {
        DType type = x.dtype().bytes() >= mean.dtype().bytes() ? x.dtype() : mean.dtype();
        return flushed(x.astype(type).mul(1 - decay).add(mean.astype(type).mul(decay)));
    }

    /** With a decay that is computed, a scalar; {@code 1 - decay} is taken in its type. */
    static Tensor mean(Tensor x, Tensor mean, Tensor decay) {
        Tensor rest = decay.like(1).sub(decay);
        return flushed(x.mul(rest.astype(x.dtype())).add(mean.mul(decay.astype(x.dtype()))));
    }

    /**
     * 0 in place of numbers below 1e-30 (f64: 1e-290). A mean of gradients that have become 0 would come to rest at a
     * subnormal number, which makes every step 11 times slower; JAX flushes these in hardware, the JVM cannot.
     * (performance.md of the design: 3058 against 286 us)
     */
    static Tensor flushed(Tensor x) {
        double tiny = switch (x.dtype()) {
            case F64 -> 1e-290;
            case F32 -> 1e-30;
            default -> 0;
        };
        return tiny == 0 ? x : x.abs().lt(tiny).where(x.like(0), x);
    }

    /**
     * Division by {@code 1 - decay^count}, the divisor computed once for each element type and in it, as Optax does.
     * (optax.tree.bias_correction)
     */
    static UnaryOperator<Tensor> correction(double decay, Tensor count) {
        Map<DType, Tensor> divisors = new EnumMap<>(DType.class);
        return mean -> mean.div(divisors.computeIfAbsent(mean.dtype(), type -> {
            Tensor power = Tensor.full(TensorType.of(type), decay).pow(count.astype(type));
            return power.like(1).sub(power);
        }));
    }

    static <P> P corrected(P mean, double decay, Tensor count) { return TreeMath.map(mean, correction(decay, count)); }
}
