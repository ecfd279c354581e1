package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.TensorType;

/** Its input, as a constant: the derivative is zero because the user said so. */
public record StopGradient() implements SimpleOp.ZeroDerivative {
    @Override public TensorType outputType(List<TensorType> in) { return in.getFirst(); }

    @Override public Tensor batchedOutput(List<Batched> in) { return apply(in.getFirst().value()); }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.each(in.getFirst().rank(), Scalar.Loop::new),
                in.getFirst().dtype()));
    }

    @Override public String toString() { return "stop_gradient"; }
}
