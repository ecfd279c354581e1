package javelin.compiler.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalars;
import javelin.core.type.DType;

/** Runs a kernel, slowly and obviously: the reference for the code that is emitted for it. */
public final class KernelInterpreter {
    private final Kernel kernel;
    private final List<?> arrays;
    private final int[] offsets;
    private final List<Number> arguments;
    private final int from, to;
    private final Map<Integer, Integer> indices = new HashMap<>();      // by axis
    private final Number[][] partial;                                    // by fold; a single one if it has no lanes
    private final Number[] results;
    private Map<Integer, Number> registers = new HashMap<>();

    private KernelInterpreter(Kernel kernel, List<?> arrays, int[] offsets, List<? extends Number> arguments, int from,
        int to) {
        this.kernel = kernel;
        this.arrays = arrays;
        this.offsets = offsets;
        this.arguments = List.copyOf(arguments);
        this.from = from;
        this.to = to;
        this.partial = new Number[kernel.folds().size()][];
        this.results = new Number[kernel.folds().size()];
    }

    /**
     * Runs turns {@code from} to {@code to - 1} of the RANGE loop.
     *
     * @param arrays    Java arrays, by buffer
     * @param offsets   first elements, by buffer; not looked at for buffers without
     * @param arguments the scalars
     */
    public static void run(Kernel kernel, List<?> arrays, int[] offsets, List<? extends Number> arguments, int from,
        int to) {
        var run = new KernelInterpreter(kernel, arrays, offsets, arguments, from, to);
        run.body(kernel.body());
    }

    private void body(List<Stmt> body) {
        for (Stmt s : body) {
            switch (s) {
                case Stmt.Loop loop -> loop(loop);
                case Stmt.Let(int node) -> registers.put(node, compute(node));
                case Stmt.Begin(int f) -> {
                    partial[f] = new Number[kernel.folds().get(f).lanes() < 0 ? 1 : Kernel.LANES];
                    if (!kernel.folds().get(f).isArg()) {
                        Arrays.fill(partial[f],
                            kernel.folds().get(f).type().normalize(kernel.folds().get(f).identity()));
                    }
                    results[f] = 0L;
                }
                case Stmt.Accumulate(int f, int node) -> accumulate(f, kernel.folds().get(f), value(node));
                case Stmt.End(int f) -> end(f, kernel.folds().get(f));
                case Stmt.Store store -> store(store);
            }
        }
    }

    private void loop(Stmt.Loop loop) {
        boolean whole = loop.kind() == Kind.SERIAL;
        Map<Integer, Number> outside = registers;
        for (int i = whole ? 0 : from; i < (whole ? loop.extent() : to); i++) {
            registers = new HashMap<>(outside);
            indices.put(loop.axis(), i);
            body(loop.body());
        }
        registers = outside;
    }

    private void accumulate(int f, Fold fold, Number value) {
        if (!fold.isArg()) {
            int lane = fold.lanes() < 0 ? 0 : indices.get(fold.lanes()) % Kernel.LANES;
            partial[f][lane] = combine(fold.combine(), fold.type(), partial[f][lane], value);
        } else if (partial[f][0] == null || isBetter(fold, value, partial[f][0])) {
            partial[f][0] = value;
            results[f] = (long) indices.get(fold.along());
        }
    }

    private static boolean isBetter(Fold fold, Number value, Number best) {
        if (fold.type().isFloat() && Double.isNaN(best.doubleValue())) return false;
        if (fold.type().isFloat() && Double.isNaN(value.doubleValue())) return true;
        return Scalars.apply(fold.combine(), fold.type(), DType.BOOL, List.of(value, best)).longValue() != 0;
    }

    private void end(int f, Fold fold) {
        if (fold.isArg()) return;
        for (int half = partial[f].length / 2; half > 0; half /= 2)
            for (int k = 0; k < half; k++) {
                partial[f][k] = combine(fold.combine(), fold.type(), partial[f][k], partial[f][k + half]);
            }
        results[f] = partial[f][0];
    }

    private static Number combine(Fn fn, DType type, Number x, Number y) {
        return Scalars.apply(fn, type, type, List.of(x, y));
    }

    private void store(Stmt.Store s) {
        if (s.guard() >= 0 && value(s.guard()).longValue() == 0) return;
        int at = place(s.buffer(), s.at());
        DType type = kernel.buffers().get(s.buffer()).type();
        Number value = value(s.node());
        Number stored = s.combine().isPresent() ? combine(s.combine().get(), type, element(s.buffer(), at), value)
            : value;
        type.write(arrays.get(s.buffer()), at, stored);
    }

    private Number element(int buffer, int at) {
        return kernel.buffers().get(buffer).type().read(arrays.get(buffer), at);
    }

    private int place(int buffer, Address at) {
        int sum = at.constant() + (kernel.buffers().get(buffer).offset() ? offsets[buffer] : 0);
        for (var term : at.terms().entrySet()) sum += term.getValue() * indices.get(term.getKey());
        return at.dynamic() < 0 ? sum : sum + value(at.dynamic()).intValue();
    }

    private Number value(int node) {
        Number known = registers.get(node);
        return known != null ? known : compute(node);
    }

    private Number compute(int node) {
        return switch (kernel.code().node(node)) {
            case Node.Const(Number value, _) -> value;
            case Node.Argument(int index, DType type) -> type.normalize(arguments.get(index));
            case Node.Axis(int axis) -> (long) indices.get(axis);
            case Node.Load(int buffer, Address at, _) -> element(buffer, place(buffer, at));
            case Node.Apply(Fn fn, DType type, List<Integer> a) ->
                Scalars.apply(fn, kernel.code().type(fn == Fn.SELECT ? a.get(1) : a.getFirst()), type,
                    a.stream().map(this::value).toList());
            case Node.Fold(int f, _) -> results[f];
        };
    }
}
