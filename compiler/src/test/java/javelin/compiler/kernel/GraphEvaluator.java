package javelin.compiler.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * Evaluates a graph of primitives for many inputs: flattened once, then run in blocks, one loop per application. The
 * inputs are the {@link Scalar.Read}s. Both sides of a selection are computed, as vectors do it. Hot code.
 */
final class GraphEvaluator {
    static final int BLOCK = 256;

    /** Floats of both types are held as doubles, everything else as sign-extended longs. */
    private record Step(Fn fn, DType from, DType to, int[] arguments, int result) {}

    private final List<Step> steps = new ArrayList<>();
    private final List<Object> slots = new ArrayList<>();
    private final Map<Scalar, Integer> slotOf = new IdentityHashMap<>();
    private final Map<Integer, Integer> inputs = new HashMap<>();
    private final int result;

    GraphEvaluator(Scalar graph) { result = flatten(graph); }

    /** Applications in the graph, shared ones once. */
    int applications() { return steps.size(); }

    double[] floats(int input) { return (double[]) slots.get(inputs.get(input)); }

    long[] integers(int input) { return (long[]) slots.get(inputs.get(input)); }

    /** Computes a block from what {@link #floats} and {@link #integers} hold; {@code double[]} or {@code long[]}. */
    Object run() {
        for (Step step : steps) { run(step); }
        return slots.get(result);
    }

    private int flatten(Scalar scalar) {
        Integer known = slotOf.get(scalar);
        if (known != null) return known;
        int[] arguments = scalar instanceof Scalar.Apply apply
            ? apply.arguments().stream().mapToInt(this::flatten).toArray() : new int[0];
        int slot = slots.size();
        slots.add(scalar.type().isFloat() ? new double[BLOCK] : new long[BLOCK]);
        slotOf.put(scalar, slot);
        switch (scalar) {
            case Scalar.Const(var value, var type) -> {
                if (type.isFloat()) Arrays.fill((double[]) slots.get(slot), value.doubleValue());
                else Arrays.fill((long[]) slots.get(slot), type == DType.I64 ? value.longValue() : value.intValue());
            }
            case Scalar.Read read -> inputs.put(read.input(), slot);
            case Scalar.Apply(var fn, var type, var operands) ->
                steps.add(new Step(fn, operands.getFirst().type(), type, arguments, slot));
            case Scalar.Loop loop -> throw new IllegalStateException("an approximation has no loops");
        }
        return slot;
    }

    private void run(Step step) {
        Object a = slots.get(step.arguments[0]);
        Object b = step.arguments.length > 1 ? slots.get(step.arguments[1]) : a;
        Object c = step.arguments.length > 2 ? slots.get(step.arguments[2]) : a;
        Object y = slots.get(step.result);
        switch (step.fn) {
            case SELECT -> select((long[]) a, b, c, y);
            case BITCAST -> bitcast(step.from, step.to, a, y);
            case CONVERT -> convert(step.to, a, (double[]) y);
            case EQ, NE, LT, LE, GT, GE -> compare(step.fn, a, b, (long[]) y);
            default -> {
                if (step.to == DType.F32) single(step.fn, (double[]) a, (double[]) b, (double[]) c, (double[]) y);
                else if (step.to == DType.F64) full(step.fn, (double[]) a, (double[]) b, (double[]) c, (double[]) y);
                else integral(step.fn, step.to, (long[]) a, (long[]) b, (long[]) y);
            }
        }
    }

    private static void single(Fn fn, double[] a, double[] b, double[] c, double[] y) {
        switch (fn) {   // but for FMA, rounding the f64 result once more is exact rounding
            case NEG, ABS -> full(fn, a, b, c, y);
            case ADD -> { for (int i = 0; i < BLOCK; i++) y[i] = (float) (a[i] + b[i]); }
            case SUB -> { for (int i = 0; i < BLOCK; i++) y[i] = (float) (a[i] - b[i]); }
            case MUL -> { for (int i = 0; i < BLOCK; i++) y[i] = (float) (a[i] * b[i]); }
            case DIV -> { for (int i = 0; i < BLOCK; i++) y[i] = (float) (a[i] / b[i]); }
            case SQRT -> { for (int i = 0; i < BLOCK; i++) y[i] = (float) Math.sqrt(a[i]); }
            case FMA -> { for (int i = 0; i < BLOCK; i++) y[i] = Math.fma((float) a[i], (float) b[i], (float) c[i]); }
            default -> throw new IllegalStateException(fn + " is not a primitive of floats");
        }
    }

