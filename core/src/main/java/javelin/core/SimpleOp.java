package javelin.core;

import java.util.List;
import javelin.core.type.TensorType;

/** An op with one output. Its rules speak of one input at a time; this interface does the bookkeeping. */
public interface SimpleOp extends Op {
    TensorType outputType(List<TensorType> in);

    /** What input {@code i} adds to the output's tangent, where {@code x} are the inputs and {@code y} the output. */
    Tensor jvp(int i, Tensor tangent, List<Tensor> x, Tensor y);

    /** The output, batch axis first, when some of the inputs are mapped. */
    Tensor batchedOutput(List<Batched> in);

    default Tensor apply(Tensor... inputs) { return Op.apply(this, List.of(inputs)).getFirst(); }

    @Override default List<TensorType> outputTypes(List<TensorType> in) { return List.of(outputType(in)); }

    @Override default List<Dual> jvp(List<Dual> in) {
        List<Tensor> x = Lists.map(in, Dual::primal);
        Tensor y = Op.apply(this, x).getFirst();
        Dual out = Dual.constant(y);
        for (int i = 0; i < in.size(); i++)
            if (in.get(i).hasTangent()) out = out.plus(jvp(i, in.get(i).tangent().get(), x, y));
        return List.of(out);
    }

    @Override default List<Batched> batch(List<Batched> in) { return List.of(Batched.mapped(batchedOutput(in))); }

    /**
     * An op whose derivative is zero everywhere it exists, or whose output has no tangent at all (comparisons,
     * integers, rounding): its tangents are dropped because they are zero, not because a rule is missing.
     */
    interface ZeroDerivative extends SimpleOp {
        @Override default Tensor jvp(int i, Tensor tangent, List<Tensor> x, Tensor y) {
            throw new IllegalStateException("the derivative of " + this + " is zero and is never asked for");
        }

        @Override default List<Dual> jvp(List<Dual> in) {
            return List.of(Dual.constant(Op.apply(this, Lists.map(in, Dual::primal)).getFirst()));
        }
    }
}
