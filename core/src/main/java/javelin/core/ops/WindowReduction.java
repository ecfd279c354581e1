package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Combines the elements of every window, one {@link Window} for each axis; padding changes nothing. */
interface WindowReduction extends SimpleOp {
    List<Window> windows();

    WindowReduction over(List<Window> windows);

    Fn combine();

    /** The number that combining changes nothing with: what padding counts as. */
    Number identity(DType type);

    @Override default TensorType outputType(List<TensorType> in) {
        return in.getFirst().withShape(Window.outputs(this, in, windows()));
    }

    default Tensor batchedOutput(Tensor x) { return over(Window.batched(windows())).apply(x); }

    @Override default Tensor batchedOutput(List<Batched> in) { return batchedOutput(in.getFirst().value()); }

    @Override default Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        var elements = new Elements(windows(), x);
        Number identity = identity(x.dtype());
        Scalar element = elements.place().select(new Scalar.Read(0, elements.place().at(), x.dtype()), identity);
        return new Lowering.Reduce(elements.extents(), element, combine(), identity);
    }

    /** Loops over the elements of the windows of {@code x}, one for each axis whose windows have several. */
    record Elements(List<Window> windows, TensorType x) {
        private List<Integer> wide() {
            return Lists.range(0, windows.size()).stream().filter(a -> windows.get(a).size() > 1).toList();
        }

        List<Integer> extents() { return Lists.map(wide(), a -> windows.get(a).size()); }

        /** The element's number along {@code axis}. */
        Scalar along(int axis) {
            int loop = wide().indexOf(axis);
            return loop < 0 ? Scalar.index(0) : new Scalar.Loop(windows.size() + loop);
        }

        Window.Place place() { return Window.place(windows, x.shape().sizes(), Scalar.Loop::new, this::along); }
    }
}
