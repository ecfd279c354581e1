package javelin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.core.Backend;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Iota;
import javelin.core.ops.Remat;
import javelin.core.transform.Jvp;
import javelin.core.transform.Linearize;
import javelin.core.transform.Vmap;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Function in, function out: {@code jit(grad(loss))}. Functions take one to three arguments, each any tree of tensors
 * (see {@link Trees}); derivatives are taken with respect to the first. Transformations compose in any order, to any
 * depth. Integer and boolean tensors have no derivative: their gradients and tangents are zeros of their own type.
 */
public final class Transforms {
    private Transforms() {}

    // reverse mode

    /** A function's value and its gradient, which has the type of what it was differentiated by. */
    public record ValueAndGrad<P>(Tensor value, P grad) {}

    /** A loss together with something else worth returning, which is not differentiated. */
    public record WithAux<A>(Tensor value, A aux) {}

    public record ValueAndGradAux<P, A>(Tensor value, P grad, A aux) {}

    /**
     * The gradient of a scalar function with respect to every tensor in its argument, in the argument's own type.
     * The function throws {@link ShapeException} when called if {@code f} gives anything but a floating-point scalar.
     */
    public static <P> Function<P, P> grad(Function<P, Tensor> f) { return p -> valueAndGrad(f).apply(p).grad(); }

    public static <P, B> BiFunction<P, B, P> grad(BiFunction<P, B, Tensor> f) {
        return (p, b) -> grad((P q) -> f.apply(q, b)).apply(p);
    }

    public static <P, B, C> Function3<P, B, C, P> grad(Function3<P, B, C, Tensor> f) {
        return (p, b, c) -> grad((P q) -> f.apply(q, b, c)).apply(p);
    }

    public static <P> Function<P, ValueAndGrad<P>> valueAndGrad(Function<P, Tensor> f) {
        return p -> {
            var all = valueAndGradAux((P q) -> new WithAux<>(f.apply(q), List.of())).apply(p);
            return new ValueAndGrad<>(all.value(), all.grad());
        };
    }

    public static <P, B> BiFunction<P, B, ValueAndGrad<P>> valueAndGrad(BiFunction<P, B, Tensor> f) {
        return (p, b) -> valueAndGrad((P q) -> f.apply(q, b)).apply(p);
    }

    public static <P, B, C> Function3<P, B, C, ValueAndGrad<P>> valueAndGrad(Function3<P, B, C, Tensor> f) {
        return (p, b, c) -> valueAndGrad((P q) -> f.apply(q, b, c)).apply(p);
    }

    /** As {@link #valueAndGrad(Function)}, for a function that returns something beside its loss. */
    public static <P, A> Function<P, ValueAndGradAux<P, A>> valueAndGradAux(Function<P, WithAux<A>> f) {
        return p -> {
            var flat = Trees.flatten(p);
            var traced = FlatFunction.trace(f, flat);
            TensorType value = traced.program().outputTypes().getFirst();
            if (value.rank() != 0 || !value.dtype().isFloat())
                throw new ShapeException("grad", List.of(),
                        "the function must return a floating-point scalar, but returned " + value
                        + "; reduce it with sum() or mean(), or use vjp or jacrev");
            var linear = Linearize.of(traced.program(), traced.inputs(false, FlatFunction.floats(flat.leaves())));
            int outputs = traced.program().outputs().size();
            List<Tensor> primal = linear.primal().apply(traced.arguments(flat.leaves()));
            List<Tensor> cotangents = Lists.each(outputs,
                    i -> i == 0 ? Tensor.full(value, 1L) : Tensor.zeros(traced.program().outputTypes().get(i)));
            List<Tensor> grads = linear.pull(primal.subList(outputs, primal.size()), cotangents);
            WithAux<A> out = Trees.unflatten(traced.out(), primal.subList(0, outputs));
            return new ValueAndGradAux<>(out.value(), Trees.unflatten(flat.def(), withZeros(flat.leaves(), grads)),
                    out.aux());
        };
    }

