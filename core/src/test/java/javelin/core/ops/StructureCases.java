package javelin.core.ops;

import static javelin.core.ops.OpCase.Tolerance.EXACT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javelin.check.Grid;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** The rows of the table whose ops move elements: each output element is an input element, or padding. */
final class StructureCases {
    private static final List<DType> DTYPES = List.of(DType.values());

    private final List<OpCase> cases = new ArrayList<>();
    private DType dtype = DType.F64;

    static List<OpCase> all() {
        var c = new StructureCases();
        for (DType t : DTYPES) {
            c.dtype = t;
            c.shapes();
            c.slices();
            c.pads();
            c.concatenations();
        }
        return c.cases;
    }

    private void shapes() {
        broadcast(Shape.of(), List.of());
        broadcast(Shape.of(5), List.of());
        broadcast(Shape.of(2, 3), List.of(1));
        broadcast(Shape.of(2, 3), List.of(0));
        broadcast(Shape.of(4, 1, 3), List.of(0, 2));
        broadcast(Shape.of(0, 3), List.of(1));
        broadcast(Shape.of(3, 0), List.of(1));
        broadcast(Shape.of(17, 9), List.of(0, 1));
        reshape(Shape.of(), Shape.of(1, 1));
        reshape(Shape.of(6), Shape.of(2, 3));
        reshape(Shape.of(3, 5), Shape.of(5, 3));
        reshape(Shape.of(0, 3), Shape.of(7, 0));
        reshape(Shape.of(4, 9), Shape.of(36));
        transpose(Shape.of(), List.of());
        transpose(Shape.of(3), List.of(0));
        transpose(Shape.of(3, 5), List.of(1, 0));
        transpose(Shape.of(2, 3, 4), List.of(2, 0, 1));
        transpose(Shape.of(2, 0, 4), List.of(1, 2, 0));
        transpose(Shape.of(1, 3, 1, 5), List.of(3, 2, 0, 1));
        reverse(Shape.of(), List.of());
        reverse(Shape.of(5), List.of(0));
        reverse(Shape.of(3, 4), List.of(1, 0));
        reverse(Shape.of(0, 4), List.of(0));
        reverse(Shape.of(2, 1, 7), List.of(2));
        if (dtype == DType.BOOL) return;
        for (Shape s : List.of(Shape.of(1), Shape.of(0), Shape.of(3, 5), Shape.of(2, 0, 3), Shape.of(67)))
            for (int a = 0; a < s.rank(); a++) {
                int axis = a;
                OpCase.Reference counts = _ -> List.of(Grid.of(s.sizes(), at -> at[axis]));
                cases.add(new OpCase(new Iota(new TensorType(dtype, s), axis), List.of(), _ -> List.of(),
                        Optional.of(counts), EXACT, OpCase.Modes.FORWARD_AND_REVERSE));
            }
    }

    private void broadcast(Shape to, List<Integer> axes) {
        move(new Broadcast(to, axes), to.select(axes), to, at -> axes.stream().mapToInt(a -> at[a]).toArray());
    }

    private void reshape(Shape from, Shape to) {
        move(new Reshape(to), from, to, at -> {
            int flat = 0;
            for (int a = 0; a < at.length; a++) flat = flat * to.size(a) + at[a];
            int[] source = new int[from.rank()];
            for (int a = source.length - 1; a >= 0; flat /= from.size(a), a--) source[a] = flat % from.size(a);
            return source;
        });
    }

    private void transpose(Shape from, List<Integer> permutation) {
        move(new Transpose(permutation), from, from.select(permutation), at -> {
            int[] source = new int[at.length];
            for (int a = 0; a < at.length; a++) source[permutation.get(a)] = at[a];
            return source;
        });
    }

    private void reverse(Shape shape, List<Integer> axes) {
        move(new Reverse(axes), shape, shape, at -> {
            for (int a : axes) at[a] = shape.size(a) - 1 - at[a];
            return at;
        });
    }

