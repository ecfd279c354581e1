package javelin.core.ops;

import java.util.List;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.TensorType;

/** Output axis {@code i} is input axis {@code permutation[i]}. */
public record Transpose(List<Integer> permutation) implements LinearOp.Unary {
    @Override public TensorType outputType(List<TensorType> in) {
        if (!permutation.stream().sorted().toList().equals(Lists.range(0, in.getFirst().rank())))
            throw new ShapeException(this, in, permutation
                    + " is no order of the input's axes; name each once, from 0 to "
                + (in.getFirst().rank() - 1));
        return in.getFirst().withShape(in.getFirst().shape().select(permutation));
    }

    private List<Integer> inverse() { return Lists.each(permutation.size(), permutation::indexOf); }

    @Override public Tensor transpose(Tensor ct, TensorType x) { return ct.transpose(inverse()); }

    @Override public Tensor batchedOutput(Tensor x) {
        return x.transpose(Lists.concat(List.of(0), Lists.shifted(permutation)));
    }

    @Override public Lowering lower(List<TensorType> in) {
        return new Lowering.Pointwise(new Scalar.Read(0, Lists.map(inverse(), a -> (Scalar) new Scalar.Loop(a)),
                in.getFirst().dtype()));
    }

    @Override public String toString() { return "transpose" + permutation; }
}
