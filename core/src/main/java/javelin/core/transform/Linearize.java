package javelin.core.transform;

import java.util.List;
import java.util.Optional;
import javelin.core.LinearOp.Operand;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/**
 * Splits a program at a point into its values there and the linear map of its tangents; run backwards, that is
 * reverse mode.
 */
public final class Linearize {
    private Linearize() {}

    /**
     * @param primal  inputs to outputs, then residuals
     * @param tangent residuals, then the tangents of the marked inputs, to the tangents marked in {@code
     * tangentOutputs}
     */
    public record Linear(Program primal, Program tangent, int residuals, List<Boolean> tangentOutputs) {

        /** The tangents of all outputs; those the inputs do not reach are zero. */
        public List<Tensor> push(List<Tensor> residuals, List<Tensor> tangents, List<TensorType> outputTypes) {
            var out = tangent.apply(Lists.concat(residuals, tangents)).iterator();
            return Lists.each(tangentOutputs.size(),
                    i -> tangentOutputs.get(i) ? out.next() : Tensor.zeros(outputTypes.get(i)));
        }

        /** The cotangents of the marked inputs, from those of all outputs. */
        public List<Tensor> pull(List<Tensor> residuals, List<Tensor> cotangents) {
            List<Operand> operands = Lists.each(tangent.inputs().size(), i -> new Operand(tangent.inputTypes().get(i),
                    i < residuals.size() ? Optional.of(residuals.get(i)) : Optional.empty()));
            return Transposition.run(tangent, operands, Lists.where(cotangents, tangentOutputs, true));
        }
    }

    /** Linearizes with respect to the marked inputs. */
    public static Linear of(Program program, List<Boolean> tangentInputs) {
        var forward = Jvp.of(program, tangentInputs);
        int n = program.inputs().size(), m = program.outputs().size(), tangents = forward.program().inputs().size() - n;
        var halves = PartialEval.split(forward.program(), Lists.each(n + tangents, i -> i >= n),
                Lists.each(forward.program().outputs().size(), i -> i >= m));
        return new Linear(halves.known(), halves.unknown(), halves.residuals(), forward.tangentOutputs());
    }
}
