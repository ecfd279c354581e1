package javelin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Pad;
import javelin.core.ops.ReduceWindowMax;
import javelin.core.ops.ReduceWindowMin;
import javelin.core.ops.ReduceWindowSum;
import javelin.core.ops.Slice;
import javelin.core.ops.Window;
import javelin.core.transform.Vmap;
import javelin.core.type.Shape;

/** Reductions of windows, and reductions by a function of one's own. A list of windows has one for every axis. */
public final class Windows {
    private Windows() {}

    /** The sum of every window (lax.reduce_window with add). */
    public static Tensor sum(Tensor x, List<Window> windows) { return new ReduceWindowSum(windows).apply(x); }

    /** The largest element of every window; the first of equal ones has the gradient. */
    public static Tensor max(Tensor x, List<Window> windows) { return new ReduceWindowMax(windows).apply(x); }

    /** The smallest element of every window; the first of equal ones has the gradient. */
    public static Tensor min(Tensor x, List<Window> windows) { return new ReduceWindowMin(windows).apply(x); }

    /** Windows of the given sizes, one for every axis. */
    public static List<Window> of(Tensor x, List<Integer> sizes, List<Integer> strides, Padding padding) {
        return padding.pad(Lists.each(x.rank(), a -> new Window(sizes.get(a), strides.get(a), 0, 0, 1, 1)), x.shape()
                .sizes());
    }

    /**
     * Combines the elements of every window, in order, by a function of one's own (lax.reduce_window): {@code combine}
     * takes and gives as many scalars as there are tensors, and must be associative; padding counts as {@code
     * initial}.
     */
    public static List<Tensor> reduceWindows(List<Tensor> x, List<Tensor> initial, List<Window> windows,
            BinaryOperator<List<Tensor>> combine) {
        return reduce(Lists.each(x.size(), i -> elements(x.get(i), initial.get(i), windows)), initial, List.of(0),
                combine);
    }

    /** Element k of every window for every k, on a new axis 0. */
    private static Tensor elements(Tensor x, Tensor padding, List<Window> windows) {
        Tensor padded = new Pad(Lists.map(windows, Window::low), Lists.map(windows, Window::high),
                Lists.map(windows, w -> w.baseDilation() - 1)).apply(x, padding);
        int count = windows.stream().mapToInt(Window::size).reduce(1, (a, b) -> a * b);
        List<Integer> outputs = Lists.each(x.rank(), a -> windows.get(a).outputs(x.size(a)));
        List<Tensor> all = Lists.each(count, k -> {
            int[] at = new int[x.rank()];
            for (int a = x.rank() - 1, rest = k; a >= 0; rest /= windows.get(a--).size())
                at[a] = rest % windows.get(a).size() * windows.get(a).dilation();
            List<Integer> limit = Lists.each(x.rank(), a -> outputs.get(a) == 0 ? 0 : at[a]
                    + (outputs.get(a) - 1) * windows.get(a).stride() + 1);
            List<Integer> start = Lists.each(x.rank(), a -> outputs.get(a) == 0 ? 0 : at[a]);
            return new Slice(start, limit, Lists.map(windows, Window::stride)).apply(padded).expandDims(0);
        });
        return new Concatenate(0).apply(all.toArray(Tensor[]::new));
    }

    /**
     * Combines all elements along {@code axes}, in order, by a function of one's own (lax.reduce): {@code combine}
     * takes and gives as many scalars as there are tensors, and must be associative. It is applied to half of the
     * elements and the other half at a time.
     */
    public static List<Tensor> reduce(List<Tensor> x, List<Tensor> initial, List<Integer> axes,
            BinaryOperator<List<Tensor>> combine) {
        int n = x.size();
        List<Integer> kept = Lists.range(0, x.getFirst().rank()).stream().filter(a -> !axes.contains(a)).toList();
        Shape shape = x.getFirst().shape();
        int rest = shape.select(kept).elements();
        var scalars = Lists.map(Lists.concat(initial, initial), Tensor::type);
        var body = Recorder.trace(scalars, v -> combine.apply(v.subList(0, n), v.subList(n, 2 * n)));
        List<Tensor> soFar = Lists.map(x, t -> t.transpose(Lists.concat(axes, kept))
                .reshape(shape.select(axes).elements(), rest));
        while (soFar.getFirst().size(0) > 1) {
            int pairs = soFar.getFirst().size(0) / 2, odd = soFar.getFirst().size(0) % 2;
            List<Tensor> all = soFar;
            List<Tensor> joined = combined(body, Lists.map(all, t -> t.slice(0, 0, 2 * pairs, 2)),
                    Lists.map(all, t -> t.slice(0, 1, 2 * pairs, 2)));
            soFar = odd == 0 ? joined : Lists.each(n, i ->
                    Tensors.concatenate(List.of(joined.get(i), all.get(i).slice(0, 2 * pairs, 2 * pairs + 1)), 0));
        }
        List<Tensor> start = Lists.map(initial, t -> t.broadcast(Shape.of(1, rest), List.of()));
        List<Tensor> all = soFar.getFirst().size(0) == 0 ? start : combined(body, start, soFar);
        return Lists.map(all, t -> t.reshape(shape.select(kept)));
    }

    private static List<Tensor> combined(Recorder.Traced body, List<Tensor> left, List<Tensor> right) {
        Shape shape = left.getFirst().shape();
        var inputs = new ArrayList<Batched>();
        for (Tensor c : body.captured()) inputs.add(Batched.same(c));
        for (Tensor t : Lists.concat(left, right)) inputs.add(Batched.mapped(t.reshape(shape.elements())));
        return Lists.map(Vmap.run(body.program(), inputs), b -> b.spread(shape.elements()).reshape(shape));
    }
}
