package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import javelin.check.Grid;
import javelin.core.Array;
import javelin.core.Dual;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.SourceLine;
import javelin.core.Tensor;
import javelin.core.VmapMethod;
import javelin.core.transform.Jvp;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The rows of the table whose ops run programs, each with small bodies that mix constants, state and inputs. */
final class ControlCases {
    private static final OpCase.Tolerance STEPS = new OpCase.Tolerance(64, 64,
            "a few roundings for each of a few steps, none of which magnifies");

    private final List<OpCase> cases = new ArrayList<>();
    private DType dtype = DType.F64;

    static List<OpCase> all() {
        var c = new ControlCases();
        for (DType t : List.of(DType.F64, DType.F32)) {
            c.dtype = t;
            for (int length : new int[] {0, 1, 2, 5})
                for (boolean reverse : new boolean[] {false, true}) c.scans(length, reverse);
            c.loops(Tensor::tanh, Math::tanh);
            c.splitLoops(Tensor::tanh, Math::tanh, Tensor::cos, Math::cos);
            c.branches();
            c.remat();
            for (VmapMethod method : VmapMethod.values()) c.callback(method);
        }
        c.dtype = DType.F64;
        c.custom();
        c.anyType();
        return c.cases;
    }

    private TensorType type(int... sizes) { return TensorType.of(dtype, sizes); }

    private static Program body(List<TensorType> types, UnaryOperator<List<Tensor>> f) {
        return Recorder.trace(types, f).closed();
    }

    private void scans(int length, boolean reverse) {
        // c, (s, n), x -> (sin(s c) + x, n + 1), (s x): a recurrence with a counter
        Program recurrence = body(List.of(type(), type(3), TensorType.i32(), type(3)), in -> {
            Tensor c = in.get(0), s = in.get(1), n = in.get(2), x = in.get(3);
            return List.of(s.mul(c.broadcastTo(3)).sin().add(x), n.add(1), s.mul(x));
        });
        List<TensorType> types = List.of(type(), type(3), TensorType.i32(), type(length, 3));
        OpCase.Reference reference = in -> {
            double c = in.get(0).at();
            double[] s = in.get(1).numbers().clone();
            double[][] y = new double[length][3];
            for (int k = 0; k < length; k++) {
                int t = reverse ? length - 1 - k : k;
                for (int i = 0; i < 3; i++) {
                    double x = in.get(3).at(t, i);
                    y[t][i] = s[i] * x;
                    s[i] = Math.sin(s[i] * c) + x;
                }
            }
            return List.of(new Grid(List.of(3), s), Grid.of(List.of(), _ -> in.get(2).at() + length),
                    Grid.of(List.of(length, 3), at -> y[at[0]][at[1]]));
        };
        add(new Scan(recurrence, 1, 2, length, reverse), types,
                List.of(unit(), unit(), Draws.whole(0, 5), unit()), reference);

        // (a, b), x -> (x, a b): the state is overwritten, and moves from one carry to the other; nothing is put out
        Program overwritten = body(List.of(type(), type(), type()), in -> List.of(in.get(2), in.get(0).mul(in.get(1))));
        OpCase.Reference shifted = in -> {
            double a = in.get(0).at(), b = in.get(1).at();
            for (int k = 0; k < length; k++) {
                b *= a;
                a = in.get(2).at(reverse ? length - 1 - k : k);
            }
            double lastA = a, lastB = b;
            return List.of(Grid.of(List.of(), _ -> lastA), Grid.of(List.of(), _ -> lastB));
        };
        add(new Scan(overwritten, 0, 2, length, reverse), List.of(type(), type(), type(length)),
                List.of(unit(), unit(), unit()), shifted);
    }

    private static Draws unit() { return Draws.eitherSign(0.3, 1.1); }

    /** While n is below a limit, (n, s) becomes (n + 1, f(s w)). */
    private void loops(UnaryOperator<Tensor> f, DoubleUnaryOperator of) {
        Program condition = body(List.of(TensorType.i32(), TensorType.i32(), type(2)),
                in -> List.of(in.get(1).lt(in.get(0))));
        Program step = body(List.of(type(2), TensorType.i32(), type(2)),
                in -> List.of(in.get(1).add(1), f.apply(in.get(2).mul(in.get(0)))));
        OpCase.Reference reference = in -> {
            double[] s = in.get(3).numbers().clone();
            double n = in.get(2).at();
            for (; n < in.get(0).at(); n++)
                for (int i = 0; i < 2; i++) s[i] = of.applyAsDouble(s[i] * in.get(1).numbers()[i]);
            double last = n;
            return List.of(Grid.of(List.of(), _ -> last), new Grid(List.of(2), s));
        };
        List<TensorType> types = List.of(TensorType.i32(), type(2), TensorType.i32(), type(2));
        List<Draws> domains = List.of(Draws.whole(0, 5), unit(), Draws.whole(0, 3), unit());
        add(new While(condition, step, 1, 1), types, domains, reference);
        add(new While(condition, step, 1, 1, 5), types, domains, reference);
    }

