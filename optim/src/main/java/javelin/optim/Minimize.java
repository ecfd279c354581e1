package javelin.optim;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.Control;
import javelin.Linalg;
import javelin.Tensors;
import javelin.Transforms;
import javelin.Transforms.ValueAndGrad;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * Minima in one call, for who calibrates and does not train: {@code Minimize.lbfgs(model::error, start).at()}.
 * Parameters are any tree of tensors of one floating-point type, best f64; a lambda says their type, {@code (Tensor x)
 * -> x.square().sum()}. The whole search is one compiled loop.
 */
public final class Minimize {
    private Minimize() {}

    /**
     * When a search ends: {@code gradientTolerance} times the larger of 1 and |f| is what the largest derivative may
     * be in a minimum.
     */
    public record Limits(int maxIterations, double gradientTolerance) {
        /** 500 iterations; 1e-8. f32 reaches 1e-4 or so. */
        public static final Limits DEFAULT = new Limits(500, 1e-8);
    }

    /**
     * Where a search ended.
     *
     * @param value        the function there; for least squares half the sum of squares
     * @param gradientNorm the largest derivative there, in magnitude
     * @param iterations   steps made
     * @param converged    whether it is a minimum within the {@link Limits}, or the last step was foretold to change
     * the
     *                     function by no more than its rounding; if not, there was no step to make, or too many
     */
    public record Minimum<P>(P at, double value, double gradientNorm, int iterations, boolean converged) {}

    /** Limited-memory BFGS, for many parameters: {@link Optimizers#lbfgs}. */
    public static <P> Minimum<P> lbfgs(Function<P, Tensor> f, P start) { return lbfgs(f, start, Limits.DEFAULT); }

    public static <P> Minimum<P> lbfgs(Function<P, Tensor> f, P start, Limits limits) {
        return search(f, start, limits, p -> Optimizers.<Tensor>lbfgs().init(p), (at, state) -> {
            var step = Optimizers.<Tensor>lbfgs().update(at.gradient(), state, at.x(),
                    Loss.of(at.value(), at.gradient(), at.f()));
            ZoomLineSearch.State<?> end = step.state().find(ZoomLineSearch.State.class);
            return Step.of(at, step.updates(), new ValueAndGrad<>(end.value(), (Tensor) end.grad()), step.state());
        });
    }

    /**
     * BFGS with the whole inverse Hessian, for up to a thousand parameters or so: Nocedal and Wright, "Numerical
     * optimization", 2nd edition, algorithm 6.1.
     */
    public static <P> Minimum<P> bfgs(Function<P, Tensor> f, P start) { return bfgs(f, start, Limits.DEFAULT); }

    public static <P> Minimum<P> bfgs(Function<P, Tensor> f, P start, Limits limits) {
        record Inverse(Tensor h, Tensor known) {}
        return search(f, start, limits, x -> new Inverse(Tensors.eye(x.size(0), x.dtype()),
                Array.scalar(0, DType.BOOL)), (at, inverse) -> {
            Tensor direction = inverse.h().matmul(at.gradient()).neg();
            var there = at.along(direction);
            Tensor s = there.moved(), y = there.reached().grad().sub(at.gradient()), sy = s.dot(y);
            Tensor h = inverse.known().where(inverse.h(), inverse.h().mul(sy.div(y.dot(y))));   // equation 6.20
            Tensor hy = h.matmul(y), rank2 = s.outer(s).mul(y.dot(hy).div(sy).add(1)).sub(hy.outer(s)).sub(s.outer(hy));
            Tensor usable = sy.gt(0).and(sy.reciprocal().isFinite());
            return Step.of(at, s, there.reached(), new Inverse(usable.where(h.add(rank2.div(sy)), inverse.h()),
                    inverse.known().or(usable)));
        });
    }

    /**
     * Newton's method with second derivatives taken along directions, so that the Hessian is never made; conjugate
     * gradients find the step and stop at negative curvature: Nocedal and Wright, algorithm 7.1.
     */
    public static <P> Minimum<P> newton(Function<P, Tensor> f, P start) { return newton(f, start, Limits.DEFAULT); }

