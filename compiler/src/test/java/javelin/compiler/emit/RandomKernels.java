package javelin.compiler.emit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.TreeSet;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/** Random kernels of the forms that the scheduler makes, and random data for them. */
final class RandomKernels {
    private static final List<Integer> SIZES = List.of(0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100);
    private static final int INDICES = 7;       // one more than the largest number in an index buffer

    /** One element type most of the time, so that loops become vectors. */
    private final List<DType> types;
    private final Random random;
    /** Regular kernels have nothing that vectors cannot do. */
    private final boolean transcendental, regular;
    private final Code code = new Code();
    private final List<Kernel.Buffer> buffers = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final Set<Integer> indexBuffers = new HashSet<>();
    private final List<DType> arguments = new ArrayList<>();
    private final List<Fold> folds = new ArrayList<>();
    private final Map<Integer, Integer> extents = new TreeMap<>();

    RandomKernels(long seed, boolean transcendental) {
        random = new Random(new java.util.SplittableRandom(seed).nextLong());    // neighbouring seeds begin alike
        this.transcendental = transcendental;
        regular = random.nextInt(4) != 0;
        DType[] all = regular ? new DType[] {
            DType.F32, DType.F64, DType.I32, DType.I64, DType.U32, DType.I16, DType.U16, DType.U64
        }
            : Stream.of(DType.values()).filter(t -> !t.isHalf()).toArray(DType[]::new);
        DType main = all[random.nextInt(all.length)];
        types = random.nextInt(4) == 0 ? List.of(all) : random.nextInt(3) == 0
            ? List.of(main, all[random.nextInt(all.length)], DType.BOOL)
                : List.of(main, main, main, DType.U8, DType.BOOL);
        for (int a = random.nextInt(3); a > 0; a--) arguments.add(anyType());
    }

    KernelRun next() {
        List<Stmt> body = switch (random.nextInt(6)) {
            case 0 -> map();
            case 1 -> nestedMap();
            case 2 -> rows();
            case 3 -> columns();
            case 4 -> scatter();
            default -> arg();
        };
        var kernel = new Kernel(code, List.copyOf(buffers), List.copyOf(arguments), List.copyOf(folds), body);
        List<Object> arrays = new ArrayList<>();
        int[] offsets = new int[buffers.size()];
        for (int b = 0; b < buffers.size(); b++) {
            offsets[b] = buffers.get(b).offset() ? random.nextInt(5) : 0;
            arrays.add(data(b, lengths.get(b) + offsets[b] + random.nextInt(2)));
        }
        List<Number> scalars = new ArrayList<>();
        for (DType t : arguments) scalars.add(number(t));
        int range = extents.get(0), from = random.nextInt(3) == 0 ? random.nextInt(range + 1) : 0;
        return new KernelRun(kernel, arrays, offsets, scalars, from, range);
    }

    private DType anyType() { return types.get(random.nextInt(types.size())); }

    private boolean irregular(int rarely) { return !regular && random.nextInt(rarely) == 0; }

    /** A type, of regular kernels one that reductions in vectors have. */
    private DType numbers() {
        DType type = anyType();
        return regular && type.bytes() == 1 ? types.getFirst() : type;
    }

    private int size() { return SIZES.get(random.nextInt(SIZES.size())); }

    private int extent(int axis, int size) {
        extents.put(axis, size);
        return size;
    }

    private Stmt.Loop loop(int axis, Kind kind, boolean vector, List<Stmt> body) { return new Stmt.Loop(axis,
        extents.get(axis), kind, vector, body); }

    // forms

    private List<Stmt> map() {
        extent(0, size());
        List<Stmt> body = new ArrayList<>();
        stores(body, new HashSet<>(), List.of(0), 0);
        return List.of(loop(0, Kind.RANGE, true, body));
    }

    private List<Stmt> nestedMap() {
        extent(0, 1 + random.nextInt(4));
        extent(1, size());
        List<Stmt> outer = new ArrayList<>(), inner = new ArrayList<>();
        Set<Integer> have = new HashSet<>();
        if (random.nextBoolean()) lets(outer, value(anyType(), 2, List.of(0), 0), have);
        stores(inner, have, List.of(0, 1), 1);
        outer.add(loop(1, Kind.SERIAL, true, inner));
        return List.of(loop(0, Kind.RANGE, false, outer));
    }

