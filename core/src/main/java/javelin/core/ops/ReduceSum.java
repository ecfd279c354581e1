package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The sum over {@code axes}, which disappear. */
public record ReduceSum(List<Integer> axes) implements Reduction, LinearOp.Simple {
    @Override public Reduction over(List<Integer> axes) { return new ReduceSum(axes); }

    @Override public Fn combine() { return Fn.ADD; }

    @Override public Number identity(DType type) { return 0L; }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return apply(dx); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        TensorType x = in.getFirst().type();
        return Reduction.spread(ct, x, axes);
    }

    @Override public String toString() { return "reduce_sum" + axes; }
}
