package javelin.core.ops;

import static javelin.core.ops.OpCase.Tolerance.APPROXIMATED;
import static javelin.core.ops.OpCase.Tolerance.EXACT;
import static javelin.core.ops.OpCase.Tolerance.ROUNDED;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import javelin.check.Grid;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The rows of the table whose ops work element by element. */
final class ElementwiseCases {
    private static final List<Shape> SHAPES = List.of(Shape.of(), Shape.of(0), Shape.of(1), Shape.of(7), Shape.of(3, 5),
            Shape.of(2, 1, 3), Shape.of(67));
    private static final List<DType> FLOATS = List.of(DType.F32, DType.F64, DType.BF16, DType.F16);
    private static final List<DType> INTEGERS = Stream.of(DType.values()).filter(DType::isInteger).toList();
    private static final List<DType> NUMBERS = Lists.concat(FLOATS, INTEGERS);
    private static final List<DType> BITS = Lists.concat(INTEGERS, List.of(DType.BOOL));
    private static final List<DType> ALL = Lists.concat(NUMBERS, List.of(DType.BOOL));

    private final List<OpCase> cases = new ArrayList<>();

    static List<OpCase> all() {
        var c = new ElementwiseCases();
        c.transcendental();
        c.arithmetic();
        c.powers();
        c.bits();
        c.choice();
        c.conversions();
        c.precision();
        return c.cases;
    }

    private void transcendental() {
        unary(new Exp(), Draws.range(-4, 4), StrictMath::exp);
        unary(new Expm1(), Draws.range(-2, 2), StrictMath::expm1);
        unary(new Log(), Draws.range(0.2, 5), StrictMath::log);
        unary(new Log1p(), Draws.range(-0.7, 4), StrictMath::log1p);
        unary(new Sqrt(), Draws.range(0.2, 5), Math::sqrt);
        unary(new Rsqrt(), Draws.range(0.2, 5), x -> 1 / Math.sqrt(x));
        unary(new Sin(), Draws.range(-7, 7), StrictMath::sin);
        unary(new Cos(), Draws.range(-7, 7), StrictMath::cos);
        unary(new Tanh(), Draws.range(-3, 3), StrictMath::tanh);
        unary(new Logistic(), Draws.range(-4, 4), x -> 1 / (1 + StrictMath.exp(-x)));
        unary(new Erf(), Draws.range(-2, 2), x -> exactErf(x).doubleValue());
        unaryOf(FLOATS, new ErfInv(), Draws.range(-0.9, 0.9), ElementwiseCases::erfInv,
                new OpCase.Tolerance(8, 0, "Giles's polynomial, whose error is a few ulp"));
    }

    /** By its Taylor series in 40 digits, for |x| up to 2: DLMF 7.6.1. */
    private static BigDecimal exactErf(double x) {
        var digits = new MathContext(40);
        BigDecimal square = new BigDecimal(x).pow(2), power = new BigDecimal(x), sum = power;
        for (int n = 1; n < 70; n++) {
            power = power.multiply(square).divide(BigDecimal.valueOf(-n), digits);
            sum = sum.add(power.divide(BigDecimal.valueOf(2 * n + 1), digits));
        }
        return sum.multiply(new BigDecimal("1.128379167095512573896158903121545171688"), digits);
    }

    /** By Newton's method. */
    private static double erfInv(double x) {
        double y = x;
        for (int i = 0; i < 8; i++) y -= exactErf(y).subtract(new BigDecimal(x))
                .doubleValue() * Math.sqrt(Math.PI) / 2 * Math.exp(y * y);
        return y;
    }

