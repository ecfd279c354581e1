package javelin.bench;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Supplier;
import javelin.Control;
import javelin.Linalg;
import javelin.Tensors;
import javelin.bench.Workload.Repeated;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Factorizations and systems, large, small and many, and small ones in a loop. */
final class LinearAlgebra {
    static final List<Workload> ALL = List.of(
            new Repeated("kalman_gradient_f64", LinearAlgebra::kalmanGradient),
            new Repeated("solve_3x3_10000", LinearAlgebra::smallSystems),
            new Repeated("cholesky_512_f64", LinearAlgebra::cholesky));

    private LinearAlgebra() {}

    // Kalman's filter: 4 states, 2 of them observed, 500 steps; the gradient of the likelihood by both noises

    record Noises(Tensor state, Tensor observation) {}

    record Belief(Tensor mean, Tensor covariance) {}

    private static Control.Step<Belief, Tensor> step(Noises noises, Belief before, Tensor y) {
        Tensor eye = Tensors.eye(4, DType.F64),
                motion = eye.add(Tensors.eye(2, DType.F64).mul(0.1).pad(0, 0, 2, 0).pad(1, 2, 0, 0));
        Tensor observed = eye.slice(0, 0, 2);
        Tensor m = motion.matmul(before.mean);
        Tensor p = motion.matmul(before.covariance).matmul(motion.transpose()).add(noises.state.mul(eye));
        Tensor s = observed.matmul(p).matmul(observed.transpose())
                .add(noises.observation.mul(Tensors.eye(2, DType.F64)));
        Tensor gain = Linalg.solve(s, observed.matmul(p)).transpose(), error = y.sub(observed.matmul(m));
        var after = new Belief(m.add(gain.matmul(error)), p.sub(gain.matmul(observed).matmul(p)));
        return new Control.Step<>(after, error.dot(Linalg.solve(s, error)).add(Linalg.det(s).log()));
    }

    /** Minus the logarithm of the likelihood of the observations. */
    static Tensor surprise(Noises noises, Tensor ys) {
        var start = new Belief(Tensors.zeros(TensorType.f64(4)), Tensors.eye(4, DType.F64));
        return Control.scan((Belief b, Tensor y) -> step(noises, b, y), start, ys).outputs().sum();
    }

    static Supplier<?> kalmanGradient(Inputs in) {
        Tensor ys = in.f64(500, 2);
        var f = jit(grad(LinearAlgebra::surprise));
        var noises = new Noises(Array.scalar(0.1), Array.scalar(0.5));
        return () -> f.apply(noises, ys);
    }

    static Supplier<?> smallSystems(Inputs in) {
        var f = jit(Linalg::solve);
        Tensor a = in.f32(10_000, 3, 3).add(Tensors.eye(3, DType.F32).mul(4)), b = in.f32(10_000, 3, 1);
        return () -> f.apply(a, b);
    }

    static Supplier<?> cholesky(Inputs in) {
        Tensor x = in.f64(512, 512), a = x.matmul(x.transpose()).add(Tensors.eye(512, DType.F64).mul(512));
        var f = jit(Linalg::cholesky);
        return () -> f.apply(a);
    }
}
