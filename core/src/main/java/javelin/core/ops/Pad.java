package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import javelin.core.Batched;
import javelin.core.LinearOp;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * {@code low} and {@code high} elements of padding at the ends of every axis (negative: elements cut off), {@code
 * interior} between neighbours. Inputs are (x, the scalar to pad with).
 */
public record Pad(List<Integer> low, List<Integer> high, List<Integer> interior) implements LinearOp.Simple {
    @Override public TensorType outputType(List<TensorType> in) {
        Shape x = in.getFirst().shape();
        if (in.get(1).rank() != 0 || in.get(1).dtype() != in.get(0).dtype())
            throw new ShapeException(this, in,
                    "the padding value does not fit; it must be a scalar of input 0's element type");
        if (low.size() != x.rank() || high.size() != x.rank() || interior.size() != x.rank() || interior.stream()
                .anyMatch(n -> n < 0))
            throw new ShapeException(this, in,
                    "the padding does not fit; give low, high and interior ones for every axis, the last from 0 up");
        List<Integer> sizes = Lists.each(x.rank(), a -> low.get(a) + high.get(a) + dilated(x.size(a), a));
        if (sizes.stream().anyMatch(n -> n < 0))
            throw new ShapeException(this, in, "negative padding cuts off more than there is; cut off less");
        return in.getFirst().withShape(new Shape(sizes));
    }

    private int dilated(int size, int axis) { return size + Math.max(0, size - 1) * interior.get(axis); }

    @Override public Tensor jvp(int i, Tensor dx, List<Tensor> x, Tensor y) {
        return i == 0 ? apply(dx, dx.like(0)) : apply(Tensor.zeros(x.getFirst().type()), dx);
    }

    @Override public Tensor transpose(int i, Tensor ct, List<Operand> in) {
        Tensor unpadded = unpad(ct, in.getFirst().type().shape());
        return i == 0 ? unpadded : ct.sum().sub(unpadded.sum());
    }

    /**
     * Cuts off the padding, or puts zeros where elements had been cut off; then takes the elements that are not
     * interior padding.
     */
    private Tensor unpad(Tensor ct, Shape x) {
        Tensor whole = new Pad(Lists.map(low, n -> -n), Lists.map(high, n -> -n), Lists.map(low, _ -> 0))
                .apply(ct, ct.like(0));
        return new Slice(Lists.map(low, _ -> 0), whole.shape().sizes(), Lists.map(interior, n -> n + 1)).apply(whole);
    }

    @Override public Tensor batchedOutput(List<Batched> in) {
        Pad batched = new Pad(Lists.concat(List.of(0), low), Lists.concat(List.of(0), high),
                Lists.concat(List.of(0), interior));
        if (!in.get(1).mapped()) return batched.apply(in.get(0).value(), in.get(1).value());
        Tensor x = in.get(0).spread(Batched.size(in)), value = in.get(1).value();
        Tensor isPadding = batched.apply(Tensor.zeros(x.type().withDType(DType.BOOL)),
                Tensor.full(TensorType.of(DType.BOOL), 1));
        Tensor padded = batched.apply(x, x.like(0));
        return isPadding.where(value.broadcast(padded.shape(), List.of(0)), padded);
    }

    @Override public Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        Shape out = outputType(in).shape();
        List<Scalar> at = Lists.each(x.rank(), a -> new Scalar.Loop(a).times(interior.get(a) + 1).plus(low.get(a)));
        Optional<Scalar> inBounds = Lists.range(0, x.rank()).stream().filter(a -> low.get(a) < 0 || high.get(a) < 0)
                .map(a -> Scalar.apply(Fn.AND, Scalar.apply(Fn.GE, at.get(a), Scalar.index(0)),
                        Scalar.apply(Fn.LT, at.get(a), Scalar.index(out.size(a)))))
                .reduce((p, q) -> Scalar.apply(Fn.AND, p, q));
        var piece = new Lowering.Piece(x.shape().sizes(), at, inBounds,
                new Scalar.Read(0, Lists.each(x.rank(), Scalar.Loop::new), x.dtype()), Optional.empty());
        return new Lowering.Update(new Scalar.Read(1, List.of(), x.dtype()), List.of(piece));
    }

    @Override public String toString() {
        return "pad[" + String.join(",", Lists.each(low.size(),
                a -> low.get(a) + "_" + high.get(a) + "_" + interior.get(a))) + "]";
    }
}