    public static <P> Minimum<P> newton(Function<P, Tensor> f, P start, Limits limits) {
        return search(f, start, limits, x -> List.<Tensor>of(), (at, none) -> {
            var hessian = Transforms.linearize(Transforms.grad(at.f()), at.x());
            var there = at.along(newtonStep(hessian::tangent, at.gradient()));
            return Step.of(at, there.moved(), there.reached(), none);
        });
    }

    private static Tensor newtonStep(UnaryOperator<Tensor> hessian, Tensor gradient) {
        record Inner(Tensor z, Tensor residual, Tensor direction, Tensor i, Tensor done) {}
        Tensor square = gradient.dot(gradient), norm = square.sqrt();
        Tensor small = norm.minimum(1e-3).mul(norm).square(), zero = gradient.like(0).broadcastTo(gradient.shape());
        int most = 2 * gradient.size(0) + 10;
        return Control.whileLoop((Inner s) -> s.done().not().and(s.i().lt(most)), s -> {
            Tensor hd = hessian.apply(s.direction()), curvature = s.direction().dot(hd);
            Tensor rr = s.residual().dot(s.residual()), step = rr.div(curvature);
            Tensor convex = curvature.gt(0);
            Tensor z = convex.where(s.z().add(s.direction().mul(step)), s.i().eq(0).where(gradient.neg(), s.z()));
            Tensor residual = s.residual().add(hd.mul(step)), next = residual.dot(residual);
            return new Inner(z, residual, s.direction().mul(next.div(rr)).sub(residual), s.i().add(1),
                    convex.not().or(next.le(small)));
        }, new Inner(zero, gradient, gradient.neg(), Counted.none(), square.eq(0))).z();
    }

    /**
     * Least squares of a vector of residuals: {@code sum(r^2) / 2}, with a damping that follows how well the linear
     * model foretold the last step. Marquardt, 1963, scaled by the diagonal; damping as Nielsen, "Damping parameter in
     * Marquardt's method", 1999. For up to some hundred parameters.
     */
    public static <P> Minimum<P> levenbergMarquardt(Function<P, Tensor> residuals, P start) {
        return levenbergMarquardt(residuals, start, Limits.DEFAULT);
    }

    public static <P> Minimum<P> levenbergMarquardt(Function<P, Tensor> residuals, P start, Limits limits) {
        record Damping(Tensor damping, Tensor growth) {}
        Function<P, Tensor> half = p -> residuals.apply(p).square().sum().mul(0.5);
        Function<Tensor, Tensor> r = x -> residuals.apply(Vector.of(start).tree(x)).reshape(-1);
        return search(half, start, limits, x -> new Damping(x.like(1e-3), x.like(2)), (at, state) -> {
            Tensor jacobian = Transforms.jacfwd(r).apply(at.x()), normal = jacobian.transpose().matmul(jacobian);
            Tensor eye = Tensors.eye(at.x().size(0), at.x().dtype());
            Tensor diagonal = normal.mul(eye).sum(1), scale = diagonal.gt(0).where(diagonal, diagonal.like(1));
            Tensor step = Linalg.solve(normal.add(eye.mul(scale.mul(state.damping()))), at.gradient().neg());
            var there = Transforms.valueAndGrad(at.f()).apply(at.x().add(step));
            Tensor foretold = step.dot(step.mul(scale).mul(state.damping()).sub(at.gradient())).mul(0.5);
            Tensor ratio = at.value().sub(there.value()).div(foretold), better = ratio.gt(0);
            Tensor eased = ratio.mul(2).sub(1).pow(3).neg().add(1).maximum(1.0 / 3);
            Damping next = TreeMath.where(better, new Damping(state.damping().mul(eased), state.growth().like(2)),
                    new Damping(state.damping().mul(state.growth()), state.growth().mul(2)));
            Tensor given = better.or(state.damping().lt(1e16)).not();
            var reached = TreeMath.where(better, there, new ValueAndGrad<>(at.value(), at.gradient()));
            return new Step<>(better.where(step, step.like(0)), reached, next, foretold, given);
        });
    }

