package javelin.core.ops;

import static javelin.core.ops.OpCase.Modes.FORWARD_AND_REVERSE;
import static javelin.core.ops.OpCase.Modes.NEITHER;
import static javelin.core.ops.OpCase.Tolerance.EXACT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import javelin.check.Grid;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.ops.ConvGeneral.Order;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The rows of the table whose ops slide windows: convolutions and reductions of windows. */
final class WindowCases {
    private static final Window TWO = new Window(2, 2, 0, 0, 1, 1), THREE = new Window(3, 1, 1, 1, 1, 1),
            OVERLAP = new Window(3, 2, 1, 2, 1, 1), DILATED = new Window(2, 1, 2, 1, 1, 3),
            SPREAD = new Window(3, 2, 1, 1, 2, 1), BOTH = new Window(2, 3, 2, 2, 3, 2),
            CROPPED = new Window(2, 1, -1, -1, 1, 1), GAPS = new Window(1, 3, 0, 0, 1, 1),
            BEYOND = new Window(2, 3, 4, 3, 1, 1);

    private final List<OpCase> cases = new ArrayList<>();

    static List<OpCase> all() {
        var c = new WindowCases();
        for (DType t : List.of(DType.F64, DType.F32, DType.I32, DType.U8)) {
            for (Window w : List.of(TWO, THREE, OVERLAP, DILATED, SPREAD, BOTH, CROPPED, GAPS, BEYOND)) {
                c.reductions(t, Shape.of(7), List.of(w));
                c.reductions(t, Shape.of(2, 5), List.of(Window.SINGLE, w));
                if (t == DType.F64) c.choices(Shape.of(7), List.of(w));
            }
            c.reductions(t, Shape.of(2, 4, 5, 3), List.of(Window.SINGLE, TWO, OVERLAP, Window.SINGLE));
            c.reductions(t, Shape.of(0), List.of(THREE));
            c.reductions(t, Shape.of(1), List.of(TWO));
            c.reductions(t, Shape.of(), List.of());
            c.convolutions(t);
        }
        c.choices(Shape.of(2, 4, 5, 3), List.of(Window.SINGLE, TWO, OVERLAP, Window.SINGLE));
        return c.cases;
    }

    private static Shape outputs(Shape x, List<Window> windows) {
        return new Shape(Lists.each(windows.size(), a -> windows.get(a).outputs(x.size(a))));
    }

    /** Where element {@code k} of window {@code o} is, or null where it is padding. */
    private static int[] place(List<Window> windows, List<Integer> sizes, int[] o, int[] k) {
        int[] at = new int[o.length];
        for (int a = 0; a < at.length; a++) {
            Window w = windows.get(a);
            int p = o[a] * w.stride() + k[a] * w.dilation() - w.low();
            if (p < 0 || p % w.baseDilation() != 0 || p / w.baseDilation() >= sizes.get(a)) return null;
            at[a] = p / w.baseDilation();
        }
        return at;
    }

    private void reductions(DType t, Shape shape, List<Window> windows) {
        TensorType x = new TensorType(t, shape);
        int terms = windows.stream().mapToInt(Window::size).reduce(1, (a, b) -> a * b);
        OpCase.Inputs some = Draws.each(List.of(x), List.of(t == DType.U8 ? Draws.whole(0, 9) : Draws.small(t)));
        OpCase.Inputs distinct = t.isFloat() ? Draws.distinct(List.of(x), -3, 3) : some;
        double lowest = Extremes.lowest(t).doubleValue(), highest = Extremes.highest(t).doubleValue();
        add(new ReduceWindowSum(windows), List.of(x), some, reference(windows, shape, 0, Double::sum),
                OpCase.Tolerance.sum(terms, 3));
        // a window of padding alone has an infinite extreme, and infinities no differences
        boolean infinite = windows.contains(BEYOND) || shape.elements() == 0;
        for (WindowReduction op : List.of(new ReduceWindowMax(windows), new ReduceWindowMin(windows))) {
            boolean max = op instanceof ReduceWindowMax;
            cases.add(new OpCase(op, List.of(x), distinct, Optional.of(reference(windows, shape, max ? lowest : highest,
                    max ? Math::max : Math::min)), EXACT, infinite ? NEITHER : FORWARD_AND_REVERSE));
        }
        winners(x, windows);
    }

