package javelin.bench;

import static javelin.Transforms.jit;

import java.util.List;
import java.util.function.Function;
import javelin.Key;
import javelin.bench.Workload.Repeated;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** A million random numbers from a key. */
final class RandomNumbers {
    private static final TensorType MILLION = TensorType.f32(1 << 20);

    static final List<Workload> ALL = List.of(
            draw("random_uniform_1m", key -> key.uniform(MILLION)),
            draw("random_normal_1m", key -> key.normal(MILLION)));

    private RandomNumbers() {}

    private static Workload draw(String name, Function<Key, Tensor> sampler) {
        return new Repeated(name, _ -> {
            var f = jit(sampler);
            Key key = Key.of(0);
            return () -> f.apply(key);
        });
    }
}
