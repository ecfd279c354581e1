package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.List;
import java.util.function.LongPredicate;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.objectweb.asm.Label;

/** Instructions for the nodes of a graph, one number at a time. */
final class ScalarCode {
    private final Code code;
    private final Frame frame;
    private final KernelLoader loader;
    private final Places places;

    ScalarCode(Code code, Frame frame, KernelLoader loader, Places places) {
        this.code = code;
        this.frame = frame;
        this.loader = loader;
        this.places = places;
    }

    /**
     * Computes a node into a local variable, from where {@link #push} takes it for the rest of the scope. Not so
     * comparisons that only selections look at, and make again: a bool in between would cost C2 its conditional moves.
     */
    void let(int node) {
        if (onlySelects(code, node)) return;
        compute(node);
        frame.store(Name.register(node), Frame.element(code.type(node)));
    }

    void push(int node) {
        switch (code.node(node)) {
            case Node.Const(Number value, DType type) -> frame.constant(value, type);
            case Node.Argument(int index, _) -> frame.load(Name.argument(index));
            case Node.Axis(int axis) -> frame.load(Name.axis(axis));
            case Node.Fold(int fold, _) -> frame.load(Name.fold(fold));
            case Node.Load _, Node.Apply _ -> {
                if (frame.has(Name.register(node))) frame.load(Name.register(node));
                else compute(node);
            }
        }
    }

    private static boolean onlySelects(Code code, int node) {
        if (!isComparison(code, node)) return false;
        boolean used = false;
        for (int n = node + 1; n < code.size(); n++) {
            if (!(code.node(n) instanceof Node.Apply(Fn fn, _, List<Integer> arguments)) || !arguments.contains(node)) {
                continue;
            }
            if (fn != Fn.SELECT || arguments.lastIndexOf(node) > 0) return false;
            used = true;
        }
        return used;
    }

    private static boolean isComparison(Code code, int node) {
        return code.node(node) instanceof Node.Apply(Fn fn, _, _) && fn.isComparison();
    }

    private void compute(int node) {
        switch (code.node(node)) {
            case Node.Load(int buffer, Address at, DType type) -> {
                frame.load(Name.buffer(buffer));
                places.push(this, buffer, at);
                ScalarOps.load(frame, type);
            }
            case Node.Apply(Fn fn, DType type, List<Integer> arguments) -> apply(fn, type, arguments);
            default -> push(node);
        }
    }

    private void apply(Fn fn, DType type, List<Integer> arguments) {
        if (fn == Fn.SELECT) {
            select(arguments);
        } else if (type.isInteger() && isSafe(fn, type, arguments)) {
            arguments.forEach(this::push);
            if (opcode(fn, type) >= ISHL && type.bytes() == Long.BYTES) frame.op(L2I);
            frame.op(opcode(fn, type), type);
            ScalarOps.wrap(frame, type);
        } else {
            arguments.forEach(this::push);
            ScalarOps.apply(frame, loader, fn, type, code.type(arguments.getFirst()));
        }
    }

    /**
     * Whether the JVM's own instruction will do: for dividing by and shifting by constants that nothing is special
     * about.
     */
    private boolean isSafe(Fn fn, DType type, List<Integer> arguments) {
        boolean narrow = type.bits() < Integer.SIZE, signed = type.kind() == DType.Kind.SIGNED;
        return switch (fn) {
            case DIV, REM -> (signed || narrow) && isConstant(arguments.get(1), v -> v != 0);
            case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL ->
                isConstant(arguments.get(1), v -> v >= 0 && v < type.bits())
                    && !(fn == Fn.SHIFT_RIGHT_LOGICAL && narrow && signed);
            default -> false;
        };
    }

    private static int opcode(Fn fn, DType type) {
        return switch (fn) {
            case DIV -> IDIV;
            case REM -> IREM;
            case SHIFT_LEFT -> ISHL;
            case SHIFT_RIGHT_ARITHMETIC -> type.kind() == DType.Kind.SIGNED ? ISHR : IUSHR;
            default -> IUSHR;
        };
    }

    private boolean isConstant(int node, LongPredicate where) {
        return code.node(node) instanceof Node.Const(Number value, _) && where.test(value.longValue());
    }

    private void select(List<Integer> arguments) {
        Label no = new Label(), end = new Label();
        jumpUnless(arguments.get(0), no);
        push(arguments.get(1));
        frame.jump(GOTO, end);
        frame.mark(no);
        push(arguments.get(2));
        frame.mark(end);
    }

    /** Whether {@link #push} has nothing to compute. */
    private boolean isHere(int node) {
        return switch (code.node(node)) {
            case Node.Const _ -> true;
            case Node.Argument(int index, _) -> frame.has(Name.argument(index));
            case Node.Axis(int axis) -> frame.has(Name.axis(axis));
            case Node.Fold(int fold, _) -> frame.has(Name.fold(fold));
            case Node.Load _, Node.Apply _ -> frame.has(Name.register(node));
        };
    }

    /** Jumps if a bool node is false; a comparison is made again rather than asked for what it was. */
    void jumpUnless(int node, Label no) {
        if (code.node(node) instanceof Node.Apply(Fn fn, _, List<Integer> arguments) && fn.isComparison()
            && arguments.stream().allMatch(this::isHere)) {
            DType from = code.type(arguments.getFirst());
            for (int a : arguments) {
                push(a);
                if (from == DType.U32) ScalarOps.flip(frame);
            }
            ScalarOps.jumpUnless(frame, fn, from, no);
        } else {
            push(node);
            frame.jump(IFEQ, no);
        }
    }
}
