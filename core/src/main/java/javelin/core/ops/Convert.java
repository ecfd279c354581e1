package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The same values as another element type: rounded, truncated towards zero, or wrapped. Linear between floating-point
 * types.
 */
public record Convert(DType dtype) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) { return in.getFirst().withDType(dtype); }

    @Override public List<Dual> jvp(List<Dual> in) {
        boolean smooth = dtype.isFloat() && in.getFirst().primal().dtype().isFloat();
        return smooth ? LinearOp.Unary.super.jvp(in)
                : List.of(Dual.constant(Op.apply(this, Lists.map(in, Dual::primal)).getFirst()));
    }

    @Override public Tensor transpose(Tensor ct, TensorType x) { return ct.astype(x.dtype()); }

    @Override public Tensor batchedOutput(Tensor x) { return apply(x); }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(Scalar.convert(
                new Scalar.Read(0, Lists.each(in.getFirst().rank(), Scalar.Loop::new), in.getFirst().dtype()), dtype));
    }

    @Override public String toString() { return "convert[" + dtype + "]"; }
}
