package javelin.core.ops;

import java.util.List;
import java.util.Locale;
import javelin.core.SimpleOp;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** An elementwise comparison, giving bool; NaN compares false but for NE. */
public record Compare(Kind kind) implements Elementwise, SimpleOp.ZeroDerivative {
    public enum Kind { EQ, NE, LT, LE, GT, GE }

    @Override public boolean accepts(DType type) { return true; }

    @Override public TensorType outputType(List<TensorType> in) {
        return Elementwise.super.outputType(in).withDType(DType.BOOL);
    }

    @Override public Scalar element(List<Scalar> x) {
        return Scalar.apply(Fn.valueOf(kind.name()), x.get(0), x.get(1));
    }

    @Override public String toString() { return kind.name().toLowerCase(Locale.ROOT); }
}
