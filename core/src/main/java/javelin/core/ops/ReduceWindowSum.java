package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The sum of every window. */
public record ReduceWindowSum(List<Window> windows) implements WindowReduction, LinearOp.Unary {
    @Override public WindowReduction over(List<Window> windows) { return new ReduceWindowSum(windows); }

    @Override public Fn combine() { return Fn.ADD; }

    @Override public Number identity(DType type) { return 0L; }

    /** An element takes part in the windows that cover it, so its cotangent is the sum of theirs. */
    @Override public Tensor transpose(Tensor ct, TensorType x) {
        return new ReduceWindowSum(Window.transposed(windows, x.shape())).apply(ct);
    }

    @Override public Tensor batchedOutput(Tensor x) { return WindowReduction.super.batchedOutput(x); }

    @Override public Tensor batchedOutput(List<Batched> in) { return WindowReduction.super.batchedOutput(in); }

    @Override public String toString() { return "reduce_window_sum" + windows; }
}