    private void arithmetic() {
        for (DType t : NUMBERS) {
            Draws small = Draws.small(t), notZero = t.isFloat() ? Draws.eitherSign(0.5, 3)
                    : t.kind() == DType.Kind.SIGNED ? Draws.eitherSign(1, 9.9) : Draws.whole(1, 9);
            // u64 numbers below 0 are no doubles
            if (t != DType.U64) unaryOf(List.of(t), new Neg(), small, x -> t.kind() == DType.Kind.UNSIGNED && x != 0
                    ? Math.scalb(1.0, 8 * t.bytes()) - x : -x, EXACT);
            unaryOf(List.of(t), new Abs(), t.isFloat() ? notZero : small, Math::abs, EXACT);
            unaryOf(List.of(t), new Sign(), t.isFloat() ? notZero : small, Math::signum, EXACT);
            binaryOf(List.of(t), new Add(), small, small, Double::sum, ROUNDED);
            binaryOf(List.of(t), new Mul(), small, small, (x, y) -> x * y, ROUNDED);
            binaryOf(List.of(t), new Div(), small, notZero, (x, y) -> t.isFloat() ? x / y : (long) (x / y), ROUNDED);
            binaryOf(List.of(t), new Sub(), t.kind() == DType.Kind.UNSIGNED ? Draws.whole(9, 20) : small, small,
                    (x, y) -> x - y, ROUNDED);
            for (Shape s : SHAPES) add(new Rem(), List.of(new TensorType(t, s), new TensorType(t, s)),
                    remainders(new TensorType(t, s)), (x, y) -> x % y, ROUNDED);
        }
        binaryOf(List.of(DType.BOOL), new Add(), Draws.small(DType.BOOL), Draws.small(DType.BOOL), Math::max, EXACT);
        binaryOf(List.of(DType.BOOL), new Mul(), Draws.small(DType.BOOL), Draws.small(DType.BOOL), Math::min, EXACT);
        unary(new Floor(), Draws.betweenHalves(), Math::floor);
        unary(new Ceil(), Draws.betweenHalves(), Math::ceil);
        unary(new Round(), Draws.betweenHalves(), Math::rint);
    }

    /** x = y (k + f) with k whole and f in 0.2..0.8: away from the jumps; any y but 0 for integers. */
    private static OpCase.Inputs remainders(TensorType type) {
        if (!type.dtype().isFloat()) return Draws.each(List.of(type, type),
                List.of(Draws.small(type.dtype()), Draws.whole(1, 5)));
        return random -> {
            double[] x = new double[type.elements()], y = new double[type.elements()];
            for (int i = 0; i < x.length; i++) {
                y[i] = Draws.eitherSign(1, 2).next(random);
                x[i] = y[i] * (random.nextInt(-3, 3) + random.nextDouble(0.2, 0.8));
            }
            return List.of(Array.of(type, x), Array.of(type, y));
        };
    }

    private void powers() {
        for (int n : new int[] {-3, -2, -1, 0, 1, 2, 3, 7})
            unaryOf(FLOATS, new IntegerPow(n), Draws.eitherSign(0.5, 1.5), x -> Math.pow(x, n),
                    new OpCase.Tolerance(8, 0, "at most four roundings"));
        unaryOf(List.of(DType.I32, DType.I64), new IntegerPow(3), Draws.whole(-9, 9), x -> x * x * x, EXACT);
        unaryOf(List.of(DType.U8), new IntegerPow(0), Draws.whole(0, 9), _ -> 1, EXACT);
        binaryOf(FLOATS, new Pow(), Draws.range(0.5, 2), Draws.eitherSign(0.2, 3), Math::pow, APPROXIMATED);
    }

    private void bits() {
        for (DType t : BITS) {
            Draws any = Draws.wide(t);
            long ones = t.highest().longValue();
            if (t != DType.U64)
                unaryOf(List.of(t), new Not(), any, x -> t.kind() == DType.Kind.SIGNED ? -x - 1 : ones - x, EXACT);
            bitwise(t, new And(), (x, y) -> x & y);
            bitwise(t, new Or(), (x, y) -> x | y);
            bitwise(t, new Xor(), (x, y) -> x ^ y);
            if (t == DType.BOOL) continue;
            Draws by = Draws.whole(0, t.bytes() < 4 ? 5 : 20), some = Draws.whole(0, t.bytes() == 1 ? 3 : 1000);
            binaryOf(List.of(t), new ShiftLeft(), some, by, (x, y) -> x * Math.scalb(1.0, (int) y), EXACT);
            binaryOf(List.of(t), new ShiftRightArithmetic(), t.kind() == DType.Kind.SIGNED ? any : some, by,
                    (x, y) -> Math.floor(x / Math.scalb(1.0, (int) y)), EXACT);
            binaryOf(List.of(t), new ShiftRightLogical(), some, by,
                    (x, y) -> Math.floor(x / Math.scalb(1.0, (int) y)), EXACT);
        }
        for (Shape s : SHAPES)
            cases.add(new OpCase(new Threefry(), Collections.nCopies(4, new TensorType(DType.U32, s)),
                    Draws.each(Collections.nCopies(4, new TensorType(DType.U32, s)),
                            Collections.nCopies(4, Draws.wide(DType.U32))), Optional.empty(), EXACT,
                            OpCase.Modes.FORWARD_AND_REVERSE));
    }

