package javelin.core.ops;

import java.util.List;
import javelin.core.Dual;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.linalg.Matrix;
import javelin.core.linalg.Orthogonal;
import javelin.core.type.TensorType;

/**
 * The QR decomposition as LAPACK's geqrf stores it: R, with the vectors of the reflections below its diagonal, and the
 * factors of the reflections (taus).
 */
public record Reflections() implements MatrixOp {
    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        TensorType a = matrices(in);
        return List.of(a, MatrixOp.with(a, Math.min(MatrixOp.rows(a), MatrixOp.columns(a))));
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        throw new NoRuleException(this, "derivative", "use qr, which has one");
    }

    @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
        out.get(0).copy(in.getFirst());
        Orthogonal.qr(out.get(0), out.get(1));
    }

    @Override public String toString() { return "geqrf"; }
}