    public static <P, B, A> BiFunction<P, B, ValueAndGradAux<P, A>> valueAndGradAux(BiFunction<P, B, WithAux<A>> f) {
        return (p, b) -> valueAndGradAux((P q) -> f.apply(q, b)).apply(p);
    }

    /** One tensor for each leaf: the next of {@code values} if it is floating-point, else zeros. */
    private static List<Tensor> withZeros(List<Tensor> leaves, List<Tensor> values) {
        var next = values.iterator();
        return Lists.map(leaves, t -> t.dtype().isFloat() ? next.next() : Tensor.zeros(t.type()));
    }

    /** A value, and the function from a cotangent of the value to one of the argument. */
    public record Pullback<A, R>(R value, Function<R, A> pullback) {}

    /**
     * Reverse mode at {@code a}: the value, and the map from output cotangents to input cotangents, with residuals
     * kept.
     */
    public static <A, R> Pullback<A, R> vjp(Function<A, R> f, A a) {
        var at = Linearized.of(f, a);
        return new Pullback<>(at.value(), ct -> {
            var flat = Trees.flatten(ct);
            Trees.requireSame("vjp: the cotangent must have the structure of the value", at.traced.out(), flat.def());
            requireTypes("vjp", at.traced.program().outputTypes(), flat.types());
            return Trees.unflatten(at.flat.def(),
                    withZeros(at.flat.leaves(), at.linear.pull(at.residuals, flat.leaves())));
        });
    }

    public static <A, B, R> Pullback<Pair<A, B>, R> vjp(BiFunction<A, B, R> f, A a, B b) {
        return vjp(paired(f), new Pair<>(a, b));
    }

    public static <A, B, C, R> Pullback<Triple<A, B, C>, R> vjp(Function3<A, B, C, R> f, A a, B b, C c) {
        return vjp(paired(f), new Triple<>(a, b, c));
    }

    // forward mode

    /** A value and its tangent, both of the function's result type. */
    public record ValueAndTangent<R>(R value, R tangent) {}

    /** Forward mode: {@code (x, dx) -> (f(x), f'(x) dx)}. */
    public static <A, R> BiFunction<A, A, ValueAndTangent<R>> jvp(Function<A, R> f) {
        return (a, da) -> {
            var flat = Trees.flatten(a);
            var tangents = Trees.flatten(da);
            Trees.requireSame("jvp: the tangent must have the structure of the argument", flat.def(), tangents.def());
            requireTypes("jvp", flat.types(), tangents.types());
            var traced = FlatFunction.trace(f, flat);
            List<Boolean> floats = FlatFunction.floats(flat.leaves());
            var forward = Jvp.of(traced.program(), traced.inputs(false, floats));
            List<Tensor> out = forward.program()
                    .apply(Lists.concat(traced.captured(), flat.leaves(),
                            Lists.where(tangents.leaves(), floats, true)));
            int n = traced.program().outputs().size();
            var next = out.subList(n, out.size()).iterator();
            List<Tensor> outTangents = Lists.each(n,
                    i -> forward.tangentOutputs().get(i) ? next.next() : Tensor.zeros(out.get(i).type()));
            return new ValueAndTangent<>(Trees.unflatten(traced.out(), out.subList(0, n)),
                    Trees.unflatten(traced.out(), outTangents));
        };
    }

    public static <A, B, R> BiFunction<Pair<A, B>, Pair<A, B>, ValueAndTangent<R>> jvp(BiFunction<A, B, R> f) {
        return jvp(paired(f));
    }

    public static <A, B, C, R> BiFunction<Triple<A, B, C>, Triple<A, B, C>, ValueAndTangent<R>> jvp(
            Function3<A, B, C, R> f) {
        return jvp(paired(f));
    }

    /** A value and the derivative there as a linear function of tangents. */
    public static final class Linearized<A, R> {
        private final FlatFunction traced;
        private final Trees.Flat flat;
        private final Linearize.Linear linear;
        private final List<Tensor> residuals;
        private final R value;

