package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Kernel;
import org.objectweb.asm.Type;

/**
 * Indices into arrays. What of an address stays the same in a loop is added up in front of it, once for all addresses
 * that share it: arrays read at the same place are then indexed by the same expression, which C2 insists on.
 */
final class Places {
    /** The part of an address that a loop does not change. */
    private record Base(int offset, SortedMap<Integer, Integer> terms, int constant, int dynamic) {
        boolean isZero() { return offset < 0 && terms.isEmpty() && constant == 0 && dynamic < 0; }
    }

    private final Frame frame;
    private final List<Kernel.Buffer> buffers;
    private final List<Integer> integers;

    /** @param integers the numbers that are handed over, by index */
    Places(Frame frame, List<Kernel.Buffer> buffers, List<Integer> integers) {
        this.frame = frame;
        this.buffers = buffers;
        this.integers = integers;
    }

    /** For graphs that load nothing. */
    static Places none(Frame frame) { return new Places(frame, List.of(), List.of()); }

    /** Pushes an extent, a coefficient or a constant. */
    void integer(int value) {
        if (value == 0 || value == 1) frame.constant(value);
        else frame.load(Name.integer(integers.indexOf(value)));
    }

    /** Adds up what is known here of an address; {@link #push} will use it. */
    void prepare(ScalarCode scalars, int buffer, Address at) {
        Base base = base(buffer, at);
        if (base.isZero() || frame.has(base)) return;
        sum(scalars, base, 0);
        frame.store(base, Type.INT_TYPE);
    }

    void push(ScalarCode scalars, int buffer, Address at) { push(scalars, buffer, at, -1, 0); }

    /** Pushes the index of a place, {@code further} elements on along {@code lane}, which comes last in the sum. */
    void push(ScalarCode scalars, int buffer, Address at, int lane, int further) {
        Base base = base(buffer, at), whole = new Base(base.offset(), at.terms(), at.constant(), at.dynamic());
        int parts = 0;
        if (frame.has(base)) {
            frame.load(base);
            var rest = new TreeMap<>(at.terms());
            rest.keySet().removeAll(base.terms().keySet());
            whole = new Base(-1, rest, 0, base.dynamic() < 0 ? at.dynamic() : -1);
            parts = 1;
        }
        var terms = new TreeMap<>(whole.terms());
        Integer last = terms.remove(lane);
        parts = sum(scalars, new Base(whole.offset(), terms, whole.constant(), whole.dynamic()), parts);
        if (last != null) parts = term(lane, last, parts);
        if (further != 0) {
            frame.constant(further);
            parts = plus(parts);
        }
        if (parts == 0) frame.constant(0);
    }

    private Base base(int buffer, Address at) {
        var known = new TreeMap<Integer, Integer>();
        at.terms().forEach((axis, c) -> { if (fixed.contains(axis)) known.put(axis, c); });
        boolean dynamic = at.dynamic() >= 0 && fixedNode.test(at.dynamic());
        return new Base(buffers.get(buffer).offset() ? buffer : -1, known, at.constant(), dynamic ? at.dynamic() : -1);
    }

    private List<Integer> fixed = List.of();
    private java.util.function.IntPredicate fixedNode = _ -> false;

    /** Says what does not change from here on: axes, and nodes that are computed. */
    void fix(List<Integer> axes, java.util.function.IntPredicate nodes) {
        fixed = new ArrayList<>(axes);
        fixedNode = nodes;
    }

    /** Pushes a sum, on top of {@code parts} others; how many parts there are then. */
    private int sum(ScalarCode scalars, Base base, int parts) {
        if (base.offset() >= 0) {
            frame.load(Name.offset(base.offset()));
            parts = plus(parts);
        }
        if (base.constant() != 0) {
            integer(base.constant());
            parts = plus(parts);
        }
        if (base.dynamic() >= 0) {
            scalars.push(base.dynamic());
            parts = plus(parts);
        }
        for (var term : base.terms().entrySet()) parts = term(term.getKey(), term.getValue(), parts);
        return parts;
    }

    private int term(int axis, int coefficient, int parts) {
        frame.load(Name.axis(axis));
        if (coefficient != 1) {
            integer(coefficient);
            frame.op(IMUL);
        }
        return plus(parts);
    }

    private int plus(int parts) {
        if (parts > 0) frame.op(IADD);
        return 1;
    }
}
