package javelin.core.ops;

import static javelin.core.ops.OpCase.Tolerance.EXACT;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import javelin.check.Grid;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The rows of the table whose ops combine many elements: reductions and contractions. */
final class ReductionCases {
    private static final List<DType> DTYPES = List.of(DType.values());

    private final List<OpCase> cases = new ArrayList<>();

    static List<OpCase> all() {
        var c = new ReductionCases();
        for (DType t : DTYPES) {
            c.reductions(t, Shape.of(), List.of());
            c.reductions(t, Shape.of(1), List.of(0));
            c.reductions(t, Shape.of(7), List.of(0));
            c.reductions(t, Shape.of(0), List.of(0));
            c.reductions(t, Shape.of(0, 3), List.of(1));
            c.reductions(t, Shape.of(3, 0), List.of(1));
            c.reductions(t, Shape.of(3, 5), List.of(1));
            c.reductions(t, Shape.of(3, 5), List.of(0));
            c.reductions(t, Shape.of(2, 3, 4), List.of(0, 2));
            c.reductions(t, Shape.of(2, 3, 1), List.of(2, 0));
            c.reductions(t, Shape.of(67), List.of(0));
            c.extremes(t, Shape.of(1), 0);
            c.extremes(t, Shape.of(9), 0);
            c.extremes(t, Shape.of(3, 5), 0);
            c.extremes(t, Shape.of(3, 5), 1);
            c.extremes(t, Shape.of(2, 7, 3), 1);
            c.extremes(t, Shape.of(0, 3), 1);
            c.products(t);
        }
        return c.cases;
    }

    private void reductions(DType t, Shape shape, List<Integer> axes) {
        TensorType x = new TensorType(t, shape);
        int terms = shape.select(axes).elements();
        boolean bool = t == DType.BOOL;
        Draws some = Draws.small(t);
        OpCase.Inputs distinct = t.isFloat() ? Draws.distinct(List.of(x), -3, 3)
                : Draws.each(List.of(x), List.of(some));
        reduce(new ReduceSum(axes), x, Draws.each(List.of(x), List.of(some)), 0, (a, b) -> bool ? Math.max(a, b)
                : wrapped(t, a + b), OpCase.Tolerance.sum(terms, 3));
        reduce(new ReduceMax(axes), x, distinct, t.toDouble(t.lowest()), Math::max, EXACT);
        reduce(new ReduceMin(axes), x, distinct, t.toDouble(t.highest()), Math::min, EXACT);
        // most whole numbers are 1, so that products stay in range
        Draws factors = t.isFloat() ? Draws.eitherSign(0.7, 1.3) : bool ? some : random -> random.nextInt(terms + 1) < 2
                ? random.nextInt(1, 4) : 1;
        reduce(new ReduceProd(axes), x, Draws.each(List.of(x), List.of(factors)), 1,
                (a, b) -> wrapped(t, a * b), new OpCase.Tolerance(terms, 0, "one rounding for every factor"));
    }

    private static double wrapped(DType type, double x) {
        return type.isInteger() ? type.normalize((long) x).doubleValue() : x;
    }

    private void reduce(Reduction op, TensorType x, OpCase.Inputs inputs, double identity, DoubleBinaryOperator combine,
            OpCase.Tolerance tolerance) {
        List<Integer> kept = Reduction.kept(x, op.axes());
        OpCase.Reference reference = in -> {
            Grid out = Grid.of(x.shape().select(kept).sizes(), _ -> identity);
            Grid.of(x.shape().sizes(), at -> {
                int flat = 0;
                for (int a : kept) flat = flat * x.shape().size(a) + at[a];
                return out.numbers()[flat] = combine.applyAsDouble(out.numbers()[flat], in.getFirst().at(at));
            });
            return List.of(out);
        };
        boolean emptyExtreme = x.shape().select(op.axes()).elements() == 0
                && (op instanceof ReduceMax || op instanceof ReduceMin);
        cases.add(new OpCase(op, List.of(x), inputs, Optional.of(reference), tolerance, emptyExtreme
                ? OpCase.Modes.NEITHER : OpCase.Modes.FORWARD_AND_REVERSE));
    }

    private void extremes(DType t, Shape shape, int axis) {
        TensorType x = new TensorType(t, shape);
        OpCase.Inputs inputs = t.isFloat() ? Draws.distinct(List.of(x), -3, 3)
                : Draws.each(List.of(x), List.of(Draws.small(t)));
        for (DType index : List.of(DType.I32, DType.I64, DType.U8, DType.I16))
            for (boolean max : new boolean[] {true, false}) {
                OpCase.Reference reference = in -> List.of(Grid.of(shape.without(List.of(axis)).sizes(), at -> {
                    int best = 0;
                    for (int i = 1; i < shape.size(axis); i++) {
                        double now = in.getFirst().at(with(at, axis, i)),
                                before = in.getFirst().at(with(at, axis, best));
                        if (max ? now > before : now < before) best = i;
                    }
                    return best;
                }));
                cases.add(new OpCase(new ArgExtreme(axis, max, index), List.of(x), inputs, Optional.of(reference),
                        EXACT, OpCase.Modes.FORWARD_AND_REVERSE));
            }
    }

