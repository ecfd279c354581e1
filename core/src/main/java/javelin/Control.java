package javelin;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.AssociativeScan;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Cond;
import javelin.core.ops.Scan;
import javelin.core.ops.While;
import javelin.core.tree.TreeDef;
import javelin.core.tree.TreeException;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Loops and branches that stay loops and branches when traced, over trees of tensors. */
public final class Control {
    private Control() {}

    /** The state after a step, and the step's output. */
    public record Step<C, Y>(C carry, Y output) {}

    /** The final state, and the outputs of all steps stacked on a new axis 0. */
    public record Scanned<C, Y>(C carry, Y outputs) {}

    /**
     * {@code (carry, y[t]) = step(carry, x[t])} for every t along axis 0 of {@code xs} (lax.scan). The state keeps its
     * structure and types; throws {@link TreeException} or {@link ShapeException} if a step changes them.
     */
    public static <C, X, Y> Scanned<C, Y> scan(BiFunction<C, X, Step<C, Y>> step, C carry, X xs) {
        return scan(step, carry, xs, false);
    }

    /** As above; {@code reverse} runs from the last x to the first, with the outputs in their places all the same. */
    public static <C, X, Y> Scanned<C, Y> scan(BiFunction<C, X, Step<C, Y>> step, C carry, X xs, boolean reverse) {
        return scan(step, carry, xs, reverse, 1);
    }

    /** As above, with {@code unroll} steps in each turn of the loop. */
    public static <C, X, Y> Scanned<C, Y> scan(BiFunction<C, X, Step<C, Y>> step, C carry, X xs, boolean reverse,
            int unroll) {
        return scan("scan", step, carry, xs, rows("scan", Trees.leaves(xs)), reverse, unroll);
    }

    private static int rows(String what, List<Tensor> leaves) {
        if (leaves.isEmpty())
            throw new JavelinException(what + ": xs has no tensor to say how many steps there are"
                    + (what.equals("scan") ? "; use scan(step, carry, length)" : ""));
        for (Tensor x : leaves)
            if (x.rank() == 0 || x.size(0) != leaves.getFirst().size(0))
                throw new ShapeException(what, Lists.map(leaves, Tensor::type),
                        "the xs differ in length; all must have the same size along axis 0");
        return leaves.getFirst().size(0);
    }

    /** {@code length} steps without inputs. */
    public static <C, Y> Scanned<C, Y> scan(Function<C, Step<C, Y>> step, C carry, int length) {
        return scan("scan", (C c, List<Tensor> _) -> step.apply(c), carry, List.of(), length, false, 1);
    }

    /** {@code what} the user called, for messages. */
    private static <C, X, Y> Scanned<C, Y> scan(String what, BiFunction<C, X, Step<C, Y>> step, C carry, X xs,
            int length, boolean reverse, int unroll) {
        if (unroll < 1) throw new JavelinException(what + ": unroll is " + unroll + "; it must be 1 or more");
        var state = Trees.flatten(carry);
        var inputs = Trees.flatten(xs);
        List<TensorType> rows = Lists.map(inputs.types(), t -> t.withShape(t.shape().dropFirst()));
        int n = state.leaves().size();
        TreeDef[] out = new TreeDef[1];
        var traced = Recorder.trace(Lists.concat(state.types(), rows), v -> {
            Step<C, Y> after = step.apply(Trees.unflatten(state.def(), v.subList(0, n)),
                    Trees.unflatten(inputs.def(), v.subList(n, v.size())));
            var next = Trees.flatten(after.carry());
            requireSameState(what, state, next);
            var y = Trees.flatten(after.output());
            out[0] = y.def();
            return Lists.concat(next.leaves(), y.leaves());
        });
        var scan = new Scan(traced.program(), traced.captured().size(), n, length, reverse);
        List<Tensor> results = scan.apply(Lists.concat(traced.captured(), state.leaves(), inputs.leaves()), unroll);
        return new Scanned<>(Trees.unflatten(state.def(), results.subList(0, n)),
                Trees.unflatten(out[0], results.subList(n, results.size())));
    }

    private static void requireSameState(String what, Trees.Flat before, Trees.Flat after) {
        Trees.requireSame(what + ": the state must keep its structure", before.def(), after.def());
        List<String> paths = before.def().paths();
        for (int i = 0; i < paths.size(); i++)
            if (!before.leaves().get(i).type().equals(after.leaves().get(i).type()))
                throw new ShapeException(what, before.types(),
                        "the state must keep its types, but carry" + paths.get(i) + " goes in as "
                        + before.leaves().get(i).type() + " and comes out as " + after.leaves().get(i)
                                .type() + "; convert it with astype, or fix the initial value");
    }

