package javelin.compiler.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.core.Atom;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * Writes lowerings into a {@link Code} graph: loops become addresses, so that views vanish into index arithmetic, and
 * reads are answered by whoever knows where a variable's elements are.
 */
public abstract class Expressions {
    protected final Code code;
    private final Map<Scalar, Map<List<Address>, Integer>> made = new java.util.IdentityHashMap<>();

    protected Expressions(Code code) { this.code = code; }

    /** The element of {@code atom} at the given coordinates. */
    protected abstract int read(Atom atom, List<Address> at);

    /** The value of {@code s} with its loops at the given addresses. */
    public final int value(Scalar s, List<Address> loops, List<Atom> inputs) {
        return switch (s) {
            case Scalar.Const(Number v, DType type) -> code.constant(v, type);
            case Scalar.Loop(int axis) -> code.value(loops.get(axis));
            case Scalar.Read(int input, List<Scalar> at, _) ->
                read(inputs.get(input), at.stream().map(i -> index(i, loops, inputs)).toList());
            case Scalar.Apply(Fn fn, DType type, List<Scalar> args) -> {
                var cache = made.computeIfAbsent(s, _ -> new HashMap<>());
                Integer known = cache.get(loops);
                if (known == null) {
                    known = code.apply(fn, type, args.stream().mapToInt(a -> value(a, loops, inputs)).toArray());
                    cache.put(loops, known);
                }
                yield known;
            }
        };
    }

    /** An i32 expression as an address: affine in the loops as far as it goes, the rest computed. */
    public final Address index(Scalar s, List<Address> loops, List<Atom> inputs) {
        return switch (s) {
            case Scalar.Const(Number v, _) -> Address.of(v.intValue());
            case Scalar.Loop(int axis) -> loops.get(axis);
            case Scalar.Apply(Fn fn, _, List<Scalar> args) when fn == Fn.ADD ->
                code.add(index(args.get(0), loops, inputs), index(args.get(1), loops, inputs));
            case Scalar.Apply(Fn fn, _, List<Scalar> args) when fn == Fn.SUB ->
                    code.add(index(args.get(0), loops, inputs), code.scale(index(args.get(1), loops, inputs), -1));
            case Scalar.Apply(Fn fn, _, List<Scalar> args) when fn == Fn.MUL
                    && args.get(1) instanceof Scalar.Const(Number factor, _) ->
                    code.scale(index(args.get(0), loops, inputs), factor.intValue());
            default -> {
                int node = value(s, loops, inputs);
                yield code.node(node) instanceof Code.Node.Const(Number v, _) ? Address.of(v.intValue())
                        : new Address(new java.util.TreeMap<>(), 0, node);
            }
        };
    }

    /** The place of coordinates in a row-major array. */
    public final Address flat(List<Address> at, int[] strides) {
        Address sum = Address.of(0);
        for (int a = 0; a < strides.length; a++) sum = code.add(sum, code.scale(at.get(a), strides[a]));
        return sum;
    }
}