    /** A loop with another carry, ds = ds w g(s), that waits, and the tape that the other carries leave for it. */
    private void splitLoops(UnaryOperator<Tensor> f, DoubleUnaryOperator of, UnaryOperator<Tensor> g,
            DoubleUnaryOperator og) {
        TensorType rows = type(7, 2);
        Program condition = body(List.of(TensorType.i32(), TensorType.i32(), type(2), type(2)),
                in -> List.of(in.get(1).lt(in.get(0))));
        Program step = body(List.of(type(2), TensorType.i32(), type(2), type(2)), in -> List.of(in.get(1).add(1),
                f.apply(in.get(2).mul(in.get(0))), in.get(3).mul(in.get(0)).mul(g.apply(in.get(2)))));
        List<Boolean> unknown = List.of(false, false, false, false, true);
        var taped = new TapedWhile(new While(condition, step, 1, 1, 36), unknown);
        List<TensorType> known = List.of(TensorType.i32(), type(2), TensorType.i32(), type(2));
        Draws[] domains = {Draws.whole(0, 5), unit(), Draws.whole(0, 3), unit()};
        OpCase.Reference tape = in -> {
            double[] w = in.get(1).numbers(), s = in.get(3).numbers().clone();
            double[][] before = new double[7][2];
            int n = (int) in.get(2).at(), steps = 0;
            for (; n < in.get(0).at(); n++, steps++)
                for (int i = 0; i < 2; i++) s[i] = of.applyAsDouble((before[steps][i] = s[i]) * w[i]);
            double end = n, count = steps;
            return List.of(Grid.of(List.of(), _ -> end), new Grid(List.of(2), s), Grid.of(List.of(), _ -> count),
                    Grid.of(List.of(), _ -> 1), Grid.of(List.of(7, 2), at -> before[at[0]][at[1]]));
        };
        add(taped, known, List.of(domains), tape);
        List<TensorType> all = Lists.concat(known, List.of(type(2), TensorType.i32(), TensorType.i32(), rows));
        OpCase.Reference waiting = in -> {
            double[] ds = in.get(4).numbers().clone();
            List<Grid> kept = tape.of(in);
            for (int n = 0; n < kept.get(2).at(); n++)
                for (int i = 0; i < 2; i++) ds[i] *= in.get(1).at(i) * og.applyAsDouble(kept.get(4).at(n, i));
            return List.of(new Grid(List.of(2), ds));
        };
        OpCase.Inputs own = Draws.each(all.subList(0, 5),
                List.of(domains[0], domains[1], domains[2], domains[3], unit()));
        cases.add(new OpCase(new WhileTangents(taped.loop(), unknown), all, random -> {
            List<Array> in = own.draw(random);
            return Lists.concat(in, Lists.map(Evaluator.evaluate(taped.definition(known), in.subList(0, 4))
                    .subList(2, 5), Tensor::array));
        }, Optional.of(waiting), STEPS, OpCase.Modes.FORWARD_AND_REVERSE));
    }

    private void branches() {
        List<TensorType> operands = List.of(type(2), type());
        Program product = body(operands, in -> List.of(in.get(0).mul(in.get(1).broadcastTo(2)), in.get(1)));
        Program sine = body(operands, in -> List.of(in.get(0).sin(), in.get(0).sum()));
        Program constant = body(operands, in -> List.of(Tensor.full(type(2), 2), in.get(1).mul(in.get(1))));
        OpCase.Reference reference = in -> {
            int branch = Math.clamp((int) in.get(0).at(), 0, 2);
            double[] x = in.get(1).numbers();
            double s = in.get(2).at();
            Grid first = Grid.of(List.of(2), at -> branch == 0 ? x[at[0]] * s : branch == 1 ? Math.sin(x[at[0]]) : 2);
            return List.of(first, Grid.of(List.of(), _ -> branch == 0 ? s : branch == 1 ? x[0] + x[1] : s * s));
        };
        List<TensorType> types = Lists.concat(List.of(TensorType.i32()), operands);
        for (int index = -1; index <= 3; index++)
            add(new Cond(List.of(product, sine, constant)), types,
                    List.of(Draws.whole(index, index), unit(), unit()), reference);
        add(new Cond(List.of(sine)), types, List.of(Draws.whole(0, 1), unit(), unit()),
                in -> List.of(Grid.of(List.of(2), at -> Math.sin(in.get(1).at(at))),
                        Grid.of(List.of(), _ -> in.get(1).at(0) + in.get(1).at(1))));
    }

    private void remat() {
        Program body = body(List.of(type(3), TensorType.i32(), type(3)), in -> {
            Tensor y = in.get(0).sin().mul(in.get(2).exp());
            return List.of(y.mul(y), in.get(1).add(1), in.get(2).cos());
        });
        OpCase.Reference reference = in -> List.of(
                Grid.of(List.of(3), at -> Math.pow(Math.sin(in.get(0).at(at)) * Math.exp(in.get(2).at(at)), 2)),
                Grid.of(List.of(), _ -> in.get(1).at() + 1), Grid.of(List.of(3), at -> Math.cos(in.get(2).at(at))));
        add(new Remat(body), body.inputTypes(), List.of(unit(), Draws.whole(-3, 3), unit()), reference);
    }

