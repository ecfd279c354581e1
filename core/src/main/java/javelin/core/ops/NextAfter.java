package javelin.core.ops;

import java.util.List;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** The number of the type that comes after x on the way to y, as C's nextafter; inputs are (x, y). */
public record NextAfter() implements Elementwise {
    @Override public boolean accepts(DType type) { return type.isFloat(); }

    @Override public DType computation(DType type) { return type; }

    /** Bits count up away from zero. */
    @Override public Scalar element(List<Scalar> in) {
        Scalar x = in.getFirst(), y = in.getLast(), zero = Scalar.of(0, x.type());
        DType integers = x.type().unsigned();
        Scalar bits = Scalar.bitcast(x, integers);
        Scalar away = Scalar.apply(Fn.EQ, Scalar.apply(Fn.LT, x, y), Scalar.apply(Fn.GT, x, zero));
        Scalar stepped = Scalar.bitcast(Scalar.select(away, bits.plus(1), bits.plus(-1)), x.type());
        Scalar least = Scalar.bitcast(Scalar.of(1, integers), x.type());
        Scalar fromZero = Scalar.select(Scalar.apply(Fn.LT, y, zero), Scalar.apply(Fn.NEG, least), least);
        Scalar next = Scalar.select(Scalar.apply(Fn.EQ, x, zero), fromZero, stepped);
        Scalar anyNaN = Scalar.apply(Fn.OR, Scalar.apply(Fn.NE, x, x), Scalar.apply(Fn.NE, y, y));
        return Scalar.select(anyNaN, x.plus(y), Scalar.select(Scalar.apply(Fn.EQ, x, y), y, next));
    }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        throw new NoRuleException(this, "derivative", "JAX has none either; use stopGradient on its inputs");
    }

    @Override public String toString() { return "nextafter"; }
}
