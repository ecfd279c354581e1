package javelin.core.transform;

import java.util.List;
import java.util.Optional;
import javelin.core.Dual;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** Forward-mode differentiation. */
public final class Jvp {
    private Jvp() {}

    /**
     * @param program       the inputs, then a tangent for every input marked, to the outputs, then a tangent for every
     *                      output marked in {@code tangentOutputs}
     */
    public record Forward(Program program, List<Boolean> tangentOutputs) {}

    /** Differentiates with respect to the marked inputs; outputs that do not depend on them have no tangent. */
    public static Forward of(Program program, List<Boolean> tangentInputs) {
        return of(program, tangentInputs, Lists.falses(program.outputs().size()));
    }

    /** As above, but the outputs marked in {@code always} get a tangent even if it is zero. */
    public static Forward of(Program program, List<Boolean> tangentInputs, List<Boolean> always) {
        int n = program.inputs().size();
        List<TensorType> types = program.inputTypes();
        List<List<Boolean>> has = new java.util.ArrayList<>();
        Program forward = Recorder.trace(Lists.concat(types, Lists.where(types, tangentInputs, true)), in -> {
            var tangents = in.subList(n, in.size()).iterator();
            List<Dual> out = run(program, Lists.each(n,
                    i -> new Dual(in.get(i), tangentInputs.get(i) ? Optional.of(tangents.next()) : Optional.empty())));
            List<Boolean> mask = Lists.each(out.size(), i -> always.get(i) || out.get(i).hasTangent());
            has.add(mask);
            return Lists.concat(Lists.map(out, Dual::primal),
                    Lists.map(Lists.where(out, mask, true), Dual::tangentOrZero));
        }).closed();
        return new Forward(forward, has.getFirst());
    }

    /** Interprets {@code program} on duals: equations no tangent reaches are applied as they are. */
    public static List<Dual> run(Program program, List<Dual> inputs) {
        return program.interpret(inputs, Dual::constant, (e, in) -> in.stream().anyMatch(Dual::hasTangent)
                ? e.op().jvp(in)
                : Lists.map(Op.apply(e.op(), Lists.map(in, Dual::primal)), Dual::constant));
    }
}
