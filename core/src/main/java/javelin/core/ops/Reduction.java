package javelin.core.ops;

import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.SimpleOp;
import javelin.core.Tensor;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Combines all elements along {@code axes}, which disappear. */
interface Reduction extends SimpleOp {
    List<Integer> axes();

    Reduction over(List<Integer> axes);

    Fn combine();

    /** The number that combining changes nothing with: the result of an empty reduction. */
    Number identity(DType type);

    static List<Integer> kept(TensorType in, List<Integer> axes) {
        return Lists.range(0, in.rank()).stream().filter(a -> !axes.contains(a)).toList();
    }

    /** {@code reduced}, repeated along the axes it has lost, back in the shape of {@code x}. */
    static Tensor spread(Tensor reduced, TensorType x, List<Integer> axes) {
        return reduced.broadcast(x.shape(), kept(x, axes));
    }

    @Override default TensorType outputType(List<TensorType> in) {
        TensorType x = in.getFirst();
        if (axes().stream().anyMatch(a -> a < 0 || a >= x.rank()) || axes().stream().distinct().count() < axes().size())
            throw new ShapeException(this, in, axes() + " are not axes of the input; name each once, from 0 to "
                    + (in.getFirst().rank() - 1));
        return x.withShape(x.shape().select(kept(x, axes())));
    }

    @Override default Tensor batchedOutput(List<Batched> in) {
        return over(Lists.shifted(axes())).apply(in.getFirst().value());
    }

    @Override default Lowering lower(List<TensorType> in) {
        TensorType x = in.getFirst();
        List<Integer> kept = kept(x, axes());
        List<Scalar> at = Lists.each(x.rank(),
                a -> new Scalar.Loop(kept.contains(a) ? kept.indexOf(a) : kept.size() + axes().indexOf(a)));
        return new Lowering.Reduce(Lists.map(axes(), x.shape()::size), new Scalar.Read(0, at, x.dtype()), combine(),
                identity(x.dtype()));
    }
}
