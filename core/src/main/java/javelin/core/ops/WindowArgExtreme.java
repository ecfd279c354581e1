package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The number, i32, of the first extreme element of every window, row-major within the window; NaN is the extreme. */
public record WindowArgExtreme(List<Window> windows, boolean max) implements SimpleOp.ZeroDerivative {
    @Override public TensorType outputType(List<TensorType> in) { return new TensorType(DType.I32, Window.outputs(this, in, windows)); }

    @Override public Tensor batchedOutput(List<Batched> in) { return new WindowArgExtreme(Window.batched(windows), max).apply(in.getFirst().value()); }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        Scalar number = new Scalar.Loop(x.rank());
        var place = Window.place(windows, x.shape().sizes(), Scalar.Loop::new, a -> Window.element(windows, a, number));
        Number padding = max ? Extremes.lowest(x.dtype()) : Extremes.highest(x.dtype());
        return new Lowering.ArgReduce(Window.elements(windows), place.select(new Scalar.Read(0, place.at(), x.dtype()), padding), max);
    }

    @Override public String toString() { return (max ? "window_argmax" : "window_argmin") + windows; }
}
