package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import javelin.compiler.simplify.Simplify.Builder;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalars;
import javelin.core.ops.Add;
import javelin.core.ops.Broadcast;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Convert;
import javelin.core.ops.Div;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.IntegerPow;
import javelin.core.ops.Mul;
import javelin.core.ops.Named;
import javelin.core.ops.Neg;
import javelin.core.ops.ReduceSum;
import javelin.core.ops.Reshape;
import javelin.core.ops.Select;
import javelin.core.ops.StopGradient;
import javelin.core.ops.Sub;
import javelin.core.ops.Transpose;
import javelin.core.type.Shape;

/** Rules that replace an equation by something simpler that is equal in every bit; one method each, listed here. */
final class Rewrites {
    private static final List<BiFunction<Equation, Builder, Optional<Atom>>> RULES = List.of(
            Rewrites::nothingToDo, Rewrites::timesOne, Rewrites::twiceNegated, Rewrites::plusNegated,
                    Rewrites::sameSides,
            Rewrites::reshapeOfReshape, Rewrites::transposeOfTranspose, Rewrites::broadcastOfBroadcast,
                    Rewrites::broadcastOfUnitAxes,
            Rewrites::sumOfNothing, Rewrites::dotOfTranspose,
            Rewrites::transposeOfPieces, PaddedSums::rewrite, ConvLayouts::rewrite);

    private Rewrites() {}

