package javelin.compiler.kernel;

import java.util.List;
import java.util.Optional;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/**
 * One loop nest over buffers. Its loops and registers are explicit: a {@link Stmt.Let} computes a node of the graph
 * where it stands, once for every turn of the loops around it, and everything after it may read it.
 *
 * @param code      the arithmetic
 * @param buffers   the arrays it reads and writes
 * @param arguments the types of the scalars it is handed (see {@link Code.Node.Argument})
 * @param folds     its reductions, by number
 * @param body      the loops
 */
public record Kernel(Code code, List<Buffer> buffers, List<DType> arguments, List<Fold> folds, List<Stmt> body) {

    /** How many partial results a reduction along lanes keeps, at every vector width: so the bits are the same. */
    public static final int LANES = 16;

    /** @param offset whether the kernel is handed a first element; otherwise the buffer begins at 0 */
    public record Buffer(DType type, boolean offset) {}

    /**
     * A reduction. If {@code lanes} is an axis, partial result k combines the values at indices of that axis that are k
     * modulo {@link #LANES}, in order, and the partial results are then combined in pairs: k with k + 8, + 4, + 2, + 1.
     * Otherwise ({@code lanes} = -1) values are combined one after the other.
     *
     * @param combine ADD, MUL, MAX, MIN, AND, OR, XOR; or GT, LT: keep the index along {@code along} of the first
     * largest or
     *                smallest value (NaN is the extreme), an i32; then {@code lanes} is -1
     * @param type    of the values
     * @param along   the axis whose index GT and LT give, else -1
     */
    public record Fold(Fn combine, DType type, Number identity, int lanes, int along) {
        public boolean isArg() { return combine == Fn.GT || combine == Fn.LT; }

        public DType resultType() { return isArg() ? DType.I32 : type; }
    }

    public enum Kind {
        /** Index 0 to extent - 1. */
        SERIAL,
        /** The kernel's own part, {@code from} to {@code to - 1}, of a loop that may be shared between threads. */
        RANGE
    }

    public sealed interface Stmt {
        /**
         * @param vector whether the turns may run side by side in vector lanes; such a loop holds no other loop but
         * serial ones around its folds
         */
        record Loop(int axis, int extent, Kind kind, boolean vector, List<Stmt> body) implements Stmt {}

        /** Computes a node into a register. */
        record Let(int node) implements Stmt {}

        /** Sets a reduction to its identity. */
        record Begin(int fold) implements Stmt {}

        /** Combines a node with a reduction. */
        record Accumulate(int fold, int node) implements Stmt {}

        /** Combines the partial results; from here on the {@link Code.Node.Fold} node is a register. */
        record End(int fold) implements Stmt {}

        /**
         * {@code buffer[at] = node}, or {@code combine(buffer[at], node)}, if the bool node {@code guard} holds (-1:
         * always).
         */
        record Store(int buffer, Code.Address at, int node, Optional<Fn> combine, int guard) implements Stmt {}
    }
}
