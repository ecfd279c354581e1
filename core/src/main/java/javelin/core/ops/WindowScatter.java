package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Adds one number for every window to the element of the window with a given number. Inputs are (y, numbers), the
 * output has {@code shape}: the transpose of {@link WindowGather}.
 */
public record WindowScatter(List<Window> windows, Shape shape) implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.getFirst().withShape(shape);
        TensorType y = x.withShape(Window.outputs(this, List.of(x), windows));
        if (!y.equals(in.getFirst()) || !y.withDType(DType.I32).equals(in.get(1)))
            throw new ShapeException(this, in, "the inputs do not fit; they must be " + y + " and "
                    + y.withDType(DType.I32)
                    + ", one element for every window of " + shape);
        return x;
    }

    @Override public Tensor jvp(int i, Tensor dy, List<Tensor> x, Tensor y) { return apply(dy, x.get(1)); }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        return new WindowGather(windows).apply(ct, in.get(1).known());
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return new WindowScatter(Window.batched(windows), shape.prepend(size))
                .apply(in.get(0).spread(size), in.get(1).spread(size));
    }

    /** Every element looks at the windows that cover it, of which there is at most one if they do not overlap. */
    @Override public Lowering lower(List<TensorType> in) {
        TensorType y = in.getFirst();
        List<Integer> covers = Lists.map(windows, w -> Math.ceilDiv(w.span(), w.stride()));
        List<Integer> several = Lists.range(0, y.rank()).stream().filter(a -> covers.get(a) > 1).toList();
        List<Scalar> tests = new ArrayList<>(), at = new ArrayList<>();
        Scalar number = Scalar.index(0);
        for (int a = 0; a < y.rank(); a++) {
            Scalar element = new Scalar.Loop(a);
            if (windows.get(a).equals(Window.SINGLE)) {
                at.add(element);
                continue;
            }
            Window w = windows.get(a);
            int outputs = y.shape().size(a), last = w.dilated(shape.size(a)) - 1 + w.low();
            Scalar position = element.times(w.baseDilation()).plus(w.low());
            Scalar window = Scalar.apply(Fn.DIV, position, Scalar.index(w.stride()));
            if (several.contains(a)) window = window.minus(new Scalar.Loop(y.rank() + several.indexOf(a)));
            Scalar within = position.minus(window.times(w.stride()));
            if (w.low() < 0) tests.add(Scalar.apply(Fn.GE, within, Scalar.index(0)));
            Scalar safe = window;
            if (w.low() < 0 || several.contains(a)) {
                tests.add(Scalar.apply(Fn.GE, window, Scalar.index(0)));
                safe = Scalar.apply(Fn.MAX, safe, Scalar.index(0));
            }
            if (last / w.stride() >= outputs) {
                tests.add(Scalar.apply(Fn.LT, window, Scalar.index(outputs)));
                safe = Scalar.apply(Fn.MIN, safe, Scalar.index(outputs - 1));
            }
            if (covers.get(a) * w.stride() != w.span()) tests.add(Scalar.apply(Fn.LT, within, Scalar.index(w.span())));
            if (w.dilation() > 1) tests.add(Window.isMultiple(within, w.dilation()));
            at.add(safe);
            Scalar k = w.dilation() == 1 ? within : Scalar.apply(Fn.DIV, within, Scalar.index(w.dilation()));
            number = number.plus(k.times(Window.elements(windows.subList(a + 1, windows.size()))));
        }
        Scalar zero = Scalar.of(0L, y.dtype());
        Scalar mine = Scalar.select(Scalar.apply(Fn.EQ, new Scalar.Read(1, at, DType.I32), number),
                new Scalar.Read(0, at, y.dtype()), zero);
        if (y.elements() == 0) return new Lowering.Pointwise(zero);
        Scalar body = Window.all(tests).map(t -> Scalar.select(t, mine, zero)).orElse(mine);
        return several.isEmpty() ? new Lowering.Pointwise(body)
                : new Lowering.Reduce(Lists.map(several, covers::get), body, Fn.ADD, 0L);
    }

    @Override public String toString() { return "window_scatter" + windows + shape; }
}
