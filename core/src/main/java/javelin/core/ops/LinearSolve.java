package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.ComposedOp;
import javelin.core.Dual;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.NoRuleException;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.transform.Jvp;
import javelin.core.transform.Vmap;
import javelin.core.type.TensorType;

/**
 * The x with {@code matvec(x) = b} that a program of the user's finds (lax.custom_linear_solve). Its derivatives are
 * those of the system, found by solving again; how {@code solve} works does not matter to them. Inputs: what each
 * program closes over, {@code matvec} first, of the system and then of the transposed one; then b.
 *
 * @param forward    of the system
 * @param transposed of the transposed system, for reverse mode
 */
public record LinearSolve(System forward, Optional<System> transposed) implements ComposedOp, LinearOp {
    /** A linear map and the program that solves for its argument; both take so many constants first. */
    public record System(Program matvec, int matvecConstants, Program solve, int solveConstants) {
        private System mapped(List<Boolean> mapped, int size) {
            return new System(mapped(matvec, mapped.subList(0, matvecConstants), size), matvecConstants,
                    mapped(solve, mapped.subList(matvecConstants, constants()), size), solveConstants);
        }

        private static Program mapped(Program p, List<Boolean> constants, int size) {
            return Vmap.of(p, Lists.concat(constants, Lists.each(p.inputs().size() - constants.size(), _ -> true)),
                    size);
        }

        int constants() { return matvecConstants + solveConstants; }
    }

    private int constants() { return forward.constants() + transposed.map(System::constants).orElse(0); }

    @Override public Program definition(List<TensorType> in) {
        return Recorder.trace(in, v -> forward.solve.apply(
                Lists.concat(v.subList(forward.matvecConstants, forward.constants()),
                        v.subList(constants(), v.size())))).closed();
    }

    @Override public List<TensorType> outputTypes(List<TensorType> in) { return forward.solve.outputTypes(); }

    /** {@code matvec(dx) = db - dmatvec(x)}; what only {@code solve} closes over has no say. */
    @Override public List<Dual> jvp(List<Dual> in) {
        List<Tensor> primals = Lists.map(in, Dual::primal), x = Op.apply(this, primals);
        List<Dual> constants = in.subList(0, forward.matvecConstants), right = in.subList(constants(), in.size());
        boolean moves = constants.stream().anyMatch(Dual::hasTangent);
        if (!moves && right.stream().noneMatch(Dual::hasTangent)) return Lists.map(x, Dual::constant);
        List<Dual> moved = moves ? Jvp.run(forward.matvec, Lists.concat(constants, Lists.map(x, Dual::constant)))
                : right;
        List<Tensor> db = Lists.each(x.size(), i -> moves
                ? right.get(i).tangentOrZero().sub(moved.get(i).tangentOrZero()) : right.get(i).tangentOrZero());
        List<Tensor> dx = Op.apply(this, Lists.concat(primals.subList(0, constants()), db));
        return Lists.each(x.size(), i -> Dual.of(x.get(i), dx.get(i)));
    }

    @Override public List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
        System other = transposed.orElseThrow(() ->
                new NoRuleException(this, "transposed solve, so it cannot be differentiated in reverse",
                "give transposeSolve too, or use jvp"));
        List<Tensor> known = Lists.map(in.subList(0, constants()), Operand::known);
        List<Tensor> swapped = Lists.concat(known.subList(forward.constants(), known.size()),
                known.subList(0, forward.constants()));
        List<Tensor> ct = Op.apply(new LinearSolve(other, Optional.of(forward)), Lists.concat(swapped, cotangents));
        return Lists.where(ct, Lists.map(in.subList(constants(), in.size()), Operand::isLinear), true);
    }

    @Override public List<Batched> batch(List<Batched> in) {
        int size = Batched.size(in), c = constants();
        List<Boolean> mapped = Lists.map(in.subList(0, c), Batched::mapped);
        var all = new LinearSolve(forward.mapped(mapped.subList(0, forward.constants()), size),
                transposed.map(t -> t.mapped(mapped.subList(forward.constants(), c), size)));
        List<Tensor> arguments = Lists.each(in.size(), i -> i < c ? in.get(i).value() : in.get(i).spread(size));
        return Lists.map(Op.apply(all, arguments), Batched::mapped);
    }

    @Override public String toString() { return "linear_solve"; }
}
