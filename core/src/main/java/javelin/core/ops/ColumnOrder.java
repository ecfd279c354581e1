package javelin.core.ops;

import java.util.List;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Orthogonal;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The order of an m x n matrix's columns, i32[n], in which each of the first min(m, n) is the longest, of those not yet
 * taken, once what lies along the columns before it is removed; the first of the longest.
 */
public record ColumnOrder() implements MatrixOp.Single, SimpleOp.ZeroDerivative {
    /** Q, R and the order of a's columns with {@code a[:, order] = Q R}: R's diagonal does not increase. */
    public static List<Tensor> qr(Tensor a, boolean full) {
        Tensor order = new ColumnOrder().apply(a.stopGradient());
        Tensor places = order.expandDims(-2).broadcastTo(a.shape());
        Tensor ordered = a.type().elements() == 0 ? a : a.takeAlongAxis(places, -1);
        return Lists.concat(Op.apply(new Qr(full), List.of(ordered)), List.of(order));
    }

    @Override public TensorType outputType(List<TensorType> in) {
        TensorType a = matrices(in);
        return MatrixOp.with(a.withDType(DType.I32), MatrixOp.columns(a));
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        Orthogonal.order(in.getFirst(), out.getFirst());
    }

    @Override public String toString() { return "column_order"; }
}
