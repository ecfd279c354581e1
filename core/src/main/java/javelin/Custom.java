package javelin;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.Transforms.ValueAndTangent;
import javelin.core.Array;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.VmapMethod;
import javelin.core.ops.Callback;
import javelin.core.ops.CustomJvp;
import javelin.core.ops.CustomVmap;
import javelin.core.ops.CustomVjp;
import javelin.core.tree.TreeDef;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/**
 * Functions with derivative and batching rules of their authors', over trees of tensors. Rules are ordinary code on
 * tensors; they may use the function they belong to, and be differentiated themselves. What a function or a rule needs
 * beside its arguments it may close over, if that is not differentiated; a function of several arguments takes a
 * record, a {@link Pair} or a list of them.
 */
public final class Custom {
    private Custom() {}

    /**
     * {@code f} with a forward derivative of its author's (jax.custom_jvp). The rule gives {@code f(x)} and its
     * tangent from x and a tangent of the same structure, zero where there is none; reverse mode follows by
     * transposing it, so it must be linear in the tangent.
     */
    public static <A, R> Function<A, R> jvp(Function<A, R> f, BiFunction<A, A, ValueAndTangent<R>> rule) {
        return a -> {
            var at = Trees.flatten(a);
            FlatFunction traced = FlatFunction.trace(f, at);
            int k = traced.captured().size();
            return apply(traced, at, new CustomJvp(traced.program(), k, in -> {
                List<Dual> arguments = in.subList(k, in.size());
                var after = rule.apply(Trees.unflatten(at.def(), Lists.map(arguments, Dual::primal)),
                        Trees.unflatten(at.def(), Lists.map(arguments, Dual::tangentOrZero)));
                List<Tensor> values = leaves("value", after.value(), traced.out()),
                        tangents = leaves("tangent", after.tangent(), traced.out());
                return Lists.each(values.size(), i -> values.get(i).dtype().isFloat()
                        ? Dual.of(values.get(i), tangents.get(i)) : Dual.constant(values.get(i)));
            }));
        };
    }

    /**
     * {@code f} with a reverse derivative of its author's (jax.custom_vjp): {@code forward} gives {@code f(x)} and
     * residuals of any structure, {@code backward} the cotangent of x from those and the cotangent of {@code f(x)}.
     * Forward mode raises.
     */
    public static <A, R, S> Function<A, R> vjp(Function<A, R> f, Function<A, Pair<R, S>> forward,
            BiFunction<S, R, A> backward) {
        return a -> {
            var at = Trees.flatten(a);
            FlatFunction traced = FlatFunction.trace(f, at);
            List<Tensor> constants = Lists.map(traced.captured(), c -> Tensor.zeros(c.type()));
            TreeDef[] residuals = new TreeDef[1];
            return apply(traced, at, new CustomVjp(traced.program(), constants.size(), new CustomVjp.Rule() {
                @Override public CustomVjp.Forward forward(List<Tensor> in) {
                    Pair<R, S> both = forward.apply(Trees.unflatten(at.def(), in.subList(constants.size(), in.size())));
                    var kept = Trees.flatten(both.second());
                    residuals[0] = kept.def();
                    return new CustomVjp.Forward(leaves("value", both.first(), traced.out()), kept.leaves());
                }

                @Override public List<Tensor> backward(List<Tensor> kept, List<Tensor> cotangents) {
                    A cotangent = backward.apply(Trees.unflatten(residuals[0], kept),
                            Trees.unflatten(traced.out(), cotangents));
                    return Lists.concat(constants, leaves("cotangent", cotangent, at.def()));
                }
            }));
        };
    }

    /** {@link #pureCallback(Function, Object, Object, VmapMethod)}, run for one example of a batch after the other. */
    public static <A, R> R pureCallback(Function<A, R> f, R result, A argument) {
        return pureCallback(f, result, argument, VmapMethod.SEQUENTIAL);
    }

    /**
     * What Java code {@code f} makes of the numbers of {@code argument}, also within compiled code
     * (jax.pure_callback). It must give equal results for equal arguments, since it may be left out, run again, or run
     * once for several calls. It has no derivative but what {@link #jvp} or {@link #vjp} of a function that calls it
     * says.
     *
     * @param result a tree like that which {@code f} gives: only the types of its tensors matter
     */
    public static <A, R> R pureCallback(Function<A, R> f, R result, A argument, VmapMethod method) {
        var in = Trees.flatten(argument);
        var out = Trees.flatten(result);
        var host = new Computed<>(f, in.def(), out.def());
        return Trees.unflatten(out.def(), Callback.call(host, out.types(), method, in.leaves()));
    }