    // what all of them share

    /** A function of one vector and where a search is. */
    private record At(Function<Tensor, Tensor> f, Tensor x, Tensor value, Tensor gradient) {
        /** The end of a line search. */
        Step<Tensor> along(Tensor direction) {
            var line = new ZoomLineSearch<Tensor>(ZoomLineSearch.Settings.of(30).withKeepGuess(false));
            var step = line.update(direction, line.init(x), x, Loss.of(value, gradient, f));
            return Step.of(this, step.updates(), new ValueAndGrad<>(step.state().value(), step.state().grad()), x);
        }
    }

    /**
     * @param moved    by how much
     * @param foretold by how much the function was to fall
     * @param stuck    whether there is no sense in going on
     */
    private record Step<S>(Tensor moved, ValueAndGrad<Tensor> reached, S state, Tensor foretold, Tensor stuck) {
        /** A step along a line: the linear model's fall. */
        static <S> Step<S> of(At at, Tensor moved, ValueAndGrad<Tensor> reached, S state) {
            return new Step<>(moved, reached, state, moved.dot(at.gradient()).neg(), moved.eq(0).all());
        }

        Tensor settled() {
            double rounding = moved.dtype() == DType.F64 ? 0x1p-52 : 0x1p-23;
            return foretold.gt(0).and(foretold.le(reached.value().abs().mul(rounding)));
        }
    }

    private interface Rule<S> { Step<S> step(At at, S state); }

    /** @param done whether the last step settled, or there is none */
    private record Loop<S>(Tensor x, ValueAndGrad<Tensor> at, S state, Tensor iterations, Tensor settled,
            Tensor done) {}

    private static <P, S> Minimum<P> search(Function<P, Tensor> f, P start, Limits limits, Function<Tensor, S> initial,
            Rule<S> rule) {
        Vector<P> vector = Vector.of(start);
        Function<Tensor, Tensor> g = x -> f.apply(vector.tree(x));
        Tensor no = Array.scalar(0, DType.BOOL);
        Loop<?> end = Transforms.jit((Tensor x0) -> Control.whileLoop(
                (Loop<S> s) -> flat(s.at(), limits).or(s.done()).not().and(s.iterations().lt(limits.maxIterations())),
                s -> {
                    var step = rule.step(new At(g, s.x(), s.at().value(), s.at().grad()), s.state());
                    return new Loop<>(s.x().add(step.moved()), step.reached(), step.state(), s.iterations().add(1),
                            step.settled(), step.settled().or(step.stuck()));
                }, new Loop<>(x0, Transforms.valueAndGrad(g).apply(x0), initial.apply(x0), Counted.none(), no, no)))
                .apply(vector.start());
        return new Minimum<>(vector.tree(end.x()), end.at().value().item(), end.at().grad().abs().max().item(),
                (int) end.iterations().itemAsLong(), flat(end.at(), limits).or(end.settled()).itemAsLong() != 0);
    }

    private static Tensor flat(ValueAndGrad<Tensor> at, Limits limits) {
        return at.grad().abs().max().le(at.value().abs().maximum(1).mul(limits.gradientTolerance()));
    }

    /** A tree of parameters as one vector. */
    private record Vector<P>(P like, Tensor start) {
        static <P> Vector<P> of(P tree) {
            return new Vector<>(tree, Tensors.concatenate(Lists.map(TreeMath.leaves(tree), x -> x.reshape(-1)), 0));
        }

        P tree(Tensor x) {
            int[] at = {0};
            return TreeMath.map(like, leaf -> {
                int n = leaf.type().elements();
                return x.slice(0, at[0], at[0] += n).reshape(leaf.shape());
            });
        }
    }
}
