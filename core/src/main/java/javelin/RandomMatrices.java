package javelin;

import java.util.List;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** Samplers of vectors and matrices whose elements depend on each other. */
final class RandomMatrices {
    private RandomMatrices() {}

    /** Q of a normal matrix, with the signs that make it uniform: Mezzadri, arXiv:math-ph/0609050. */
    static Tensor orthogonal(Key key, TensorType type) {
        if (type.rank() < 2) throw new ShapeException("orthogonal", List.of(type), "matrices need two axes");
        int rank = type.rank(), n = type.shape().size(rank - 2), m = type.shape().size(rank - 1);
        Shape tall = type.shape().without(List.of(rank - 2, rank - 1)).insert(rank - 2,
                Math.max(n, m)).insert(rank - 1, Math.min(n, m));
        var qr = Linalg.qr(key.normal(type.withShape(tall)));
        Tensor q = qr.q().mul(Linalg.diagonal(qr.r()).sign().expandDims(-2));
        return n < m ? Linalg.transpose(q) : q;
    }

    /** {@code mean + L z} with {@code L L^T} the covariance and z standard normal. */
    static Tensor normal(Key key, Tensor mean, Tensor covariance, Shape shape) {
        if (mean.rank() < 1 || covariance.rank() < 2 || covariance.size(-1) != mean.size(-1)
                || covariance.size(-2) != mean.size(-1))
            throw new ShapeException("multivariateNormal", List.of(mean.type(), covariance.type()),
                    "needs means [..., n] and covariances [..., n, n]");
        int n = mean.size(-1);
        Tensor z = key.normal(mean.type().withShape(new Shape(Lists.concat(shape.sizes(), List.of(n)))));
        return mean.add(Linalg.cholesky(covariance).matmul(z.expandDims(-1)).squeeze(-1));
    }
}
