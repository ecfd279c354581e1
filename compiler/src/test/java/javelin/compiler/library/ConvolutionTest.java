package javelin.compiler.library;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javelin.compiler.JvmBackend;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.lowering.Routine;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.ConvGeneral.Order;
import javelin.core.ops.Window;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolutions by tiles of matrix products against plain loops; the same bits with all vectors and any number of
 * threads.
 */
class ConvolutionTest {
    private static final List<Integer> WIDTHS = List.of(0, 64, 128, 256, 512);

    static IntStream seeds() { return IntStream.range(0, 30); }

    @ParameterizedTest @MethodSource("seeds")
    void imagesAreAsByPlainLoops(int seed) {
        var random = new Random(seed);
        int space = random.nextInt(4), groups = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
        int channels = 1 + random.nextInt(9), outputs = 1 + random.nextInt(20);
        List<Window> windows = windows(random, space);
        List<Integer> sizes = Lists.each(space, _ -> 1 + random.nextInt(9));
        Order image = Order.channelsLast(space);
        var op = new ConvGeneral(image, Order.kernel(space), image, windows, groups, 1);
        check(op, random, Lists.concat(List.of(1 + random.nextInt(3)), sizes, List.of(channels * groups)),
                Lists.concat(Lists.map(windows, Window::size), List.of(channels, outputs * groups)), true);
    }

    @ParameterizedTest @MethodSource("seeds")
    void kernelsAreAsByPlainLoops(int seed) {
        var random = new Random(seed);
        int space = random.nextInt(4), groups = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
        int channels = 1 + random.nextInt(9), outputs = 1 + random.nextInt(20), examples = 1 + random.nextInt(4);
        List<Window> windows = windows(random, space);
        List<Integer> sizes = Lists.each(space, _ -> 1 + random.nextInt(9));
        var op = new ConvGeneral(new Order(space + 1, 0, Lists.range(1, space)),
                new Order(space + 1, 0, Lists.range(1, space)),
                new Order(space, space + 1, Lists.range(0, space)), windows, 1, groups);
        check(op, random, Lists.concat(List.of(examples), sizes, List.of(channels * groups)),
                Lists.concat(List.of(examples), Lists.map(windows, Window::size), List.of(outputs * groups)), false);
    }

    /** Many steps: several blocks of runs, several bands and chunks, several segments of a line. */
    @Test void largeOnesAreSplit() {
        Window three = new Window(3, 1, 1, 1, 1, 1);
        Order image = Order.channelsLast(2), kernel = Order.kernel(2);
        check(new ConvGeneral(image, kernel, image, List.of(three, three), 1, 1), new Random(1), List.of(1, 7, 8, 400),
                List.of(3, 3, 400, 20), true);
        check(new ConvGeneral(image, kernel, image, List.of(three, three), 1, 1), new Random(1), List.of(1, 64, 64, 40),
                List.of(3, 3, 40, 3), true);
        Order line = new Order(2, 0, List.of(1));
        check(new ConvGeneral(line, line, new Order(1, 2, List.of(0)), List.of(new Window(700, 1, 1, 1, 1, 1)), 1, 1),
                new Random(1),
                List.of(9, 700, 11), List.of(9, 700, 70), false);
    }

    /** Any order of axes, through the whole compiler; products of matrices among them. */
    @ParameterizedTest @MethodSource("seeds")
    void anyOrderOfAxes(int seed) {
        var random = new Random(seed);
        int groups = random.nextInt(3) == 0 ? 2 : 1, batches = groups == 1 && random.nextInt(4) == 0 ? 2 : 1;
        int channels = 4 + random.nextInt(6), outputs = 2 * (2 + random.nextInt(5)), batch =
                2 * (1 + random.nextInt(3));
        int kind = random.nextInt(4);
        List<Integer> sizes = Lists.each(2, _ -> 8 + random.nextInt(5));
        List<Window> windows = kind == 0 ? List.of(Window.SINGLE, Window.SINGLE)
                : kind == 1 ? Lists.map(sizes, n -> new Window(n, 1, 0, 0, 1, 1))
                : kind == 2 ? Lists.map(sizes, n -> new Window(n - 1, 1, 1, 0, 1, 1)) : windows(random, 2);
        List<Order> orders = Lists.each(3, _ -> {
            List<Integer> axes = new ArrayList<>(Lists.range(0, 4));
            Collections.shuffle(axes, random);
            return Order.of(axes);
        });
        var op = new ConvGeneral(orders.get(0), orders.get(1), orders.get(2), windows, groups, batches);
        List<Array> in = List.of(draw(random, op.lhs(), Lists.concat(List.of(batch, channels * groups), sizes),
                DType.F32),
                draw(random, op.rhs(), Lists.concat(List.of(outputs, channels), Lists.map(windows, Window::size)),
                        DType.F32));
        Program program = Recorder.trace(Lists.map(in, Array::type), v -> Op.apply(op, v)).closed();
        Array expected = expected(op, in);
        for (Machine machine : List.of(new Machine(0, 1), new Machine(256, 2))) {
            Object[] out = new Object[1];
            new JvmBackend(machine).compile(program, Lists.falses(2))
                    .run(in.stream().map(Array::storage).toArray(), out);
            close(op, in.get(1).type().elements() / outputs, expected, Array.wrap(expected.type(), out[0]));
        }
    }