    private List<Stmt> rows() {
        extent(0, 1 + random.nextInt(4));
        boolean deep = random.nextInt(4) == 0;
        int columns = deep ? 2 : 1;
        if (deep) extent(1, 1 + random.nextInt(3));
        extent(columns, size());
        List<Integer> axes = deep ? List.of(0, 1, 2) : List.of(0, 1);
        List<Stmt> row = new ArrayList<>();
        Set<Integer> have = new HashSet<>();
        List<Integer> results = new ArrayList<>();
        for (int sections = 1 + random.nextInt(2); sections > 0; sections--) {
            int count = 1 + random.nextInt(2), first = folds.size();
            List<Stmt> inner = new ArrayList<>();
            Set<Integer> inside = new HashSet<>(have);
            for (int f = first; f < first + count; f++) {
                DType type = numbers();
                folds.add(fold(type, columns));
                row.add(new Stmt.Begin(f));
                int value = value(type, 2, axes, columns);
                lets(inner, value, inside);
                inner.add(new Stmt.Accumulate(f, value));
            }
            Stmt loop = loop(columns, Kind.SERIAL, true, inner);
            row.add(deep ? loop(1, Kind.SERIAL, false, List.of(loop)) : loop);
            for (int f = first; f < first + count; f++) {
                row.add(new Stmt.End(f));
                results.add(code.fold(f, folds.get(f).resultType(), 1L));
            }
            leaves.addAll(results);
        }
        List<Stmt> last = new ArrayList<>();
        stores(last, have, axes, columns);
        Stmt loop = loop(columns, Kind.SERIAL, true, last);
        row.add(deep ? loop(1, Kind.SERIAL, false, List.of(loop)) : loop);
        stores(row, have, List.of(0), 0);
        return List.of(loop(0, Kind.RANGE, false, row));
    }

    private List<Stmt> columns() {
        boolean outermost = random.nextBoolean();
        int lane = outermost ? 0 : 1, inner = lane + 1;
        if (!outermost) extent(0, 1 + random.nextInt(3));
        extent(lane, size());
        extent(inner, random.nextInt(5));
        List<Integer> outside = outermost ? List.of(0) : List.of(0, 1), all = outermost ? List.of(0, 1)
            : List.of(0, 1, 2);
        List<Stmt> turn = new ArrayList<>(), body = new ArrayList<>();
        Set<Integer> have = new HashSet<>();
        if (random.nextBoolean()) lets(turn, value(anyType(), 1, outside, lane), have);
        Set<Integer> inside = new HashSet<>(have);
        for (int f = 0; f < 2; f++) {
            DType type = numbers();
            folds.add(fold(type, -1));
            turn.add(new Stmt.Begin(f));
            int value = value(type, 2, all, lane);
            lets(body, value, inside);
            body.add(new Stmt.Accumulate(f, value));
        }
        turn.add(loop(inner, Kind.SERIAL, false, body));
        for (int f = 0; f < 2; f++) {
            turn.add(new Stmt.End(f));
            leaves.add(code.fold(f, folds.get(f).resultType(), outermost ? 1L : 3L));
        }
        stores(turn, have, outside, lane);
        Stmt loop = loop(lane, outermost ? Kind.RANGE : Kind.SERIAL, true, turn);
        return List.of(outermost ? loop : loop(0, Kind.RANGE, false, List.of(loop)));
    }

    private List<Stmt> scatter() {
        extent(0, 1 + random.nextInt(4));
        extent(1, size());
        List<Integer> axes = List.of(0, 1);
        List<Stmt> body = new ArrayList<>();
        Set<Integer> have = new HashSet<>();
        DType type = anyType();
        int guard = random.nextBoolean() ? value(DType.BOOL, 2, random.nextBoolean() ? axes : List.of(0), 1) : -1;
        int value = value(type, 2, axes, 1);
        if (guard >= 0) lets(body, guard, have);
        lets(body, value, have);
        int target = newBuffer(type);
        Address at = random.nextInt(4) == 0
            ? code.add(Address.axis(1), new Address(new TreeMap<>(), 0, rowIndex(target)))
                : address(target, axes, 1, false);
        if (at.dynamic() >= 0) lets(body, at.dynamic(), have);
        Optional<Fn> combine = random.nextBoolean() ? Optional.empty() : Optional.of(combination(type));
        body.add(new Stmt.Store(target, at, value, combine, guard));
        cover(target, at);
        return List.of(loop(0, Kind.RANGE, false, List.of(loop(1, Kind.SERIAL, true, body))));
    }

