package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Supplier;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;

/**
 * An optimizer's step on many parameters, which memory limits, and beside it a loop that reads and writes the same
 * memory and computes next to nothing.
 */
final class Optimizing {
    static final List<Workload> ALL = List.of(
            new Repeated("adam_10m", Optimizing::adam),
            new Repeated("adam_10m_memory_alone", Optimizing::memoryAlone));

    private static final int PARAMETERS = 10_000_000;

    private Optimizing() {}

    record State(Tensor params, OptState adam) {}

    static Supplier<Tensor> adam(Inputs in) {
        Optimizer<Tensor> adam = Optimizers.adam(1e-3);
        Tensor gradients = in.f32(PARAMETERS), params = Tensor.zeros(TensorType.f32(PARAMETERS));
        var step = jit((State s, Tensor g) -> {
            var next = adam.update(g, s.adam(), s.params());
            return new State(Optimizers.applyUpdates(s.params(), next.updates()), next.state());
        }).donate(0);
        return new Supplier<>() {
            private State state = new State(params, adam.init(params));

            @Override public Tensor get() {
                state = step.apply(state, gradients);
                return state.adam().count();
            }
        };
    }

    /** Gradients read, parameters and both means read and written: what a step must move. */
    static Supplier<float[]> memoryAlone(Inputs in) {
        float[] g = (float[]) in.f32(PARAMETERS).storage(), p = new float[PARAMETERS], m = new float[PARAMETERS],
                v = new float[PARAMETERS];
        return () -> {
            move(g, p, m, v);
            return p;
        };
    }

    private static void move(float[] g, float[] p, float[] m, float[] v) {
        for (int i = 0; i < g.length; i++) {
            p[i] += g[i];
            m[i] += g[i];
            v[i] += g[i];
        }
    }
}