        private Linearized(FlatFunction traced, Trees.Flat flat, Linearize.Linear linear) {
            this.traced = traced;
            this.flat = flat;
            this.linear = linear;
            int n = traced.program().outputs().size();
            List<Tensor> out = linear.primal().apply(traced.arguments(flat.leaves()));
            residuals = out.subList(n, out.size());
            value = Trees.unflatten(traced.out(), out.subList(0, n));
        }

        private static <A, R> Linearized<A, R> of(Function<A, R> f, A a) {
            var flat = Trees.flatten(a);
            var traced = FlatFunction.trace(f, flat);
            return new Linearized<>(traced, flat,
                    Linearize.of(traced.program(), traced.inputs(false, FlatFunction.floats(flat.leaves()))));
        }

        public R value() { return value; }

        /** The directional derivative along {@code da}; nothing of the function is computed again. */
        public R tangent(A da) {
            var tangents = Trees.flatten(da);
            Trees.requireSame("linearize: the tangent must have the structure of the argument", flat.def(),
                    tangents.def());
            requireTypes("linearize", flat.types(), tangents.types());
            List<Tensor> out = linear.push(residuals,
                    Lists.where(tangents.leaves(), FlatFunction.floats(flat.leaves()), true),
                            traced.program().outputTypes());
            return Trees.unflatten(traced.out(), out);
        }
    }

    /** {@code f} at {@code a} and its linear approximation there. */
    public static <A, R> Linearized<A, R> linearize(Function<A, R> f, A a) { return Linearized.of(f, a); }

    public static <A, B, R> Linearized<Pair<A, B>, R> linearize(BiFunction<A, B, R> f, A a, B b) {
        return linearize(paired(f), new Pair<>(a, b));
    }

    public static <A, B, C, R> Linearized<Triple<A, B, C>, R> linearize(Function3<A, B, C, R> f, A a, B b, C c) {
        return linearize(paired(f), new Triple<>(a, b, c));
    }

    private static void requireTypes(String what, List<TensorType> expected, List<TensorType> found) {
        for (int i = 0; i < expected.size(); i++)
            if (!expected.get(i).equals(found.get(i)))
                throw new ShapeException(what, found,
                        "tensor " + i + " is " + found.get(i) + " where " + expected.get(i)
                                + " is expected; tangents and cotangents have the types of their values");
    }

    // Jacobians

    /**
     * All derivatives of a tensor-valued function, by forward mode: each tensor of the result is [output axes..., its
     * own axes...].
     */
    public static <P> Function<P, P> jacfwd(Function<P, Tensor> f) {
        return p -> {
            var flat = Trees.flatten(p);
            List<Tensor> jacobians = new ArrayList<>();
            for (int leaf = 0; leaf < flat.leaves().size(); leaf++) {
                int here = leaf;
                Tensor x = flat.leaves().get(leaf);
                Function<Tensor, Tensor> one = dx -> jvp(f).apply(p, Trees.unflatten(flat.def(),
                        Lists.each(flat.leaves().size(),
                                i -> i == here ? dx : Tensor.zeros(flat.leaves().get(i).type())))).tangent();
                Tensor columns = vmap(one).apply(basis(x.type()));
                List<Integer> order = Lists.concat(Lists.range(1, columns.rank() - 1), List.of(0));
                Tensor last = columns.transpose(order);
                jacobians.add(last.reshape(new Shape(
                        Lists.concat(last.shape().sizes().subList(0, last.rank() - 1), x.shape().sizes()))));
            }
            return Trees.unflatten(flat.def(), jacobians);
        };
    }

    /** As {@link #jacfwd}, by reverse mode: the better choice if there are fewer outputs than inputs. */
    public static <P> Function<P, P> jacrev(Function<P, Tensor> f) {
        return p -> {
            var pull = vjp(f, p);
            TensorType y = pull.value().type();
            P rows = vmap((Tensor ct) -> pull.pullback().apply(ct)).apply(basis(y));
            return Trees.map(rows, r -> r.reshape(
                    new Shape(Lists.concat(y.shape().sizes(), r.shape().sizes().subList(1, r.rank())))));
        };
    }