    private List<Stmt> arg() {
        extent(0, 1 + random.nextInt(4));
        extent(1, size());
        DType type = anyType();
        folds.add(new Fold(random.nextBoolean() ? Fn.GT : Fn.LT, type, 0L, -1, 1));
        List<Stmt> row = new ArrayList<>(), inner = new ArrayList<>();
        row.add(new Stmt.Begin(0));
        int value = value(type, 1, List.of(0, 1), 1);
        lets(inner, value, new HashSet<>());
        inner.add(new Stmt.Accumulate(0, value));
        row.add(loop(1, Kind.SERIAL, false, inner));
        row.add(new Stmt.End(0));
        int target = newBuffer(DType.I32);
        Address at = Address.axis(0);
        cover(target, at);
        row.add(new Stmt.Store(target, at, code.fold(0, DType.I32, 1L), Optional.empty(), -1));
        return List.of(loop(0, Kind.RANGE, false, row));
    }

    private Fold fold(DType type, int lanes) {
        Fn combine = combination(type);
        boolean largest = type.isFloat() || type == DType.BOOL;
        Number identity = switch (combine) {
            case MUL -> 1L;
            case MAX -> type.lowest();
            case MIN -> type.highest();
            case AND -> largest ? 1L : -1L;
            default -> 0L;
        };
        return new Fold(combine, type, type.normalize(identity), lanes, -1);
    }

    private Fn combination(DType type) {
        List<Fn> all = type.isFloat() ? List.of(Fn.ADD, Fn.MUL, Fn.MAX, Fn.MIN) : type == DType.BOOL
            ? List.of(Fn.AND, Fn.OR, Fn.XOR)
            : List.of(Fn.ADD, Fn.MUL, Fn.MAX, Fn.MIN, Fn.AND, Fn.OR, Fn.XOR);
        return all.get(random.nextInt(all.size()));
    }

    private void stores(List<Stmt> body, Set<Integer> have, List<Integer> axes, int lane) {
        List<Stmt> stores = new ArrayList<>();
        for (int s = 1 + random.nextInt(2); s > 0; s--) {
            DType type = anyType();
            int value = value(type, 3, axes, lane);
            int target = newBuffer(stored(type));
            value = code.apply(Fn.CONVERT, buffers.get(target).type(), value);
            lets(body, value, have);
            Address at = own(axes);
            cover(target, at);
            stores.add(new Stmt.Store(target, at, value, Optional.empty(), -1));
        }
        body.addAll(stores);
    }

    /** A place of its own for every turn. */
    private Address own(List<Integer> axes) {
        Address at = Address.of(random.nextInt(3) == 0 ? 2 : 0);
        int stride = 1;
        for (int axis : axes.reversed()) {
            at = code.add(at, code.scale(Address.axis(axis), stride));
            stride *= Math.max(1, extents.get(axis));
        }
        return at;
    }

    // statements

    private void lets(List<Stmt> body, int root, Set<Integer> have) {
        Set<Integer> needs = new TreeSet<>();
        parts(root, needs);
        for (int n : needs) if (have.add(n)) body.add(new Stmt.Let(n));
    }

    private void parts(int n, Set<Integer> all) {
        switch (code.node(n)) {
            case Node.Apply(_, _, var args) -> args.forEach(a -> parts(a, all));
            case Node.Load(_, Address at, _) -> { if (at.dynamic() >= 0) parts(at.dynamic(), all); }
            default -> { return; }
        }
        all.add(n);
    }

    // values

    private final List<Integer> leaves = new ArrayList<>();