    private void slices() {
        slice(Shape.of(), List.of(), List.of(), List.of());
        slice(Shape.of(7), List.of(2), List.of(5), List.of(1));
        slice(Shape.of(7), List.of(1), List.of(7), List.of(3));
        slice(Shape.of(7), List.of(4), List.of(4), List.of(1));
        slice(Shape.of(0, 3), List.of(0, 1), List.of(0, 3), List.of(2, 1));
        slice(Shape.of(5, 9), List.of(1, 0), List.of(4, 8), List.of(2, 4));
        slice(Shape.of(1, 6, 2), List.of(0, 5, 0), List.of(1, 6, 2), List.of(1, 1, 1));
    }

    private void slice(Shape from, List<Integer> start, List<Integer> limit, List<Integer> stride) {
        Shape to = new Shape(Lists.each(from.rank(),
                a -> (limit.get(a) - start.get(a) + stride.get(a) - 1) / stride.get(a)));
        move(new Slice(start, limit, stride), from, to, at -> {
            for (int a = 0; a < at.length; a++) at[a] = start.get(a) + at[a] * stride.get(a);
            return at;
        });
    }

    private void pads() {
        pad(Shape.of(), List.of(), List.of(), List.of());
        pad(Shape.of(4), List.of(2), List.of(3), List.of(0));
        pad(Shape.of(4), List.of(-1), List.of(-2), List.of(0));
        pad(Shape.of(4), List.of(1), List.of(-2), List.of(2));
        pad(Shape.of(4), List.of(-2), List.of(1), List.of(1));
        pad(Shape.of(0), List.of(1), List.of(2), List.of(3));
        pad(Shape.of(1, 5), List.of(0, 1), List.of(2, 0), List.of(1, 0));
        pad(Shape.of(3, 4), List.of(-1, 2), List.of(1, -3), List.of(1, 2));
        pad(Shape.of(2, 0), List.of(1, 0), List.of(0, 3), List.of(0, 0));
    }

    private void pad(Shape from, List<Integer> low, List<Integer> high, List<Integer> interior) {
        Shape to = new Shape(Lists.each(from.rank(), a -> low.get(a) + high.get(a) + from.size(a)
                + Math.max(0, from.size(a) - 1) * interior.get(a)));
        List<TensorType> types = List.of(new TensorType(dtype, from), TensorType.of(dtype));
        add(new Pad(low, high, interior), types, in -> Grid.of(to.sizes(), at -> {
            for (int a = 0; a < at.length; a++) {
                int step = interior.get(a) + 1, shifted = at[a] - low.get(a);
                if (shifted % step != 0 || shifted < 0 || shifted / step >= from.size(a)) return in.get(1).at();
                at[a] = shifted / step;
            }
            return in.get(0).at(at);
        }));
    }

    private void concatenations() {
        concatenate(0, Shape.of(3));
        concatenate(0, Shape.of(2), Shape.of(0), Shape.of(5));
        concatenate(1, Shape.of(2, 3), Shape.of(2, 1));
        concatenate(0, Shape.of(1, 0), Shape.of(2, 0));
        concatenate(2, Shape.of(2, 1, 3), Shape.of(2, 1, 4), Shape.of(2, 1, 1));
    }

    private void concatenate(int axis, Shape... parts) {
        List<Shape> shapes = List.of(parts);
        int total = shapes.stream().mapToInt(s -> s.size(axis)).sum();
        List<Integer> sizes = Lists.each(parts[0].rank(), a -> a == axis ? total : parts[0].size(a));
        add(new Concatenate(axis), Lists.map(shapes, s -> new TensorType(dtype, s)), in -> Grid.of(sizes, at -> {
            int part = 0;
            for (; at[axis] >= parts[part].size(axis); part++) at[axis] -= parts[part].size(axis);
            return in.get(part).at(at);
        }));
    }

    private interface Source { int[] of(int[] at); }

    private void move(Op op, Shape from, Shape to, Source source) {
        add(op, List.of(new TensorType(dtype, from)), in -> Grid.of(to.sizes(), at -> in.getFirst().at(source.of(at))));
    }

    private interface Single { Grid of(List<Grid> in); }

    private void add(Op op, List<TensorType> types, Single reference) {
        cases.add(new OpCase(op, types,
                Draws.each(types, Collections.nCopies(types.size(), dtype.isFloat() ? Draws.small(dtype)
                : Draws.wide(dtype))),
                Optional.of(in -> List.of(reference.of(in))), EXACT, OpCase.Modes.FORWARD_AND_REVERSE));
    }
}
