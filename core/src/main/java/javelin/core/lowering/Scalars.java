package javelin.core.lowering;

import java.util.List;
import javelin.core.type.DType;
import javelin.core.type.Numbers;

/**
 * What every {@link Fn} computes, for the reference evaluator: numbers are Doubles or Longs as
 * {@link DType#normalize} makes them. Basic f32 arithmetic is done in f64 and rounded once, which is exact rounding;
 * the transcendental functions are {@link StrictMath}'s, so they too are the same everywhere.
 */
public final class Scalars {
    private Scalars() {}

    /** {@code fn} of {@code x}, whose type is {@code from}, as a normalized number of type {@code to}. */
    public static Number apply(Fn fn, DType from, DType to, List<Number> x) {
        return to.normalize(switch (fn) {
            case CONVERT -> from == DType.U64 && to.isFloat() ? unsigned(x.getFirst().longValue(), to) : x.getFirst();
            case SELECT -> x.get(0).longValue() != 0 ? x.get(1) : x.get(2);
            case BITCAST -> to.ofBits(from.bits(x.getFirst()));
            default -> Formulas.handles(fn) ? Formulas.value(fn, from, x)
                    : from.isFloat() ? floating(fn, from, x) : integral(fn, from, x);
        });
    }

    private static Number unsigned(long x, DType to) {
        return to == DType.F64 ? (Number) Numbers.unsignedToDouble(x) : (Number) Numbers.unsignedToFloat(x);
    }

    private static Number floating(Fn fn, DType type, List<Number> arguments) {
        double x = arguments.getFirst().doubleValue(), y = arguments.size() > 1 ? arguments.get(1).doubleValue() : 0;
        return switch (fn) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> x > 0 ? 1 : x < 0 ? -1 : x;
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case REM -> x % y;
            case MAX -> Math.max(x, y);
            case MIN -> Math.min(x, y);
            case FMA -> type != DType.F64
                    ? Math.fma((float) x, (float) y, arguments.get(2).floatValue())
                            : Math.fma(x, y, arguments.get(2).doubleValue());
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case TANH -> StrictMath.tanh(x);
            case LOGISTIC -> x > -700 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x);
            case ERF -> erf(x);
            case POW -> x == 1 || y == 0 ? 1 : x == -1 && Double.isInfinite(y) ? 1 : StrictMath.pow(x, y);
            case EQ -> x == y ? 1 : 0;
            case NE -> x != y ? 1 : 0;
            case LT -> x < y ? 1 : 0;
            case LE -> x <= y ? 1 : 0;
            case GT -> x > y ? 1 : 0;
            case GE -> x >= y ? 1 : 0;
            default -> throw new IllegalStateException(fn + " is not a function of " + type);
        };
    }

    /** To about an ulp: the Taylor series up to 1, beyond it the continued fraction of erfc (DLMF 7.6.1 and 7.9.1). */
    private static double erf(double x) {
        if (Double.isNaN(x)) return x;
        double a = Math.abs(x);
        if (a > 6) return Math.signum(x);
        if (a > 1) {
            double tail = a;
            for (int n = (int) (220 / (x * x)) + 20; n > 0; n--) tail = a + n / 2.0 / tail;
            return Math.signum(x) * (1 - StrictMath.exp(-x * x) / Math.sqrt(Math.PI) / tail);
        }
        double power = x, sum = 0;
        for (int n = 1; Math.abs(power) > 1e-18 * a; n++) {
            power *= -x * x / n;
            sum += power / (2 * n + 1);
        }
        double c = 2 / Math.sqrt(Math.PI);
        return Math.fma(c, x, c * sum);
    }

    private static Number integral(Fn fn, DType type, List<Number> arguments) {
        long x = arguments.getFirst().longValue(), y = arguments.size() > 1 ? arguments.get(1).longValue() : 0;
        int width = type == DType.BOOL ? 1 : type.bits(),
                order = type == DType.U64 ? Long.compareUnsigned(x, y) : Long.compare(x, y);
        boolean tooFar = y < 0 || y >= width, signed = type.kind() == DType.Kind.SIGNED;
        return switch (fn) {
            case NEG -> -x;
            case ABS -> signed ? Math.abs(x) : x;
            case SIGN -> signed ? Long.signum(x) : x == 0 ? 0 : 1;
            case ADD -> type == DType.BOOL ? x | y : x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> y == 0 ? -1 : signed ? x / y : Long.divideUnsigned(x, y);
            case REM -> y == 0 ? x : signed ? x % y : Long.remainderUnsigned(x, y);
            case MAX -> order > 0 ? x : y;
            case MIN -> order < 0 ? x : y;
            case AND -> x & y;
            case OR -> x | y;
            case XOR -> x ^ y;
            case NOT -> type == DType.BOOL ? 1 - x : ~x;
            case SHIFT_LEFT -> tooFar ? 0 : x << y;
            case SHIFT_RIGHT_ARITHMETIC -> signed ? x >> (tooFar ? 63 : y) : tooFar ? 0 : x >>> y;
            case SHIFT_RIGHT_LOGICAL -> tooFar ? 0 : (width == 64 ? x : x & (1L << width) - 1) >>> y;
            case EQ -> x == y ? 1L : 0L;
            case NE -> x != y ? 1L : 0L;
            case LT -> order < 0 ? 1L : 0L;
            case LE -> order <= 0 ? 1L : 0L;
            case GT -> order > 0 ? 1L : 0L;
            case GE -> order >= 0 ? 1L : 0L;
            case THREEFRY_0, THREEFRY_1 -> threefry(arguments, fn == Fn.THREEFRY_0 ? 0 : 1);
            default -> throw new IllegalStateException(fn + " is not a function of " + type);
        };
    }

    /**
     * Threefry2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC
     * 2011.
     */
    private static Number threefry(List<Number> x, int word) {
        int[] key = {x.get(0).intValue(), x.get(1).intValue(), x.get(0).intValue() ^ x.get(1).intValue() ^ 0x1BD11BDA};
        int[][] rotations = {{13, 15, 26, 6}, {17, 29, 16, 24}};
        int x0 = x.get(2).intValue() + key[0], x1 = x.get(3).intValue() + key[1];
        for (int group = 0; group < 5; group++) {
            for (int r : rotations[group % 2]) {
                x0 += x1;
                x1 = Integer.rotateLeft(x1, r) ^ x0;
            }
            x0 += key[(group + 1) % 3];
            x1 += key[(group + 2) % 3] + group + 1;
        }
        return (long) (word == 0 ? x0 : x1);
    }
}
