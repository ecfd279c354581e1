package javelin.bench;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;
import static javelin.Transforms.vmap;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javelin.Control;
import javelin.Tensors;
import javelin.bench.Workload.Repeated;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** Loops inside a compiled function, and derivatives through them. */
final class Loops {
    static final List<Workload> ALL = List.of(
            new Repeated("lstm_gradient", Loops::lstmGradient),
            new Repeated("rk4_lorenz_10000_steps_f64", Loops::lorenzSteps),
            new Repeated("rk4_lorenz_gradient_1000_steps_f64", Loops::lorenzGradient),
            new Repeated("scan_of_60_scalar_carries_gradient", Loops::scalarCarriesGradient),
            new Repeated("newton_while_vmapped_f64", Loops::newton));

    private Loops() {}

    // an LSTM: hidden 64, 100 steps, batch 16, value and gradient

    record Lstm(Tensor input, Tensor recurrent, Tensor bias) {
        record State(Tensor h, Tensor s) {}

        Tensor loss(Tensor xs) {
            Tensor zeros = Tensors.zeros(TensorType.f32(16, 64));
            return Control.scan(this::cell, new State(zeros, zeros), xs).outputs().square().mean();
        }

        private Control.Step<State, Tensor> cell(State before, Tensor x) {
            List<Tensor> gates = x.matmul(input).add(before.h().matmul(recurrent)).add(bias).split(4, -1);
            Tensor s = gates.get(1).logistic().mul(before.s()).add(gates.get(0).logistic().mul(gates.get(2).tanh()));
            Tensor h = gates.get(3).logistic().mul(s.tanh());
            return new Control.Step<>(new State(h, s), h);
        }
    }

    static Supplier<?> lstmGradient(Inputs in) {
        var p = new Lstm(in.f32(.1, 32, 256), in.f32(.1, 64, 256), Tensors.zeros(TensorType.f32(256)));
        Tensor xs = in.f32(100, 16, 32);
        var f = jit(valueAndGrad(Lstm::loss));
        return () -> f.apply(p, xs);
    }

    // the Lorenz system by Runge and Kutta's classical method

    private static Tensor lorenz(Tensor y) {
        double dt = 0.005;
        Tensor k1 = slope(y), k2 = slope(y.add(k1.mul(dt / 2))), k3 = slope(y.add(k2.mul(dt / 2))),
                k4 = slope(y.add(k3.mul(dt)));
        return y.add(k1.add(k2.mul(2)).add(k3.mul(2)).add(k4).mul(dt / 6));
    }

    private static Tensor slope(Tensor y) {
        Tensor a = y.index(0), b = y.index(1), c = y.index(2);
        return Tensors.stack(List.of(b.sub(a).mul(10), a.mul(c.neg().add(28)).sub(b), a.mul(b).sub(c.mul(8 / 3.0))), 0);
    }

    static Supplier<?> lorenzSteps(Inputs in) {
        var f = jit((Tensor y) -> Control.foriLoop(0, 10_000, (_, state) -> lorenz(state), y));
        Tensor y = Array.f64(1, 1, 1);
        return () -> f.apply(y);
    }

    static Supplier<?> lorenzGradient(Inputs in) {
        var f = jit(grad((Tensor y) -> Control.scan((Tensor state) ->
                new Control.Step<>(lorenz(state), List.of()), y, 1000).carry().sum()));
        Tensor y = Array.f64(1, 1, 1);
        return () -> f.apply(y);
    }

    // 60 numbers, each mixed with its neighbour, 614 times

    static Supplier<?> scalarCarriesGradient(Inputs in) {
        var f = jit(grad((List<Tensor> c) ->
                Control.scan((List<Tensor> s) -> new Control.Step<>(mixed(s), List.of()), c, 614)
                .carry().stream().reduce(Tensor::add).orElseThrow()));
        List<Tensor> c = IntStream.range(0, 60).<Tensor>mapToObj(i -> Array.scalar((float) (0.01 * i))).toList();
        return () -> f.apply(c);
    }

    private static List<Tensor> mixed(List<Tensor> c) {
        return IntStream.range(0, c.size()).mapToObj(i ->
                c.get(i).mul(0.99).add(c.get((i + 1) % c.size()).mul(0.01)).tanh()).toList();
    }

    /** Square roots of 10,000 numbers by Newton's method, each until its own convergence. */
    static Supplier<?> newton(Inputs in) {
        var f = jit(vmap((Tensor a) -> Control.whileLoop((Tensor y) ->
                y.mul(y).sub(a).abs().gt(a.mul(1e-10)), y -> y.add(a.div(y)).mul(0.5), a)));
        Tensor a = in.uniform(1, 1e6, TensorType.f64(10_000));
        return () -> f.apply(a);
    }
}
