package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.IADD;

import java.util.List;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.objectweb.asm.Type;

/**
 * Instructions for the nodes of a {@link VectorGraph}, several vectors side by side: copy {@code u} of a node holds the
 * elements {@code u * lanes} further on. Nodes go to local variables where they are first needed.
 */
final class VectorCode {
    /** The vector or mask of one copy of a node; a mask may be wanted for vectors of several types. */
    private record Value(int node, int copy, DType maskOf) {}

    private static final DType NO_MASK = DType.BOOL;

    /** What gives the arrays and indices of loads. */
    interface Memory {
        void push(int buffer, Address at, int copy);
    }

    private final VectorGraph graph;
    private final Code code;
    private final Frame frame;
    private final VectorApi api;
    private final int lanes;
    private final DType usualMask;
    private final ScalarCode scalars;
    private final Memory memory;

    VectorCode(VectorPlan plan, Frame frame, VectorApi api, ScalarCode scalars, Memory memory) {
        this.graph = plan.graph();
        this.code = graph.code;
        this.frame = frame;
        this.api = api;
        this.lanes = plan.lanes();
        this.usualMask = plan.mask();
        this.scalars = scalars;
        this.memory = memory;
    }

    static boolean supports(Fn fn, DType from, DType to) {
        if (from == DType.BOOL && to == DType.BOOL) return fn == Fn.AND || fn == Fn.OR || fn == Fn.XOR || fn == Fn.NOT;
        return switch (fn) {
            case ADD, SUB, MUL, MAX, MIN, NEG -> true;
            case ABS -> to.kind() != DType.Kind.UNSIGNED;
            case DIV, FMA, SQRT -> to.isFloat();
            case AND, OR, XOR, NOT -> to.isInteger();
            case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> to.bytes() > 1;
            case EQ, NE, LT, LE, GT, GE, SELECT -> true;
            case BITCAST -> from.bytes() == to.bytes();
            case CONVERT -> sameBits(from, to) || !conversion(from, to).isEmpty();
            default -> false;
        };
    }

    private static boolean sameBits(DType from, DType to) {
        return from.bytes() == to.bytes() && from.isInteger() && to.isInteger();
    }

    /** The operator that converts, or nothing. */
    private static String conversion(DType from, DType to) {
        boolean integers = from.isInteger() && to.isInteger(), floats = from.isFloat() && to.isFloat();
        boolean direct = from.isFloat() && (to == DType.I32 || to == DType.I64)
            || to.isFloat() && (from == DType.I32 || from == DType.I64);
        if (!integers && !floats && !direct) return "";
        boolean zeros = from.kind() == DType.Kind.UNSIGNED && from.bytes() < to.bytes();
        return (zeros ? "ZERO_EXTEND_" : "") + letter(from) + "2" + letter(to);
    }

    private static String letter(DType type) {
        if (type.isFloat()) return type == DType.F32 ? "F" : "D";
        return switch (type.bytes()) {
            case 1 -> "B";
            case 2 -> "S";
            case 4 -> "I";
            default -> "L";
        };
    }

    // values

    /** Pushes the vector of a node that is not bool. */
    void push(int node, int copy) {
        frame.load(vector(node, copy));
    }

    private Value vector(int node, int copy) {
        Value value = new Value(node, isUniform(node) ? 0 : copy, NO_MASK);
        if (!frame.has(value)) keep(value, VectorApi.vector(code.type(node)));
        return value;
    }

    /** Pushes a bool node as a mask for vectors of {@code type}. */
    void pushMask(int node, DType type, int copy) { frame.load(mask(node, type, copy)); }

    private Value mask(int node, DType type, int copy) {
        DType own = graph.maskOf(node, type);
        Value value = new Value(node, isUniform(node) ? 0 : copy, kind(type));
        if (!frame.has(value)) {
            if (kind(own) == kind(type)) {
                keep(value, VectorApi.MASK_TYPE);
            } else {
                pushMask(node, own, copy);
                api.castMask(type);
                frame.store(value, VectorApi.MASK_TYPE);
            }
        }
        return value;
    }

    /** Masks for i32 and u32 are the same, and so on. */
    private static DType kind(DType type) { return type.isInteger() ? type.unsigned() : type; }

    private boolean isUniform(int node) {
        return code.node(node) instanceof Node.Const || code.node(node) instanceof Node.Argument;
    }

    /** Computes every copy of a node now. */
    void let(int node, int copies) {
        boolean bool = code.type(node) == DType.BOOL;
        for (int u = 0; u < copies; u++) {
            if (bool) mask(node, graph.maskOf(node, usualMask), u);
            else vector(node, u);
        }
    }

    /** Computes a bool node as a mask for vectors of {@code type} now. */
    void letMask(int node, DType type, int copies) { for (int u = 0; u < copies; u++) mask(node, type, u); }

    /** A reduction's value so far, in each lane, is a variable that this names. */
    Object accumulator(int fold, int copy) { return List.of("fold", fold, copy); }

    private void keep(Value value, Type type) {
        // what it is made of goes to variables first, so that no vector waits on the stack meanwhile
        if (code.node(value.node()) instanceof Node.Apply(_, _, List<Integer> arguments)) prepare(arguments, value);
        compute(value);
        frame.store(value, type);
    }

    private void prepare(List<Integer> arguments, Value value) {
        for (int a : arguments) {
            if (code.type(a) == DType.BOOL) mask(a, wanted(value), value.copy());
            else if (!isImmediate(value.node(), a)) vector(a, value.copy());
        }
    }