    private static void full(Fn fn, double[] a, double[] b, double[] c, double[] y) {
        switch (fn) {
            case NEG -> { for (int i = 0; i < BLOCK; i++) y[i] = -a[i]; }
            case ABS -> { for (int i = 0; i < BLOCK; i++) y[i] = Math.abs(a[i]); }
            case ADD -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] + b[i]; }
            case SUB -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] - b[i]; }
            case MUL -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] * b[i]; }
            case DIV -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] / b[i]; }
            case SQRT -> { for (int i = 0; i < BLOCK; i++) y[i] = Math.sqrt(a[i]); }
            case FMA -> { for (int i = 0; i < BLOCK; i++) y[i] = Math.fma(a[i], b[i], c[i]); }
            default -> throw new IllegalStateException(fn + " is not a primitive of floats");
        }
    }

    private static void integral(Fn fn, DType type, long[] a, long[] b, long[] y) {
        boolean wide = type == DType.I64;
        switch (fn) {
            case ADD -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] + b[i]; }
            case SUB -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] - b[i]; }
            case AND -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] & b[i]; }
            case OR -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] | b[i]; }
            case XOR -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] ^ b[i]; }
            case SHIFT_LEFT -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] << b[i]; }
            case SHIFT_RIGHT_ARITHMETIC -> { for (int i = 0; i < BLOCK; i++) y[i] = a[i] >> b[i]; }
            case SHIFT_RIGHT_LOGICAL -> {
                long mask = wide ? -1 : 0xFFFFFFFFL;
                for (int i = 0; i < BLOCK; i++) y[i] = (a[i] & mask) >>> b[i];
            }
            default -> throw new IllegalStateException(fn + " is not a primitive of integers");
        }
        if (!wide) { for (int i = 0; i < BLOCK; i++) y[i] = (int) y[i]; }
    }

    private static void select(long[] condition, Object ifTrue, Object ifFalse, Object y) {
        if (y instanceof double[] floats) {
            double[] yes = (double[]) ifTrue, no = (double[]) ifFalse;
            for (int i = 0; i < BLOCK; i++) floats[i] = condition[i] != 0 ? yes[i] : no[i];
        } else {
            long[] integers = (long[]) y, yes = (long[]) ifTrue, no = (long[]) ifFalse;
            for (int i = 0; i < BLOCK; i++) integers[i] = condition[i] != 0 ? yes[i] : no[i];
        }
    }

    private static void compare(Fn fn, Object a, Object b, long[] y) {
        if (a instanceof long[] p && b instanceof long[] q) {
            switch (fn) {
                case EQ -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] == q[i] ? 1 : 0; }
                case NE -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] != q[i] ? 1 : 0; }
                default -> throw new IllegalStateException(fn + " of integers is used by no approximation");
            }
            return;
        }
        double[] p = (double[]) a, q = (double[]) b;
        switch (fn) {
            case EQ -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] == q[i] ? 1 : 0; }
            case NE -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] != q[i] ? 1 : 0; }
            case LT -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] < q[i] ? 1 : 0; }
            case LE -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] <= q[i] ? 1 : 0; }
            case GT -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] > q[i] ? 1 : 0; }
            case GE -> { for (int i = 0; i < BLOCK; i++) y[i] = p[i] >= q[i] ? 1 : 0; }
            default -> throw new IllegalStateException(fn + " is not a comparison");
        }
    }

    private static void bitcast(DType from, DType to, Object a, Object y) {
        if (from == DType.F32) {
            for (int i = 0; i < BLOCK; i++) ((long[]) y)[i] = Float.floatToRawIntBits((float) ((double[]) a)[i]);
        } else if (from == DType.F64) {
            for (int i = 0; i < BLOCK; i++) ((long[]) y)[i] = Double.doubleToRawLongBits(((double[]) a)[i]);
        } else if (to == DType.F32) {
            for (int i = 0; i < BLOCK; i++) ((double[]) y)[i] = Float.intBitsToFloat((int) ((long[]) a)[i]);
        } else {
            for (int i = 0; i < BLOCK; i++) ((double[]) y)[i] = Double.longBitsToDouble(((long[]) a)[i]);
        }
    }

    private static void convert(DType to, Object a, double[] y) {
        for (int i = 0; i < BLOCK; i++) {
            y[i] = switch (a) {
                case double[] floats -> to == DType.F32 ? (float) floats[i] : floats[i];
                case long[] integers -> to == DType.F32 ? (float) integers[i] : (double) integers[i];
                default -> throw new IllegalStateException("no numbers: " + a);
            };
        }
    }
}
