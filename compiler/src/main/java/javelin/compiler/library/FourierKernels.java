package javelin.compiler.library;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.Lists;
import javelin.core.lowering.Fn;
import javelin.core.ops.Fft;
import javelin.core.type.DType;

/**
 * The loops of a Fourier transform, as kernels. Buffers are real and imaginary parts of what is read, the same of what
 * is written, and a table of factors {@code c - i s} in turn, if there is one. Neighbours along {@code lanes} are
 * treated alike, in vectors.
 */
final class FourierKernels {
    private static final int TABLE = 4, TURN = 0, LANE = 1;
    /** How many rows of a matrix {@link #transpose} takes in a turn. */
    static final int ROWS = 8;

    /** A complex number, by the nodes of its parts. */
    private record Value(int re, int im) {}

    private final Code code = new Code();
    private final DType type;
    private final int lanes;
    private final List<Stmt> stores = new ArrayList<>();

    private FourierKernels(DType type, int lanes) {
        this.type = type;
        this.lanes = lanes;
    }

    /**
     * A step of Stockham's transform (Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992), by
     * decimation in frequency: {@code y[radix p + j] = w^(p j) sum over k of x[p + turns k] exp(-2 pi i j k / radix)}
     * for p below {@code turns}, where an element is {@code lanes} numbers. The table has, for every p, the factors of
     * j = 1, 2 and so on; with one turn they are all 1, and there is none.
     *
     * @param scaled whether, with one turn, every number of the result is multiplied: the table has all c, then all s
     */
    static Kernel step(DType type, int radix, int turns, int lanes, boolean scaled) {
        var k = new FourierKernels(type, lanes);
        List<Value> y = k.transform(Lists.each(radix, i -> k.load(lanes, i * turns * lanes)));
        for (int j = 0; j < radix; j++) {
            int at = j * lanes;
            Value z = scaled ? k.times(y.get(j), k.load(TABLE, TABLE, radix * lanes, at, radix * lanes + at))
                    : j == 0 || turns == 1 ? y.get(j) : k.times(y.get(j), k.factor(radix - 1, j - 1));
            k.store(z, radix * lanes, at);
        }
        return k.kernel(turns, scaled || turns > 1);
    }

    /** {@code y[p] = x[p] table[p]} for p below {@code turns}. */
    static Kernel product(DType type, int turns, int lanes) {
        var k = new FourierKernels(type, lanes);
        k.store(k.times(k.load(lanes, 0), k.factor(1, 0)), lanes, 0);
        return k.kernel(turns, true);
    }

    /** {@code y[j high + i] = x[i wide + j]}, some rows in a turn, so that few places are written to. */
    static Kernel transpose(DType type, int high, int wide) {
        var k = new FourierKernels(type, 1);
        for (int r = 0; r < ROWS; r++) {
            Address from = at(ROWS * wide, 1, r * wide);
            k.store(new Value(k.code.load(0, from, type), k.code.load(1, from, type)), at(ROWS, high, r));
        }
        Stmt columns = new Stmt.Loop(LANE, wide, Kind.SERIAL, false, Lists.concat(k.lets(_ -> true), k.stores));
        return k.kernel(new Stmt.Loop(TURN, high / ROWS, Kind.RANGE, false, List.of(columns)), false);
    }

    /** One part of {@code y[toLine l + toStep i] = x[fromLine l + fromStep i]}, i below {@code count}, l in turns. */
    static Kernel copy(DType type, int count, int fromLine, int fromStep, int toLine, int toStep) {
        var code = new Code();
        var buffer = new Kernel.Buffer(type, true);
        int value = code.load(0, at(fromLine, fromStep, 0), type);
        Stmt store = new Stmt.Store(1, at(toLine, toStep, 0), value, Optional.empty(), -1);
        Stmt line = new Stmt.Loop(LANE, count, Kind.SERIAL, false, List.of(new Stmt.Let(value), store));
        return new Kernel(code, List.of(buffer, buffer), List.of(), List.of(),
                List.of(new Stmt.Loop(TURN, 1, Kind.RANGE, false, List.of(line))));
    }

    // loops

    private static Address at(int perTurn, int perLane, int constant) {
        var terms = new TreeMap<>(Map.of(TURN, perTurn));
        if (perLane != 0) terms.put(LANE, perLane);
        return new Address(terms, constant, -1);
    }

    private Value load(int perTurn, int constant) { return load(0, 1, perTurn, constant, constant); }

    private Value load(int buffer, int other, int perTurn, int constant, int otherConstant) {
        int perLane = lanes > 1 ? 1 : 0;
        return new Value(code.load(buffer, at(perTurn, perLane, constant), type),
                code.load(other, at(perTurn, perLane, otherConstant), type));
    }

    private void store(Value y, int perTurn, int constant) {
        Address at = at(perTurn, lanes > 1 ? 1 : 0, constant);
        store(y, at);
    }

    private void store(Value y, Address at) {
        stores.add(new Stmt.Store(2, at, y.re, Optional.empty(), -1));
        stores.add(new Stmt.Store(3, at, y.im, Optional.empty(), -1));
    }

