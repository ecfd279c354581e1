package javelin.core;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javelin.core.type.TensorType;

/** An op linear in some inputs once the others are fixed (add in both, dot in either). */
public interface LinearOp extends Op {
    /** The cotangent of every linear input, in input order, given the cotangents of the outputs. */
    List<Tensor> transpose(List<Operand> inputs, List<Tensor> cotangents);

    /** An input as transposition sees it: a known value, or a linear unknown of which only the type is known. */
    record Operand(TensorType type, Optional<Tensor> value) {
        public static Operand linear(TensorType type) { return new Operand(type, Optional.empty()); }

        public static Operand known(Tensor value) { return new Operand(value.type(), Optional.of(value)); }

        public boolean isLinear() { return value.isEmpty(); }

        /** The value of an input that is not linear. */
        public Tensor known() {
            return value.orElseThrow(() -> new IllegalStateException("transposing an op that is not linear in its "
                    + type + " input"));
        }
    }

    /** A linear op with one output, transposed one input at a time. */
    interface Simple extends LinearOp, SimpleOp {
        /** The cotangent of input {@code i}, which must not be read. */
        Tensor transpose(int i, Tensor cotangent, List<Operand> in);

        @Override default List<Tensor> transpose(List<Operand> in, List<Tensor> cotangents) {
            return IntStream.range(0, in.size()).filter(i -> in.get(i).isLinear())
                    .mapToObj(i -> transpose(i, cotangents.getFirst(), in)).toList();
        }
    }

    /** Linear in its one input, and in it alone: the tangent takes the input's place. */
    interface Unary extends Simple {
        @Override default Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) { return apply(dx); }

        @Override default Tensor transpose(int i, Tensor ct, List<Operand> in) {
            return transpose(ct, in.getFirst().type());
        }

        /** The cotangent of the input, whose type is {@code x}. */
        Tensor transpose(Tensor ct, TensorType x);

        @Override default Tensor batchedOutput(List<Batched> in) { return batchedOutput(in.getFirst().value()); }

        /** The batched output; {@code x} carries the batch as axis 0. */
        Tensor batchedOutput(Tensor x);
    }
}
