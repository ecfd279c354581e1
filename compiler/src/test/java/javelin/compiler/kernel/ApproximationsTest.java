package javelin.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Formulas;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Errors in units in the last place (ulp) of the exact result, and what must be exact. In f32 exact is what f64 says,
 * on numbers of all exponents; in f64 what mpmath said at the points of {@code approximations-f64.txt}, beside which
 * is the script that drew them.
 */
class ApproximationsTest {
    /**
     * A function, how wrong it may be (never more than 2, the promise, and less where it is better: a coefficient gone
     * astray shows), and how many applications its graph may have: kernels must stay small.
     */
    record Case(Fn fn, DType type, double ulps, int applications) {}

    static Stream<Case> cases() {
        return Stream.of(
            // right: the largest error seen, in f32 over every 97th number (tanh: 5th), in f64 over 100,000 or more
            new Case(Fn.EXP, DType.F32, 0.9, 23), new Case(Fn.EXP, DType.F64, 0.9, 28),                // 0.86   0.86
            new Case(Fn.EXPM1, DType.F32, 1.65, 22), new Case(Fn.EXPM1, DType.F64, 1.85, 28),          // 1.60   1.77
            new Case(Fn.LOG, DType.F32, 0.95, 29), new Case(Fn.LOG, DType.F64, 0.85, 37),              // 0.92   0.83
            new Case(Fn.LOG1P, DType.F32, 1.55, 29), new Case(Fn.LOG1P, DType.F64, 1.4, 38),           // 1.50   1.29
            new Case(Fn.SIN, DType.F32, 1.6, 26), new Case(Fn.SIN, DType.F64, 1.6, 31),                // 1.53   1.46
            new Case(Fn.COS, DType.F32, 1.5, 24), new Case(Fn.COS, DType.F64, 1.5, 29),                // 1.46   1.46
            new Case(Fn.TAN, DType.F32, 0.51, 48), new Case(Fn.TAN, DType.F64, 1.95, 46),              // 0.50   1.90
            new Case(Fn.TANH, DType.F32, 1.95, 29), new Case(Fn.TANH, DType.F64, 1.95, 35),            // 1.93   1.88
            new Case(Fn.LOGISTIC, DType.F32, 1.6, 28), new Case(Fn.LOGISTIC, DType.F64, 1.65, 33),     // 1.55   1.57
            new Case(Fn.ERF, DType.F32, 1.15, 34), new Case(Fn.ERF, DType.F64, 1.3, 55),               // 1.11   1.22
            new Case(Fn.RSQRT, DType.F32, 1.51, 2), new Case(Fn.RSQRT, DType.F64, 1.51, 2));           // 1.50   1.48
    }

    /** An argument of f64, the result rounded correctly, and what the rounding left over, in ulps of it. */
    record Point(double x, double y, double rest) {}

    @ParameterizedTest @MethodSource("cases")
    void errorIsBoundedOverAllExponents(Case c) throws IOException {
        Worst worst = c.type() == DType.F32 ? worstOfF32(c.fn(), 1009) : worstOfF64(c.fn(), points(c.fn()));
        assertTrue(worst.ulps() <= c.ulps(), () -> c + ": " + worst);
    }

    @ParameterizedTest @MethodSource("cases")
    void graphIsSmall(Case c) {
        int applications = evaluator(c.fn(), c.type()).applications();
        assertTrue(applications <= c.applications(), () -> c + " has " + applications);
    }

    /** The largest error found and where. */
    record Worst(double ulps, double x, double actual) {
        Worst or(double ulps, double x, double actual) {
            if (ulps <= this.ulps) return this;
            return new Worst(Double.isNaN(ulps) ? Double.POSITIVE_INFINITY : ulps, x, actual);
        }
    }

    /** There the parts of pi/2 matter most. */
    @ParameterizedTest @EnumSource(value = Fn.class, names = {"SIN", "COS", "TAN"})
    void nextToMultiplesOfHalfPiSingleArgumentsAreReduced(Fn fn) {
        double limit = Approximations.limit(fn, DType.F32);
        GraphEvaluator evaluator = evaluator(fn, DType.F32);
        double[] x = evaluator.floats(0);
        Worst worst = new Worst(0, 0, 0);
        for (int quarter = 1; (quarter + x.length) * Math.PI / 2 < limit; quarter += x.length) {
            for (int i = 0; i < x.length; i++) { x[i] = (float) ((quarter + i) * Math.PI / 2); }
            double[] y = (double[]) evaluator.run();
            for (int i = 0; i < x.length; i++) {
                worst = worst.or(errorInF32(y[i], exactEnough(fn).applyAsDouble(x[i])), x[i], y[i]);
            }
        }
        assertTrue(worst.ulps() <= 2, worst::toString);
    }

