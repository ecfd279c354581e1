package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The same bits as another element type of the same width. */
public record Bitcast(DType dtype) implements SimpleOp.ZeroDerivative {
    @Override public TensorType outputType(List<TensorType> in) {
        DType from = in.getFirst().dtype();
        if (from.bytes() != dtype.bytes() || from == DType.BOOL || dtype == DType.BOOL)
            throw new ShapeException(this, in, from + " and " + dtype + " differ in width, or one is bool");
        return in.getFirst().withDType(dtype);
    }

    @Override public Tensor batchedOutput(List<Batched> in) { return apply(in.getFirst().value()); }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(Scalar.bitcast(new Scalar.Read(0, Lists.each(in.getFirst().rank(), Scalar.Loop::new), in.getFirst().dtype()), dtype));
    }

    @Override public String toString() { return "bitcast[" + dtype + "]"; }
}
