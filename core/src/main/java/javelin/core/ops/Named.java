package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.TensorType;

/** Its input, under a name that policies of checkpoints know it by; tangents go without the name. */
public record Named(String name) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) { return in.getFirst(); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return dx; }

    @Override public Tensor transpose(Tensor ct, TensorType x) { return ct; }

    @Override public Tensor batchedOutput(Tensor x) { return apply(x); }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.each(in.getFirst().rank(), Scalar.Loop::new),
                in.getFirst().dtype()));
    }

    @Override public String toString() { return "name[" + name + "]"; }
}