    /** Second derivatives of a scalar function of one tensor, {@code [x axes..., x axes...]}: forward over reverse. */
    public static Function<Tensor, Tensor> hessian(Function<Tensor, Tensor> f) { return jacfwd(grad(f)); }

    /** The unit tensors of a type, stacked: {@code [n, type...]} with n elements in all. */
    private static Tensor basis(TensorType type) {
        int n = type.elements();
        TensorType square = TensorType.of(DType.I32, n, n);
        Tensor row = Op.apply(new Iota(square, 0), List.of()).getFirst(),
                column = Op.apply(new Iota(square, 1), List.of()).getFirst();
        return row.eq(column).astype(type.dtype()).reshape(type.shape().prepend(n));
    }

    // vectorisation

    /**
     * Which axis of each argument and of the result is the batch; {@link #NONE} for what is the same for every
     * example.
     */
    public record Axes(List<Integer> in, int out) {
        public static final int NONE = Integer.MIN_VALUE;

        /** The batch axis of every tensor of each argument; negative ones count from the end. */
        public static Axes in(int... axes) { return new Axes(java.util.stream.IntStream.of(axes).boxed().toList(), 0); }

        /** The batch axis of every tensor of the result. */
        public Axes out(int axis) { return new Axes(in, axis); }
    }

    /**
     * {@code f} on every example of a batch: the tensors of the argument are split along axis 0, the results stacked
     * there.
     */
    public static <A, R> Function<A, R> vmap(Function<A, R> f) { return vmap(f, Axes.in(0)); }

    public static <A, B, R> BiFunction<A, B, R> vmap(BiFunction<A, B, R> f) { return vmap(f, Axes.in(0, 0)); }

    public static <A, B, C, R> Function3<A, B, C, R> vmap(Function3<A, B, C, R> f) { return vmap(f, Axes.in(0, 0, 0)); }

    public static <A, R> Function<A, R> vmap(Function<A, R> f, Axes axes) {
        return a -> vmapped(f, List.of(a), a, axes);
    }

    public static <A, B, R> BiFunction<A, B, R> vmap(BiFunction<A, B, R> f, Axes axes) {
        return (a, b) -> vmapped(paired(f), List.of(a, b), new Pair<>(a, b), axes);
    }

    public static <A, B, C, R> Function3<A, B, C, R> vmap(Function3<A, B, C, R> f, Axes axes) {
        return (a, b, c) -> vmapped(paired(f), List.of(a, b, c), new Triple<>(a, b, c), axes);
    }