    /** Java code that gives the product of its inputs and a sum, in the batch's first axis or without one. */
    private void callback(VmapMethod method) {
        List<TensorType> types = List.of(type(3), type(3)), results = List.of(type(3), TensorType.i32(3));
        Callback.Host host = in -> List.of(in.get(0).mul(in.get(1)).array(),
                in.get(0).add(in.get(1)).ge(0).astype(DType.I32).array());
        add(new Callback(host, results, List.of(), method, new SourceLine("<a case>")), types, List.of(unit(), unit()),
                in -> List.of(Grid.of(List.of(3), at -> in.get(0).at(at) * in.get(1).at(at)),
                        Grid.of(List.of(3), at -> in.get(0).at(at) + in.get(1).at(at) >= 0 ? 1 : 0)));
        cases.add(cases.removeLast().with(OpCase.Modes.NONE));           // has no derivative
    }

    /** Rules that say what is so. */
    private void custom() {
        TensorType x = TensorType.f64(3);
        Program sine = Recorder.trace(List.of(x), in -> List.of(in.getFirst().sin())).closed();
        OpCase.Reference reference = in -> List.of(Grid.of(List.of(3), at -> Math.sin(in.getFirst().at(at))));
        add(new CustomJvp(sine, 0, in -> List.of(Dual.of(in.getFirst().primal().sin(),
                in.getFirst().tangentOrZero().mul(in.getFirst().primal().cos())))), List.of(x), List.of(unit()),
                        reference);
        add(new CustomVmap(sine, 0, (_, _, in) -> List.of(in.getFirst().sin())), List.of(x), List.of(unit()),
                reference);
        var reverse = new CustomVjp(sine, 0, new CustomVjp.Rule() {
            @Override public CustomVjp.Forward forward(List<Tensor> in) {
                return new CustomVjp.Forward(List.of(in.getFirst().sin()), in);
            }

            @Override public List<Tensor> backward(List<Tensor> kept, List<Tensor> ct) {
                return List.of(ct.getFirst().mul(kept.getFirst().cos()));
            }
        });
        add(reverse, List.of(x), List.of(unit()), reference);
        // forward mode raises; CustomTest has the reverse
        cases.add(cases.removeLast().with(OpCase.Modes.NONE));
    }

    /** Bodies of products and moves, which all element types have. */
    private void anyType() {
        loops(s -> s, s -> s);
        splitLoops(s -> s, s -> s, s -> s, s -> s);
        List<TensorType> two = List.of(type(3), type(3));
        List<Draws> units = List.of(unit(), unit());
        UnaryOperator<List<Tensor>> function = in -> List.of(in.get(0).mul(in.get(1)), in.get(0));
        Program product = body(two, function), exchange = body(two, List::reversed);
        OpCase.Reference reference = in -> List.of(Grid.of(List.of(3), at -> in.get(0).at(at) * in.get(1).at(at)),
                in.get(0));
        add(new Remat(product), two, units, reference);
        Program first = product.only(List.of(0));
        add(new CustomVmap(first, 0, (_, _, in) -> function.apply(in).subList(0, 1)), two, units,
                in -> reference.of(in).subList(0, 1));
        add(new CustomJvp(product, 0, in -> Jvp.run(product, in)), two, units, reference);
        add(new CustomVjp(product, 0, new CustomVjp.Rule() {
            @Override public CustomVjp.Forward forward(List<Tensor> in) {
                return new CustomVjp.Forward(function.apply(in), in);
            }

            @Override public List<Tensor> backward(List<Tensor> in, List<Tensor> ct) {
                return List.of(ct.get(0).mul(in.get(1)).add(ct.get(1)), ct.get(0).mul(in.get(0)));
            }
        }), two, units, reference);
        cases.add(cases.removeLast().with(OpCase.Modes.NONE));
        for (int index = 0; index < 2; index++) {
            int branch = index;
            add(new Cond(List.of(product, exchange)), Lists.concat(List.of(TensorType.i32()), two),
                    Lists.concat(List.of(Draws.whole(branch, branch)), units),
                    in -> branch == 0 ? reference.of(in.subList(1, 3)) : in.subList(1, 3).reversed());
        }
        Program reverse = body(two.subList(0, 1), in -> List.of(new Reverse(List.of(0)).apply(in.getFirst())));
        var system = new LinearSolve.System(reverse, 0, reverse, 0);
        add(new LinearSolve(system, Optional.of(system)), two.subList(0, 1), units.subList(0, 1),
                in -> List.of(Grid.of(List.of(3), at -> in.getFirst().at(2 - at[0]))));
    }

    private void add(Op op, List<TensorType> types, List<Draws> domains, OpCase.Reference reference) {
        cases.add(new OpCase(op, types, Draws.each(types, domains), Optional.of(reference), STEPS,
                OpCase.Modes.FORWARD_AND_REVERSE));
    }
}
