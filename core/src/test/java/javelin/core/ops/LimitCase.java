package javelin.core.ops;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.ShapeException;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * An op at the ends of an integer type and around 0 and the width: every pair of such numbers, and what exact
 * arithmetic, wrapped to the width, gives. XLA leaves some of it open (division by 0, shifts by the width, numbers that
 * do not fit); there this is what JAX 0.10.2 gives on a CPU, in compiled code.
 */
public record LimitCase(Op op, List<Array> inputs, Array output) {
    private static final List<DType> WHOLE = Stream.of(DType.values()).filter(t -> !t.isFloat()).toList();
    private static final double[] FRACTIONS = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0,
            0.5,
        -0.5, -1, -1.9, 127.9, 128, 255.9, 256, -128.9, -129, 32767.5, 32768, -32769, 65536, 0x1p31, -0x1p31 - 1,
        0x1p32, 0x1p32 + 5, 0x1p63, -0x1p63, 0x1p64, 1e30, -1e30};
    private static final BigInteger ONE = BigInteger.ONE, ZERO = BigInteger.ZERO;

    /** Exact arithmetic, before it is wrapped. */
    private interface Exact { BigInteger of(BigInteger x, BigInteger y); }

    public static List<LimitCase> all() {
        List<LimitCase> cases = new ArrayList<>();
        for (DType t : WHOLE) {
            arithmetic(cases, t);
            bits(cases, t);
            lines(cases, t);
            for (DType to : DType.values()) unary(cases, t, new Convert(to), (x, _) -> x);
        }
        for (DType from : List.of(DType.F64, DType.F32, DType.BF16, DType.F16)) for (DType to : WHOLE) {
            Array x = Array.of(TensorType.of(from, FRACTIONS.length), FRACTIONS);
            cases.add(new LimitCase(new Convert(to), List.of(x), array(to, Lists.each(FRACTIONS.length,
                    i -> truncated(x.toDoubles()[i], to)))));
        }
        return cases;
    }

    private static void arithmetic(List<LimitCase> cases, DType t) {
        unary(cases, t, new Neg(), (x, _) -> x.negate());
        unary(cases, t, new Abs(), (x, _) -> x.abs());
        unary(cases, t, new Sign(), (x, _) -> BigInteger.valueOf(x.signum()));
        for (int n : new int[] {0, 1, 2, 3, 7}) unary(cases, t, new IntegerPow(n), (x, _) -> x.pow(n));
        binary(cases, t, new Add(), (x, y) -> x.add(y));
        binary(cases, t, new Sub(), (x, y) -> x.subtract(y));
        binary(cases, t, new Mul(), (x, y) -> x.multiply(y));
        binary(cases, t, new Div(), (x, y) -> y.signum() == 0 ? ONE.negate() : x.divide(y));
        binary(cases, t, new Rem(), (x, y) -> y.signum() == 0 ? x : x.remainder(y));
        binary(cases, t, new Max(), (x, y) -> x.max(y));
        binary(cases, t, new Min(), (x, y) -> x.min(y));
        binary(cases, t, new Compare(Compare.Kind.EQ), (x, y) -> truth(x.compareTo(y) == 0));
        binary(cases, t, new Compare(Compare.Kind.NE), (x, y) -> truth(x.compareTo(y) != 0));
        binary(cases, t, new Compare(Compare.Kind.LT), (x, y) -> truth(x.compareTo(y) < 0));
        binary(cases, t, new Compare(Compare.Kind.LE), (x, y) -> truth(x.compareTo(y) <= 0));
        binary(cases, t, new Compare(Compare.Kind.GT), (x, y) -> truth(x.compareTo(y) > 0));
        binary(cases, t, new Compare(Compare.Kind.GE), (x, y) -> truth(x.compareTo(y) >= 0));
    }

    private static void bits(List<LimitCase> cases, DType t) {
        BigInteger mask = ONE.shiftLeft(t.bits()).subtract(ONE);
        unary(cases, t, new Not(), (x, _) -> t == DType.BOOL ? ONE.subtract(x) : x.not());
        unary(cases, t, new PopulationCount(), (x, _) -> BigInteger.valueOf(x.and(mask).bitCount()));
        unary(cases, t, new LeadingZeros(), (x, _) -> BigInteger.valueOf(t.bits() - x.and(mask).bitLength()));
        binary(cases, t, new And(), (x, y) -> x.and(y));
        binary(cases, t, new Or(), (x, y) -> x.or(y));
        binary(cases, t, new Xor(), (x, y) -> x.xor(y));
        binary(cases, t, new ShiftLeft(), (x, y) -> isWithin(t, y) ? x.shiftLeft(y.intValue()) : ZERO);
        binary(cases, t, new ShiftRightLogical(), (x, y) -> isWithin(t, y) ? x.and(mask).shiftRight(y.intValue())
                : ZERO);
        binary(cases, t, new ShiftRightArithmetic(), (x, y) -> (x.testBit(t.bits() - 1) ? x.or(mask.not()) : x)
                .shiftRight(isWithin(t, y) ? y.intValue() : t.bits()));
    }

    /** All the numbers in one line. */
    private static void lines(List<LimitCase> cases, DType t) {
        List<BigInteger> x = numbers(t), sorted = x.stream().sorted().toList();
        Op sort = new Sort(0, 1);
        add(cases, sort, t, List.of(x), sorted);
        add(cases, sort, t, List.of(x.reversed()), sorted);
        add(cases, new TopK(3, 0), t, List.of(x), sorted.reversed());
        line(cases, t, new ReduceSum(List.of(0)), new CumSum(0, false), BigInteger::add);
        line(cases, t, new ReduceProd(List.of(0)), new CumProd(0, false), BigInteger::multiply);
        line(cases, t, new ReduceMax(List.of(0)), new CumMax(0, false), BigInteger::max);
        line(cases, t, new ReduceMin(List.of(0)), new CumMin(0, false), BigInteger::min);
    }

    private static void line(List<LimitCase> cases, DType t, Op total, Op prefix, BinaryOperator<BigInteger> combine) {
        List<BigInteger> sums = new ArrayList<>(numbers(t));
        for (int i = 1; i < sums.size(); i++) sums.set(i, combine.apply(sums.get(i - 1), sums.get(i)));
        add(cases, prefix, t, List.of(numbers(t)), sums);
        add(cases, total, t, List.of(numbers(t)), List.of(sums.getLast()));
    }

    private static void unary(List<LimitCase> cases, DType t, Op op, Exact f) {
        add(cases, op, t, List.of(numbers(t)), Lists.map(numbers(t), x -> f.of(x, ZERO)));
    }

    private static void binary(List<LimitCase> cases, DType t, Op op, Exact f) {
        List<BigInteger> x = new ArrayList<>(), y = new ArrayList<>();
        for (BigInteger a : numbers(t)) for (BigInteger b : numbers(t)) {
            x.add(a);
            y.add(b);
        }
        add(cases, op, t, List.of(x, y), Lists.each(x.size(), i -> f.of(x.get(i), y.get(i))));
    }

    /** If the op takes the type; which it takes is pinned in dtypes.txt. */
    private static void add(List<LimitCase> cases, Op op, DType t, List<List<BigInteger>> inputs,
            List<BigInteger> output) {
        List<Array> in = Lists.map(inputs, x -> array(t, x));
        try {
            TensorType type = op.outputTypes(Lists.map(in, Array::type)).getFirst();
            cases.add(new LimitCase(op, in, array(type.dtype(), output.subList(0, type.elements()))
                    .reshape(type.shape()).array()));
        } catch (ShapeException refused) {
            return;
        }
    }

    private static List<BigInteger> numbers(DType t) {
        BigInteger low = integer(t, t.lowest()), high = integer(t, t.highest());
        return Stream.of(high, low, low.add(ONE), high.subtract(ONE), ONE.negate(), ZERO, ONE, BigInteger.TWO,
                BigInteger.valueOf(-7), BigInteger.valueOf(100), BigInteger.valueOf(t.bits() - 1),
                BigInteger.valueOf(t.bits()), BigInteger.valueOf(t.bits() + 1)).distinct()
                .filter(x -> x.compareTo(low) >= 0 && x.compareTo(high) <= 0).toList();
    }

    private static BigInteger integer(DType t, Number x) {
        return t == DType.U64 ? new BigInteger(Long.toUnsignedString(x.longValue()))
                : BigInteger.valueOf(x.longValue());
    }

    private static boolean isWithin(DType t, BigInteger shift) {
        return shift.signum() >= 0 && shift.compareTo(BigInteger.valueOf(t.bits())) < 0;
    }

    private static BigInteger truth(boolean holds) { return holds ? ONE : ZERO; }

    /** Wrapped to integers; rounded to f64 and f32, and to halves by way of f32. */
    private static Array array(DType t, List<BigInteger> numbers) {
        Array array = Array.wrap(TensorType.of(t, numbers.size()), t.allocate(numbers.size()));
        for (int i = 0; i < numbers.size(); i++) {
            BigInteger x = numbers.get(i);
            Number value = switch (t) {
                case F64 -> x.doubleValue();
                case F32, BF16, F16 -> x.floatValue();
                case BOOL -> x.signum();
                default -> x.longValue();
            };
            t.write(array.storage(), i, t.normalize(value));
        }
        return array;
    }

    /** Towards 0, to the nearest end if it does not fit; NaN is 0, and true. */
    private static BigInteger truncated(double x, DType to) {
        if (to == DType.BOOL) return truth(x != 0);
        if (Double.isNaN(x)) return ZERO;
        BigInteger low = integer(to, to.lowest()), high = integer(to, to.highest());
        return Double.isInfinite(x) ? x < 0 ? low : high : new BigDecimal(x).toBigInteger().max(low).min(high);
    }

    public Program program() {
        return Recorder.trace(Lists.map(inputs, Array::type), in -> Op.apply(op, in).subList(0, 1)).closed();
    }

    /** Throws unless {@code found} are the numbers exact arithmetic gives. */
    public void check(Array found) {
        if (!output.sameBits(found)) throw new AssertionError(this + " gives " + found);
    }

    @Override public String toString() { return op + " of " + inputs + ", which is " + output + ","; }
}