    /** {@code whole} is the tree of all {@code arguments}, which {@code f} takes. */
    private static <T, R> R vmapped(Function<T, R> f, List<Object> arguments, T whole, Axes axes) {
        if (axes.in().size() != arguments.size())
            throw new JavelinException("vmap: " + axes.in().size() + " input axes are given for " + arguments.size()
                    + " arguments; give one for each");
        var flat = Trees.flatten(whole);
        List<Integer> axis = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++)
            for (Tensor _ : Trees.leaves(arguments.get(i))) axis.add(axes.in().get(i));
        List<Boolean> mapped = Lists.map(axis, a -> a != Axes.NONE);
        List<Tensor> batches = Lists.each(axis.size(),
                i -> mapped.get(i) ? batchFirst(flat.leaves().get(i), axis.get(i)) : flat.leaves().get(i));
        List<Tensor> split = Lists.where(batches, mapped, true);
        if (split.isEmpty())
            throw new JavelinException("vmap: no argument has a tensor with a batch axis; one must have");
        int size = split.getFirst().size(0);
        for (Tensor t : split)
            if (t.size(0) != size)
                throw new ShapeException("vmap", Lists.map(split, Tensor::type),
                        "the batches differ in size: " + size + " and " + t.size(0)
                                + " (axis 0 of each tensor, after moving the batch axis there)");
        List<TensorType> one = Lists.each(axis.size(),
                i -> mapped.get(i) ? batches.get(i).type().withShape(batches.get(i).shape().dropFirst())
                        : batches.get(i).type());
        var traced = FlatFunction.trace(f, flat.def(), one);
        Program batched = Vmap.of(traced.program(), traced.inputs(false, mapped), size);
        List<Tensor> out = batched.apply(traced.arguments(batches));
        return Trees.unflatten(traced.out(), axes.out() == 0 ? out : Lists.map(out, t -> t.moveAxis(0, axes.out())));
    }

    private static Tensor batchFirst(Tensor x, int axis) {
        if (x.rank() == 0)
            throw new ShapeException("vmap", List.of(x.type()),
                    "a scalar has no axis to map over; give it axis Axes.NONE");
        return x.moveAxis(axis, 0);
    }

    // compilation

    /** Compiles {@code f}, once for every structure and type of argument it meets. */
    public static <A, R> Jit.Of1<A, R> jit(Function<A, R> f) { return new Jit.Of1<>(f); }

    public static <A, B, R> Jit.Of2<A, B, R> jit(BiFunction<A, B, R> f) { return new Jit.Of2<>(f); }

    public static <A, B, C, R> Jit.Of3<A, B, C, R> jit(Function3<A, B, C, R> f) { return new Jit.Of3<>(f); }

    /** {@code f}, keeping only its inputs for reverse mode, which computes the rest again (jax.checkpoint). */
    public static <A, R> Function<A, R> checkpoint(Function<A, R> f) {
        return checkpoint(f, Checkpoint.nothingSaveable());
    }

    public static <A, B, R> BiFunction<A, B, R> checkpoint(BiFunction<A, B, R> f) {
        return checkpoint(f, Checkpoint.nothingSaveable());
    }

    public static <A, B, C, R> Function3<A, B, C, R> checkpoint(Function3<A, B, C, R> f) {
        return checkpoint(f, Checkpoint.nothingSaveable());
    }

    /** As above, also keeping what {@code policy} says; those of JAX are in {@link Checkpoint}. */
    public static <A, R> Function<A, R> checkpoint(Function<A, R> f, Checkpoint.Policy policy) {
        return a -> {
            var flat = Trees.flatten(a);
            var traced = FlatFunction.trace(f, flat);
            return Trees.unflatten(traced.out(),
                    Op.apply(new Remat(traced.program(), policy), traced.arguments(flat.leaves())));
        };
    }

    public static <A, B, R> BiFunction<A, B, R> checkpoint(BiFunction<A, B, R> f, Checkpoint.Policy policy) {
        return (a, b) -> checkpoint(paired(f), policy).apply(new Pair<>(a, b));
    }

    public static <A, B, C, R> Function3<A, B, C, R> checkpoint(Function3<A, B, C, R> f, Checkpoint.Policy policy) {
        return (a, b, c) -> checkpoint(paired(f), policy).apply(new Triple<>(a, b, c));
    }

    /** The tree with every tensor a constant to differentiation. */
    public static <T> T stopGradient(T tree) { return Trees.map(tree, Tensor::stopGradient); }

    /** The program {@code f} is, traced at {@code a}: what jax.make_jaxpr shows. */
    public static <A> Program program(Function<A, ?> f, A a) {
        return FlatFunction.trace(f, Trees.flatten(a)).program();
    }

    /** Every stage of compiling {@code f} at {@code a}, as text. */
    public static <A> String explain(Function<A, ?> f, A a) {
        Program program = program(f, a);
        return Backend.installed().map(b -> b.explain(program)).orElse(program.toString());
    }

    public static <A, B> String explain(BiFunction<A, B, ?> f, A a, B b) {
        return explain((Pair<A, B> p) -> f.apply(p.first(), p.second()), new Pair<>(a, b));
    }

    private static <A, B, R> Function<Pair<A, B>, R> paired(BiFunction<A, B, R> f) {
        return p -> f.apply(p.first(), p.second());
    }

    private static <A, B, C, R> Function<Triple<A, B, C>, R> paired(Function3<A, B, C, R> f) {
        return t -> f.apply(t.first(), t.second(), t.third());
    }
}
