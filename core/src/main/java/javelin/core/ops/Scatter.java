package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.TensorType;

/**
 * Writes windows of updates into an operand at given positions, in row-major order of the updates; windows that do not
 * fit are dropped, or moved to fit in mode CLIP. Inputs are (operand, positions, updates); updates have the type that
 * {@link Gather} with these axes gives. A member says how an update joins what is there, and its derivative.
 */
interface Scatter extends SimpleOp {
    GatherAxes axes();

    GatherAxes.Mode mode();

    Scatter with(GatherAxes axes);

    /** What becomes of an element and an update to it; empty if the update takes its place. */
    Optional<Fn> combine();

    /** The windows of {@code x} that updates of type {@code updates} are written to. */
    default Tensor windows(Tensor x, Tensor positions, TensorType updates) {
        return new Gather(axes(), axes().sliceSizes(x.type(), updates), mode(), 0L).apply(x, positions);
    }

    /** The tangents of an op that is linear in operand and updates together: one pass for both. */
    default List<Dual> linear(List<Dual> in) {
        Tensor positions = in.get(1).primal();
        return List.of(Dual.of(apply(in.get(0).primal(), positions, in.get(2).primal()),
                apply(in.get(0).tangentOrZero(), positions, in.get(2).tangentOrZero())));
    }

    @Override default TensorType outputType(List<TensorType> in) {
        TensorType x = in.get(0), positions = in.get(1), updates = in.get(2);
        if (x.dtype() != updates.dtype())
            throw new ShapeException(this, in, "the updates are " + updates.dtype() + " and the operand is " + x.dtype()
                    + "; convert one of them with astype");
        axes().check(this, in, x, positions);
        if (updates.rank() != positions.rank() - 1 + axes().offset().size())
            throw new ShapeException(this, in, "the updates do not fit; they must have rank "
                    + (positions.rank() - 1 + axes().offset().size()) + ": one axis for each of the positions but "
                    + "their last, and " + axes().offset().size() + " of windows");
        axes().checkSizes(this, in, x, axes().sliceSizes(x, updates));
        List<Integer> batch = axes().batch(updates.rank());
        for (int n = 0; n < batch.size(); n++)
            if (updates.shape().size(batch.get(n)) != positions.shape().size(n))
                throw new ShapeException(this, in, "axis " + batch.get(n) + " of the updates has "
                        + updates.shape().size(batch.get(n)) + " elements, axis " + n + " of the positions has "
                        + positions.shape().size(n) + "; they must be equal");
        return x;
    }

    @Override default Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return with(axes().batched(true, in.get(1).mapped()))
                .apply(in.get(0).spread(size), in.get(1).value(), in.get(2).spread(size));
    }

    @Override default Lowering lower(List<TensorType> in) {
        TensorType x = in.get(0), updates = in.get(2);
        boolean moved = mode() == GatherAxes.Mode.CLIP;
        var place = axes().place(x, in.get(1), updates.rank(), axes().sliceSizes(x, updates), moved);
        Optional<Scalar> inBounds = moved ? Optional.empty() : Optional.of(place.inBounds());
        Scalar update = new Scalar.Read(2, Lists.each(updates.rank(), Scalar.Loop::new), updates.dtype());
        return new Lowering.Update(new Scalar.Read(0, Lists.each(x.rank(), Scalar.Loop::new), x.dtype()),
                List.of(new Lowering.Piece(updates.shape().sizes(), place.at(), inBounds, update, combine())));
    }

    /** How a scatter is printed. */
    static String print(String name, Scatter s) { return name + "[" + s.mode() + " " + s.axes() + "]"; }
}
