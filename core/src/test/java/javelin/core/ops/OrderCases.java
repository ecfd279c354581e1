package javelin.core.ops;

import static javelin.core.ops.OpCase.Tolerance.EXACT;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import javelin.check.Grid;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The rows of the table whose ops go along lines: prefix sums, sorts, and the largest elements. */
final class OrderCases {
    private static final List<DType> DTYPES = List.of(DType.F64, DType.F32, DType.I32, DType.I64, DType.U32, DType.U8,
            DType.BOOL);

    private record Axis(Shape shape, int axis) {}

    private static final List<Axis> AXES = List.of(new Axis(Shape.of(1), 0), new Axis(Shape.of(7), 0),
            new Axis(Shape.of(0), 0),
            new Axis(Shape.of(3, 5), 0), new Axis(Shape.of(3, 5), 1), new Axis(Shape.of(0, 3), 1),
                    new Axis(Shape.of(3, 0), 0),
            new Axis(Shape.of(2, 4, 3), 1), new Axis(Shape.of(9, 2), 1));

    private final List<OpCase> cases = new ArrayList<>();

    static List<OpCase> all() {
        var c = new OrderCases();
        for (DType t : DTYPES) {
            for (Axis a : AXES) {
                c.prefixes(t, a, false);
                if (t == DType.F64) c.prefixes(t, a, true);
                c.sorts(t, a);
            }
        }
        for (DType t : List.of(DType.F64, DType.F32, DType.I32, DType.U8)) {
            c.prefixes(t, new Axis(Shape.of(2500), 0), t == DType.I32);
            c.prefixes(t, new Axis(Shape.of(2, 1030), 1), t == DType.F32);
            c.sorts(t, new Axis(Shape.of(5000), 0));
            c.sorts(t, new Axis(Shape.of(3, 400), 1));
        }
        return c.cases;
    }

    private void prefixes(DType t, Axis a, boolean reverse) {
        TensorType x = new TensorType(t, a.shape());
        int n = a.shape().size(a.axis());
        boolean bool = t == DType.BOOL, large = x.elements() > 100;
        OpCase.Inputs some = Draws.each(List.of(x), List.of(Draws.small(t)));
        OpCase.Inputs distinct = t.isFloat() ? Draws.distinct(List.of(x), -3, 3) : some;
        add(new CumSum(a.axis(), reverse), x, some, (p, q) -> bool ? Math.max(p, q) : t == DType.U8 ? (p + q) % 256
                : p + q,
                OpCase.Tolerance.sum(n, 3));
        add(new CumMax(a.axis(), reverse), x, distinct, Math::max, EXACT);
        add(new CumMin(a.axis(), reverse), x, distinct, Math::min, EXACT);
        Draws factors = large && t.isFloat() ? Draws.eitherSign(0.99, 1.01) : t.isFloat() ? Draws.eitherSign(0.7, 1.3)
                : bool ? Draws.small(t) : random -> random.nextInt(n + 1) < 2 ? random.nextInt(1, 4) : 1;
        add(new CumProd(a.axis(), reverse), x, Draws.each(List.of(x), List.of(factors)),
                (p, q) -> t == DType.U8 ? p * q % 256 : p * q,
                        new OpCase.Tolerance(2 * n, 0, "one rounding for every factor"));
        if (t.isFloat())
            add(new CumLogSumExp(a.axis(), reverse), x, distinct, (p, q) -> Math.max(p, q)
                    + Math.log1p(Math.exp(-Math.abs(p - q))),
                    OpCase.Tolerance.sum(n, 9));
    }

    private void add(Cumulative op, TensorType x, OpCase.Inputs inputs, DoubleBinaryOperator combine,
            OpCase.Tolerance tolerance) {
        Lines lines = Lines.of(x.shape(), op.axis());
        OpCase.Reference reference = in -> {
            double[] out = in.getFirst().numbers().clone();
            for (int line = 0; line < lines.count(); line++) for (int i = 1; i < lines.length(); i++) {
                int step = op.reverse() ? -lines.inner() : lines.inner();
                int at = lines.start(line) + (op.reverse() ? lines.length() - 1 - i : i) * lines.inner();
                out[at] = x.dtype().normalize(combine.applyAsDouble(out[at - step], out[at])).doubleValue();
            }
            return List.of(new Grid(x.shape().sizes(), out));
        };
        cases.add(new OpCase(op, List.of(x), inputs, Optional.of(reference), tolerance, x.elements() > 100
                ? OpCase.Modes.NEITHER
                : OpCase.Modes.FORWARD_AND_REVERSE));
    }