    private static Array draw(Random random, Order order, List<Integer> roles, DType dtype) {
        Integer[] sizes = new Integer[roles.size()];
        for (int role = 0; role < sizes.length; role++) sizes[order.axes().get(role)] = roles.get(role);
        return draw(random, Arrays.asList(sizes), dtype);
    }

    private static Array draw(Random random, List<Integer> sizes, DType dtype) {
        var type = new TensorType(dtype, new Shape(sizes));
        return Array.of(type, random.doubles(type.elements(), -1, 1).toArray());
    }

    private static List<Window> windows(Random random, int space) {
        return Lists.each(space, _ -> new Window(1 + random.nextInt(4), 1 + random.nextInt(3), random.nextInt(5) - 1,
                random.nextInt(5) - 1,
                random.nextInt(2) == 0 ? 1 : 1 + random.nextInt(3), 1 + random.nextInt(3)));
    }

    /** The definition, in doubles. */
    private static Array expected(ConvGeneral op, List<Array> in) {
        TensorType type = op.outputType(Lists.map(in, Array::type));
        Shape xs = in.get(0).shape(), ks = in.get(1).shape();
        double[] x = in.get(0).toDoubles(), k = in.get(1).toDoubles(), y = new double[type.elements()];
        int space = op.windows().size(), features = ks.size(op.rhs().second());
        int outputs = ks.size(op.rhs().first()), batch = type.shape().size(op.out().first());
        int elements = op.windows().stream().mapToInt(Window::size).reduce(1, (a, b) -> a * b);
        for (int i = 0; i < y.length; i++) {
            int[] at = index(i, type.shape());
            int o = at[op.out().second()], c0 = o / (outputs / op.featureGroups()) * features;
            int n = o / (outputs / op.batchGroups()) * batch + at[op.out().first()];
            for (int e = 0; e < elements; e++) {
                int left = n * xs.strides()[op.lhs().first()] + c0 * xs.strides()[op.lhs().second()];
                int right = o * ks.strides()[op.rhs().first()];
                boolean inside = true;
                for (int a = space - 1, rest = e; a >= 0; a--) {
                    Window w = op.windows().get(a);
                    int element = rest % w.size(), p = at[op.out().space().get(a)] * w.stride()
                            + element * w.dilation() - w.low();
                    rest /= w.size();
                    inside &= p >= 0 && p % w.baseDilation() == 0
                            && p / w.baseDilation() < xs.size(op.lhs().space().get(a));
                    left += p / w.baseDilation() * xs.strides()[op.lhs().space().get(a)];
                    right += element * ks.strides()[op.rhs().space().get(a)];
                }
                for (int c = 0; inside && c < features; c++)
                    y[i] += x[left + c * xs.strides()[op.lhs().second()]] * k[right
                            + c * ks.strides()[op.rhs().second()]];
            }
        }
        return Array.of(type, y);
    }

    private static int[] index(int flat, Shape shape) {
        int[] at = new int[shape.rank()];
        for (int a = at.length - 1; a >= 0; flat /= shape.size(a--)) at[a] = flat % shape.size(a);
        return at;
    }

    private static void check(ConvGeneral op, Random random, List<Integer> x, List<Integer> k, boolean images) {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            List<Array> in = List.of(draw(random, x, dtype), draw(random, k, dtype));
            Program program = Recorder.trace(Lists.map(in, Array::type), v -> Op.apply(op, v)).closed();
            Array expected = expected(op, in);
            if (expected.type().elements() == 0) return;
            Equation e = program.equations().getFirst();
            var shape = ConvShape.of(op, e);
            List<Array> found = new ArrayList<>();
            for (int width : WIDTHS) for (int threads = 1; threads <= 3; threads += 2)
                found.add(run(images ? new ImageConvolution(shape, width, threads)
                        : new KernelConvolution(shape, width, threads), in, expected.type()));
            close(op, in.get(1).type().elements() / shape.outputs(), expected, found.getFirst());
            for (Array other : found)
                assertTrue(found.getFirst().sameBits(other), () -> op
                        + " has other bits with other vectors or threads");
        }
    }

    /** Twice in the same scratch, at offsets; the second time with a dirty output. */
    private static Array run(Routine routine, List<Array> in, TensorType type) {
        Object[] arrays = {shifted(in.get(0), 3), shifted(in.get(1), 1), type.dtype().allocate(type.elements() + 2)};
        Object scratch = routine.newScratch();
        for (int turn = 0; turn < 2; turn++) routine.run(arrays, new int[] {3, 1, 2}, scratch);
        Object result = type.dtype().allocate(type.elements());
        System.arraycopy(arrays[2], 2, result, 0, type.elements());
        return Array.wrap(type, result);
    }

    private static Object shifted(Array x, int by) {
        Object moved = x.dtype().allocate(x.type().elements() + by);
        System.arraycopy(x.storage(), 0, moved, by, x.type().elements());
        return moved;
    }

    /** Sums of so many numbers up to 1 in another order (Higham, section 4.2). */
    private static void close(ConvGeneral op, int terms, Array expected, Array found) {
        double eps = expected.dtype() == DType.F64 ? 0x1p-52 : 0x1p-23;
        for (int i = 0; i < expected.type().elements(); i++) {
            double x = expected.get(i).doubleValue(), y = found.get(i).doubleValue();
            int at = i;
            assertTrue(Math.abs(x - y) <= (10 + terms) * eps, () -> op + ": element " + at + " is " + y + " instead of "
                    + x);
        }
    }
}