    private void bitwise(DType t, Op op, LongBinaryOperator f) {
        binaryOf(List.of(t), op, Draws.wide(t), Draws.wide(t), (x, y) -> f.applyAsLong((long) x, (long) y), EXACT);
    }

    private void choice() {
        for (DType t : ALL)
            for (Shape s : SHAPES) {
                TensorType x = new TensorType(t, s), bool = new TensorType(DType.BOOL, s);
                OpCase.Inputs two = t.isFloat() ? Draws.distinct(List.of(x, x), -3, 3)
                        : Draws.each(List.of(x, x), List.of(Draws.small(t), Draws.small(t)));
                add(new Max(), List.of(x, x), two, Math::max, EXACT);
                add(new Min(), List.of(x, x), two, Math::min, EXACT);
                for (var kind : Compare.Kind.values()) add(new Compare(kind), List.of(x, x), two,
                        (a, b) -> holds(kind, Double.compare(a, b)) ? 1 : 0, EXACT);
                Draws some = Draws.small(t);
                add(new Select(), List.of(bool, x, x),
                        Draws.each(List.of(bool, x, x), List.of(Draws.whole(0, 1), some, some)), v -> v[0] != 0 ? v[1]
                        : v[2], EXACT);
                if (t == DType.BOOL) continue;
                OpCase.Inputs three = t.isFloat() ? Draws.distinct(List.of(x, x, x), -3, 3)
                        : Draws.each(List.of(x, x, x), List.of(some, some, some));
                add(new Clamp(), List.of(x, x, x), random -> lowFirst(three.draw(random)),
                        v -> Math.min(Math.max(v[1], v[0]), v[2]), EXACT);
            }
    }

    /** The first and the last trade places where the first is larger: bounds are in order. */
    private static List<Array> lowFirst(List<Array> in) {
        double[] a = in.getFirst().toDoubles(), b = in.getLast().toDoubles();
        TensorType type = in.getFirst().type();
        return List.of(Array.of(type, Grid.of(List.of(a.length), at -> Math.min(a[at[0]], b[at[0]])).numbers()),
                in.get(1),
                Array.of(type, Grid.of(List.of(a.length), at -> Math.max(a[at[0]], b[at[0]])).numbers()));
    }

    private static boolean holds(Compare.Kind kind, int order) {
        return switch (kind) {
            case EQ -> order == 0;
            case NE -> order != 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case GT -> order > 0;
            case GE -> order >= 0;
        };
    }

    private void conversions() {
        for (DType from : ALL) {
            unaryOf(List.of(from), new StopGradient(), Draws.wide(from), x -> x, EXACT);
            unaryOf(List.of(from), new Named("x"), Draws.wide(from), x -> x, EXACT);
            for (DType to : ALL) {
                Draws domain = !from.isFloat() || to.isFloat() ? Draws.small(from) : to.kind() == DType.Kind.UNSIGNED
                        ? Draws.range(0.1, 9) : Draws.betweenHalves();
                if (from.kind() == DType.Kind.SIGNED && to.kind() == DType.Kind.UNSIGNED) domain = Draws.whole(0, 9);
                unaryOf(List.of(from), new Convert(to), domain, x -> to == DType.BOOL ? (x != 0 ? 1 : 0) : to.isFloat()
                        ? x : (long) x, ROUNDED);
                if (from != to && from.bytes() == to.bytes() && from != DType.BOOL && to != DType.BOOL)
                    unaryOf(List.of(from), new Bitcast(to), Draws.small(from),
                            x -> to.toDouble(to.ofBits(from.bits(from.normalize(x)))), EXACT);
            }
        }
        for (DType from : List.of(DType.F32, DType.F64, DType.I64, DType.BF16, DType.U16))
            for (DType to : List.of(DType.U8, DType.I16, DType.F16, DType.I32, DType.F32, DType.U64)) {
                int parts = Math.max(1, to.bytes() / from.bytes());
                if (from.bytes() == to.bytes()) continue;
                for (int n : new int[] {0, 1, 3})
                    bitcast(new TensorType(from, parts > 1 ? Shape.of(n, 2, parts) : Shape.of(n, 2)), to);
            }
    }

