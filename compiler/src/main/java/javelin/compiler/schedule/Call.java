package javelin.compiler.schedule;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;

/**
 * A kernel and what it is called with.
 *
 * @param buffers   the variable behind every buffer of the kernel; what it stores to comes after what it only loads
 * @param stores    how many buffers, from the end, are stored to
 * @param arguments the scalars: literals, or variables of one element
 * @param range     how far the kernel's RANGE loop runs
 * @param grain     how many turns of that loop are worth handing to a thread; {@code range} if none are
 * @param work      elements computed in all, and by all turns of the loops around it
 * @param overwritable the inputs whose elements are each read, at the outputs' places, before the element there is
 * written: an
 *                  output may take the memory of one that is read for the last time
 */
public record Call(Kernel kernel, List<Var> buffers, int stores, List<Atom> arguments, int range, int grain, long work,
        List<Var> overwritable) {
    private static final Set<Fn> PLAIN = EnumSet.of(Fn.NEG, Fn.ABS, Fn.ADD, Fn.SUB, Fn.MUL, Fn.DIV, Fn.FMA, Fn.SQRT);

    /**
     * C2 makes vectors of loops it unrolls, and it does not unroll bodies much larger than this (measured: Adam's
     * update is).
     */
    private static final int LARGEST_UNROLLED = 20;

    /** Below two vectors there is nothing to gain, however often. */
    private static final int FEW = 32;
    /** A kernel of so many nodes takes about as long as reading and writing memory does. */
    private static final int USUAL_NODES = 16;

    /** This call where it is made {@code turns} times for one of the program. */
    public Call repeated(long turns) {
        return new Call(kernel, buffers, stores, arguments, range, grain, work <= FEW ? work : work * turns,
                overwritable);
    }

    /** Elements computed, counted more than once if each takes long. */
    public long weight() { return work * Math.max(1, kernel.code().size() / USUAL_NODES); }

    /**
     * Whether this is worth vector code: large, or often called, and not of the kind that C2 puts into vectors by
     * itself.
     */
    public boolean wantsVectors(Machine machine) { return weight() >= machine.worthVector() && !vectorizesItself(); }

    /** One loop over whole arrays, all indexed alike, of one floating-point type and plain arithmetic. */
    private boolean vectorizesItself() {
        boolean oneLoop = kernel.body().stream()
                .allMatch(s -> !(s instanceof Stmt.Loop loop) || loop.vector()) && kernel.folds().isEmpty();
        DType type = kernel.buffers().getFirst().type();
        if (!oneLoop || !type.isFloat() || kernel.buffers().stream().anyMatch(b -> b.offset() || b.type() != type))
            return false;
        int size = 2 * kernel.buffers().size() + arguments.size();
        for (int n = 0; n < kernel.code().size(); n++) {
            if (kernel.code().node(n) instanceof Node.Apply(Fn fn, _, _)) size += fn == Fn.SQRT ? 3 : 1;
            boolean plain = switch (kernel.code().node(n)) {
                case Node.Const _, Node.Argument _ -> true;
                case Node.Load(_, var at, _) -> at.constant() == 0 && at.dynamic() < 0 && at.terms().size() == 1;
                case Node.Apply(Fn fn, DType t, _) -> t == type && PLAIN.contains(fn);
                case Node.Axis _, Node.Fold _ -> false;
            };
            if (!plain) return false;
        }
        return size <= LARGEST_UNROLLED;
    }

    /**
     * How many elements of {@code v} a turn of the RANGE loop reads, if turn r reads none but the r-th so many of them;
     * otherwise 0.
     */
    public int slice(Var v) {
        var range = new TreeMap<Integer, Integer>();
        var inner = new TreeMap<Integer, Integer>();
        kernel.body().forEach(s -> extents(s, range, inner));
        int axis = range.firstKey(), elements = v.type().elements();
        if (this.range <= 1 || elements % this.range != 0) return 0;
        int each = elements / this.range;
        for (int n = 0; n < kernel.code().size(); n++) {
            if (!(kernel.code().node(n) instanceof Node.Load(int b, var at, _)) || !buffers.get(b).equals(v)) continue;
            long reach = at.constant();
            for (var term : at.terms().entrySet())
                if (term.getKey() != axis)
                    reach += term.getValue() < 0 ? each
                            : (long) term.getValue() * (inner.getOrDefault(term.getKey(), 1) - 1);
            if (at.dynamic() >= 0 || at.constant() < 0 || at.coefficient(axis) != each || reach >= each) return 0;
        }
        return each;
    }

    private static void extents(Stmt s, Map<Integer, Integer> range, Map<Integer, Integer> inner) {
        if (!(s instanceof Stmt.Loop loop)) return;
        (loop.kind() == Kernel.Kind.RANGE ? range : inner).put(loop.axis(), loop.extent());
        loop.body().forEach(b -> extents(b, range, inner));
    }

    public List<Var> loaded() { return buffers.subList(0, buffers.size() - stores); }

    public List<Var> stored() { return buffers.subList(buffers.size() - stores, buffers.size()); }
}
