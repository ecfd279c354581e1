package javelin.core.ops;

import static javelin.core.ops.OpCase.Tolerance.EXACT;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.random.RandomGenerator;
import javelin.check.Grid;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * The rows of the table whose ops read or write at positions that are data; positions out of range are drawn too,
 * unless that is a broken promise.
 */
final class IndexingCases {
    private final List<OpCase> cases = new ArrayList<>();

    static List<OpCase> all() {
        var c = new IndexingCases();
        for (DType t : List.of(DType.F64, DType.F32, DType.BF16, DType.F16, DType.I64, DType.I8, DType.U8, DType.U16,
                DType.U64, DType.BOOL)) {
            for (DType index : List.of(DType.I32, DType.I64, DType.U8, DType.I8, DType.U64)) c.windows(t, index);
            for (var mode : List.of(GatherAxes.Mode.CLIP, GatherAxes.Mode.FILL_OR_DROP)) c.positions(t, mode);
        }
        return c.cases;
    }

    private void windows(DType t, DType index) {
        window(t, index, Shape.of(), Shape.of());
        window(t, index, Shape.of(7), Shape.of(3));
        window(t, index, Shape.of(7), Shape.of(7));
        window(t, index, Shape.of(5), Shape.of(0));
        window(t, index, Shape.of(0), Shape.of(0));
        window(t, index, Shape.of(4, 5), Shape.of(1, 3));
        window(t, index, Shape.of(0, 5), Shape.of(0, 2));
    }

    private void window(DType t, DType index, Shape shape, Shape window) {
        TensorType x = new TensorType(t, shape), update = new TensorType(t, window);
        List<TensorType> starts = Lists.each(shape.rank(), _ -> TensorType.of(index));
        Draws some = Draws.small(t), anywhere = index.kind() == DType.Kind.UNSIGNED ? Draws.whole(0, 9)
                : Draws.whole(-2, 9);
        List<Draws> drawn = Lists.each(shape.rank(), _ -> anywhere);
        OpCase.Reference slice = in -> List.of(Grid.of(window.sizes(),
                at -> in.getFirst().at(moved(at, in.subList(1, in.size()), shape, window, 1))));
        add(new DynamicSlice(window.sizes()), Lists.concat(List.of(x), starts),
                Lists.concat(List.of(some), drawn), slice);
        OpCase.Reference written = in -> List.of(Grid.of(shape.sizes(), at -> {
            int[] inside = moved(at, in.subList(2, in.size()), shape, window, -1);
            boolean covered = true;
            for (int a = 0; a < at.length; a++) covered &= inside[a] >= 0 && inside[a] < window.size(a);
            return covered ? in.get(1).at(inside) : in.get(0).at(at);
        }));
        add(new DynamicUpdateSlice(), Lists.concat(List.of(x, update), starts),
                Lists.concat(List.of(some, some), drawn), written);
    }

    private static int[] moved(int[] at, List<Grid> starts, Shape shape, Shape window, int sign) {
        int[] to = new int[at.length];
        for (int a = 0; a < at.length; a++) to[a] = at[a]
                + sign * Math.clamp((long) starts.get(a).at(), 0, shape.size(a) - window.size(a));
        return to;
    }

