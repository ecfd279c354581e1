package javelin.core.ops;

import java.util.List;
import javelin.core.Array;
import javelin.core.Batched;
import javelin.core.Dual;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Op;
import javelin.core.SourceLine;
import javelin.core.Tensor;
import javelin.core.VmapMethod;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Routine;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Java code, run on numbers whenever the program is. Without results it is run for its effect, and so as often and in
 * the order that the program says; with results it is taken for a function, and may be run more or less often than
 * written.
 *
 * @param results the types of what it gives, for one example
 * @param lanes   the sizes of the batch axes that inputs and outputs begin with, of whose examples it sees one at a
 * time
 * @param line    where the user asked for it
 */
public record Callback(Host host, List<TensorType> results, List<Integer> lanes, VmapMethod method, SourceLine line)
        implements Op {

    /** The code. Programs share machine code only if theirs is equal; it prints as the name of the op. */
    public interface Host { List<Array> call(List<Array> in); }

    /** Calls {@code host} from the user's line that is running. */
    public static List<Tensor> call(Host host, List<TensorType> results, VmapMethod method, List<Tensor> in) {
        return Op.apply(new Callback(host, results, List.of(), method, SourceLine.current()), in);
    }

    @Override public boolean hasEffects() { return results.isEmpty(); }

    @Override public List<TensorType> outputTypes(List<TensorType> in) {
        return Lists.map(results, t -> t.withShape(new Shape(Lists.concat(lanes, t.shape().sizes()))));
    }

    @Override public List<Dual> jvp(List<Dual> in) {
        if (!hasEffects())
            throw new NoRuleException(this, "derivative, since nothing is known of what the Java code computes",
                "give the function that calls it one with Custom.jvp or Custom.vjp, or its arguments"
                        + " none with stopGradient");
        return Lists.map(Op.apply(this, Lists.map(in, Dual::primal)), Dual::constant);
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in);
        boolean each = method == VmapMethod.SEQUENTIAL;
        var all = each ? new Callback(host, results, Lists.concat(List.of(size), lanes), method, line)
                : new Callback(host, Lists.map(results, t -> t.withShape(t.shape().prepend(size))), lanes, method,
                        line);
        return Lists.map(Op.apply(all, Lists.map(in, x -> x.mapped() || method != VmapMethod.EXPAND_DIMS
                ? x.spread(size) : x.value().expandDims(0))), Batched::mapped);
    }

    @Override public Lowering lower(List<TensorType> in) { return new Lowering.Library(new Calls(this, in)); }

    private List<Array> call(List<Array> in) {
        List<Array> out;
        try {
            out = host.call(in);
        } catch (RuntimeException e) {
            throw line.keep(() -> new JavelinException(host + ": the Java code threw " + e, e));
        }
        List<TensorType> types = Lists.map(out, Array::type);
        if (!types.equals(results)) throw line.keep(() -> new JavelinException(host + ": the Java code gave " + types
                + " where " + results + " is declared; convert what it gives, or declare those types"));
        return out;
    }

    @Override public String toString() { return host + (lanes.isEmpty() ? "" : "[each of " + lanes + "]"); }

    /** One call for every lane, in row-major order. */
    private record Calls(Callback op, List<TensorType> in) implements Routine {
        @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
            int lanes = new Shape(op.lanes).elements(), n = in.size();
            for (int lane = 0; lane < lanes; lane++) {
                int here = lane;
                List<Array> out = op.call(Lists.each(n, i -> example(in.get(i), arrays[i], offsets[i], here)));
                for (int k = 0; k < out.size(); k++) {
                    int size = out.get(k).type().elements();
                    System.arraycopy(out.get(k).storage(), 0, arrays[n + k], offsets[n + k] + lane * size, size);
                }
            }
        }

        /** A copy, since the code may keep it. */
        private Array example(TensorType batch, Object array, int offset, int lane) {
            TensorType type = batch.withShape(new Shape(batch.shape().sizes().subList(op.lanes.size(), batch.rank())));
            Object numbers = type.dtype().allocate(type.elements());
            System.arraycopy(array, offset + lane * type.elements(), numbers, 0, type.elements());
            return Array.wrap(type, numbers);
        }
    }
}