    private int value(DType type, int depth, List<Integer> axes, int lane) {
        if (depth == 0 || random.nextInt(6) == 0) return leaf(type, axes, lane);
        DType other = random.nextInt(3) == 0 ? anyType() : type;
        if (type == DType.BOOL && random.nextBoolean()) {
            Fn fn = List.of(Fn.EQ, Fn.NE, Fn.LT, Fn.LE, Fn.GT, Fn.GE).get(random.nextInt(6));
            return code.apply(fn, DType.BOOL, value(other, depth - 1, axes, lane), value(other, depth - 1, axes, lane));
        }
        if (random.nextInt(6) == 0) {
            return code.apply(Fn.SELECT, type, value(DType.BOOL, depth - 1, axes, lane),
                value(type, depth - 1, axes, lane), value(type, depth - 1, axes, lane));
        }
        if (other != type && !(regular && other.isFloat() && type.kind() == DType.Kind.UNSIGNED)) {
            return code.apply(Fn.CONVERT, type, value(other, depth - 1, axes, lane));
        }
        if (random.nextInt(8) == 0 && type.bytes() > 1) return bitcast(type, depth, axes, lane);
        Fn fn = function(type);
        int[] x = new int[arity(fn)];
        for (int i = 0; i < x.length; i++) x[i] = value(type, depth - 1, axes, lane);
        return code.apply(fn, type, x);
    }

    private int bitcast(DType type, int depth, List<Integer> axes, int lane) {
        List<DType> same = Stream.of(DType.values())
            .filter(t -> t != type && t.bytes() == type.bytes() && t != DType.BOOL && !t.isHalf()).toList();
        DType from = same.get(random.nextInt(same.size()));
        int x = value(from, depth - 1, axes, lane);
        // the bits of a NaN are anyone's
        if (from.isFloat()) {
            x = code.apply(Fn.SELECT, from, code.apply(Fn.EQ, DType.BOOL, x, x), x, code.constant(1, from));
        }
        return code.apply(Fn.BITCAST, type, x);
    }

    private static int arity(Fn fn) {
        return switch (fn) {
            case FMA -> 3;
            case THREEFRY_0, THREEFRY_1 -> 4;
            case ADD, SUB, MUL, DIV, REM, MAX, MIN, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC,
                SHIFT_RIGHT_LOGICAL, POW -> 2;
            default -> 1;
        };
    }

    private Fn function(DType type) {
        List<Fn> all = new ArrayList<>(List.of(Fn.NEG, Fn.ABS, Fn.SIGN, Fn.ADD, Fn.SUB, Fn.MUL, Fn.MAX, Fn.MIN));
        if (!regular) all.addAll(List.of(Fn.DIV, Fn.REM));
        if (type.isFloat()) {
            all.addAll(List.of(Fn.FMA, Fn.FLOOR, Fn.CEIL, Fn.ROUND, Fn.SQRT, Fn.DIV));
            if (transcendental) {
                all.addAll(List.of(Fn.EXP, Fn.EXPM1, Fn.LOG, Fn.LOG1P, Fn.SIN, Fn.COS, Fn.TANH, Fn.LOGISTIC, Fn.ERF,
                    Fn.RSQRT));
            }
        } else {
            all.addAll(List.of(Fn.AND, Fn.OR, Fn.XOR, Fn.NOT));
            if (type.bytes() > 1) {
                all.addAll(List.of(Fn.SHIFT_LEFT, Fn.SHIFT_RIGHT_ARITHMETIC, Fn.SHIFT_RIGHT_LOGICAL));
            }
            if (type == DType.U32) all.addAll(List.of(Fn.THREEFRY_0, Fn.THREEFRY_1));
        }
        return all.get(random.nextInt(all.size()));
    }

    private int leaf(DType type, List<Integer> axes, int lane) {
        int choice = random.nextInt(10);
        if (choice == 0) return code.constant(random.nextBoolean() ? random.nextInt(5) - 2 : number(type), type);
        if (choice == 1) {
            for (int a = 0; a < arguments.size(); a++) if (arguments.get(a) == type) return code.argument(a, type);
        }
        if (choice == 2 && type == DType.I32) return code.axis(axes.get(random.nextInt(axes.size())));
        if (choice == 3) {
            List<Integer> fitting = leaves.stream().filter(n -> code.type(n) == type).toList();
            if (!fitting.isEmpty()) return fitting.get(random.nextInt(fitting.size()));
        }
        return load(type, axes, lane);
    }