    /** Over every {@code step}th f32 of both signs, in order of its bits, within the limits of the function. */
    static Worst worstOfF32(Fn fn, int step) {
        GraphEvaluator evaluator = evaluator(fn, DType.F32);
        DoubleUnaryOperator exact = exactEnough(fn);
        double limit = Approximations.limit(fn, DType.F32);
        double[] x = evaluator.floats(0);
        Worst worst = new Worst(0, 0, 0);
        for (long bits = 0; bits < 1L << 32; ) {
            int filled = 0;
            for (; filled < x.length && bits < 1L << 32; bits += step) {
                float value = Float.intBitsToFloat((int) bits);
                if (Math.abs(value) <= limit) x[filled++] = value;
            }
            double[] y = (double[]) evaluator.run();
            for (int i = 0; i < filled; i++) {
                worst = worst.or(errorInF32(y[i], exact.applyAsDouble(x[i])), x[i], y[i]);
            }
        }
        return worst;
    }

    /** Ulps of f32 between a result and the exact one; beyond the largest number the numbers go on to 2^128. */
    private static double errorInF32(double actual, double exact) {
        if (Double.isNaN(exact)) return Double.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
        double ulp = Math.ulp((float) Math.min(Math.abs(exact), Float.MAX_VALUE));
        return Math.abs(Math.clamp(actual, -0x1p128, 0x1p128) - Math.clamp(exact, -0x1p128, 0x1p128)) / ulp;
    }

    static Worst worstOfF64(Fn fn, List<Point> points) {
        GraphEvaluator evaluator = evaluator(fn, DType.F64);
        Worst worst = new Worst(0, 0, 0);
        for (int start = 0; start < points.size(); start += GraphEvaluator.BLOCK) {
            int length = Math.min(GraphEvaluator.BLOCK, points.size() - start);
            for (int i = 0; i < length; i++) { evaluator.floats(0)[i] = points.get(start + i).x(); }
            double[] y = (double[]) evaluator.run();
            for (int i = 0; i < length; i++) {
                Point point = points.get(start + i);
                worst = worst.or(errorInF64(y[i], point), point.x(), y[i]);
            }
        }
        return worst;
    }

    static double errorInF64(double actual, Point point) {
        double apart = actual == point.y() ? 0 : (actual - point.y()) / Math.ulp(point.y());   // they may be infinite
        return Math.abs(apart - point.rest());
    }

    /** The function in f64, far more exact than f32 needs. */
    private static DoubleUnaryOperator exactEnough(Fn fn) {
        return switch (fn) {
            case EXP -> StrictMath::exp;
            case EXPM1 -> StrictMath::expm1;
            case LOG -> StrictMath::log;
            case LOG1P -> StrictMath::log1p;
            case SIN -> StrictMath::sin;
            case COS -> StrictMath::cos;
            case TAN -> StrictMath::tan;
            case TANH -> StrictMath::tanh;
            case LOGISTIC -> x -> 1 / (1 + StrictMath.exp(-x));
            case ERF -> ApproximationsTest::erf;
            case RSQRT -> x -> 1 / Math.sqrt(x);
            default -> throw new IllegalArgumentException(fn + " is not a function of one number");
        };
    }

    /** {@code 2 / sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!}, of one sign. Abramowitz and Stegun 7.1.6. */
    private static double erf(double x) {
        if (!(Math.abs(x) < 6)) return Math.abs(x) >= 6 ? Math.signum(x) : x;
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }

