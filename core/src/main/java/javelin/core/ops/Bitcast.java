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
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * The same bits as another element type. To a narrower one every element becomes a new last axis of parts, the lowest
 * bits first; to a wider one the last axis holds the parts of one element and disappears (lax.bitcast_convert_type).
 */
public record Bitcast(DType dtype) implements SimpleOp.ZeroDerivative {
    @Override public TensorType outputType(List<TensorType> in) {
        TensorType x = in.getFirst();
        int from = x.dtype().bytes(), to = dtype.bytes();
        if (x.dtype() == DType.BOOL || dtype == DType.BOOL)
            throw new ShapeException(this, in, "bools have no bits to share; convert with astype");
        if (from < to && (x.rank() == 0 || x.shape().size(x.rank() - 1) != to / from))
            throw new ShapeException(this, in,
                    "an element of " + dtype + " is made of " + to / from + " of " + x.dtype()
                    + "; the last axis must have that size");
        Shape shape = from > to ? x.shape().insert(x.rank(), from / to) : from < to
                ? x.shape().without(List.of(x.rank() - 1)) : x.shape();
        return new TensorType(dtype, shape);
    }

    @Override public Tensor batchedOutput(List<Batched> in) { return apply(in.getFirst().value()); }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        DType from = x.dtype();
        List<Scalar> at = Lists.each(Math.min(x.rank(), outputType(in).rank()), Scalar.Loop::new);
        if (from.bytes() == dtype.bytes())
            return new Lowering.Pointwise(Scalar.bitcast(new Scalar.Read(0, at, from), dtype));
        DType whole = from.bytes() > dtype.bytes() ? from.unsigned() : dtype.unsigned();
        if (from.bytes() > dtype.bytes()) {
            Scalar places = Scalar.convert(new Scalar.Loop(x.rank()), whole).times(dtype.bits());
            Scalar part = Scalar.apply(Fn.SHIFT_RIGHT_LOGICAL, Scalar.bitcast(new Scalar.Read(0, at, from), whole),
                    places);
            return new Lowering.Pointwise(Scalar.bitcast(Scalar.convert(part, dtype.unsigned()), dtype));
        }
        Scalar bits = Scalar.of(0, whole);
        for (int part = 0; part < dtype.bytes() / from.bytes(); part++) {
            Scalar read = new Scalar.Read(0, Lists.concat(at, List.of(Scalar.index(part))), from);
            Scalar wide = Scalar.convert(Scalar.bitcast(read, from.unsigned()), whole);
            bits = Scalar.apply(Fn.OR, bits, Scalar.apply(Fn.SHIFT_LEFT, wide, Scalar.of(part * from.bits(), whole)));
        }
        return new Lowering.Pointwise(Scalar.bitcast(bits, dtype));
    }

    @Override public String toString() { return "bitcast[" + dtype + "]"; }
}