    /**
     * Rows, elements and batched rows: what take, indexing and takeAlongAxis make, and windows of more than one
     * element.
     */
    private void positions(DType t, GatherAxes.Mode mode) {
        axes(t, mode, Shape.of(5), Shape.of(4, 1),
                new GatherAxes(List.of(), List.of(0), List.of(0), List.of(), List.of()), List.of(1));
        axes(t, mode, Shape.of(5, 3), Shape.of(2, 4, 1),
                new GatherAxes(List.of(2), List.of(0), List.of(0), List.of(), List.of()), List.of(1, 3));
        axes(t, mode, Shape.of(5, 3), Shape.of(4, 1),
                new GatherAxes(List.of(0), List.of(1), List.of(1), List.of(), List.of()), List.of(5, 1));
        axes(t, mode, Shape.of(5, 3), Shape.of(6, 2),
                new GatherAxes(List.of(), List.of(0, 1), List.of(1, 0), List.of(), List.of()), List.of(1, 1));
        axes(t, mode, Shape.of(6, 4), Shape.of(3, 2),
                new GatherAxes(List.of(1, 2), List.of(), List.of(0, 1), List.of(), List.of()), List.of(2, 3));
        axes(t, mode, Shape.of(3, 5), Shape.of(3, 4, 1),
                new GatherAxes(List.of(), List.of(1), List.of(1), List.of(0), List.of(0)), List.of(1, 1));
        axes(t, mode, Shape.of(5, 3, 2), Shape.of(4, 3, 1),
                new GatherAxes(List.of(0), List.of(0), List.of(0), List.of(1), List.of(1)), List.of(1, 1, 2));
        axes(t, mode, Shape.of(5, 3), Shape.of(0, 1),
                new GatherAxes(List.of(1), List.of(0), List.of(0), List.of(), List.of()), List.of(1, 3));
        axes(t, mode, Shape.of(5, 0), Shape.of(4, 1),
                new GatherAxes(List.of(1), List.of(0), List.of(0), List.of(), List.of()), List.of(1, 0));
    }

    private void axes(DType t, GatherAxes.Mode mode, Shape operand, Shape positions, GatherAxes axes,
            List<Integer> sizes) {
        TensorType x = new TensorType(t, operand), at = new TensorType(DType.I32, positions);
        int fitting = axes.startIndexMap().stream().mapToInt(a -> operand.size(a) - sizes.get(a)).min().orElse(0);
        Draws some = Draws.small(t), anywhere = mode == GatherAxes.Mode.PROMISE_IN_BOUNDS ? Draws.whole(0, fitting)
                : Draws.whole(-1, 6);
        Gather gather = new Gather(axes, sizes, mode, t.isFloat() ? 0.5 : 7);
        double filler = t.isFloat() ? 0.5 : t.normalize(7L).doubleValue();
        TensorType windows = gather.outputType(List.of(x, at));
        OpCase.Reference read = in -> List.of(Grid.of(windows.shape().sizes(), w -> {
            int[] place = place(w, in.get(1), operand, axes, sizes, mode);
            return place.length == 0 && operand.rank() > 0 ? filler : in.get(0).at(place);
        }));
        add(gather, List.of(x, at), List.of(some, anywhere), read);
        List<TensorType> types = List.of(x, at, windows);
        OpCase.Inputs drawn = Draws.each(types, List.of(some, anywhere, some));
        var sum = OpCase.Tolerance.sum(windows.elements() + 1, 3);
        var both = OpCase.Modes.FORWARD_AND_REVERSE;
        Writing write = (joined) -> in -> written(in, operand, axes, sizes, mode, joined);
        cases.add(new OpCase(new ScatterAdd(axes, mode), types, drawn, Optional.of(write.of(
                (old, u) -> t == DType.BOOL ? Math.max(old, u) : t.normalize(old + u).doubleValue())), sum, both));
        cases.add(new OpCase(new ScatterSet(axes, mode, false), types, drawn, Optional.of(write.of((_, u) -> u)),
                EXACT, both));
        var product = Optional.of(write.of((old, u) -> (t.isFloat() ? t.normalize(old * u)
                : t.normalize((long) (old * u))).doubleValue()));
        var rounded = new OpCase.Tolerance(windows.elements(), 0, "a product, rounded as often as it has factors");
        if (!t.isFloat())                                                // else it refuses to be differentiated
            cases.add(new OpCase(new ScatterMul(axes, mode, false), types, drawn, product, rounded, both));
        for (boolean max : List.of(false, true))
            cases.add(new OpCase(new ScatterExtreme(axes, mode, max), types,
                    t.isFloat() ? random -> distinct(random, x, anywhere.array(at, random), windows) : drawn,
                    Optional.of(write.of(max ? Math::max : Math::min)), EXACT, both));
        if (mode != GatherAxes.Mode.FILL_OR_DROP) return;
        OpCase.Inputs apart = random -> {                                // positions that go to different places
            List<Array> in = drawn.draw(random);
            while (meet(Grid.of(in.get(1)), windows, operand, axes, sizes, mode)) in = drawn.draw(random);
            return in;
        };
        cases.add(new OpCase(new ScatterSet(axes, mode, true), types, apart, Optional.of(write.of((_, u) -> u)),
                EXACT, both));
        cases.add(new OpCase(new ScatterMul(axes, mode, true), types, apart, product, rounded, both));
    }

