package javelin;

import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javelin.core.Array;
import javelin.core.Atom;
import javelin.core.Equation;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.NanWatch;
import javelin.core.Program;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.VmapMethod;
import javelin.core.ops.Callback;
import javelin.core.ops.Named;
import javelin.core.ops.Remat;
import javelin.core.transform.Linearize;
import javelin.core.tree.TreeDef;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Seeing a function's numbers while it runs, and finding what is wrong with them or with its derivatives. */
public final class Debug {
    /** With four points the differences are wrong by h^4 f'''''/30 and, of rounding, 1.5 eps f/h: 3e-12 f. */
    private static final double STEP = 1e-4;
    /** Room for functions whose values or fifth derivatives are up to some 1e5 times as large as their slopes. */
    private static final double TOLERANCE = 1e-6;

    /** {@code {}} and {@code {2}}; doubled braces are braces. */
    private static final Pattern HOLE = Pattern.compile("\\{\\{|}}|\\{(\\d*)}");

    private Debug() {}

    /**
     * Prints a line to System.out whenever the program runs, also compiled, in loops and branches, and for each
     * example of a batch (jax.debug.print). Under differentiation the values are printed, not their derivatives; a loop
     * that a {@link Transforms#checkpoint} runs again prints again.
     *
     * @param format    text with {@code {}} for each argument in turn, or {@code {0}}, {@code {1}} for a certain one
     * @param arguments tensors, trees of them, and plain values
     */
    public static void print(String format, Object... arguments) {
        var flat = Trees.flatten(List.of(arguments));
        // raises here and now if there is anything to raise
        text(format, List.of(arguments));
        run(new Print(format, flat.def()), flat);
    }

    /**
     * Gives {@code action} the numbers of {@code argument}, a tree of tensors, whenever {@link #print} would print them
     * (jax.debug.callback).
     */
    public static <A> void callback(Consumer<A> action, A argument) {
        var flat = Trees.flatten(argument);
        run(new Action<>(action, flat.def()), flat);
    }

    private static void run(Callback.Host host, Trees.Flat at) {
        Callback.call(host, List.of(), VmapMethod.SEQUENTIAL, at.leaves());
    }

    private record Print(String format, TreeDef arguments) implements Callback.Host {
        @Override public List<Array> call(List<Array> in) {
            System.out.println(text(format, Trees.unflatten(arguments, in)));
            return List.of();
        }

        @Override public String toString() { return "Debug.print[" + format + "]"; }
    }

    private record Action<A>(Consumer<A> action, TreeDef argument) implements Callback.Host {
        @Override public List<Array> call(List<Array> in) {
            action.accept(Trees.unflatten(argument, in));
            return List.of();
        }

        @Override public String toString() { return "Debug.callback"; }
    }

    private static String text(String format, List<?> arguments) {
        int[] next = {0};
        BitSet used = new BitSet();
        String text = HOLE.matcher(format).replaceAll(hole -> {
            if (hole.group(1) == null) return hole.group().substring(1);
            int i = hole.group(1).isEmpty() ? next[0]++ : Integer.parseInt(hole.group(1));
            if (i >= arguments.size()) throw new JavelinException("Debug.print[" + format + "]: " + hole.group()
                    + " stands for argument " + i + ", counted from 0, and there are " + arguments.size()
                    + "; pass one for each {}, and write {{ and }} for braces");
            used.set(i);
            return Matcher.quoteReplacement(shown(arguments.get(i)));
        });
        if (used.cardinality() < arguments.size()) throw new JavelinException("Debug.print[" + format + "]: argument "
                + used.nextClearBit(0) + ", counted from 0, is not printed; the format needs a {} for each of "
                + arguments.size());
        return text;
    }

    /** A tensor without its type. */
    private static String shown(Object argument) {
        String text = argument.toString();
        return argument instanceof Array a ? text.substring(0, text.length() - a.type().toString().length() - 1) : text;
    }

    /**
     * {@code f} op by op, raising a {@link JavelinException} that names the first op, and the line of the user's code,
     * that made a NaN of inputs without one; also within loops, gradients and what is jitted (jax_debug_nans).
     */
    public static <A, R> Function<A, R> nans(Function<A, R> f) {
        return a -> {
            var flat = Trees.flatten(a);
            var traced = FlatFunction.trace(f, flat);
            List<Tensor> out = NanWatch.during(() -> traced.program().apply(traced.arguments(flat.leaves())));
            return Trees.unflatten(traced.out(), out);
        };
    }

    /**
     * Compares forward and reverse mode with finite differences at {@code a}, along a direction in each of its tensors,
     * and so on with the gradients up to {@code order} (jax.test_util.check_grads). Floating-point tensors are f64.
     * Throws {@link JavelinException} with the tensor's path and both numbers if they differ.
     */
    public static <A, R> void checkGrads(Function<A, R> f, A a, int order) { checkGrads(f, a, 1, order); }

