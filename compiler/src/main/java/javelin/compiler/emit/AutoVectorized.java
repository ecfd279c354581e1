package javelin.compiler.emit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/**
 * Loops that C2 turns into vectors by itself, as fast as the Vector API's and sooner: maps of whole tensors, in which
 * every array is indexed by the loop alone and holds elements of one type, of arithmetic that has one instruction.
 */
final class AutoVectorized {
    private static final int MOST_OPERATIONS = 24;

    private AutoVectorized() {}

    static boolean holds(Kernel kernel, Stmt.Loop loop) {
        List<Stmt> loops = kernel.body().stream().filter(Stmt.Loop.class::isInstance).toList();
        if (loop.kind() != Kind.RANGE || !loops.equals(List.of(loop))) return false;
        Set<DType> types = new HashSet<>();
        int operations = 0;
        for (Stmt s : loop.body()) {
            switch (s) {
                case Stmt.Let(int node) -> {
                    switch (kernel.code().node(node)) {
                        case Node.Load(int buffer, Address at, _) -> {
                            if (!isPlace(kernel, buffer, at, loop)) return false;
                        }
                        case Node.Apply(Fn fn, DType type, List<Integer> _) -> {
                            operations++;
                            if (!isSimple(fn, type)) return false;
                        }
                        case Node.Const _, Node.Argument _ -> {}
                        case Node.Axis _, Node.Fold _ -> { return false; }
                    }
                    types.add(kernel.code().type(node));
                }
                case Stmt.Store store -> {
                    boolean plain = store.guard() < 0 && store.combine().isEmpty()
                        && isPlace(kernel, store.buffer(), store.at(), loop);
                    if (!plain) return false;
                    types.add(kernel.code().type(store.node()));
                }
                case Stmt.Loop _, Stmt.Begin _, Stmt.Accumulate _, Stmt.End _ -> { return false; }
            }
        }
        return types.size() == 1 && operations <= MOST_OPERATIONS && !types.contains(DType.U8);
    }

    private static boolean isPlace(Kernel kernel, int buffer, Address at, Stmt.Loop loop) {
        return !kernel.buffers().get(buffer).offset() && at.equals(Address.axis(loop.axis()));
    }

    private static boolean isSimple(Fn fn, DType type) {
        return switch (fn) {
            case ADD, SUB, MUL -> type != DType.BOOL;
            case NEG, ABS, MAX, MIN -> type != DType.BOOL && type.kind() != DType.Kind.UNSIGNED;
            case AND, OR, XOR, NOT -> true;
            case DIV, FMA, SQRT -> type.isFloat();
            default -> false;
        };
    }
}