    /** What a bool argument of a node is a mask for. */
    private DType wanted(Value value) {
        return code.type(value.node()) == DType.BOOL ? value.maskOf() : code.type(value.node());
    }

    boolean isImmediate(int node, int argument) {
        return code.node(node) instanceof Node.Apply(Fn fn, _, List<Integer> a) && isShift(fn) && a.get(1) == argument
            && a.get(0) != argument
            && code.node(argument) instanceof Node.Const;
    }

    private static boolean isShift(Fn fn) {
        return fn == Fn.SHIFT_LEFT || fn == Fn.SHIFT_RIGHT_ARITHMETIC || fn == Fn.SHIFT_RIGHT_LOGICAL;
    }

    private void compute(Value value) {
        DType type = code.type(value.node());
        switch (code.node(value.node())) {
            case Node.Const(Number n, _) -> uniform(type, value, () -> frame.constant(n, type));
            case Node.Argument(int node, _) -> uniform(type, value, () -> scalars.push(node));
            case Node.Axis(int axis) -> index(axis, value.copy());
            case Node.Fold(int f, _) -> frame.load(accumulator(f, value.copy()));
            case Node.Load(int buffer, Address at, _) -> {
                DType stored = type == DType.BOOL ? DType.U8 : type;
                api.load(stored, () -> memory.push(buffer, graph.inKernel(at), value.copy()));
                if (type == DType.BOOL) api.compare(stored, "NE", () -> api.broadcast(stored, () -> frame.constant(0)));
            }
            case Node.Apply(Fn fn, _, List<Integer> arguments) -> apply(fn, type, arguments, value);
        }
    }

    private void uniform(DType type, Value value, Runnable push) {
        if (type == DType.BOOL) api.broadcastMask(value.maskOf(), push);
        else api.broadcast(type, push);
    }

    private static final String INDICES = "indices";

    /** In front of the loop, if it looks at its own index. */
    void prepareIndices() {
        api.indices();
        frame.store(INDICES, VectorApi.vector(DType.I32));
    }

    private void index(int axis, int copy) {
        frame.load(INDICES);
        api.broadcast(DType.I32, () -> {
            frame.load(Name.axis(axis));
            frame.constant(copy * lanes);
            frame.op(IADD);
        });
        api.binary(DType.I32, "add");
    }

    private void apply(Fn fn, DType type, List<Integer> arguments, Value value) {
        int copy = value.copy(), x = arguments.getFirst();
        DType from = code.type(x);
        if (from == DType.BOOL && type == DType.BOOL) {
            for (int a : arguments) pushMask(a, value.maskOf(), copy);
            if (fn == Fn.NOT) api.notMask();
            else api.masks(fn == Fn.AND ? "and" : fn == Fn.OR ? "or" : "xor");
        } else if (fn == Fn.SELECT) {
            push(arguments.get(2), copy);
            push(arguments.get(1), copy);
            pushMask(x, type, copy);
            api.blend(type);
        } else if (fn.isComparison()) {
            push(x, copy);
            boolean unsigned = from.kind() == DType.Kind.UNSIGNED && fn != Fn.EQ && fn != Fn.NE;
            api.compare(from, (unsigned ? "U" : "") + fn.name(), () -> push(arguments.get(1), copy));
        } else {
            numbers(fn, from, type, arguments, copy);
        }
    }

    private void numbers(Fn fn, DType from, DType type, List<Integer> arguments, int copy) {
        push(arguments.getFirst(), copy);
        switch (fn) {
            case CONVERT -> { if (!sameBits(from, type)) api.convert(from, type, conversion(from, type)); }
            case BITCAST -> { if (from != type && !sameBits(from, type)) api.reinterpret(from, type); }
            case NEG, ABS, SQRT, NOT -> api.unary(type, fn.name().toLowerCase(java.util.Locale.ROOT));
            case FMA -> {
                push(arguments.get(1), copy);
                push(arguments.get(2), copy);
                api.fma(type);
            }
            case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> {
                String operator = fn == Fn.SHIFT_LEFT ? "LSHL" : fn == Fn.SHIFT_RIGHT_ARITHMETIC ? "ASHR" : "LSHR";
                if (code.node(arguments.get(1)) instanceof Node.Const(Number places, _)) {
                    api.shift(type, operator, places.intValue());
                } else {
                    api.lanewise(type, operator, () -> push(arguments.get(1), copy));
                }
            }
            default -> combine(fn, type, () -> push(arguments.get(1), copy));
        }
    }

    /** Vector, and what {@code push} pushes -> their sum, product, ... */
    void combine(Fn fn, DType type, Runnable push) {
        boolean unsigned = type.kind() == DType.Kind.UNSIGNED;
        switch (fn) {
            case MAX, MIN -> {
                if (unsigned) {
                    api.lanewise(type, "U" + fn.name(), push);
                } else {
                    push.run();
                    api.binary(type, fn == Fn.MAX ? "max" : "min");
                }
            }
            case XOR -> api.lanewise(type, "XOR", push);
            case ADD, SUB, MUL, DIV, AND, OR -> {
                push.run();
                api.binary(type, fn.name().toLowerCase(java.util.Locale.ROOT));
            }
            default -> throw new IllegalStateException(fn + " does not combine vectors");
        }
    }
}
