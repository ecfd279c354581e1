package javelin.compiler;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.vmap;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.Control;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

/** Compiled gradients of while loops of any length against those of counted loops. */
class LoopGradientsTest {
    private static final int KEPT = 64;

    private static Tensor step(Tensor x, Tensor w) { return x.mul(w).sin().add(x.mul(0.5)); }

    private static Tensor counted(int steps, Tensor x, Tensor w) {
        return Control.foriLoop(0, steps, (_, s) -> step(s, w), x).sum();
    }

    private static Tensor dynamic(Tensor steps, Tensor x, Tensor w, int limit) {
        return Control.whileLoop(s -> s.get(0).lt(steps), s -> List.of(s.get(0).add(1), step(s.get(1), w)),
                List.of(steps.like(0), x), limit).get(1).sum();
    }

    private static void check(Tensor x, Tensor w, int limit, int... counts) {
        BiFunction<Tensor, List<Tensor>, List<Tensor>> gradient =
                jit((n, in) -> grad((List<Tensor> p) -> dynamic(n, p.get(0), p.get(1), limit)).apply(in));
        for (int n : counts) {
            List<Tensor> expected = jit(grad((List<Tensor> p) -> counted(n, p.get(0), p.get(1)))).apply(List.of(x, w));
            List<Tensor> found = gradient.apply(Array.scalar(n), List.of(x, w));
            for (int i = 0; i < 2; i++)
                Vectors.assertClose(n + " steps", expected.get(i).array().toDoubles(),
                        found.get(i).array().toDoubles(), 1e-11);
        }
    }

    @Test void ofStatesInLocals() {
        check(Array.scalar(0.7), Array.scalar(1.3), Integer.MAX_VALUE, 0, 1, 2, KEPT - 1, KEPT, KEPT + 1, 129, 1000,
                KEPT * KEPT + 3, 20_000);
        check(Array.scalar(0.7), Array.scalar(1.3), 100, 0, 1, 10, 99, 100);
    }

    @Test void ofStatesInMemory() {
        Tensor x = Array.of(javelin.core.type.TensorType.f64(300), Vectors.random(1).doubles(300, -1, 1).toArray());
        check(x, x.mul(0.3).add(1.2), Integer.MAX_VALUE, 0, 1, KEPT, KEPT + 1, 777, KEPT * KEPT + 3);
    }

    @Test void ofLanesThatDisagree() {
        Tensor x = Array.f64(0.7, 0.1, -0.4, 0.9), counts = Array.i32(0, 3, 200, 64);
        BiFunction<Tensor, Tensor, Tensor> lane = (n, at) ->
                grad((Tensor p) -> dynamic(n, p, p.add(1), Integer.MAX_VALUE)).apply(at);
        Function<Tensor, Tensor> all = jit((Tensor at) -> vmap(lane).apply(counts, at));
        double[] each = Lists.each(4, i -> lane.apply(counts.index(i), x.index(i)).item()).stream()
                .mapToDouble(d -> d).toArray();
        Vectors.assertClose("lanes", each, all.apply(x).array().toDoubles(), 1e-12);
    }
}
