package javelin.core.ops;

import java.util.List;
import java.util.stream.Stream;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Each output element depends on the input elements at the same place; all inputs have the same shape. */
interface Elementwise extends SimpleOp {
    /** The element types this op takes. */
    boolean accepts(DType type);

    /** The type in which elements of {@code type} come: f32 for halves, unless an op looks at their bits. */
    default DType computation(DType type) { return type.computation(); }

    /**
     * One element of the output from one element of each input, of type {@link #computation}; the result is rounded.
     */
    Scalar element(List<Scalar> x);

    @Override default TensorType outputType(List<TensorType> in) {
        TensorType first = in.getFirst();
        for (TensorType t : in) {
            if (!t.shape().equals(first.shape()))
                throw new ShapeException(this, in, "the inputs differ in shape; broadcast them with broadcastTo");
            if (t.dtype() != first.dtype()) throw new ShapeException(this, in, "the inputs differ in element type, "
                    + first.dtype() + " and " + t.dtype() + "; convert one of them with astype");
        }
        return first.withDType(checked(in, first.dtype()));
    }

    private DType checked(List<TensorType> in, DType type) {
        if (accepts(type)) return type;
        String accepted = String.join(", ", Stream.of(DType.values()).filter(this::accepts).map(DType::toString)
                .toList());
        throw new ShapeException(this, in, type + " is not among the element types it takes (" + accepted
                + "); convert with astype");
    }

    @Override default Tensor batchedOutput(List<Batched> in) {
        int size = Batched.size(in);
        return apply(in.stream().map(b -> b.spread(size)).toArray(Tensor[]::new));
    }

    @Override default Lowering lower(List<TensorType> in) {
        List<Scalar> here = Lists.each(in.getFirst().rank(), Scalar.Loop::new);
        Scalar element = element(Lists.each(in.size(),
                i -> Scalar.convert(new Scalar.Read(i, here, in.get(i).dtype()), computation(in.get(i).dtype()))));
        return new Lowering.Pointwise(Scalar.convert(element, outputType(in).dtype()));
    }
}