    private OpCase.Reference reference(List<Window> windows, Shape x, double identity, DoubleBinaryOperator combine) {
        List<Integer> sizes = Lists.map(windows, Window::size);
        return in -> List.of(Grid.of(outputs(x, windows).sizes(), o -> {
            double[] total = {identity};
            Grid.of(sizes, k -> {
                int[] at = place(windows, x.sizes(), o, k);
                return at == null ? 0 : (total[0] = combine.applyAsDouble(total[0], in.getFirst().at(at)));
            });
            return total[0];
        }));
    }

    /** Extremes that are somewhere in the window, or nowhere. */
    private void winners(TensorType x, List<Window> windows) {
        TensorType y = x.withShape(outputs(x.shape(), windows));
        List<Integer> sizes = Lists.map(windows, Window::size);
        List<TensorType> types = List.of(x, y);
        Draws few = Draws.whole(0, 2);
        add(new WindowWinner(windows), types, Draws.each(types, List.of(few, few)), in ->
                List.of(Grid.of(y.shape().sizes(), o -> {
            int last = new Shape(sizes).elements() - 1;
            int[] winner = {last}, number = {0};
            Grid.of(sizes, k -> {
                int[] at = place(windows, x.shape().sizes(), o, k);
                if (at != null && in.get(0).at(at) == in.get(1).at(o)) winner[0] = Math.min(winner[0], number[0]);
                return number[0]++;
            });
            return winner[0];
        })), EXACT);
    }

    private void choices(Shape shape, List<Window> windows) {
        TensorType x = new TensorType(DType.F64, shape), y = x.withShape(outputs(shape, windows));
        int elements = windows.stream().mapToInt(Window::size).reduce(1, (a, b) -> a * b);
        List<Integer> sizes = Lists.map(windows, Window::size);
        List<Draws> draws = List.of(Draws.range(-3, 3), Draws.whole(0, elements - 1));
        List<TensorType> gathered = List.of(x, y.withDType(DType.I32)), scattered = List.of(y, y.withDType(DType.I32));
        add(new WindowGather(windows), gathered, Draws.each(gathered, draws), in ->
                List.of(Grid.of(y.shape().sizes(), o -> {
            int[] at = place(windows, shape.sizes(), o, element(sizes, in.get(1).at(o)));
            return at == null ? 0 : in.get(0).at(at);
        })), EXACT);
        add(new WindowScatter(windows, shape), scattered, Draws.each(scattered, draws), in -> {
            Grid sum = Grid.of(shape.sizes(), _ -> 0);
            Grid.of(y.shape().sizes(), o -> {
                int[] at = place(windows, shape.sizes(), o, element(sizes, in.get(1).at(o)));
                if (at == null) return 0;
                int flat = 0;
                for (int a = 0; a < at.length; a++) flat = flat * shape.size(a) + at[a];
                return sum.numbers()[flat] += in.get(0).at(o);
            });
            return List.of(sum);
        }, OpCase.Tolerance.sum(elements, 3));
    }

    private static int[] element(List<Integer> sizes, double number) {
        int[] k = new int[sizes.size()];
        for (int a = k.length - 1, rest = (int) number; a >= 0; rest /= sizes.get(a--)) k[a] = rest % sizes.get(a);
        return k;
    }

