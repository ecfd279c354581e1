package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** {@code x} with a window overwritten, at a position moved to fit. Inputs are (x, update, a start for each axis). */
public record DynamicUpdateSlice() implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.get(0), update = in.get(1);
        if (x.dtype() != update.dtype())
            throw new ShapeException(this, in, "the update has another element type; convert with astype");
        if (x.rank() != update.rank() || !Lists.range(0, x.rank()).stream()
                .allMatch(a -> update.shape().size(a) <= x.shape().size(a)))
            throw new ShapeException(this, in,
                    "the update does not fit into input 0; it needs its rank, and no size above its");
        Starts.check(this, in, 2, x.rank());
        return x;
    }

    private Tensor applyTo(Tensor x, Tensor update, List<Tensor> starts) {
        return Op.apply(this, Lists.concat(List.of(x, update), starts)).getFirst();
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        List<Tensor> starts = Lists.map(in.subList(2, in.size()), Dual::primal);
        return List.of(Dual.of(applyTo(in.get(0).primal(), in.get(1).primal(), starts),
                applyTo(in.get(0).tangentOrZero(), in.get(1).tangentOrZero(), starts)));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        List<Tensor> starts = x.subList(2, x.size());
        return i == 0 ? applyTo(dx, Tensor.zeros(x.get(1).type()), starts)
                : applyTo(Tensor.zeros(x.get(0).type()), dx, starts);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        List<Tensor> starts = Lists.map(in.subList(2, in.size()), Operand::known);
        Shape window = in.get(1).type().shape();
        if (i == 0) return applyTo(ct, Tensor.zeros(in.get(1).type()), starts);
        return Op.apply(new DynamicSlice(window.sizes()), Lists.concat(List.of(ct), starts)).getFirst();
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        Tensor x = in.get(0).spread(size), update = in.get(1).spread(size);
        List<Batched> starts = in.subList(2, in.size());
        if (starts.stream().noneMatch(Batched::mapped)) {
            if (starts.isEmpty()) return update;
            return applyTo(x, update, Lists.concat(List.of(starts.getFirst().value().like(0)),
                    Lists.map(starts, Batched::value)));
        }
        return ScatterSet.windows(x, Starts.stacked(Lists.map(starts, b -> b.spread(size))), update);
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.get(0), update = in.get(1);
        List<Scalar> here = Lists.each(x.rank(), Scalar.Loop::new);
        List<Scalar> at = Lists.each(x.rank(),
                a -> here.get(a).plus(Starts.clamped(a + 2, in.get(a + 2), x.shape().size(a), update.shape().size(a))));
        var piece = new Lowering.Piece(update.shape().sizes(), at, Optional.empty(),
                new Scalar.Read(1, here, update.dtype()), Optional.empty());
        return new Lowering.Update(new Scalar.Read(0, here, x.dtype()), List.of(piece));
    }

    @Override public String toString() { return "dynamic_update_slice"; }
}
