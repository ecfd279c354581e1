package javelin.core.lowering;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javelin.core.type.DType;

/**
 * The functions that are written out as arithmetic and simpler functions, each once, for evaluator and compiler alike.
 * Most are computed in f64 whatever their type, and rounded; those a network may want often have coefficients for f32.
 */
public final class Formulas {
    private Formulas() {}

    public static boolean handles(Fn fn) { return fn.compareTo(Fn.ASIN) >= 0 && fn.compareTo(Fn.LEADING_ZEROS) <= 0; }

    /** {@code fn} of {@code x} as a graph; throws {@link IllegalStateException} if not {@link #handles}. */
    public static Scalar of(Fn fn, DType type, List<Scalar> x) {
        if (fn == Fn.POPULATION_COUNT) return Bits.population(x.getFirst());
        if (fn == Fn.LEADING_ZEROS) return Bits.leadingZeros(x.getFirst());
        boolean own = switch (fn) {
            case ASIN, ACOS, ATAN, ATAN2, SINH, COSH, EXP2, ERF_INV -> type != DType.F64;
            default -> false;
        };
        Reals reals = new Reals(own ? DType.F32 : DType.F64);
        List<Scalar> y = x.stream().map(s -> Scalar.convert(s, reals.type())).toList();
        return Scalar.convert(of(fn, reals, y.getFirst(), y.getLast()), type);
    }

    private static Scalar of(Fn fn, Reals reals, Scalar x, Scalar y) {
        return switch (fn) {
            case ASIN -> Arcs.asin(reals, x);
            case ACOS -> Arcs.acos(reals, x);
            case ATAN -> Arcs.atan(reals, x);
            case ATAN2 -> Arcs.atan2(reals, x, y);
            case SINH -> Hyperbolics.sinh(reals, x);
            case COSH -> Hyperbolics.cosh(reals, x);
            case ASINH -> Hyperbolics.asinh(reals, x);
            case ACOSH -> Hyperbolics.acosh(reals, x);
            case ATANH -> Hyperbolics.atanh(reals, x);
            case CBRT -> Powers.cbrt(reals, x);
            case EXP2 -> Powers.exp2(reals, x);
            case ERFC -> ErrorComplement.erfc(reals, x);
            case ERF_INV -> InverseError.erfInv(reals, x);
            case LGAMMA -> Gammas.lgamma(reals, x);
            case DIGAMMA -> Gammas.digamma(reals, x);
            case BESSEL_I0E -> Bessel.i0e(reals, x);
            case BESSEL_I1E -> Bessel.i1e(reals, x);
            default -> throw new IllegalStateException("no formula for " + fn);
        };
    }

    private record Key(Fn fn, DType type) {}

    private static final Map<Key, Steps> STEPS = new ConcurrentHashMap<>();

    /** What {@code fn} gives, for the evaluator: halves are computed in f32, and rounded by the caller. */
    static Number value(Fn fn, DType type, List<Number> x) {
        DType computed = type.isFloat() && type != DType.F64 ? DType.F32 : type;
        return STEPS.computeIfAbsent(new Key(fn, computed), k -> new Steps(k.fn, k.type, x.size())).run(x);
    }

    /** A graph in a row, each application after what it applies to: shared parts are computed once. */
    private static final class Steps {
        private record Step(Fn fn, DType from, DType to, int[] arguments) {}

        private final List<Number> constants = new ArrayList<>();
        private final List<Step> steps = new ArrayList<>();                 // empty places for constants and arguments
        private final Map<Scalar, Integer> places = new IdentityHashMap<>();
        private final int result;

        Steps(Fn fn, DType type, int arity) {
            List<Scalar> x = new ArrayList<>();
            for (int i = 0; i < arity; i++) x.add(new Scalar.Read(i, List.of(), type));
            for (Scalar s : x) add(s);
            result = add(of(fn, type, x));
        }

        private int add(Scalar s) {
            Integer known = places.get(s);
            if (known != null) return known;
            Step step = s instanceof Scalar.Apply(Fn fn, DType type, List<Scalar> parts)
                    ? new Step(fn, parts.getFirst().type(), type, parts.stream().mapToInt(this::add).toArray())
                    : new Step(Fn.CONVERT, s.type(), s.type(), new int[0]);
            constants.add(s instanceof Scalar.Const(Number value, _) ? value : 0L);
            steps.add(step);
            places.put(s, steps.size() - 1);
            return steps.size() - 1;
        }

        Number run(List<Number> x) {
            Number[] values = constants.toArray(Number[]::new);
            for (int i = 0; i < x.size(); i++) values[i] = x.get(i);
            for (int i = x.size(); i < values.length; i++) {
                Step step = steps.get(i);
                if (step.arguments.length == 0) continue;
                List<Number> arguments = new ArrayList<>(step.arguments.length);
                for (int a : step.arguments) arguments.add(values[a]);
                values[i] = Scalars.apply(step.fn, step.from, step.to, arguments);
            }
            return values[result];
        }
    }
}