    private record Computed<A, R>(Function<A, R> f, TreeDef in, TreeDef out) implements Callback.Host {
        @Override public List<Array> call(List<Array> arguments) {
            var flat = Trees.flatten(f.apply(Trees.unflatten(in, arguments)));
            Trees.requireSame("pureCallback: what the Java code gives must have the declared structure", out,
                    flat.def());
            return Lists.map(flat.leaves(), Tensor::array);
        }

        @Override public String toString() { return "pureCallback"; }
    }

    /** A function of a batch: of its size, which tensors of the argument have an axis 0 for it, and the argument. */
    @FunctionalInterface public interface Batching<A, R> { R map(int size, List<Boolean> mapped, A argument); }

    /**
     * {@code f} with a batching of its author's (jax.custom_batching.custom_vmap). The rule's result has the structure
     * of {@code f}'s, with the batch as axis 0 of every tensor. A derivative taken inside of {@link Transforms#vmap}
     * is that of {@code f}, one taken outside that of the rule.
     */
    public static <A, R> Function<A, R> vmap(Function<A, R> f, Batching<A, R> rule) {
        return a -> {
            var at = Trees.flatten(a);
            FlatFunction traced = FlatFunction.trace(f, at);
            return apply(traced, at, new CustomVmap(traced.program(), traced.captured().size(), (size, mapped, in) -> {
                List<Tensor> out = leaves("result", rule.map(size, mapped, Trees.unflatten(at.def(), in)),
                        traced.out());
                List<TensorType> types = Lists.map(traced.program().outputTypes(),
                        t -> t.withShape(t.shape().prepend(size)));
                if (!Lists.map(out, Tensor::type).equals(types))
                    throw new ShapeException("custom_vmap", Lists.map(in, Tensor::type),
                            "the rule returns " + Lists.map(out, Tensor::type)
                            + " for a batch of " + size + " where " + types
                                    + " is expected; stack the results of all examples along axis 0");
                return out;
            }));
        };
    }

    /** {@code f}, mapped as a loop over the examples (jax.custom_batching.sequential_vmap). */
    public static <A, R> Function<A, R> sequential(Function<A, R> f) {
        return vmap(f, (_, mapped, argument) -> {
            var all = Trees.flatten(argument);
            return Control.map((List<Tensor> one) -> {
                var next = one.iterator();
                return f.apply(Trees.unflatten(all.def(),
                        Lists.each(mapped.size(), i -> mapped.get(i) ? next.next() : all.leaves().get(i))));
            }, Lists.where(all.leaves(), mapped, true));
        });
    }

    /** A function, and what it once closed over. */
    public record Converted<A, R>(BiFunction<A, List<Tensor>, R> function, List<Tensor> captured) {}

    /**
     * {@code f}, of arguments like {@code a}, with what it closes over as a second argument (jax.closure_convert): the
     * functions that {@link #jvp}, {@link #vjp} and {@link #vmap} make refuse to be differentiated or mapped by what
     * they close over, since their rules know nothing of it.
     */
    public static <A, R> Converted<A, R> closureConverted(Function<A, R> f, A a) {
        var at = Trees.flatten(a);
        FlatFunction traced = FlatFunction.trace(f, at);
        return new Converted<>((b, captured) -> {
            var flat = Trees.flatten(b);
            Trees.requireSame("closureConverted: the argument must have the structure of the example", at.def(),
                    flat.def());
            if (!flat.types().equals(at.types()) || !Lists.map(captured, Tensor::type)
                    .equals(Lists.map(traced.captured(), Tensor::type)))
                throw new ShapeException("closureConverted",
                        Lists.concat(flat.types(), Lists.map(captured, Tensor::type)),
                        "the arguments must have the types of the example and of what was captured, "
                                + traced.program().inputTypes());
            return Trees.unflatten(traced.out(), traced.program().apply(Lists.concat(captured, flat.leaves())));
        }, traced.captured());
    }

    private static <R> R apply(FlatFunction f, Trees.Flat at, Op op) {
        return Trees.unflatten(f.out(), Op.apply(op, f.arguments(at.leaves())));
    }

    private static List<Tensor> leaves(String what, Object tree, TreeDef def) {
        var flat = Trees.flatten(tree);
        Trees.requireSame("the rule's " + what + " must have the structure of "
                + (what.equals("cotangent") ? "the argument" : "the function's result"),
                def, flat.def());
        return flat.leaves();
    }
}
