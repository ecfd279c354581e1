package javelin.compiler.kernel;

import java.util.List;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Formulas;
import javelin.core.lowering.Reals;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * Transcendental functions written out as graphs of arithmetic, bit operations, comparisons and selections. The
 * compiler emits one graph as scalar code and as vectors of any width, so the results have the same bits everywhere.
 *
 * <p>Errors are at most 2 units in the last place over all arguments, subnormal ones and results too, but for sin and
 * cos only up to {@link #limit}. NaN gives NaN; zeros and infinities are exact, and odd functions keep the sign of
 * zero. The measured errors stand in {@code ApproximationsTest}.
 */
public final class Approximations {
    private Approximations() {}

    /**
     * Whether {@link #expand} has a graph: the transcendental functions but POW in f32 and f64, threefry in u32, and
     * whatever {@link Formulas} has.
     */
    public static boolean handles(Fn fn, DType type) {
        return switch (fn) {
            case EXP, EXPM1, LOG, LOG1P, SIN, COS, TAN, TANH, LOGISTIC, ERF, RSQRT -> type.isFloat();
            case THREEFRY_0, THREEFRY_1 -> type == DType.U32;
            case POPULATION_COUNT, LEADING_ZEROS -> type.isInteger();
            default -> Formulas.handles(fn) && type.isFloat();   // else a primitive, or POW
        };
    }

    /**
     * {@code fn} of {@code arguments}, all of {@code type}, in simpler functions: arithmetic, or for a formula also
     * functions with a graph of their own.
     *
     * @throws IllegalStateException if not {@link #handles}
     */
    public static Scalar expand(Fn fn, DType type, List<Scalar> arguments) {
        if (!handles(fn, type)) { throw new IllegalStateException("no approximation of " + fn + " in " + type); }
        if (fn == Fn.THREEFRY_0) { return Threefry.block(arguments).get(0); }
        if (fn == Fn.THREEFRY_1) { return Threefry.block(arguments).get(1); }
        if (Formulas.handles(fn)) { return Formulas.of(fn, type, arguments); }
        Reals reals = new Reals(type);
        Scalar x = arguments.getFirst();
        return switch (fn) {
            case EXP -> Exponentials.exp(reals, x);
            case EXPM1 -> Exponentials.expm1(reals, x);
            case TANH -> Exponentials.tanh(reals, x);
            case LOGISTIC -> Exponentials.logistic(reals, x);
            case LOG -> Logarithms.log(reals, x);
            case LOG1P -> Logarithms.log1p(reals, x);
            case SIN -> Trigonometry.sin(reals, x);
            case TAN -> Scalar.convert(Trigonometry.tan(new Reals(DType.F64), Scalar.convert(x, DType.F64)), type);
            case COS -> Trigonometry.cos(reals, x);
            case ERF -> ErrorFunction.erf(reals, x);
            case RSQRT -> reals.over(reals.number(1), Scalar.apply(Fn.SQRT, x));
            default -> throw new IllegalStateException("handles() promises " + fn + " in " + type);
        };
    }

    /** The largest {@code |x|} for which {@link #expand} holds: finite for SIN, COS and TAN alone. */
    public static double limit(Fn fn, DType type) {
        return switch (fn) {
            case SIN, COS, TAN -> Trigonometry.limit(new Reals(type));
            default -> Double.POSITIVE_INFINITY;
        };
    }
}