    /** Factor {@code i} of {@code perTurn} in every turn. */
    private Value factor(int perTurn, int i) {
        Address c = at(2 * perTurn, 0, 2 * i), s = at(2 * perTurn, 0, 2 * i + 1);
        return new Value(code.load(TABLE, c, type), code.load(TABLE, s, type));
    }

    private Kernel kernel(int turns, boolean table) {
        IntPredicate varies = n -> lanes == 1 || code.varies(n, LANE);
        List<Stmt> outside = lets(varies.negate()), inside = lets(varies);
        inside.addAll(stores);
        if (lanes > 1) outside.add(new Stmt.Loop(LANE, lanes, Kind.SERIAL, true, inside));
        return kernel(new Stmt.Loop(TURN, turns, Kind.RANGE, lanes == 1, lanes > 1 ? outside : inside), table);
    }

    private Kernel kernel(Stmt all, boolean table) {
        var buffer = new Kernel.Buffer(type, false);
        return new Kernel(code, Lists.each(table ? 5 : 4, _ -> buffer), List.of(), List.of(), List.of(all));
    }

    /** What there is to be computed, of those nodes. */
    private List<Stmt> lets(IntPredicate which) {
        List<Stmt> lets = new ArrayList<>();
        for (int n = 0; n < code.size(); n++)
            if (!(code.node(n) instanceof Node.Const) && which.test(n)) lets.add(new Stmt.Let(n));
        return lets;
    }

    // arithmetic

    private int add(int x, int y) { return code.apply(Fn.ADD, type, x, y); }

    private int sub(int x, int y) { return code.apply(Fn.SUB, type, x, y); }

    private int mul(int x, int y) { return code.apply(Fn.MUL, type, x, y); }

    private int neg(int x) { return code.apply(Fn.NEG, type, x); }

    private int fma(int x, int y, int sum) { return code.apply(Fn.FMA, type, x, y, sum); }

    private int constant(double x) { return code.constant(x, type); }

    private Value add(Value x, Value y) { return new Value(add(x.re, y.re), add(x.im, y.im)); }

    private Value sub(Value x, Value y) { return new Value(sub(x.re, y.re), sub(x.im, y.im)); }

    /** {@code sum + x by}, {@code by} being real. */
    private Value plus(Value sum, Value x, int by) {
        return new Value(fma(x.re, by, sum.re), fma(x.im, by, sum.im));
    }

    /** {@code x (c - i s)} */
    private Value times(Value x, Value factor) {
        int c = factor.re, s = factor.im;
        return new Value(fma(x.im, s, mul(x.re, c)), fma(x.re, neg(s), mul(x.im, c)));
    }

    /** {@code x exp(-2 pi i k / n)} */
    private Value turned(Value x, int k, int n) {
        return switch (8 * k % n == 0 ? 8 * k / n % 8 : -1) {
            case 0 -> x;
            case 1 -> scaled(new Value(add(x.re, x.im), sub(x.im, x.re)), Fft.cos(1, 8));
            case 2 -> new Value(x.im, neg(x.re));
            case 3 -> scaled(new Value(sub(x.im, x.re), neg(add(x.re, x.im))), Fft.cos(1, 8));
            default -> times(x, new Value(constant(Fft.cos(k, n)), constant(Fft.sin(k, n))));
        };
    }

    private Value scaled(Value x, double by) { return new Value(mul(x.re, constant(by)), mul(x.im, constant(by))); }

    /** The transform of few numbers, written out: by decimation in time, down to primes. */
    private List<Value> transform(List<Value> x) {
        int n = x.size(), p = Fft.smallestFactor(n), m = n / p;
        if (m == 1) return prime(x);
        List<List<Value>> parts = Lists.each(p, r -> transform(Lists.each(m, i -> x.get(r + i * p))));
        List<List<Value>> columns = Lists.each(m, k ->
                prime(Lists.each(p, r -> turned(parts.get(r).get(k), r * k, n))));
        return Lists.each(n, k -> columns.get(k % m).get(k / m));
    }

    /** Numbers k and -k share their products: their factors are conjugates. */
    private List<Value> prime(List<Value> x) {
        int n = x.size();
        if (n == 1) return x;
        if (n == 2) return List.of(add(x.get(0), x.get(1)), sub(x.get(0), x.get(1)));
        List<Value> sums = Lists.each(n / 2, k -> add(x.get(k + 1), x.get(n - 1 - k)));
        List<Value> differences = Lists.each(n / 2, k -> sub(x.get(k + 1), x.get(n - 1 - k)));
        Value[] y = new Value[n];
        y[0] = sums.stream().reduce(x.getFirst(), this::add);
        for (int j = 1; j <= n / 2; j++) {
            Value even = x.getFirst(), odd = scaled(differences.getFirst(), Fft.sin(j, n));
            for (int k = 1; k <= n / 2; k++) {
                even = plus(even, sums.get(k - 1), constant(Fft.cos((long) j * k, n)));
                if (k > 1) odd = plus(odd, differences.get(k - 1), constant(Fft.sin((long) j * k, n)));
            }
            y[j] = new Value(add(even.re, odd.im), sub(even.im, odd.re));
            y[n - j] = new Value(sub(even.re, odd.im), add(even.im, odd.re));
        }
        return List.of(y);
    }
}
