package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Which element of every window is its extreme: the number, i32 and row-major within the window, of the first one that
 * equals the window's extreme or is NaN; of the last one if the window is padding alone. Inputs are (x, extremes).
 */
public record WindowWinner(List<Window> windows) implements SimpleOp.ZeroDerivative {
    /** The tangent of the extremes {@code y} of the windows of x: that of the elements that won. */
    Tensor tangent(Tensor dx, Tensor x, Tensor y) { return new WindowGather(windows).apply(dx, apply(x, y)); }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType y = in.getFirst().withShape(Window.outputs(this, in, windows));
        if (!in.get(1).equals(y))
            throw new ShapeException(this, in, "input 1 does not fit; it must be the extremes of the windows, " + y);
        return y.withDType(DType.I32);
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return new WindowWinner(Window.batched(windows)).apply(in.get(0).spread(size), in.get(1).spread(size));
    }

    /** The least number of an element that wins, so that many windows are looked at side by side. */
    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        int last = Window.elements(windows) - 1;
        var elements = new WindowReduction.Elements(windows, x);
        Scalar value = new Scalar.Read(0, elements.place().at(), x.dtype());
        Scalar extreme = new Scalar.Read(1, Lists.each(x.rank(), Scalar.Loop::new), x.dtype());
        Scalar equal = Scalar.apply(Fn.EQ, value, extreme);
        Scalar wins = x.dtype().isFloat() ? Scalar.apply(Fn.OR, equal, Scalar.apply(Fn.NE, value, value)) : equal;
        Scalar number = Scalar.index(0);
        for (int a = 0; a < x.rank(); a++) number = number.times(windows.get(a).size()).plus(elements.along(a));
        return new Lowering.Reduce(elements.extents(), elements.place()
                .select(Scalar.select(wins, number, Scalar.index(last)), last), Fn.MIN, last);
    }

    @Override public String toString() { return "window_winner" + windows; }
}