    private static int[] with(int[] at, int axis, int i) {
        int[] all = new int[at.length + 1];
        for (int a = 0; a < all.length; a++) all[a] = a == axis ? i : at[a < axis ? a : a - 1];
        return all;
    }

    private void products(DType t) {
        product(t, Shape.of(5), Shape.of(5), DotGeneral.of(List.of(), List.of(0), List.of(), List.of(0)));
        product(t, Shape.of(), Shape.of(3), DotGeneral.of(List.of(), List.of(), List.of(), List.of()));
        product(t, Shape.of(3, 5), Shape.of(5, 2), DotGeneral.of(List.of(), List.of(1), List.of(), List.of(0)));
        product(t, Shape.of(5, 3), Shape.of(2, 5), DotGeneral.of(List.of(), List.of(0), List.of(), List.of(1)));
        product(t, Shape.of(1, 1), Shape.of(1, 1), DotGeneral.of(List.of(), List.of(1), List.of(), List.of(0)));
        product(t, Shape.of(3, 0), Shape.of(0, 2), DotGeneral.of(List.of(), List.of(1), List.of(), List.of(0)));
        product(t, Shape.of(0, 3), Shape.of(3, 2), DotGeneral.of(List.of(), List.of(1), List.of(), List.of(0)));
        product(t, Shape.of(2, 3, 4), Shape.of(2, 4, 5), DotGeneral.of(List.of(0), List.of(2), List.of(0), List.of(1)));
        product(t, Shape.of(3, 2, 4), Shape.of(4, 3, 2),
                DotGeneral.of(List.of(0, 1), List.of(2), List.of(1, 2), List.of(0)));
        product(t, Shape.of(2, 3, 4), Shape.of(4, 5, 3),
                DotGeneral.of(List.of(), List.of(1, 2), List.of(), List.of(2, 0)));
        product(t, Shape.of(9, 17), Shape.of(17, 3), DotGeneral.of(List.of(), List.of(1), List.of(), List.of(0)));
        for (DType result : List.of(DType.F32, DType.F64, DType.F16, DType.I16, DType.U64)) {
            if (t.isFloat() && !result.isFloat() || t == DType.BOOL) continue;
            product(t, Shape.of(2, 3, 4), Shape.of(2, 4, 5), new DotGeneral(new DotGeneral.Side(List.of(0), List.of(2)),
                    new DotGeneral.Side(List.of(0), List.of(1)), Optional.of(result)));
        }
    }

    private void product(DType t, Shape left, Shape right, DotGeneral op) {
        List<TensorType> types = List.of(new TensorType(t, left), new TensorType(t, right));
        List<Integer> leftFree = op.lhs().free(left.rank()), rightFree = op.rhs().free(right.rank());
        List<Integer> sizes = Lists.concat(left.select(op.lhs().batch()).sizes(), left.select(leftFree).sizes(),
                right.select(rightFree).sizes());
        Shape summed = left.select(op.lhs().contract());
        int batch = op.lhs().batch().size();
        OpCase.Reference reference = in -> List.of(Grid.of(sizes, at -> {
            double[] sum = {0};
            Grid.of(summed.sizes(), k -> {
                double term = in.get(0).at(place(op.lhs(), left.rank(), leftFree, at, batch, k)) * in.get(1)
                        .at(place(op.rhs(), right.rank(), rightFree, at, batch + leftFree.size(), k));
                return sum[0] = t == DType.BOOL ? Math.max(sum[0], term) : sum[0] + term;
            });
            return op.result().isPresent() ? sum[0] : wrapped(t, sum[0]);
        }));
        Draws some = op.result().isEmpty() ? Draws.small(t) : t.isFloat() ? Draws.range(-3, 3) : Draws.whole(0, 3);
        cases.add(new OpCase(op, types, Draws.each(types, List.of(some, some)), Optional.of(reference),
                OpCase.Tolerance.sum(summed.elements(), 9), op.result().isPresent() && op.result().get() != DType.F64
                ? OpCase.Modes.NEITHER : OpCase.Modes.FORWARD_AND_REVERSE));
    }

    private static int[] place(DotGeneral.Side side, int rank, List<Integer> free, int[] at, int freeFrom, int[] k) {
        int[] place = new int[rank];
        for (int n = 0; n < side.batch().size(); n++) place[side.batch().get(n)] = at[n];
        for (int n = 0; n < free.size(); n++) place[free.get(n)] = at[freeFrom + n];
        for (int n = 0; n < k.length; n++) place[side.contract().get(n)] = k[n];
        return place;
    }
}
