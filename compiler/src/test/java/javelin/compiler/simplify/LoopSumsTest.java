package javelin.compiler.simplify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import javelin.Control;
import javelin.Tensors;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.Scan;
import javelin.core.type.TensorType;
import javelin.Key;
import org.junit.jupiter.api.Test;

/** State that only sums products is no state, wherever that pays. */
class LoopSumsTest {
    private static final TensorType XS = TensorType.f32(6, 4, 20), YS = TensorType.f32(6, 4, 24);

    /** A function of xs and ys is left with {@code carries} values of state in all its loops, and means the same. */
    private static void leaves(int carries, BinaryOperator<Tensor> f) {
        Program program = Recorder.trace(List.of(XS, YS), v -> List.of(f.apply(v.get(0), v.get(1)))).closed(),
                simple = Simplify.run(program);
        int left = simple.equations().stream().mapToInt(e -> e.op() instanceof Scan scan ? scan.carries() : 0).sum();
        assertEquals(carries, left, simple.toString());
        List<Tensor> in = List.of(Key.of(1).normal(XS), Key.of(2).normal(YS));
        var expected = (Array) Evaluator.evaluate(program, in).getFirst();
        var found = (Array) Evaluator.evaluate(simple, in).getFirst();
        for (int i = 0; i < expected.type().elements(); i++)
            assertEquals(expected.get(i).doubleValue(), found.get(i).doubleValue(), 1e-4, simple.toString());
    }

    record Rows(Tensor x, Tensor y) {}

    /** The sum over turns of what {@code term} makes of a row of both. */
    private static Tensor summed(Tensor begin, Tensor xs, Tensor ys, BinaryOperator<Tensor> term) {
        return Control.scan((Tensor sum, Rows now) ->
                new Control.Step<>(sum.add(term.apply(now.x(), now.y())), List.of()), begin, new Rows(xs, ys)).carry();
    }

    private static Tensor zeros(int... sizes) { return Tensors.zeros(TensorType.f32(sizes)); }

    @Test void ofProducts() {
        leaves(0, (xs, ys) -> summed(zeros(20, 24), xs, ys, (x, y) -> x.transpose(1, 0).matmul(y)));
    }

    @Test void ofTransposedProducts() {
        leaves(0, (xs, ys) -> summed(zeros(24, 20), xs, ys, (x, y) -> x.transpose(1, 0).matmul(y).transpose(1, 0)));
    }

    @Test void ofProductsOfWhatEachTurnComputes() {
        leaves(0, (xs, ys) -> summed(zeros(20, 24), xs, ys, (x, y) -> x.sin().transpose(1, 0).matmul(y.tanh())));
    }

    @Test void fromSomethingElseThanZero() {
        leaves(0, (xs, ys) -> summed(xs.index(0, 0).transpose(1, 0).matmul(ys.index(0, 1)), xs, ys,
                (x, y) -> x.transpose(1, 0).matmul(y)));
    }

    /** The derivatives by weights and bias go, the derivative by the state stays. */
    @Test void asDerivativesByWeights() {
        record Cell(Tensor input, Tensor recurrent, Tensor bias) {}
        leaves(2, (xs, ys) -> {
            Function<Cell, Tensor> loss = cell -> Control.scan((Tensor h, Tensor x) -> {
                Tensor next = x.matmul(cell.input()).add(h.matmul(cell.recurrent())).add(cell.bias()).tanh();
                return new Control.Step<>(next, next);
            }, zeros(4, 24), xs).outputs().mul(ys).sum();
            Cell g = Transforms.grad(loss).apply(
                    new Cell(ys.index(0, 0).matmul(zeros(24, 24)).transpose(1, 0).matmul(xs.index(0, 0))
                            .transpose(1, 0),
                    ys.index(0, 1).transpose(1, 0).matmul(ys.index(0, 2)).mul(0.1), ys.index(0, 3).index(0, 0)));
            return g.input().sum(0).add(g.recurrent().sum(0)).add(g.bias());
        });
    }

    @Test void notWhatIsReadOnTheWay() {
        leaves(1, (xs, ys) -> summed(zeros(20, 24), xs, ys, (x, y) -> x.transpose(1, 0).matmul(y)).add(
                Control.scan((Tensor sum, Rows now) -> {
                    Tensor next = sum.add(now.x().transpose(1, 0).matmul(now.y()));
                    return new Control.Step<>(next, next.sum());
                }, zeros(20, 24), new Rows(xs, ys)).outputs().sum()));
    }

    @Test void notASumOfTheStateItself() {
        leaves(1, (xs, ys) -> Control.scan((Tensor sum, Rows now) -> new Control.Step<>(
                sum.add(sum.index(0, 0).reshape(24, 1).matmul(zeros(1, 24).add(now.y().sum(0))).slice(0, 0, 20)),
                        List.of()), zeros(20, 24).add(0.1), new Rows(xs, ys)).carry());
    }

    @Test void notSmallOnes() {
        leaves(1, (xs, ys) -> summed(zeros(2, 3), xs, ys,
                (x, y) -> x.slice(1, 0, 2).transpose(1, 0).matmul(y.slice(1, 0, 3))));
    }

    @Test void notWithFactorsLargerThanTheProduct() {
        leaves(1, (xs, ys) -> summed(zeros(20, 20), xs, ys,
                (x, y) -> x.transpose(1, 0).matmul(y).exp().matmul(y.transpose(1, 0).matmul(x).exp())));
    }

    @Test void ofSumsOfWhatIsThereOfAllTurns() { leaves(0, (xs, ys) -> summed(zeros(24), xs, ys, (x, y) -> y.sum(0))); }

    @Test void notOfSumsOfWhatIsNot() { leaves(1, (xs, ys) -> summed(zeros(24), xs, ys, (x, y) -> y.sin().sum(0))); }
}
