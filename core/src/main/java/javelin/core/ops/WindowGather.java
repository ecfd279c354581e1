package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * One element of every window, of a given number; 0 where that is padding. Inputs are (x, numbers), see {@link
 * WindowWinner}.
 */
public record WindowGather(List<Window> windows) implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        var out = in.getFirst().withShape(Window.outputs(this, in, windows));
        if (!in.get(1).equals(out.withDType(DType.I32)))
            throw new ShapeException(this, in,
                    "the numbers do not fit; input 1 must number an element of every window, "
                    + out.withDType(DType.I32));
        return out;
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return apply(dx, x.get(1)); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return new WindowScatter(windows, in.getFirst().type().shape()).apply(ct, in.get(1).known());
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return new WindowGather(Window.batched(windows)).apply(in.get(0).spread(size), in.get(1).spread(size));
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        Scalar number = new Scalar.Read(1, Lists.each(x.rank(), Scalar.Loop::new), DType.I32);
        var place = Window.place(windows, x.shape().sizes(), Scalar.Loop::new, a -> Window.element(windows, a, number));
        return new Lowering.Pointwise(place.select(new Scalar.Read(0, place.at(), x.dtype()), 0L));
    }

    @Override public String toString() { return "window_gather" + windows; }
}
