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

    @Override default TensorType outputType(List<TensorType> in) { return in.getFirst().withShape(Window.outputs(this, in, windows())); }

    default Tensor batchedOutput(Tensor x) { return over(Window.batched(windows())).apply(x); }

    @Override default Tensor batchedOutput(List<Batched> in) { return batchedOutput(in.getFirst().value()); }

    /** Reduces over the elements of axes with windows of more than one, so that those alone become loops. */
    @Override default Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        List<Integer> wide = Lists.range(0, x.rank()).stream().filter(a -> windows().get(a).size() > 1).toList();
        var place = Window.place(windows(), x.shape().sizes(), Scalar.Loop::new,
                a -> wide.contains(a) ? new Scalar.Loop(x.rank() + wide.indexOf(a)) : Scalar.index(0));
        Number identity = identity(x.dtype());
        return new Lowering.Reduce(Lists.map(wide, a -> windows().get(a).size()),
                place.select(new Scalar.Read(0, place.at(), x.dtype()), identity), combine(), identity);
    }
}