    /**
     * {@code while (condition(state)) state = body(state)} (lax.while_loop). Reverse mode runs parts of a loop of more
     * than some dozen steps again, from states it has kept: time grows with n log n for n steps, memory does not grow.
     */
    public static <C> C whileLoop(Function<C, Tensor> condition, Function<C, C> body, C initial) {
        return whileLoop(condition, body, initial, Integer.MAX_VALUE);
    }

    /**
     * As above, but stops after {@code limit} steps at most; reverse mode keeps about twice the root of that many
     * states.
     */
    public static <C> C whileLoop(Function<C, Tensor> condition, Function<C, C> body, C initial, int limit) {
        boolean bounded = limit < Integer.MAX_VALUE;
        var state = Trees.flatten(initial);
        int n = state.leaves().size();
        List<Tensor> start = bounded ? Lists.concat(state.leaves(), List.of(Array.scalar(0))) : state.leaves();
        List<TensorType> types = Lists.map(start, Tensor::type);
        var goOn = Recorder.trace(types, v -> {
            Tensor more = condition.apply(Trees.unflatten(state.def(), v.subList(0, n)));
            return List.of(bounded ? more.and(v.getLast().lt(limit)) : more);
        });
        var step = Recorder.trace(types, v -> {
            var next = Trees.flatten(body.apply(Trees.unflatten(state.def(), v.subList(0, n))));
            requireSameState("whileLoop", state, next);
            return bounded ? Lists.concat(next.leaves(), List.of(v.getLast().add(1))) : next.leaves();
        });
        var loop = new While(goOn.program(), step.program(), goOn.captured().size(), step.captured().size(), limit);
        return Trees.unflatten(state.def(), Op.apply(loop, Lists.concat(goOn.captured(), step.captured(), start))
                .subList(0, n));
    }

    /**
     * {@code for (i = from; i < to; i++) state = body(i, state)} with i an i32 scalar; differentiable in both modes.
     */
    public static <C> C foriLoop(int from, int to, BiFunction<Tensor, C, C> body, C initial) {
        record Counted<C>(Tensor i, C state) {}
        BiFunction<Counted<C>, List<Tensor>, Step<Counted<C>, List<Tensor>>> step = (c, _) ->
                new Step<>(new Counted<>(c.i().add(1), body.apply(c.i(), c.state())), List.of());
        return scan("foriLoop", step, new Counted<>(Array.scalar(from), initial), List.of(), Math.max(0, to - from),
                false, 1).carry().state();
    }

    /** As above, with bounds known only when the program runs: a {@link #whileLoop while loop}. */
    public static <C> C foriLoop(Tensor from, Tensor to, BiFunction<Tensor, C, C> body, C initial) {
        record Counted<C>(Tensor i, C state) {}
        return whileLoop((Counted<C> c) -> c.i().lt(to),
                c -> new Counted<>(c.i().add(1), body.apply(c.i(), c.state())), new Counted<>(from, initial)).state();
    }

    /** {@code condition ? ifTrue(operand) : ifFalse(operand)}, running one of them only (lax.cond). */
    public static <A, R> R cond(Tensor condition, Function<A, R> ifTrue, Function<A, R> ifFalse, A operand) {
        if (!condition.type().equals(TensorType.of(DType.BOOL)))
            throw new ShapeException("cond", List.of(condition.type()),
                    "the condition must be a bool scalar; compare first, as in x.gt(0)");
        return branch("cond", List.of("ifFalse", "ifTrue"), condition.astype(DType.I32),
                List.of(ifFalse, ifTrue), operand);
    }

    /** {@code branches[index](operand)}; the integer scalar index is held within range (lax.switch). */
    public static <A, R> R switchCase(Tensor index, List<Function<A, R>> branches, A operand) {
        if (index.rank() != 0 || index.dtype().isFloat())
            throw new ShapeException("switchCase", List.of(index.type()),
                    "the index must be an integer scalar; convert with astype(DType.I32)");
        if (branches.isEmpty()) throw new JavelinException("switchCase: there are no branches; give one at least");
        return branch("switchCase", Lists.each(branches.size(), b -> "branch " + b), index.astype(DType.I32),
                branches, operand);
    }