    /** What {@code e}, whose inputs are atoms of the new program, is equal to, if a rule knows. */
    static Optional<Atom> apply(Equation e, Builder in) {
        return RULES.stream().map(rule -> rule.apply(e, in)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<Atom> nothingToDo(Equation e, Builder in) {
        if (e.inputs().isEmpty()) return Optional.empty();
        Atom x = e.inputs().getFirst();
        return switch (e.op()) {
            case StopGradient(), Named(_) -> Optional.of(x);
            case Convert(var type) when x.type().dtype() == type -> Optional.of(x);
            case Reshape(var shape) when x.type().shape().equals(shape) -> Optional.of(x);
            case Broadcast(var shape, _) when x.type().shape().equals(shape) -> Optional.of(x);
            case Transpose(var order) when order.equals(Lists.range(0, order.size())) -> Optional.of(x);
            case IntegerPow(int n) when n == 1 -> Optional.of(x);
            case Convert(var type) when x instanceof Literal(Number value, var from) ->
                Optional.of(new Literal(Scalars.apply(Fn.CONVERT, from.dtype(), type, List.of(value)),
                        from.withDType(type)));
            default -> Optional.empty();
        };
    }

    private static Optional<Atom> timesOne(Equation e, Builder in) {
        if (e.op() instanceof Mul && isOne(e.inputs().get(0), in)) return Optional.of(e.inputs().get(1));
        boolean second = e.op() instanceof Mul || e.op() instanceof Div;
        return second && isOne(e.inputs().get(1), in) ? Optional.of(e.inputs().get(0)) : Optional.empty();
    }

    private static boolean isOne(Atom a, Builder in) {
        return Simplify.splat(a, in).filter(l -> l.value().doubleValue() == 1).isPresent();
    }

    private static Optional<Atom> twiceNegated(Equation e, Builder in) {
        return e.op() instanceof Neg ? producedBy(Neg.class, e.inputs().getFirst(), in)
                .map(p -> p.inputs().getFirst()) : Optional.empty();
    }

    private static Optional<Atom> plusNegated(Equation e, Builder in) {
        if (!(e.op() instanceof Add)) return Optional.empty();
        Atom x = e.inputs().get(0), y = e.inputs().get(1);
        return producedBy(Neg.class, y, in).map(n -> in.emit(new Sub(), List.of(x, n.inputs().getFirst()), e))
                .or(() -> producedBy(Neg.class, x, in)
                        .map(n -> in.emit(new Sub(), List.of(y, n.inputs().getFirst()), e)));
    }

    private static Optional<Atom> sameSides(Equation e, Builder in) {
        return e.op() instanceof Select && e.inputs().get(1).equals(e.inputs().get(2))
                ? Optional.of(e.inputs().get(1)) : Optional.empty();
    }

    private static Optional<Atom> reshapeOfReshape(Equation e, Builder in) {
        if (!(e.op() instanceof Reshape reshape)) return Optional.empty();
        return producedBy(Reshape.class, e.inputs().getFirst(), in).map(p -> in.emit(reshape, p.inputs(), e));
    }

    private static Optional<Atom> transposeOfTranspose(Equation e, Builder in) {
        if (!(e.op() instanceof Transpose(var second))) return Optional.empty();
        return producedBy(Transpose.class, e.inputs().getFirst(), in).map(p ->
                in.emit(new Transpose(Lists.map(second, ((Transpose) p.op()).permutation()::get)), p.inputs(), e));
    }

    private static Optional<Atom> broadcastOfBroadcast(Equation e, Builder in) {
        if (!(e.op() instanceof Broadcast(var shape, var axes))) return Optional.empty();
        return producedBy(Broadcast.class, e.inputs().getFirst(), in).map(p ->
                in.emit(new Broadcast(shape, Lists.map(((Broadcast) p.op()).axes(), axes::get)), p.inputs(), e));
    }

    /** A reshape before the broadcast that only puts in or takes out axes of size 1 is a matter of naming axes. */
    private static Optional<Atom> broadcastOfUnitAxes(Equation e, Builder in) {
        if (!(e.op() instanceof Broadcast(var shape, var axes))) return Optional.empty();
        return producedBy(Reshape.class, e.inputs().getFirst(), in).flatMap(p -> {
            Shape from = p.inputs().getFirst().type().shape(), to = ((Reshape) p.op()).shape();
            if (!nonUnit(from).equals(nonUnit(to))) return Optional.empty();
            List<Integer> wide = Lists.range(0, to.rank()).stream().filter(a -> to.size(a) != 1).toList();
            List<Integer> target = new ArrayList<>();
            int next = 0;
            for (int a = 0; a < from.rank(); a++) {
                if (from.size(a) == 1) return Optional.empty();
                target.add(axes.get(wide.get(next++)));
            }
            return Optional.of(in.emit(new Broadcast(shape, target), p.inputs(), e));
        });
    }

    private static List<Integer> nonUnit(Shape s) { return s.sizes().stream().filter(n -> n != 1).toList(); }

    /** A sum over axes of size 1 only renames axes, but it turns -0 into 0: so only the empty sum is dropped. */
    private static Optional<Atom> sumOfNothing(Equation e, Builder in) {
        return e.op() instanceof ReduceSum(var axes) && axes.isEmpty() ? Optional.of(e.inputs().getFirst())
                : Optional.empty();
    }

    /**
     * A product can read a transposed factor where it lies, if that does not change the order of the factor's free
     * axes.
     */
    private static Optional<Atom> dotOfTranspose(Equation e, Builder in) {
        if (!(e.op() instanceof DotGeneral dot)) return Optional.empty();
        for (int side = 0; side < 2; side++) {
            var transposed = producedBy(Transpose.class, e.inputs().get(side), in);
            if (transposed.isEmpty()) continue;
            List<Integer> order = ((Transpose) transposed.get().op()).permutation();
            DotGeneral.Side s = dot.side(side);
            List<Integer> free = Lists.map(s.free(order.size()), order::get);
            if (!free.equals(free.stream().sorted().toList())) continue;
            var read = new DotGeneral.Side(Lists.map(s.batch(), order::get), Lists.map(s.contract(), order::get));
            Atom x = transposed.get().inputs().getFirst();
            Op direct = side == 0 ? dot.withSides(read, dot.rhs()) : dot.withSides(dot.lhs(), read);
            return Optional.of(in.emit(direct,
                    side == 0 ? List.of(x, e.inputs().get(1)) : List.of(e.inputs().get(0), x), e));
        }
        return Optional.empty();
    }

    /** Pieces put together for a transpose alone are transposed one by one, each where it is computed. */
    private static Optional<Atom> transposeOfPieces(Equation e, Builder in) {
        if (!(e.op() instanceof Transpose(var order)) || !in.isReadOnce(e.inputs().getFirst())) return Optional.empty();
        return producedBy(Concatenate.class, e.inputs().getFirst(), in)
                .map(p -> in.emit(new Concatenate(order.indexOf(((Concatenate) p.op()).axis())),
                Lists.map(p.inputs(), x -> in.emit(e.op(), List.of(x), e)), e));
    }

    private static Optional<Equation> producedBy(Class<? extends Op> kind, Atom a, Builder in) {
        return in.producer(a).filter(p -> kind.isInstance(p.op()));
    }
}
