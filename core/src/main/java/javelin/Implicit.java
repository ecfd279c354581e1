package javelin;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.core.Dual;
import javelin.core.LinearOp.Operand;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Recorder;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.CustomJvp;
import javelin.core.ops.LinearSolve;
import javelin.core.transform.Jvp;
import javelin.core.transform.Transposition;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/**
 * Solutions of equations whose derivatives come from the equation (the implicit function theorem) and not from the
 * steps of the solver, which may be loops that have no reverse mode. Over trees of tensors; to any order.
 */
public final class Implicit {
    private Implicit() {}

    /**
     * The x with {@code matvec(x) = b} that {@code solve(matvec, b)} finds (lax.custom_linear_solve). Differentiable in
     * b and in what {@code matvec} closes over; in reverse mode the transposed system is solved by {@code
     * transposeSolve}, which is given the transpose of {@code matvec}.
     */
    public static <T> T linearSolve(Function<T, T> matvec, T b, BiFunction<Function<T, T>, T, T> solve,
            BiFunction<Function<T, T>, T, T> transposeSolve) {
        return linearSolve(matvec, b, solve, Optional.of(transposeSolve));
    }

    /** As above in forward mode; reverse mode raises. */
    public static <T> T linearSolve(Function<T, T> matvec, T b, BiFunction<Function<T, T>, T, T> solve) {
        return linearSolve(matvec, b, solve, Optional.empty());
    }

    private static <T> T linearSolve(Function<T, T> matvec, T b, BiFunction<Function<T, T>, T, T> solve,
            Optional<BiFunction<Function<T, T>, T, T>> transposeSolve) {
        var right = Trees.flatten(b);
        FlatFunction map = square("linearSolve", matvec, right);
        List<Tensor> constants = map.captured();
        FlatFunction direct = FlatFunction.trace((T y) -> solve.apply(applied(map), y), right);
        var forward = new LinearSolve.System(map.program(), constants.size(), direct.program(),
                direct.captured().size());
        if (transposeSolve.isEmpty())
            return Trees.unflatten(right.def(), Op.apply(new LinearSolve(forward, Optional.empty()),
                    Lists.concat(constants, direct.captured(), right.leaves())));
        var transpose = Recorder.trace(Lists.concat(Lists.map(constants, Tensor::type), right.types()), v ->
                Transposition.run(map.program(),
                Lists.concat(Lists.map(v.subList(0, constants.size()), Operand::known),
                        Lists.map(right.types(), Operand::linear)),
                v.subList(constants.size(), v.size()))).closed();
        var vecmat = new FlatFunction(transpose, constants, map.out(), map.in());
        FlatFunction back = FlatFunction.trace((T y) -> transposeSolve.get().apply(applied(vecmat), y), right);
        var backward = new LinearSolve.System(transpose, constants.size(), back.program(), back.captured().size());
        List<Tensor> inputs = Lists.concat(constants, direct.captured(), constants, back.captured(), right.leaves());
        return Trees.unflatten(right.def(), Op.apply(new LinearSolve(forward, Optional.of(backward)), inputs));
    }

    /**
     * The x with {@code f(x) = 0} that {@code solve(f, guess)} finds (lax.custom_root). Differentiable in what f closes
     * over, if f is where x is; not in the guess.
     *
     * @param tangentSolve {@code (g, y) -> x with g(x) = y} for a linear g: {@code y / g(1)} for scalars; in reverse
     * mode it is transposed, so it must be linear in y
     */
    public static <T> T root(Function<T, T> f, T guess, BiFunction<Function<T, T>, T, T> solve, BiFunction<Function<T,
            T>, T, T> tangentSolve) {
        var start = Trees.flatten(guess);
        FlatFunction residual = square("root", f, start);
        int k = residual.captured().size();
        List<TensorType> types = Lists.concat(Lists.map(residual.captured(), Tensor::type), start.types());
        var solved = Recorder.trace(types, v -> {
            var inside = new FlatFunction(residual.program(), v.subList(0, k), residual.in(), residual.out());
            return Trees.leaves(solve.apply(applied(inside), Trees.unflatten(start.def(), v.subList(k, v.size()))));
        });
        int closedOver = solved.captured().size();
        CustomJvp[] op = new CustomJvp[1];
        op[0] = new CustomJvp(solved.program(), closedOver, in -> {
            List<Tensor> x = Op.apply(op[0], Lists.map(in, Dual::primal));
            List<Dual> constants = in.subList(closedOver, closedOver + k);
            if (constants.stream().noneMatch(Dual::hasTangent)) return Lists.map(x, Dual::constant);
            List<Dual> moved = Jvp.run(residual.program(), Lists.concat(constants, Lists.map(x, Dual::constant)));
            T right = Trees.unflatten(start.def(), Lists.map(moved, d -> d.tangentOrZero().neg()));
            List<Dual> still = Lists.map(constants, d -> Dual.constant(d.primal()));
            T dx = tangentSolve.apply(t -> {
                List<Tensor> dt = Trees.leaves(t);
                List<Dual> at = Lists.each(x.size(), i -> Dual.of(x.get(i), dt.get(i)));
                return Trees.unflatten(start.def(),
                        Lists.map(Jvp.run(residual.program(), Lists.concat(still, at)), Dual::tangentOrZero));
            }, right);
            List<Tensor> tangents = Trees.leaves(dx);
            return Lists.each(x.size(), i -> Dual.of(x.get(i), tangents.get(i)));
        });
        return Trees.unflatten(start.def(), Op.apply(op[0],
                Lists.concat(solved.captured(), residual.captured(), start.leaves())));
    }