    private int load(DType type, List<Integer> axes, int lane) {
        int b = -1;
        for (int other = 0; other < buffers.size(); other++) {
            if (buffers.get(other).type() == type && !indexBuffers.contains(other) && !targets.contains(other)
                && random.nextInt(3) == 0) {
                b = other;
            }
        }
        if (b < 0) {
            b = newBuffer(stored(type));
            targets.remove(b);
        }
        Address at = address(b, axes, lane, true);
        cover(b, at);
        return code.apply(Fn.CONVERT, type, code.load(b, at, buffers.get(b).type()));
    }

    private final Set<Integer> targets = new HashSet<>();

    /** Now and then floats lie in memory as halves. */
    private DType stored(DType type) {
        return type != DType.F32 || random.nextInt(6) > 0 ? type : random.nextBoolean() ? DType.BF16 : DType.F16;
    }

    private int newBuffer(DType type) {
        buffers.add(new Kernel.Buffer(type, random.nextInt(4) == 0));
        lengths.add(0);
        targets.add(buffers.size() - 1);
        return buffers.size() - 1;
    }

    /** A place that walks the lanes one by one, most of the time. */
    private Address address(int buffer, List<Integer> axes, int lane, boolean load) {
        Address at = Address.of(random.nextInt(4) == 0 ? random.nextInt(4) : 0);
        for (int axis : axes) {
            int coefficient = axis == lane ? irregular(4) ? 3 : load && random.nextInt(6) == 0 ? 0 : 1
                : random.nextInt(3) == 0 ? 0 : random.nextInt(2) == 0 ? 1 : 5;
            if (load && axis == lane && irregular(4)) {
                at = code.add(at, code.add(Address.of(Math.max(0, extents.get(axis) - 1)),
                    code.scale(Address.axis(axis), -1)));
            }
            else at = code.add(at, code.scale(Address.axis(axis), coefficient));
        }
        if (load && random.nextInt(8) == 0) {
            at = code.add(at, new Address(new TreeMap<>(), 0, index(irregular(2) ? lane : axes.getFirst())));
        }
        return at;
    }

    /** A load of a small number from a buffer of indices, at the index along {@code axis}. */
    private int index(int axis) {
        int b = newBuffer(DType.I32);
        targets.remove(b);
        indexBuffers.add(b);
        cover(b, Address.axis(axis));
        return code.load(b, Address.axis(axis), DType.I32);
    }

    private int rowIndex(int target) {
        int row = index(0);
        return code.apply(Fn.MUL, DType.I32, row, code.constant(Math.max(1, extents.get(1)), DType.I32));
    }

    /** Makes a buffer long enough for every value of an address. */
    private void cover(int buffer, Address at) {
        int last = at.constant();
        for (var term : at.terms().entrySet()) {
            last += Math.max(0, term.getValue()) * Math.max(0, extents.get(term.getKey()) - 1);
        }
        if (at.dynamic() >= 0) last += (INDICES - 1) * Math.max(1, extents.getOrDefault(1, 1));
        lengths.set(buffer, Math.max(lengths.get(buffer), last + 1));
    }

    // data

    private Object data(int buffer, int length) {
        DType type = buffers.get(buffer).type();
        Object array = type.allocate(length);
        boolean tame = random.nextInt(3) > 0;       // one NaN, and a sum says nothing any more
        for (int i = 0; i < length; i++) {
            Number x = indexBuffers.contains(buffer) ? (Number) (long) random.nextInt(INDICES)
                : type.normalize(tame && type.isFloat() ? (Number) (random.nextGaussian() * 4) : number(type));
            type.write(array, i, x);
        }
        return array;
    }

    private static final double[] SPECIAL = {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Float.MIN_VALUE, -Float.MIN_NORMAL, 1e30, -1e38, 0.5, -0.5, 1.5, 2.5, -2.5, 8388608.5, 2147483648.0, -3e9, 1e19,
            4503599627370497.5};

    private Number number(DType type) {
        if (type.isFloat()) {
            return type.normalize(random.nextInt(4) == 0 ? SPECIAL[random.nextInt(SPECIAL.length)]
                : random.nextGaussian() * 4);
        }
        return type.normalize(random.nextInt(3) == 0 ? random.nextLong() : (long) random.nextInt(40) - 8);
    }
}
