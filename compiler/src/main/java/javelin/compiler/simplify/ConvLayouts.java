package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javelin.core.Atom;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.ConvGeneral.Order;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.Reshape;
import javelin.core.ops.Transpose;
import javelin.core.ops.Window;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Convolutions the library has an algorithm for, in the order of axes it wants: other orders are transposed before and
 * after. Those whose windows are single elements, or everything, are products of matrices. Small ones, integers and
 * one feature for each group (which has nothing to multiply matrices with) stay loops.
 */
public final class ConvLayouts {
    /** How a convolution is computed. */
    public enum Form {
        /** {@code [batch, space, features]} by {@code [window, features, outputs]}: small windows, many places. */
        IMAGES,
        /**
         * {@code [features, space, batch]} by {@code [features, window, outputs]}: few places of large windows, as
         * gradients of kernels are.
         */
        KERNELS;

        Order lhs(int space) {
            return this == IMAGES ? Order.channelsLast(space) : new Order(space + 1, 0, Lists.range(1, space));
        }

        Order rhs(int space) {
            return this == IMAGES ? Order.kernel(space) : new Order(space + 1, 0, Lists.range(1, space));
        }

        Order out(int space) {
            return this == IMAGES ? Order.channelsLast(space) : new Order(space, space + 1, Lists.range(0, space));
        }
    }

    /** Multiply-adds from which on tiles win more than the JVM needs to compile them. */
    private static final long WORTH = 1 << 15;
    private static final int MOST_SPACE = 3;

    private ConvLayouts() {}

    /** The algorithm for {@code e}, a convolution; none if it is a loop nest. */
    public static Optional<Form> form(Equation e) {
        var op = (ConvGeneral) e.op();
        TensorType x = e.inputs().get(0).type(), k = e.inputs().get(1).type(), y = e.output().type();
        int groups = op.featureGroups() * op.batchGroups(), outputs = y.shape().size(op.out().second());
        long window = op.windows().stream().mapToLong(Window::size).reduce(1, (a, b) -> a * b);
        long places = y.shape().select(op.out().space()).elements();
        boolean single = groups > 1 && outputs == groups
                && (op.featureGroups() > 1 ? k.shape().size(op.rhs().second()) : y.shape().size(op.out().first())) == 1;
        boolean library = (y.dtype() == DType.F32 || y.dtype() == DType.F64) && op.windows().size() <= MOST_SPACE
                && !single
                && x.elements() > 0 && y.elements() * window * k.shape().size(op.rhs().second()) >= WORTH;
        if (!library) return Optional.empty();
        return Optional.of(op.featureGroups() > 1 || op.batchGroups() == 1 && window <= places ? Form.IMAGES
                : Form.KERNELS);
    }

    /** Whether the library can do {@code e} as it is. */
    public static boolean isLibrary(Equation e) {
        return e.op() instanceof ConvGeneral op && form(e).filter(f -> isLaidOut(op, f)).isPresent();
    }

    private static boolean isLaidOut(ConvGeneral op, Form form) {
        int space = op.windows().size();
        return op.lhs().equals(form.lhs(space)) && op.rhs().equals(form.rhs(space)) && op.out().equals(form.out(space));
    }

    static Optional<Atom> rewrite(Equation e, Simplify.Builder in) {
        if (!(e.op() instanceof ConvGeneral op)) return Optional.empty();
        Optional<Form> form = form(e);
        if (form.isEmpty()) return Optional.empty();
        if (isProduct(op, e)) return Optional.of(product(op, e, in));
        return form.filter(f -> !isLaidOut(op, f)).map(f -> laidOut(op, f, e, in));
    }

    private static Atom laidOut(ConvGeneral op, Form form, Equation e, Simplify.Builder in) {
        int space = op.windows().size();
        Atom x = moved(e.inputs().get(0), op.lhs(), form.lhs(space), e, in);
        Atom k = moved(e.inputs().get(1), op.rhs(), form.rhs(space), e, in);
        var convolution = new ConvGeneral(form.lhs(space), form.rhs(space), form.out(space), op.windows(),
                op.featureGroups(), op.batchGroups());
        return moved(in.emit(convolution, List.of(x, k), e), form.out(space), op.out(), e, in);
    }

    private static Atom moved(Atom x, Order from, Order to, Equation e, Simplify.Builder in) {
        Integer[] axes = new Integer[from.axes().size()];
        for (int role = 0; role < axes.length; role++) axes[to.axes().get(role)] = from.axes().get(role);
        return from.equals(to) ? x : in.emit(new Transpose(Arrays.asList(axes)), List.of(x), e);
    }

    private static boolean isSingle(ConvGeneral op, int axis) { return op.windows().get(axis).equals(Window.SINGLE); }

    private static boolean isProduct(ConvGeneral op, Equation e) {
        Shape x = e.inputs().getFirst().type().shape();
        if (op.featureGroups() > 1 || op.batchGroups() > 1) return false;
        return Lists.range(0, op.windows().size()).stream().allMatch(a -> {
            Window w = op.windows().get(a);
            int n = x.size(op.lhs().space().get(a));
            boolean whole = w.size() == n && w.low() == 0 && w.dilation() == 1 && w.baseDilation() == 1
                    && w.outputs(n) == 1;
            return isSingle(op, a) || whole;
        });
    }

    /** Axes with single windows are free, the others are contracted and leave an axis of size 1. */
    private static Atom product(ConvGeneral op, Equation e, Simplify.Builder in) {
        TensorType x = e.inputs().get(0).type(), y = e.output().type();
        List<Integer> space = Lists.range(0, op.windows().size());
        List<Integer> whole = space.stream().filter(a -> !isSingle(op, a)).toList();
        var lhs = new DotGeneral.Side(List.of(), Lists.concat(List.of(op.lhs().second()),
                Lists.map(whole, op.lhs().space()::get)));
        var rhs = new DotGeneral.Side(List.of(), Lists.concat(List.of(op.rhs().second()),
                Lists.map(whole, op.rhs().space()::get)));
        Atom product = in.emit(new DotGeneral(lhs, rhs), e.inputs(), e);
        List<Integer> free = lhs.free(x.rank()), sources = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>(x.shape().select(free).sizes());
        sizes.add(y.shape().size(op.out().second()));
        for (int a = 0; a < y.rank(); a++) {
            int axis = a;
            int at = a == op.out().second() ? free.size() : a == op.out().first() ? free.indexOf(op.lhs().first())
                    : free.indexOf(op.lhs().space().get(op.out().space().indexOf(axis)));
            if (at >= 0) sources.add(at);
        }
        Atom flat = in.emit(new Reshape(new Shape(sizes)), List.of(product), e);
        return in.emit(new Reshape(y.shape()), List.of(in.emit(new Transpose(sources), List.of(flat), e)), e);
    }
}
