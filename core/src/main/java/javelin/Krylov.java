package javelin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Iterative solvers of linear systems {@code a(x) = b}, which start from 0 and look at the map's values only. */
final class Krylov {
    private Krylov() {}

    /** Solves over trees by a solver of vectors: all elements one after the other, of the first tensor's type. */
    static <T> T solve(Function<T, T> map, T b, Function<UnaryOperator<Tensor>, UnaryOperator<Tensor>> solver) {
        Trees.Flat at = Trees.flatten(b);
        DType type = at.leaves().getFirst().dtype();
        UnaryOperator<Tensor> a = x -> vector(Trees.leaves(map.apply(Trees.unflatten(at.def(), parts(x, at)))), type);
        return Trees.unflatten(at.def(), parts(solver.apply(a).apply(vector(at.leaves(), type)), at));
    }

    private static Tensor vector(List<Tensor> leaves, DType type) {
        return Tensors.concatenate(Lists.map(leaves, t -> t.astype(type).reshape(-1)), 0);
    }

    private static List<Tensor> parts(Tensor x, Trees.Flat like) {
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (TensorType t : like.types()) {
            parts.add(x.slice(0, from, from + t.elements()).reshape(t.shape()).astype(t.dtype()));
            from += t.elements();
        }
        return parts;
    }

    private record Stabilized(Tensor x, Tensor r, Tensor p, Tensor v, Tensor rho, Tensor alpha, Tensor omega,
            Tensor steps) {}

    /** Van der Vorst, SIAM J. Sci. Stat. Comput. 13, 1992. Stops where it would divide by 0. */
    static Tensor bicgstab(UnaryOperator<Tensor> a, Tensor b, double tolerance, int most) {
        Tensor none = b.mul(0), one = b.like(1);
        Tensor enough = b.dot(b).mul(tolerance * tolerance);
        var start = new Stabilized(none, b, none, none, one, one, one, Tensor.zeros(TensorType.i32()));
        return Control.whileLoop(s -> s.r.dot(s.r).gt(enough).and(s.steps.lt(most)).and(s.rho.mul(s.omega).ne(0)),
                (Stabilized s) -> {
            Tensor rho = b.dot(s.r), beta = rho.div(s.rho).mul(s.alpha.div(s.omega));
            Tensor p = s.r.add(beta.mul(s.p.sub(s.omega.mul(s.v)))), v = a.apply(p);
            Tensor alpha = ratio(rho, b.dot(v)), half = s.r.sub(alpha.mul(v)), t = a.apply(half);
            Tensor omega = ratio(t.dot(half), t.dot(t));
            return new Stabilized(s.x.add(alpha.mul(p)).add(omega.mul(half)), half.sub(omega.mul(t)), p, v, rho, alpha,
                    omega, s.steps.add(1));
        }, start).x;
    }

    /** {@code x / y}, 0 for y = 0. */
    private static Tensor ratio(Tensor x, Tensor y) {
        return y.eq(0).where(x.like(0), x.div(y.eq(0).where(y.like(1), y)));
    }

    private record Restart(Tensor x, Tensor r, Tensor times) {}

    /** Saad and Schultz, SIAM J. Sci. Stat. Comput. 7, 1986: restarted after as many directions, so many times. */
    static Tensor gmres(UnaryOperator<Tensor> a, Tensor b, double tolerance, int directions, int most) {
        Tensor enough = b.dot(b).mul(tolerance * tolerance);
        int size = Math.min(directions, b.size(0));
        return Control.whileLoop(s -> s.r.dot(s.r).gt(enough).and(s.times.lt(most)), (Restart s) -> {
            Tensor x = s.x.add(least(a, s.r, size));
            return new Restart(x, b.sub(a.apply(x)), s.times.add(1));
        }, new Restart(b.mul(0), b, Tensor.zeros(TensorType.i32()))).x;
    }

    /** Orthonormal directions, in rows, and where the map sends each in terms of them. */
    private record Directions(Tensor basis, Tensor images) {}

    /** The x of the span of r, a(r), a(a(r)) ... that makes |r - a(x)| least. */
    private static Tensor least(UnaryOperator<Tensor> a, Tensor r, int n) {
        Tensor norm = r.dot(r).sqrt(), zero = Tensor.zeros(TensorType.i32());
        Tensor first = ratio(r, norm.broadcastTo(r.shape())).expandDims(0);
        var start = new Directions(first.pad(0, 0, n, 0), Tensor.zeros(TensorType.of(r.dtype(), n, n + 1)));
        Directions d = Control.foriLoop(0, n, (k, s) -> {
            Tensor image = a.apply(s.basis.dynamicSlice(List.of(k, zero), 1, r.size(0)).squeeze(0));
            // once more for what rounding left
            Tensor along = s.basis.matmul(image), rest = image.sub(along.matmul(s.basis));
            Tensor again = s.basis.matmul(rest), next = rest.sub(again.matmul(s.basis));
            Tensor length = next.dot(next).sqrt();
            Tensor isNew = length.gt(image.dot(image).sqrt().mul(Math.scalb(16, -r.dtype().fractionBits())));
            Tensor row = ratio(next, isNew.where(length, length.like(0)).broadcastTo(next.shape())).expandDims(0);
            Tensor column = along.add(again).add(Tensors.oneHot(k.add(1), n + 1, r.dtype()).mul(length));
            return new Directions(s.basis.dynamicUpdateSlice(row, List.of(k.add(1), zero)),
                    s.images.dynamicUpdateSlice(column.expandDims(0), List.of(k, zero)));
        }, start);
        Tensor target = Tensors.oneHot(zero, n + 1, r.dtype()).mul(norm);
        return Linalg.lstsq(d.images.transpose(), target).x().matmul(d.basis.slice(0, 0, n));
    }
}