    private static <A, R> void checkGrads(Function<A, R> f, A a, int order, int last) {
        if (order > last) return;
        var flat = Trees.flatten(a);
        List<String> paths = flat.def().paths();
        List<Tensor> leaves = flat.leaves();
        List<Tensor> weights = normals(Key.of(order), Trees.leaves(f.apply(a)));
        Function<A, Tensor> weighted = at -> dot(Trees.leaves(f.apply(at)), weights);
        Function<A, A> gradient = Transforms.grad(weighted);
        List<Tensor> backward = Trees.leaves(gradient.apply(a)), directions = normals(Key.of(-order), leaves);
        for (int i = 0; i < leaves.size(); i++) {
            if (!leaves.get(i).dtype().isFloat()) continue;
            String where = paths.get(i).isEmpty() ? "the argument" : paths.get(i);
            if (leaves.get(i).dtype() != DType.F64) throw new ShapeException("checkGrads", flat.types(), where
                    + " is too coarse for differences; convert it with astype(DType.F64)");
            int moved = i;
            List<Tensor> v = Lists.each(leaves.size(),
                    k -> k == moved ? directions.get(k) : Tensor.zeros(leaves.get(k).type()));
            Function<Double, Double> along = h -> weighted.apply(Trees.unflatten(flat.def(), Lists.each(leaves.size(),
                    k -> k == moved ? leaves.get(k).add(v.get(k).mul(h)) : leaves.get(k)))).item();
            double near = along.apply(STEP) - along.apply(-STEP), far = along.apply(2 * STEP) - along.apply(-2 * STEP);
            double slope = (8 * near - far) / (12 * STEP);
            A tangent = Trees.unflatten(flat.def(), v);
            compare("forward", order, where, Transforms.jvp(weighted).apply(a, tangent).tangent().item(), slope);
            compare("reverse", order, where, backward.get(i).mul(v.get(i)).sum().item(), slope);
        }
        checkGrads(gradient, a, order + 1, last);
    }

    /** @param origin what made it, and the line of the user's code that did */
    public record Saved(TensorType type, String origin) {}

    /**
     * What reverse mode of {@code f} at {@code a} keeps from the way forth for the way back
     * (jax.ad_checkpoint.print_saved_residuals).
     */
    public static <A> List<Saved> savedResiduals(Function<A, ?> f, A a) {
        var flat = Trees.flatten(a);
        var traced = FlatFunction.trace(f, flat);
        var linear = Linearize.of(traced.program(), traced.inputs(false, FlatFunction.floats(flat.leaves())));
        Program forth = linear.primal();
        List<Atom> outputs = forth.outputs();
        int captured = traced.captured().size();
        List<String> names = Lists.each(forth.inputs().size(), i -> i < captured ? "something closed over"
                : ("the argument " + flat.def().paths().get(i - captured)).strip());
        return outputs.subList(outputs.size() - linear.residuals(), outputs.size()).stream()
                .filter(Atom.Var.class::isInstance)
                .map(r -> new Saved(r.type(), origin(forth, names, r))).toList();
    }

    private static String origin(Program program, List<String> inputs, Atom a) {
        for (Equation e : program.equations()) {
            int k = e.outputs().indexOf(a);
            if (k < 0) continue;
            return e.op() instanceof Remat(Program body, _)
                    ? origin(body, Lists.map(e.inputs(), in -> origin(program, inputs, in)), body.outputs().get(k))
                    : (e.op() instanceof Named(String name) ? "named " + name : "output of " + e.op()) + " from "
                            + e.source();
        }
        int input = program.inputs().indexOf(a);
        return input < 0 ? a.toString() : inputs.get(input);
    }

    private static void compare(String mode, int order, String where, double derivative, double slope) {
        if (!(Math.abs(derivative - slope) <= TOLERANCE * Math.max(1, Math.abs(slope))))
            throw new JavelinException("checkGrads: the derivative of order " + order + " with respect to " + where
                    + " is " + derivative + " in " + mode + " mode, and " + slope
                    + " by finite differences, along the same direction");
    }

    private static List<Tensor> normals(Key key, List<Tensor> like) {
        return Lists.each(like.size(), i -> like.get(i).dtype().isFloat() ? key.foldIn(i).normal(like.get(i).type())
                : Tensor.zeros(like.get(i).type()));
    }

    /** The sum of the products of floating-point tensors. */
    private static Tensor dot(List<Tensor> x, List<Tensor> y) {
        Tensor sum = Tensors.scalar(0, DType.F64);
        for (int i = 0; i < x.size(); i++)
            if (x.get(i).dtype().isFloat()) sum = sum.add(x.get(i).mul(y.get(i)).sum().astype(DType.F64));
        return sum;
    }
}