    private static List<Point> points(Fn fn) throws IOException {
        List<Point> points = new ArrayList<>();
        try (var file = ApproximationsTest.class.getResourceAsStream("approximations-f64.txt");
             var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))) {
            for (String line : lines.lines().toList()) {
                String[] words = line.split(" ");
                if (!words[0].equals(fn.name())) continue;
                points.add(new Point(ofHex(words[1]), ofHex(words[2]), Double.parseDouble(words[3])));
            }
        }
        assertTrue(points.size() > 300, fn + " has only " + points.size() + " points");
        return points;
    }

    static double ofHex(String bits) { return Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16)); }

    static GraphEvaluator evaluator(Fn fn, DType type) {
        return new GraphEvaluator(Approximations.expand(fn, type, List.of(new Scalar.Read(0, List.of(), type))));
    }

    /** Arguments and their results, alternating: what f32 and f64 alike must give exactly, zeros by their sign. */
    private static double[] exactValues(Fn fn) {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        return switch (fn) {
            case EXP -> new double[] {0, 1, -0.0, 1, inf, inf, -inf, 0, 1e30, inf, -1e30, 0};
            case EXPM1 -> new double[] {0, 0, -0.0, -0.0, inf, inf, -inf, -1, 1e30, inf, -1e30, -1};
            case LOG -> new double[] {1, 0, 0, -inf, -0.0, -inf, inf, inf, -1, nan, -inf, nan, -Float.MIN_VALUE, nan};
            case LOG1P -> new double[] {0, 0, -0.0, -0.0, -1, -inf, inf, inf, -1.5, nan, -inf, nan};
            case SIN, TAN -> new double[] {0, 0, -0.0, -0.0};
            case COS -> new double[] {0, 1, -0.0, 1};
            case TANH, ERF -> new double[] {0, 0, -0.0, -0.0, inf, 1, -inf, -1, 30, 1, -30, -1, 1e30, 1, -1e30, -1};
            case LOGISTIC -> new double[] {0, 0.5, -0.0, 0.5, inf, 1, -inf, 0, 1e30, 1, -1e30, 0};
            case RSQRT -> new double[] {0, inf, -0.0, -inf, inf, 0, 4, 0.5, -1, nan, -inf, nan};
            default -> throw new IllegalArgumentException(fn + " is not a function of one number");
        };
    }

    @ParameterizedTest @MethodSource("cases")
    void endsZerosAndNaNAreExact(Case c) {
        double[] exact = exactValues(c.fn());
        GraphEvaluator evaluator = evaluator(c.fn(), c.type());
        double[] x = evaluator.floats(0);
        Arrays.fill(x, Double.NaN);
        for (int i = 0; i < exact.length; i += 2) { x[i / 2] = exact[i]; }
        double[] y = (double[]) evaluator.run();
        for (int i = 0; i < x.length; i++) {
            double expected = 2 * i < exact.length ? exact[2 * i + 1] : Double.NaN;
            assertEquals(expected, y[i], c.fn() + " of " + x[i]);   // by Double.compare: -0 is not 0
        }
    }

    @ParameterizedTest @EnumSource(value = Fn.class, names = {"EXPM1", "LOG1P", "SIN", "TAN", "TANH", "ERF"})
    void tinyArgumentsComeBack(Fn fn) {
        double scale = fn == Fn.ERF ? 2 / Math.sqrt(Math.PI) : 1;
        for (DType type : List.of(DType.F32, DType.F64)) {
            double least = type == DType.F32 ? Float.MIN_VALUE : Double.MIN_VALUE;
            GraphEvaluator evaluator = evaluator(fn, type);
            double[] x = evaluator.floats(0);
            for (int i = 0; i < x.length; i++) { x[i] = (i % 2 == 0 ? least : -least) * (i + 1); }
            double[] y = (double[]) evaluator.run();
            for (int i = 0; i < x.length; i++) {
                assertEquals(Math.rint((i + 1) * scale) * Math.signum(x[i]) * least, y[i]);
            }
        }
    }

    @ParameterizedTest @EnumSource(value = Fn.class, names = {"SIN", "TAN", "TANH", "ERF"})
    void oddFunctionsAreOddToTheBit(Fn fn) {
        for (DType type : List.of(DType.F32, DType.F64)) {
            GraphEvaluator evaluator = evaluator(fn, type);
            double[] x = evaluator.floats(0);
            int half = x.length / 2;
            for (int i = 0; i < half; i++) {
                x[i] = (float) (0.0078 * (i + 0.3));
                x[half + i] = -x[i];
            }
            double[] y = (double[]) evaluator.run();
            for (int i = 0; i < half; i++) { assertEquals(y[i], -y[half + i]); }
        }
    }

    /** The Random123 distribution's known answers for threefry2x32, 20 rounds (kat_vectors). */
    @Test void threefryGivesTheKnownAnswers() {
        long[][] known = {   // key, counter, words
            {0, 0, 0, 0, 0x6b200159, 0x99ba4efe},
            {-1, -1, -1, -1, 0x1cb996fc, 0xbb002be7},
            {0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0}};
        List<Scalar> arguments = IntStream.range(0, 4)
            .<Scalar>mapToObj(i -> new Scalar.Read(i, List.of(), DType.U32)).toList();
        for (int word = 0; word < 2; word++) {
            Fn fn = word == 0 ? Fn.THREEFRY_0 : Fn.THREEFRY_1;
            GraphEvaluator evaluator = new GraphEvaluator(Approximations.expand(fn, DType.U32, arguments));
            for (int row = 0; row < known.length; row++) {
                for (int i = 0; i < 4; i++) { evaluator.integers(i)[row] = known[row][i]; }
            }
            long[] words = (long[]) evaluator.run();
            for (int row = 0; row < known.length; row++) { assertEquals((int) known[row][4 + word], (int) words[row]); }
        }
    }

    @Test void onlyPrimitivesRemain() {
        for (Fn fn : Fn.values()) {
            boolean ofIntegers = fn == Fn.POPULATION_COUNT || fn == Fn.LEADING_ZEROS;
            assertEquals(ofIntegers, Approximations.handles(fn, DType.I32), fn::name);
            // throws on any other function; formulas are made of functions that have graphs of their own
            if (Approximations.handles(fn, DType.F32) && !Formulas.handles(fn)) evaluator(fn, DType.F32).run();
        }
        assertFalse(Approximations.handles(Fn.POW, DType.F64));
        List<Scalar> x = List.of(Scalar.of(1, DType.F32), Scalar.of(2, DType.F32));
        var e = assertThrows(IllegalStateException.class, () -> Approximations.expand(Fn.POW, DType.F32, x));
        assertEquals("no approximation of POW in f32", e.getMessage());
    }
}
