package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javelin.compiler.simplify.Simplify.Builder;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.ops.Add;
import javelin.core.ops.Broadcast;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Pad;
import javelin.core.ops.Slice;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Sums of arrays padded with zeros, which is what derivatives of slices add up to, become pieces side by side: each is
 * computed once and written where it belongs, and nothing is filled with zeros first. Where there was a zero to add one
 * is added still, since it makes 0 of -0.
 */
final class PaddedSums {
    /** Part of a line: an atom of that size along the axis, or zeros. */
    private record Part(Optional<Atom> x, int size) {}

    private record Line(int axis, List<Part> parts, boolean padded) {}

    private PaddedSums() {}

    static Optional<Atom> rewrite(Equation e, Builder in) {
        if (!(e.op() instanceof Add)) return Optional.empty();
        Atom x = e.inputs().get(0), y = e.inputs().get(1);
        if (isZero(y, in) && in.producer(x).filter(p -> p.op() instanceof Add && isZero(p.inputs().get(1), in))
                .isPresent()) return Optional.of(x);
        return line(x, in).flatMap(a -> line(y, in).filter(b -> a.axis() == b.axis() && (a.padded() || b.padded()))
                .map(b -> sum(a, b, e, in)));
    }

    private static boolean isZero(Atom a, Builder in) {
        return Simplify.splat(a, in).filter(l -> Double.doubleToRawLongBits(l.value().doubleValue()) == 0).isPresent();
    }

    private static Optional<Line> line(Atom a, Builder in) {
        return in.producer(a).flatMap(p -> switch (p.op()) {
            case Pad(var low, var high, var interior) when isZero(p.inputs().get(1), in) && interior.stream()
                    .allMatch(n -> n == 0) -> {
                List<Integer> padded = Lists.range(0, low.size()).stream()
                        .filter(i -> low.get(i) != 0 || high.get(i) != 0).toList();
                int axis = padded.size() == 1 ? padded.getFirst() : -1;
                if (axis < 0 || low.get(axis) < 0 || high.get(axis) < 0) yield Optional.empty();
                Atom x = p.inputs().getFirst();
                yield Optional.of(new Line(axis, List.of(new Part(Optional.empty(), low.get(axis)),
                        new Part(Optional.of(x), x.type().shape().size(axis)),
                                new Part(Optional.empty(), high.get(axis))), true));
            }
            case Concatenate(int axis) -> Optional.of(new Line(axis, Lists.map(p.inputs(), x ->
                    new Part(isZero(x, in) ? Optional.empty() : Optional.of(x), x.type().shape().size(axis))), false));
            default -> Optional.empty();
        });
    }

    private static Atom sum(Line a, Line b, Equation e, Builder in) {
        TensorType type = e.output().type();
        List<Atom> pieces = new ArrayList<>();
        int zeros = 0;
        for (int i = 0, j = 0, atI = 0, atJ = 0; i < a.parts().size() && j < b.parts().size();) {
            Part p = a.parts().get(i), q = b.parts().get(j);
            int size = Math.min(p.size() - atI, q.size() - atJ);
            if (p.x().isEmpty() && q.x().isEmpty()) zeros += size;
            else if (size > 0) {
                if (zeros > 0) pieces.add(piece(Optional.empty(), 0, zeros, a.axis(), type, e, in));
                zeros = 0;
                Atom x = piece(p.x(), atI, size, a.axis(), type, e, in),
                        y = piece(q.x(), atJ, size, a.axis(), type, e, in);
                pieces.add(in.emit(new Add(), p.x().isEmpty() ? List.of(y, x) : List.of(x, y), e));
            }
            atI += size;
            atJ += size;
            if (atI == p.size()) { i++; atI = 0; }
            if (atJ == q.size()) { j++; atJ = 0; }
        }
        if (zeros > 0) pieces.add(piece(Optional.empty(), 0, zeros, a.axis(), type, e, in));
        return pieces.size() == 1 ? pieces.getFirst() : in.emit(new Concatenate(a.axis()), pieces, e);
    }

    private static Atom piece(Optional<Atom> x, int from, int size, int axis, TensorType type, Equation e, Builder in) {
        Shape shape = type.shape().without(List.of(axis)).insert(axis, size);
        if (x.isEmpty())
            return in.emit(new Broadcast(shape, List.of()),
                    List.of(new Literal(0, type.withShape(new Shape(List.of())))), e);
        if (x.get().type().shape().equals(shape)) return x.get();
        return in.emit(new Slice(Lists.each(shape.rank(), a -> a == axis ? from : 0),
                Lists.each(shape.rank(), a -> a == axis ? from + size : shape.size(a)),
                Lists.each(shape.rank(), _ -> 1)), List.of(x.get()), e);
    }
}
