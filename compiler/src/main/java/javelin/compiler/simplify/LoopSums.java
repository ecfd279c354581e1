package javelin.compiler.simplify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.ops.Add;
import javelin.core.ops.Broadcast;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.ReduceSum;
import javelin.core.ops.Scan;
import javelin.core.ops.Transpose;

/**
 * State that only adds up a product of every turn, as the derivative by a loop's weights does, is no state: the
 * factors of all turns are kept, and one product over time and what each turn summed over follows the loop. Likewise
 * for sums of such factors. It is the one pass that adds in another order.
 */
final class LoopSums {
    /**
     * Smaller sums may live in local variables; longer products are as fast in the loop; fewer turns are not worth
     * it.
     */
    private static final int FEWEST_ELEMENTS = 256, FEWEST_SUMMED = 64, LONGEST_PRODUCT = 256, FEWEST_TURNS = 4;

    /** What makes a carry: the product or sum, transposes of it, and the addition. */
    private record Sum(List<Equation> equations) {
        Equation term() { return equations.getFirst(); }
    }

    private LoopSums() {}

    static Program run(Program program) {
        var names = new Loop.Naming(program);
        Map<Integer, Equation> makers = new HashMap<>();
        List<Equation> all = new ArrayList<>();
        for (Equation e : program.equations()) {
            if (e.op() instanceof Scan scan && scan.length() >= FEWEST_TURNS)
                moved(new Loop(scan, e, names), makers, names, all);
            else all.add(e);
            for (Var v : e.outputs()) makers.put(v.index(), e);
        }
        return Program.of(program.inputs(), all, program.outputs());
    }

    private static void moved(Loop loop, Map<Integer, Equation> makers, Loop.Naming names, List<Equation> all) {
        List<Equation> after = new ArrayList<>();
        List<Sum> sums = sums(loop);
        // the loop's memory may double
        long room = Lists.<Atom>concat(loop.xs, loop.ys).stream().mapToLong(a -> a.type().elements()).sum();
        List<Sum> chosen = new ArrayList<>();
        for (Sum sum : sums) {
            if (!(sum.term().op() instanceof DotGeneral dot)) continue;
            List<Var> factors = Lists.map(sum.term().inputs(), a -> (Var) a);
            long more = factors.stream().distinct().filter(v -> loop.stack(v).isEmpty())
                    .mapToLong(v -> v.type().elements()).sum();
            int steps = factors.getFirst().type().shape().select(dot.lhs().contract()).elements();
            int elements = sum.term().output().type().elements();
            if (elements < FEWEST_ELEMENTS || steps > LONGEST_PRODUCT || more > elements || more > room) continue;
            factors.forEach(loop::addStack);
            room -= more;
            chosen.add(sum);
        }
        for (Sum sum : sums)
            if (sum.term().op() instanceof ReduceSum && sum.term().inputs().getFirst() instanceof Var x
                    && x.type().elements() >= FEWEST_SUMMED && loop.stack(x).isPresent()) chosen.add(sum);
        for (Sum sum : chosen) {
            loop.body.removeAll(sum.equations());
            int i = loop.next.indexOf(sum.equations().getLast().output());
            follow(sum, loop, i, makers, names, after);
            loop.removeCarry(i);
        }
        all.add(loop.equation());
        all.addAll(after);
    }

    private static List<Sum> sums(Loop loop) {
        Map<Integer, Equation> makers = loop.makers();
        Map<Integer, Integer> readers = loop.readers();
        List<Sum> sums = new ArrayList<>();
        for (int i = 0; i < loop.carries.size(); i++) {
            Var before = loop.carries.get(i);
            Optional<Equation> add = madeForOne(loop.next.get(i), makers, readers)
                    .filter(e -> e.op() instanceof Add && e.inputs().contains(before));
            if (add.isEmpty() || readers.get(before.index()) != 1 || !before.type().dtype().isFloat()) continue;
            Deque<Equation> chain = new ArrayDeque<>(List.of(add.get()));
            Atom term = add.get().inputs().get(1 - add.get().inputs().indexOf(before));
            Optional<Equation> maker = madeForOne(term, makers, readers);
            while (maker.filter(e -> e.op() instanceof Transpose).isPresent()) {
                chain.addFirst(maker.get());
                maker = madeForOne(maker.get().inputs().getFirst(), makers, readers);
            }
            if (maker.isEmpty() || !(maker.get().op() instanceof DotGeneral || maker.get().op() instanceof ReduceSum))
                continue;
            if (maker.get().inputs().stream().anyMatch(a -> !(a instanceof Var v) || loop.constants.contains(v)))
                continue;
            chain.addFirst(maker.get());
            sums.add(new Sum(List.copyOf(chain)));
        }
        return sums;
    }

    /** The equation that makes {@code a}, if it is read in one place. */
    private static Optional<Equation> madeForOne(Atom a, Map<Integer, Equation> makers, Map<Integer, Integer> readers) {
        return a instanceof Var v && readers.get(v.index()) == 1 ? Optional.ofNullable(makers.get(v.index()))
                : Optional.empty();
    }

    /** The same over all turns, and what the state began with. */
    private static void follow(Sum sum, Loop loop, int i, Map<Integer, Equation> makers, Loop.Naming names,
            List<Equation> after) {
        Equation first = sum.term();
        Op whole = switch (first.op()) {
            case DotGeneral dot -> dot.withSides(overTime(dot.lhs()), overTime(dot.rhs()));
            case ReduceSum(var axes) -> new ReduceSum(Lists.concat(List.of(0), Lists.shifted(axes)));
            default -> throw new IllegalStateException(first.op() + " is no sum");
        };
        List<Op> steps = new ArrayList<>(List.of(whole));
        for (Equation e : sum.equations().subList(1, sum.equations().size() - 1)) steps.add(e.op());
        Atom begin = loop.initial.get(i);
        if (!isZero(begin, makers)) steps.add(new Add());                // a product or sum begins with 0 itself
        List<Atom> in = Lists.map(first.inputs(), a -> loop.stack((Var) a).orElseThrow());
        for (Op op : steps) {
            if (op instanceof Add) in = List.of(begin, in.getFirst());
            Var out = op == steps.getLast() ? loop.results.get(i)
                    : names.fresh(op.outputTypes(Lists.map(in, Atom::type)).getFirst());
            after.add(new Equation(List.of(out), op, in, first.source()));
            in = List.of(out);
        }
    }

    private static boolean isZero(Atom a, Map<Integer, Equation> makers) {
        Atom x = a instanceof Var v && makers.get(v.index()) instanceof Equation(_, Broadcast _, var in, _)
                ? in.getFirst() : a;
        return x instanceof Literal l && Double.doubleToRawLongBits(l.value().doubleValue()) == 0;
    }

    private static DotGeneral.Side overTime(DotGeneral.Side side) {
        return new DotGeneral.Side(Lists.shifted(side.batch()),
                Lists.concat(List.of(0), Lists.shifted(side.contract())));
    }
}