    private interface Writing { OpCase.Reference of(DoubleBinaryOperator joined); }

    /** Operand and updates without equal numbers, which are kinks of min and max. */
    private static List<Array> distinct(RandomGenerator random, TensorType x, Array at, TensorType updates) {
        List<Array> numbers = Draws.distinct(List.of(x, updates), -3, 3).draw(random);
        return List.of(numbers.get(0), at, numbers.get(1));
    }

    private static List<Grid> written(List<Grid> in, Shape operand, GatherAxes axes, List<Integer> sizes,
            GatherAxes.Mode mode, DoubleBinaryOperator joined) {
        Grid out = new Grid(operand.sizes(), in.get(0).numbers().clone());
        Grid.of(in.get(2).sizes(), w -> {
            int[] place = place(w, in.get(1), operand, axes, sizes, mode);
            if (place.length == 0 && operand.rank() > 0) return 0;
            int flat = flat(place, operand);
            return out.numbers()[flat] = joined.applyAsDouble(out.numbers()[flat], in.get(2).at(w));
        });
        return List.of(out);
    }

    private static int flat(int[] place, Shape shape) {
        int flat = 0;
        for (int a = 0; a < place.length; a++) flat = flat * shape.size(a) + place[a];
        return flat;
    }

    /** Whether two windows overlap. */
    private static boolean meet(Grid positions, TensorType windows, Shape operand, GatherAxes axes, List<Integer> sizes,
            GatherAxes.Mode mode) {
        Set<Integer> seen = new HashSet<>();
        boolean[] meet = {false};
        Grid.of(windows.shape().sizes(), w -> {
            int[] place = place(w, positions, operand, axes, sizes, mode);
            meet[0] |= place.length > 0 && !seen.add(flat(place, operand));
            return 0;
        });
        return meet[0];
    }

    /**
     * Where element {@code w} of the windows array lies in the operand; nowhere (an empty array) if its window sticks
     * out and is dropped.
     */
    private static int[] place(int[] w, Grid positions, Shape operand, GatherAxes axes, List<Integer> sizes,
            GatherAxes.Mode mode) {
        int[] row = new int[positions.sizes().size()], place = new int[operand.rank()];
        int b = 0, window = 0;
        for (int a = 0; a < w.length; a++) if (!axes.offset().contains(a)) row[b++] = w[a];
        for (int a = 0; a < place.length; a++) {
            int start = 0;
            if (axes.startIndexMap().contains(a)) {
                row[row.length - 1] = axes.startIndexMap().indexOf(a);
                start = (int) positions.at(row);
                int fitting = Math.clamp(start, 0, operand.size(a) - sizes.get(a));
                if (mode == GatherAxes.Mode.FILL_OR_DROP && fitting != start) return new int[0];
                start = fitting;
            }
            if (axes.operandBatch().contains(a)) start = row[axes.positionBatch().get(axes.operandBatch().indexOf(a))];
            boolean kept = !axes.collapsed().contains(a) && !axes.operandBatch().contains(a);
            place[a] = start + (kept ? w[axes.offset().get(window++)] : 0);
        }
        return place;
    }

    private void add(Op op, List<TensorType> types, List<Draws> domains, OpCase.Reference reference) {
        cases.add(new OpCase(op, types, Draws.each(types, domains), Optional.of(reference), EXACT,
                OpCase.Modes.FORWARD_AND_REVERSE));
    }
}