    private void convolutions(DType t) {
        Order image = Order.channelsLast(1), kernel = Order.kernel(1);
        for (Window w : List.of(TWO, THREE, OVERLAP, DILATED, SPREAD, BOTH, CROPPED, GAPS, BEYOND))
            convolution(t, Shape.of(2, 6, 2), Shape.of(w.size(), 2, 3),
                    new ConvGeneral(image, kernel, image, List.of(w), 1, 1));
        convolution(t, Shape.of(3, 4), Shape.of(4, 2),
                new ConvGeneral(Order.channelsLast(0), Order.kernel(0), Order.channelsLast(0), List.of(), 1, 1));
        convolution(t, Shape.of(2, 5, 4), Shape.of(3, 2, 6),
                new ConvGeneral(image, kernel, image, List.of(THREE), 2, 1));
        convolution(t, Shape.of(2, 5, 3), Shape.of(3, 1, 6),
                new ConvGeneral(image, kernel, image, List.of(OVERLAP), 3, 1));
        convolution(t, Shape.of(4, 5, 3), Shape.of(2, 3, 6), new ConvGeneral(image, kernel, image, List.of(TWO), 1, 2));
        convolution(t, Shape.of(1, 0, 2), Shape.of(3, 2, 1),
                new ConvGeneral(image, kernel, image, List.of(THREE), 1, 1));
        convolution(t, Shape.of(0, 4, 2), Shape.of(3, 2, 1),
                new ConvGeneral(image, kernel, image, List.of(THREE), 1, 1));
        convolution(t, Shape.of(2, 2, 2), Shape.of(2, 2, 1),
                new ConvGeneral(image, kernel, image, List.of(CROPPED), 1, 1));
        // NCHW, OIHW; and an order in which nothing is where it usually is
        Order nchw = new Order(0, 1, List.of(2, 3));
        convolution(t, Shape.of(2, 3, 4, 5), Shape.of(2, 3, 3, 2),
                new ConvGeneral(nchw, nchw, nchw, List.of(THREE, TWO), 1, 1));
        convolution(t, Shape.of(4, 2, 3, 5), Shape.of(2, 3, 3, 2), new ConvGeneral(new Order(1, 2, List.of(3, 0)),
                new Order(3, 2, List.of(1, 0)), new Order(2, 0, List.of(3, 1)), List.of(OVERLAP, TWO), 1, 1));
        Order cube = Order.channelsLast(3);
        convolution(t, Shape.of(1, 3, 2, 3, 2), Shape.of(2, 2, 3, 2, 2),
                new ConvGeneral(cube, Order.kernel(3), cube, List.of(TWO, DILATED, THREE), 1, 1));
    }

    private void convolution(DType t, Shape x, Shape k, ConvGeneral op) {
        List<TensorType> types = List.of(new TensorType(t, x), new TensorType(t, k));
        int space = op.windows().size(), inputs = k.size(op.rhs().second()), outputs = k.size(op.rhs().first());
        TensorType y = op.outputType(types);
        int batch = y.shape().size(op.out().first());
        List<Integer> sizes = x.select(op.lhs().space()).sizes(), terms =
                Lists.concat(List.of(inputs), k.select(op.rhs().space()).sizes());
        OpCase.Reference reference = in -> List.of(Grid.of(y.shape().sizes(), at -> {
            int o = at[op.out().second()], n = at[op.out().first()];
            int c0 = o / (outputs / op.featureGroups()) * inputs, n0 = o / (outputs / op.batchGroups()) * batch;
            int[] window = op.out().space().stream().mapToInt(a -> at[a]).toArray();
            double[] sum = {0};
            Grid.of(terms, r -> {
                int[] element = Arrays.copyOfRange(r, 1, r.length), here = place(op.windows(), sizes, window, element);
                if (here == null) return 0;
                return sum[0] += in.get(0).at(axes(op.lhs(), n0 + n, c0 + r[0], here)) * in.get(1)
                        .at(axes(op.rhs(), o, r[0], element));
            });
            return sum[0];
        }));
        Draws some = t == DType.U8 ? Draws.whole(0, 2) : Draws.small(t);
        add(op, types, Draws.each(types, List.of(some, some)), reference,
                OpCase.Tolerance.sum(new Shape(terms).elements(), 9));
    }

    private static int[] axes(Order order, int first, int second, int[] space) {
        int[] all = new int[space.length + 2];
        all[order.first()] = first;
        all[order.second()] = second;
        for (int a = 0; a < space.length; a++) all[order.space().get(a)] = space[a];
        return all;
    }

    private void add(Op op, List<TensorType> types, OpCase.Inputs inputs, OpCase.Reference reference,
            OpCase.Tolerance tolerance) {
        cases.add(new OpCase(op, types, inputs, Optional.of(reference), tolerance, FORWARD_AND_REVERSE));
    }
}
