package javelin.core.ops;

import java.util.List;
import java.util.function.BiFunction;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Element i combines all elements up to i along {@code axis}, or, reversed, all from i on. */
interface Cumulative extends SimpleOp {
    int axis();

    boolean reverse();

    Cumulative along(int axis);

    /** The element types this op takes. */
    default boolean accepts(DType type) { return true; }

    Scalar combine(Scalar before, Scalar next);

    @Override default TensorType outputType(List<TensorType> in) {
        TensorType x = in.getFirst();
        if (axis() < 0 || axis() >= x.rank())
            throw new ShapeException(this, in, "the input has no axis " + axis()
                    + ShapeException.axes(in.getFirst().rank()));
        if (!accepts(x.dtype())) throw new ShapeException(this, in, "is for floating-point types; convert with astype");
        return x;
    }

    @Override default Tensor batchedOutput(List<Batched> in) { return along(axis() + 1).apply(in.getFirst().value()); }

    @Override default Lowering lower(List<TensorType> in) {
        DType type = in.getFirst().dtype(), computed = type.computation();
        Scalar combined = combine(new Scalar.Read(0, List.of(), computed), new Scalar.Read(1, List.of(), computed));
        return new Lowering.Library(new Prefix(type, Lines.of(in.getFirst().shape(), axis()), reverse(), combined));
    }

    /** The tangent, where {@code rule} is the derivative of the combination: that of an associative scan (lax). */
    default Tensor tangent(Tensor x, Tensor dx, BiFunction<Dual, Dual, Dual> rule) {
        return AssociativeScan.run((a, b) -> {
            Dual both = rule.apply(Dual.of(a.get(0), a.get(1)), Dual.of(b.get(0), b.get(1)));
            return List.of(both.primal(), both.tangentOrZero());
        }, List.of(x, dx), axis(), reverse()).get(1);
    }

    /** As above, by the rule of a primitive. */
    default Tensor tangent(Tensor x, Tensor dx, SimpleOp op) {
        return tangent(x, dx, (a, b) -> op.jvp(List.of(a, b)).getFirst());
    }

    default String named(String name) { return name + "[" + axis() + (reverse() ? " reverse" : "") + "]"; }
}
