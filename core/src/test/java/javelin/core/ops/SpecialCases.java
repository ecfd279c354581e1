package javelin.core.ops;

import static javelin.core.ops.OpCase.Tolerance.APPROXIMATED;
import static javelin.core.ops.OpCase.Tolerance.EXACT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javelin.check.Grid;
import javelin.core.Op;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The rows of the table for the special functions. Their accuracy is measured elsewhere: docs/accuracy.md. */
final class SpecialCases {
    private static final List<DType> FLOATS = List.of(DType.F32, DType.F64, DType.BF16, DType.F16);
    private static final List<Shape> SHAPES = List.of(Shape.of(), Shape.of(0), Shape.of(7), Shape.of(3, 5));
    private static final OpCase.Tolerance FORMULA = new OpCase.Tolerance(8, 8,
            "the reference is a formula of several roundings");
    private static final OpCase.Tolerance SUMMED = new OpCase.Tolerance(100, 100,
            "the reference is a sum of many terms");
    private static final OpCase.Tolerance INTEGRATED = new OpCase.Tolerance(1e5, 0,
            "the reference is Simpson's rule");
    private static final OpCase.Tolerance DIFFERENCE = new OpCase.Tolerance(1e8, 1e6,
            "the reference is a difference quotient");

    private final List<OpCase> cases = new ArrayList<>();

    static List<OpCase> all() {
        var c = new SpecialCases();
        c.elementary();
        c.gammas();
        c.bits();
        return c.cases;
    }

    private void elementary() {
        unary(new Tan(), Draws.range(-1.2, 1.2), StrictMath::tan, APPROXIMATED);
        unary(new Asin(), Draws.range(-0.9, 0.9), StrictMath::asin, APPROXIMATED);
        unary(new Acos(), Draws.range(-0.9, 0.9), StrictMath::acos, APPROXIMATED);
        unary(new Atan(), Draws.range(-3, 3), StrictMath::atan, APPROXIMATED);
        unary(new Sinh(), Draws.range(-3, 3), StrictMath::sinh,
                new OpCase.Tolerance(3, 0, "StrictMath.sinh has 2.5 ulp"));
        unary(new Cosh(), Draws.range(-3, 3), StrictMath::cosh,
                new OpCase.Tolerance(3, 0, "StrictMath.cosh has 2.5 ulp"));
        unary(new Asinh(), Draws.eitherSign(0.1, 3), x -> Math.signum(x)
                * StrictMath.log1p(Math.abs(x) + x * x / (1 + Math.sqrt(1 + x * x))), FORMULA);
        unary(new Acosh(), Draws.range(1.2, 4), x -> StrictMath.log(x + Math.sqrt(x * x - 1)), FORMULA);
        unary(new Atanh(), Draws.range(-0.8, 0.8), x -> (StrictMath.log1p(x) - StrictMath.log1p(-x)) / 2, FORMULA);
        unary(new Cbrt(), Draws.eitherSign(0.3, 9), StrictMath::cbrt, APPROXIMATED);
        unary(new Exp2(), Draws.range(-3, 3), x -> StrictMath.pow(2, x), APPROXIMATED);
        add(new Atan2(), FLOATS, List.of(Draws.eitherSign(0.3, 3), Draws.eitherSign(0.3, 3)),
                v -> StrictMath.atan2(v[0], v[1]), APPROXIMATED, OpCase.Modes.FORWARD_AND_REVERSE);
        unary(new Erfc(), Draws.range(-1, 3), SpecialCases::erfc, INTEGRATED);
        unary(new BesselI0e(), Draws.eitherSign(0.3, 12), x -> bessel(0, x), INTEGRATED);
        unary(new BesselI1e(), Draws.eitherSign(0.3, 12), x -> bessel(1, x), INTEGRATED);
    }

    private void gammas() {
        OpCase.Modes none = OpCase.Modes.NONE;
        unary(new Lgamma(), Draws.range(0.3, 9), SpecialCases::lgamma, SUMMED);
        unary(new Lgamma(), Draws.range(-0.8, -0.2), x -> lgamma(x + 1) - Math.log(-x), SUMMED);
        unary(new Digamma(), Draws.range(0.3, 9), SpecialCases::digamma, SUMMED);
        unary(new Digamma(), Draws.range(-3.8, -3.2), x -> digamma(x + 4) - 1 / x - 1 / (x + 1) - 1 / (x + 2)
                - 1 / (x + 3), SUMMED);
        Draws shape = Draws.range(0.4, 5), at = Draws.range(0.2, 8), wide = Draws.range(1, 4),
                low = Draws.range(0.3, 4);
        add(new Zeta(), FLOATS, List.of(Draws.range(2, 5), shape), v -> zeta(v[0], v[1]), SUMMED, none);
        add(new Polygamma(), FLOATS, List.of(Draws.whole(0, 3), shape), v -> polygamma((int) v[0], v[1]), SUMMED, none);
        add(new Igamma(), FLOATS, List.of(shape, at), v -> igamma(v[0], v[1]), SUMMED, none);
        add(new Igammac(), FLOATS, List.of(shape, at), v -> 1 - igamma(v[0], v[1]), SUMMED, none);
        add(new IgammaGradA(), List.of(DType.F64), List.of(wide, low), v -> slope(v[0], v[1]), DIFFERENCE, none);
        add(new RandomGammaGrad(), List.of(DType.F64), List.of(wide, low), v -> -slope(v[0], v[1])
                / Math.exp((v[0] - 1) * Math.log(v[1]) - v[1] - lgamma(v[0])), DIFFERENCE, none);
        add(new IncompleteBeta(), FLOATS, List.of(Draws.range(3, 6), Draws.range(3, 6), Draws.range(0.1, 0.9)), v ->
                simpson(t -> Math.exp((v[0] - 1) * Math.log(t) + (v[1] - 1) * Math.log1p(-t)
                        + lgamma(v[0] + v[1]) - lgamma(v[0]) - lgamma(v[1])), 1e-9, v[2]), INTEGRATED, none);
    }