    /** Little-endian bytes, read as another type. */
    private void bitcast(TensorType x, DType to) {
        var op = new Bitcast(to);
        cases.add(new OpCase(op, List.of(x), Draws.each(List.of(x), List.of(Draws.small(x.dtype()))),
                Optional.of(in -> {
            var bytes = ByteBuffer.allocate((int) x.bytes() + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < x.elements(); i++)
                bytes.putLong(i * x.dtype().bytes(), x.dtype().bits(x.dtype().normalize(in.getFirst().numbers()[i])));
            int[] next = {0};
            return List.of(Grid.of(op.outputType(List.of(x)).shape().sizes(),
                    _ -> to.toDouble(to.ofBits(bytes.getLong(to.bytes() * next[0]++)))));
        }), EXACT, OpCase.Modes.NEITHER));
    }

    /** So many bits that transposition, which rounds cotangents, is exact to some dozen units in the last place. */
    private void precision() {
        for (var op : List.of(new ReducePrecision(8, 47), new ReducePrecision(5, 18), new ReducePrecision(5, 5),
                new ReducePrecision(4, 8)))
            for (DType t : FLOATS)
                if (t.fractionBits() - op.fractionBits() <= 5)
                    unaryOf(List.of(t), op, Draws.range(-200, 200), x -> reduced(x, op), EXACT);
    }

    private static double reduced(double x, ReducePrecision to) {
        int exponent = Math.getExponent(x), bias = (1 << to.exponentBits() - 1) - 1;
        double rounded = Math.scalb(Math.rint(Math.scalb(x, to.fractionBits() - exponent)),
                exponent - to.fractionBits());
        if (Math.getExponent(rounded) > bias) return Math.copySign(Double.POSITIVE_INFINITY, x);
        return Math.getExponent(rounded) <= -bias ? Math.copySign(0, x) : rounded;
    }

    private void unary(Op op, Draws domain, DoubleUnaryOperator f) { unaryOf(FLOATS, op, domain, f, APPROXIMATED); }

    private void unaryOf(List<DType> dtypes, Op op, Draws domain, DoubleUnaryOperator f, OpCase.Tolerance tolerance) {
        for (DType t : dtypes)
            for (Shape s : SHAPES) add(op, List.of(new TensorType(t, s)),
                    Draws.each(List.of(new TensorType(t, s)), List.of(domain)), v -> f.applyAsDouble(v[0]), tolerance);
    }

    private void binaryOf(List<DType> dtypes, Op op, Draws left, Draws right, DoubleBinaryOperator f,
            OpCase.Tolerance tolerance) {
        for (DType t : dtypes)
            for (Shape s : SHAPES) {
                List<TensorType> types = List.of(new TensorType(t, s), new TensorType(t, s));
                add(op, types, Draws.each(types, List.of(left, right)), f, tolerance);
            }
    }

    private void add(Op op, List<TensorType> types, OpCase.Inputs inputs, DoubleBinaryOperator f,
            OpCase.Tolerance tolerance) {
        add(op, types, inputs, v -> f.applyAsDouble(v[0], v[1]), tolerance);
    }

    private void add(Op op, List<TensorType> types, OpCase.Inputs inputs, ToDoubleFunction<double[]> f,
            OpCase.Tolerance tolerance) {
        OpCase.Reference reference = in ->
                List.of(Grid.of(in.getFirst().sizes(),
                at -> f.applyAsDouble(in.stream().mapToDouble(g -> g.at(at)).toArray())));
        boolean differs = op instanceof StopGradient || op instanceof ReducePrecision
                || op instanceof Convert(DType to) && to.isFloat() && to != DType.F64;
        cases.add(new OpCase(op, types, inputs, Optional.of(reference), tolerance, differs ? OpCase.Modes.NEITHER
                : OpCase.Modes.FORWARD_AND_REVERSE));
    }
}