    /**
     * The x with {@code matvec(x) = b} for a symmetric positive definite map, by conjugate gradients from 0, until the
     * residual is at most {@code tolerance |b|} or {@code most} steps are done (jax.scipy.sparse.linalg.cg). Hestenes
     * and Stiefel, J. Res. NBS 49, 1952.
     */
    public static <T> T conjugateGradients(Function<T, T> matvec, T b, double tolerance, int most) {
        BiFunction<Function<T, T>, T, T> solve = (map, y) -> conjugateGradientSteps(map, y, tolerance, most);
        return linearSolve(matvec, b, solve, solve);
    }

    /**
     * The x with {@code matvec(x) = b} for any map, by stabilized biconjugate gradients, until the residual is at most
     * {@code tolerance |b|} or {@code most} steps of two products are done (jax.scipy.sparse.linalg.bicgstab).
     */
    public static <T> T bicgstab(Function<T, T> matvec, T b, double tolerance, int most) {
        BiFunction<Function<T, T>, T, T> solve = (map, y) ->
                Krylov.solve(map, y, a -> right -> Krylov.bicgstab(a, right, tolerance, most));
        return linearSolve(matvec, b, solve, solve);
    }

    /**
     * As {@link #bicgstab}, by the least residual in a growing number of directions (jax.scipy.sparse.linalg.gmres):
     * slower and more certain.
     *
     * @param directions how many are kept before it begins anew, at most {@code most} times (restart, maxiter)
     */
    public static <T> T gmres(Function<T, T> matvec, T b, double tolerance, int directions, int most) {
        BiFunction<Function<T, T>, T, T> solve = (map, y) ->
                Krylov.solve(map, y, a -> right -> Krylov.gmres(a, right, tolerance, directions, most));
        return linearSolve(matvec, b, solve, solve);
    }

    private record Search<T>(T x, T residual, T direction, Tensor square, Tensor steps) {}

    private static <T> T conjugateGradientSteps(Function<T, T> map, T b, double tolerance, int most) {
        Tensor square = dot(b, b), enough = square.mul(tolerance * tolerance);
        var first = new Search<>(Trees.map(b, t -> Tensor.zeros(t.type())), b, b, square,
                Tensor.zeros(TensorType.i32()));
        return Control.whileLoop(s -> s.square().gt(enough).and(s.steps().lt(most)), (Search<T> s) -> {
            T image = map.apply(s.direction());
            Tensor step = s.square().div(dot(s.direction(), image));
            T residual = moved(s.residual(), step.neg(), image);
            Tensor next = dot(residual, residual);
            return new Search<>(moved(s.x(), step, s.direction()), residual,
                    moved(residual, next.div(s.square()), s.direction()), next, s.steps().add(1));
        }, first).x();
    }

    private static <T> Tensor dot(T a, T b) {
        return Trees.leaves(Trees.zip(a, b, (x, y) -> x.mul(y).sum())).stream().reduce(Tensor::add).orElseThrow();
    }

    private static <T> T moved(T a, Tensor by, T direction) {
        return Trees.zip(a, direction, (x, d) -> x.add(by.astype(x.dtype()).mul(d)));
    }

    /** Traces a function whose results are of the structure and the types of its arguments. */
    private static <T> FlatFunction square(String what, Function<T, T> f, Trees.Flat at) {
        FlatFunction traced = FlatFunction.trace(f, at);
        Trees.requireSame(what + ": the function must give the structure it takes", at.def(), traced.out());
        if (!traced.program().outputTypes().equals(at.types()))
            throw new ShapeException(what, at.types(), "the function gives " + traced.program().outputTypes()
                    + "; it must give the types it takes");
        return traced;
    }

    private static <T> Function<T, T> applied(FlatFunction f) {
        return x -> Trees.unflatten(f.out(), f.program().apply(f.arguments(Trees.leaves(x))));
    }
}