    private void sorts(DType t, Axis a) {
        TensorType x = new TensorType(t, a.shape());
        Draws few = t == DType.BOOL ? Draws.whole(0, 1) : t.kind() == DType.Kind.SIGNED ? Draws.whole(-2, 2)
                : Draws.whole(0, 4);
        sort(new Sort(a.axis(), 1), List.of(x), Draws.each(List.of(x), List.of(Draws.wide(t))));
        OpCase.Inputs distinct = t.isFloat() ? Draws.distinct(List.of(x, x), -3, 3)
                : Draws.each(List.of(x, x), List.of(few, few));
        sort(new Sort(a.axis(), 1), List.of(x, x), distinct);
        List<TensorType> mixed = List.of(x.withDType(DType.I32), x, x.withDType(DType.F64), x.withDType(DType.I64));
        OpCase.Inputs wide = Draws.each(mixed, List.of(Draws.whole(-1, 1), few, Draws.small(DType.F64),
                Draws.wide(DType.I64)));
        sort(new Sort(a.axis(), 2), mixed, t.isFloat() ? random -> Lists.concat(wide.draw(random).subList(0, 1),
                Draws.distinct(List.of(x), -3, 3).draw(random), wide.draw(random).subList(2, 4)) : wide);
        sort(new Sort(a.axis(), 1), List.of(x.withDType(DType.I64), x), Draws.each(List.of(x.withDType(DType.I64), x),
                List.of(Draws.wide(DType.I64), few)));
        int n = a.shape().size(a.axis());
        for (int k : a.axis() == 0 ? List.of(n / 20, n) : List.of(0, n / 2)) largest(new TopK(k, a.axis()), x);
    }

    private void sort(Sort op, List<TensorType> types, OpCase.Inputs inputs) {
        Lines lines = Lines.of(types.getFirst().shape(), op.axis());
        OpCase.Reference reference = in -> {
            List<Grid> out = Lists.map(in, g -> new Grid(g.sizes(), g.numbers().clone()));
            for (int line = 0; line < lines.count(); line++) {
                List<Integer> from = new ArrayList<>(Lists.each(lines.length(), i -> i));
                int start = lines.start(line);
                Comparator<Integer> order = Comparator.comparing(i -> 0);
                for (Grid key : in.subList(0, op.keys()))
                    order = order.thenComparing(i -> key.numbers()[start + i * lines.inner()] + 0.0);
                from.sort(order);
                for (int k = 0; k < in.size(); k++) for (int i = 0; i < from.size(); i++)
                    out.get(k).numbers()[start + i * lines.inner()] = in.get(k)
                            .numbers()[start + from.get(i) * lines.inner()];
            }
            return out;
        };
        cases.add(new OpCase(op, types, inputs, Optional.of(reference), EXACT, modes(types.getFirst())));
    }

    private void largest(TopK op, TensorType x) {
        Lines lines = Lines.of(x.shape(), op.axis()), kept = lines.ofLength(op.k());
        List<Integer> sizes = x.shape().without(List.of(op.axis())).insert(op.axis(), op.k()).sizes();
        OpCase.Reference reference = in -> {
            double[] values = new double[kept.count() * op.k()], positions = values.clone();
            for (int line = 0; line < lines.count(); line++) {
                List<Integer> from = new ArrayList<>(Lists.each(lines.length(), i -> i));
                int start = lines.start(line);
                from.sort(Comparator.comparing(i -> -in.getFirst().numbers()[start + i * lines.inner()]));
                for (int i = 0; i < op.k(); i++) {
                    values[kept.start(line) + i * kept.inner()] = in.getFirst()
                            .numbers()[start + from.get(i) * lines.inner()];
                    positions[kept.start(line) + i * kept.inner()] = from.get(i);
                }
            }
            return List.of(new Grid(sizes, values), new Grid(sizes, positions));
        };
        OpCase.Inputs inputs = x.dtype().isFloat() ? Draws.distinct(List.of(x), -3, 3)
                : Draws.each(List.of(x), List.of(Draws.small(x.dtype())));
        cases.add(new OpCase(op, List.of(x), inputs, Optional.of(reference), EXACT, modes(x)));
    }

    private static OpCase.Modes modes(TensorType x) {
        return x.elements() > 100 ? OpCase.Modes.NEITHER : OpCase.Modes.FORWARD_AND_REVERSE;
    }
}