    private static <A, R> R branch(String what,
            List<String> names, Tensor index, List<Function<A, R>> branches, A operand) {
        var flat = Trees.flatten(operand);
        List<FlatFunction> traced = Lists.map(branches, b -> FlatFunction.trace(b, flat));
        List<TensorType> types = traced.getFirst().program().outputTypes();
        for (int b = 1; b < traced.size(); b++) {
            Trees.requireSame(what + ": " + names.get(b) + " must return the structure that " + names.getFirst()
                    + " returns", traced.getFirst().out(), traced.get(b).out());
            List<TensorType> found = traced.get(b).program().outputTypes();
            if (!found.equals(types))
                throw new ShapeException(what, flat.types(), names.get(b) + " returns " + found + " where "
                        + names.getFirst() + " returns " + types
                        + "; all branches must return the same types, convert with astype, reshape or broadcastTo");
        }
        // every branch takes what any of them closed over
        List<Tensor> captured = traced.stream().flatMap(t -> t.captured().stream()).toList();
        int[] at = {0};
        List<Program> programs = Lists.map(traced, t -> {
            int from = at[0];
            at[0] += t.captured().size();
            return Recorder.trace(Lists.concat(Lists.map(captured, Tensor::type), flat.types()), v ->
                    t.program().apply(Lists.concat(v.subList(from, from + t.captured().size()),
                            v.subList(captured.size(), v.size())))).closed();
        });
        return Trees.unflatten(traced.getFirst().out(),
                Op.apply(new Cond(programs), Lists.concat(List.of(index), captured, flat.leaves())));
    }

    /** {@code f(xs[0]), f(xs[1]), ...} one after the other, stacked (lax.map). */
    public static <X, Y> Y map(Function<X, Y> f, X xs) {
        return scan((List<Tensor> c, X x) -> new Step<>(c, f.apply(x)), List.of(), xs).outputs();
    }

    /** As above, {@code batchSize} at a time by {@link Transforms#vmap}; what is left over makes a smaller batch. */
    public static <X, Y> Y map(Function<X, Y> f, X xs, int batchSize) {
        if (batchSize < 1) throw new JavelinException("map: the batch size is " + batchSize + "; it must be 1 or more");
        int n = rows("map", Trees.leaves(xs)), whole = n / batchSize * batchSize;
        Function<X, Y> batched = Transforms.vmap(f);
        X blocks = Trees.map(xs, x -> x.slice(0, 0, whole)
                .reshape(x.shape().dropFirst().prepend(batchSize).prepend(whole / batchSize)));
        Y most = Trees.map(map(batched, blocks), y -> y.reshape(y.shape().dropFirst().dropFirst().prepend(whole)));
        if (whole == n) return most;
        var rest = Trees.leaves(batched.apply(Trees.map(xs, x -> x.slice(0, whole, n)))).iterator();
        return Trees.map(most, y -> new Concatenate(0).apply(y, rest.next()));
    }

    /**
     * {@code x[0], f(x[0], x[1]), f(f(x[0], x[1]), x[2]), ...} along {@code axis}, for an associative {@code f} of
     * whole slices of a tree of tensors: about twice as many combinations, in a number of steps logarithmic in the
     * length.
     *
     * @param f combines two trees of elements, of any but the same size along {@code axis}, elementwise along it
     */
    public static <T> T associativeScan(BinaryOperator<T> f, T elements, int axis, boolean reverse) {
        var flat = Trees.flatten(elements);
        if (flat.leaves().isEmpty()) return elements;
        int rank = flat.leaves().getFirst().rank(), a = axis < 0 ? axis + rank : axis;
        for (Tensor x : flat.leaves())
            if (a < 0 || a >= x.rank() || x.size(a) != flat.leaves().getFirst().size(a))
                throw new ShapeException("associativeScan", flat.types(),
                        "the elements differ in length; all must have the same size along axis " + axis);
        return Trees.unflatten(flat.def(), AssociativeScan.run((x, y) -> {
            T both = f.apply(Trees.unflatten(flat.def(), x), Trees.unflatten(flat.def(), y));
            var combined = Trees.flatten(both);
            Trees.requireSame("associativeScan: the function must return the structure it takes", flat.def(),
                    combined.def());
            if (!combined.types().equals(Lists.map(x, Tensor::type)))
                throw new ShapeException("associativeScan", Lists.map(x, Tensor::type),
                        "the function returns " + combined.types()
                        + "; it must return the types it takes");
            return combined.leaves();
        }, flat.leaves(), a, reverse));
    }

    /** As above, along axis 0 and forwards. */
    public static <T> T associativeScan(BinaryOperator<T> f, T elements) {
        return associativeScan(f, elements, 0, false);
    }
}