    private void bits() {
        for (DType t : Stream.of(DType.values()).filter(DType::isInteger).toList()) {
            long mask = t.bytes() == 8 ? -1 : (1L << 8 * t.bytes()) - 1;
            add(new PopulationCount(), List.of(t), List.of(Draws.wide(t)), v ->
                    Long.bitCount((long) v[0] & mask), EXACT, OpCase.Modes.NEITHER);
            add(new LeadingZeros(), List.of(t), List.of(Draws.wide(t)), v ->
                    Long.numberOfLeadingZeros((long) v[0] & mask) - 64 + 8 * t.bytes(), EXACT, OpCase.Modes.NEITHER);
        }
        Draws some = Draws.small(DType.F64);
        add(new NextAfter(), List.of(DType.F32), List.of(some, some), v -> Math.nextAfter((float) v[0], v[1]), EXACT,
                OpCase.Modes.NONE);
        add(new NextAfter(), List.of(DType.F64), List.of(some, some), v -> Math.nextAfter(v[0], v[1]), EXACT,
                OpCase.Modes.NONE);
        for (DType half : List.of(DType.BF16, DType.F16))
            add(new NextAfter(), List.of(half), List.of(some, some), v -> v[0] == v[1] ? v[1]
                    : half.ofBits(half.bits(v[0]) + (v[1] > v[0] == v[0] > 0 ? 1 : -1)).doubleValue(), EXACT,
                            OpCase.Modes.NONE);
    }

    private static double simpson(DoubleUnaryOperator f, double from, double to) {
        int n = 8000;
        double sum = f.applyAsDouble(from) + f.applyAsDouble(to);
        for (int i = 1; i < n; i++) sum += (i % 2 == 0 ? 2 : 4) * f.applyAsDouble(from + (to - from) * i / n);
        return sum * (to - from) / (3 * n);
    }

    private static double erfc(double x) { return simpson(t -> 2 / Math.sqrt(Math.PI) * Math.exp(-t * t), x, 9); }

    /** DLMF 10.32.3. */
    private static double bessel(int order, double x) {
        double a = Math.abs(x);
        double value = simpson(t -> Math.exp(a * (Math.cos(t) - 1)) * Math.cos(order * t), 0, Math.PI) / Math.PI;
        return order == 0 ? value : Math.signum(x) * value;
    }

    /** Stirling's series after the recurrence. */
    private static double lgamma(double x) {
        double y = x + 10, shift = 0;
        for (int k = 0; k < 10; k++) shift += Math.log(x + k);
        return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + 1 / (12 * y) - 1 / (360 * y * y * y)
                + 1 / (1260 * Math.pow(y, 5)) - 1 / (1680 * Math.pow(y, 7)) + 1 / (1188 * Math.pow(y, 9)) - shift;
    }

    private static double digamma(double x) {
        double y = x + 20, shift = 0;
        for (int k = 0; k < 20; k++) shift += 1 / (x + k);
        return Math.log(y) - 1 / (2 * y) - 1 / (12 * y * y) + 1 / (120 * Math.pow(y, 4)) - 1 / (252 * Math.pow(y, 6))
                + 1 / (240 * Math.pow(y, 8)) - shift;
    }

    private static double zeta(double s, double q) {
        double y = q + 200, sum = 0;
        for (int k = 0; k < 200; k++) sum += Math.pow(q + k, -s);
        return sum + Math.pow(y, 1 - s) / (s - 1) + Math.pow(y, -s) / 2 + s * Math.pow(y, -s - 1) / 12
                - s * (s + 1) * (s + 2) * Math.pow(y, -s - 3) / 720;
    }

    private static double polygamma(int m, double x) {
        double factorial = m < 2 ? 1 : m == 2 ? 2 : 6;
        return m == 0 ? digamma(x) : (m % 2 == 0 ? -1 : 1) * factorial * zeta(m + 1, x);
    }

    /** DLMF 8.11.4. */
    private static double igamma(double a, double x) {
        double term = 1 / a, sum = term;
        for (int n = 1; n < 200; n++) sum += term *= x / (a + n);
        return sum * Math.exp(a * Math.log(x) - x - lgamma(a));
    }

    private static double slope(double a, double x) {
        double h = 1e-4;
        return (8 * (igamma(a + h, x) - igamma(a - h, x)) - igamma(a + 2 * h, x) + igamma(a - 2 * h, x)) / (12 * h);
    }

    private void unary(Op op, Draws domain, DoubleUnaryOperator f, OpCase.Tolerance tolerance) {
        add(op, FLOATS, List.of(domain), v -> f.applyAsDouble(v[0]), tolerance, OpCase.Modes.FORWARD_AND_REVERSE);
    }

    private void add(Op op, List<DType> dtypes, List<Draws> domains, ToDoubleFunction<double[]> f,
            OpCase.Tolerance tolerance, OpCase.Modes modes) {
        OpCase.Reference reference = in -> List.of(Grid.of(in.getFirst().sizes(),
                at -> f.applyAsDouble(in.stream().mapToDouble(g -> g.at(at)).toArray())));
        for (DType t : dtypes)
            for (Shape s : SHAPES) {
                TensorType[] types = new TensorType[domains.size()];
                Arrays.fill(types, new TensorType(t, s));
                cases.add(new OpCase(op, List.of(types), Draws.each(List.of(types), domains), Optional.of(reference),
                        tolerance, modes));
            }
    }
}
