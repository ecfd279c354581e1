package javelin.core;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javelin.Tensors;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** x[...] as NumPy has it: what is read, what is written, and what happens out of range. */
class IndexTest {
    private static final Tensor X = Tensors.arange(24, DType.F64).reshape(2, 3, 4);
    private static final Tensor FIVE = Array.f64(10, 11, 12, 13, 14);
    private static final Index FAR = Index.of(Array.i32(-1, 0, 4, 5, -5, -6, 7));

    /** x[indices] as NumPy 2 prints it for {@code arange(24).reshape(2, 3, 4)}. */
    record Case(String python, List<Integer> shape, List<Integer> numbers, Index... indices) {
        @Override public String toString() { return python; }
    }

    static Stream<Case> cases() {
        Index all = Index.all(), rest = Index.rest(), zero = Index.of(0), one = Index.of(1), axis = Index.newAxis();
        return Stream.of(
                new Case("1", List.of(3, 4), List.of(12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23), one),
                new Case("-1,0", List.of(4), List.of(12, 13, 14, 15), Index.of(-1), zero),
                new Case(":,1:3", List.of(2, 2, 4), List.of(4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23),
                        all, Index.slice(1, 3)),
                new Case("...,0:4:2", List.of(2, 3, 2), List.of(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22), rest,
                        Index.slice(0, 4, 2)),
                new Case("0,...,::-1", List.of(3, 4), List.of(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8), zero, rest,
                        Index.all().step(-1)),
                new Case("0,1::-1,3:0:-2", List.of(2, 2), List.of(7, 5, 3, 1), zero, Index.from(1).step(-1),
                        Index.slice(3, 0, -2)),
                new Case("1,:-1,-2:", List.of(2, 2), List.of(14, 15, 18, 19), one, Index.to(-1), Index.from(-2)),
                new Case("0,2:1,-9:9", List.of(0, 4), List.of(), zero, Index.slice(2, 1), Index.slice(-9, 9)),
                new Case("None,0,...,None,2", List.of(1, 3, 1), List.of(2, 6, 10), axis, zero, rest, axis, Index.of(2)),
                new Case("1,[2,0]", List.of(2, 4), List.of(20, 21, 22, 23, 12, 13, 14, 15), one, at(2, 0)),
                new Case("[1,-2],1:3,2", List.of(2, 2), List.of(18, 22, 6, 10), at(1, -2), Index.slice(1, 3),
                        Index.of(2)),
                new Case(":,[2,0],[-1,1]", List.of(2, 2), List.of(11, 1, 23, 13), all, at(2, 0), at(-1, 1)),
                new Case("[0,1],0:3:2,[3,0]", List.of(2, 2), List.of(3, 11, 12, 20), at(0, 1), Index.slice(0, 3, 2),
                        at(3, 0)),
                new Case("[0,1],None,[2,1],:1", List.of(2, 1, 1), List.of(8, 16), at(0, 1), axis, at(2, 1),
                        Index.to(1)),
                new Case("[[0],[1]],[2,0],3", List.of(2, 2), List.of(11, 3, 23, 15),
                        Index.of(Array.i32(0, 1).reshape(2, 1)), at(2, 0), Index.of(3)),
                new Case("0,[1],3::-3", List.of(1, 2), List.of(7, 4), zero, at(1), Index.from(3).step(-3)),
                new Case("1,[T,F,T],0", List.of(2), List.of(12, 20), one, Index.of(Array.bool(true, false, true)),
                        zero),
                new Case("[F,T],2", List.of(1, 4), List.of(20, 21, 22, 23), Index.of(Array.bool(false, true)),
                        Index.of(2)),
                new Case("0,...,[F,T,T,F]", List.of(2, 3), List.of(1, 5, 9, 2, 6, 10), zero, rest,
                        Index.of(Array.bool(false, true, true, false))));
    }

    private static Index at(int... positions) { return Index.of(Array.i32(positions)); }

    @ParameterizedTest @MethodSource("cases")
    void readsWhatNumPyReads(Case c) {
        Tensor found = X.index(c.indices());
        assertEquals(c.shape(), found.shape().sizes());
        assertEquals(c.numbers(), Arrays.stream(found.array().toDoubles()).mapToObj(x -> (int) x).toList());
    }

    private static String at(Tensor x) { return x.toString().replaceFirst(" [a-z0-9]+\\[.*", ""); }

    @Test void readsTheNearestAndWritesNothingOutOfRange() {
        assertEquals("[14.0 10.0 14.0 14.0 10.0 10.0 14.0]", at(FIVE.index(FAR)));
        assertEquals("[14.0 10.0 14.0 NaN 10.0 NaN NaN]", at(FIVE.at(FAR).when(OutOfRange.FILL_OR_DROP).get()));
        assertEquals("[14.0 10.0 14.0 -1.0 10.0 -1.0 -1.0]", at(FIVE.at(FAR).get(-1)));
        assertEquals("[14.0 10.0 14.0 10.0 10.0 14.0 12.0]", at(FIVE.at(FAR).when(OutOfRange.WRAP).get()));
        assertEquals("[12.0 11.0 12.0 13.0 16.0]", at(FIVE.at(FAR).add(1)));
        assertEquals("[13.0 11.0 12.0 13.0 18.0]", at(FIVE.at(FAR).when(OutOfRange.CLIP).add(1)));
        assertEquals(Integer.MIN_VALUE, Array.i32(1).at(at(3)).when(OutOfRange.FILL_OR_DROP).get().item());
    }

    @Test void takesAsNumPyDoes() {
        Tensor far = Array.i32(-1, 0, 4, 5, -5, -6, 7);
        assertEquals("[14.0 10.0 14.0 NaN 10.0 NaN NaN]", at(FIVE.take(far, 0)));
        assertEquals("[10.0 10.0 14.0 14.0 10.0 10.0 14.0]", at(FIVE.take(far, 0, OutOfRange.CLIP)));
        assertEquals("[14.0 10.0 14.0 10.0 10.0 14.0 12.0]", at(FIVE.take(far, 0, OutOfRange.WRAP)));
        assertEquals("[14.0 10.0 14.0 14.0 10.0 10.0 14.0]", at(FIVE.takeAlongAxis(far, 0, OutOfRange.CLIP)));
        assertEquals(List.of(2, 2, 1, 4), X.take(Array.i32(0, 2).reshape(2, 1), 1).shape().sizes());
        assertEquals("[[3.0]\n [4.0]]", at(Array.f32(new float[][] {{1, 2, 3}, {4, 5, 6}})
                .takeAlongAxis(Array.i32(2, 0).reshape(2, 1), 1)));
        assertEquals(List.of(2, 3, 1), X.takeAlongAxis(Array.i32(1).reshape(1, 1, 1), -1).shape().sizes());
        assertEquals("[[9.0 0.0 0.0]\n [0.0 0.0 0.0]]", at(Tensor.zeros(TensorType.f64(2, 3))
                .putAlongAxis(Array.i32(0, 5).reshape(2, 1), Array.scalar(9.0), 1)));
    }

    @Test void writesInTheOrderOfTheValues() {
        assertEquals("[10.0 3.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1, 1)).set(Array.f64(1, 2, 3))));
        assertEquals("[10.0 17.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1, 1)).add(Array.f64(1, 2, 3))));
        assertEquals("[10.0 5.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1, 1)).sub(Array.f64(1, 2, 3))));
        assertEquals("[10.0 66.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1, 1)).mul(Array.f64(1, 2, 3))));
        assertEquals("[10.0 2.75 12.0 13.0 14.0]", at(FIVE.at(at(1, 1)).div(2)));
        assertEquals("[10.0 2.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1)).min(Array.f64(30, 2))));
        assertEquals("[10.0 30.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1)).max(Array.f64(30, 2))));
        assertEquals("[10.0 121.0 12.0 13.0 14.0]", at(FIVE.at(at(1, 1)).apply(Tensor::square)));
        assertEquals("[3.0 11.0 2.0 13.0 1.0]", at(FIVE.at(Index.all().step(-2)).set(Array.f64(1, 2, 3))));
        assertEquals("[10.0 2.0 1.0 13.0 14.0]", at(FIVE.at(Index.slice(2, 0, -1)).set(Array.f64(1, 2))));
    }

    @Test void masksMayBeTracedWhereOneValueIsWrittenToAll() {
        var above = jit((Tensor x) -> x.at(Index.of(x.gt(11.5))).mul(2));
        assertEquals("[10.0 11.0 24.0 26.0 28.0]", at(above.apply(FIVE)));
        assertEquals("[10.0 11.0 1.0 2.0 3.0]", at(FIVE.at(Index.of(FIVE.gt(11.5))).set(Array.f64(1, 2, 3))));
        assertEquals("[[[0.0 1.0]\n  [2.0 3.0]]\n [[7.0 8.0]\n  [7.0 8.0]]]",
                at(Tensors.arange(8, DType.F64).reshape(2, 2, 2)
                .at(Index.of(Array.bool(false, true))).set(Array.f64(7, 8))));
        var read = jit((Tensor x) -> x.index(Index.of(x.gt(11.5))));
        assertTrue(assertThrows(ShapeException.class, () -> read.apply(FIVE)).getMessage()
                .contains("where(mask, a, b)"));
    }

    @Test void productsHaveADerivativeIfNoElementIsMeantTwice() {
        Tensor factors = Array.f64(3, 5);
        assertEquals("[10.0 12.0]", at(grad((Tensor f) -> FIVE.at(at(0, 2)).unique().mul(f).sum()).apply(factors)));
        var repeated = grad((Tensor f) -> FIVE.at(at(0, 2)).mul(f).sum());
        assertTrue(assertThrows(NoRuleException.class, () -> repeated.apply(factors)).getMessage()
                .contains("unique()"));
        assertEquals("[3.0 1.0 5.0 1.0 1.0]", at(grad((Tensor x) -> x.at(at(0, 2)).mul(factors).sum()).apply(FIVE)));
    }

    @Test void equalExtremesShareTheDerivative() {
        Tensor x = Array.f64(1, 2), u = Array.f64(2, 2, 1);
        var f = grad((Tensor v) -> x.at(at(1, 1, 0)).max(v).mul(Array.f64(10, 30)).sum());
        assertEquals("[10.0 10.0 5.0]", at(f.apply(u)));
    }

    @Test void theLastWriterGetsTheDerivative() {
        var f = grad((Tensor v) -> FIVE.at(at(1, 1, 7)).set(v).mul(FIVE).sum());
        assertEquals("[0.0 11.0 0.0]", at(f.apply(Array.f64(1, 2, 3))));
    }

    /** {@code <x[i], v> = <x, zeros.at[i].add(v)>}, and what is set is read, for random indices. */
    @Property(tries = 150, seed = "3", generation = net.jqwik.api.GenerationMode.RANDOMIZED)
    void writingUndoesReading(@ForAll int seed) {
        var random = new Random(seed);
        List<Index> drawn = new ArrayList<>();
        boolean positions = false;
        for (int size : List.of(2, 3, 4)) {
            if (random.nextInt(6) == 0) drawn.add(Index.newAxis());
            Index i = draw(random, size);
            positions |= i instanceof Index.Positions;
            drawn.add(i);
        }
        Index[] indices = drawn.toArray(Index[]::new);
        Tensor read = X.index(indices), v = read.mul(0.37).sin();
        Tensor added = Tensors.zerosLike(X).at(indices).add(v);
        assertEquals(X.mul(added).sum().item(), read.mul(v).sum().item(), 1e-12, () -> drawn.toString());
        if (!positions) assertTrue(X.at(indices).set(v).index(indices).array().sameBits(v.array()), drawn::toString);
        Tensor compiled = jit((Tensor x, Tensor u) -> x.at(indices).max(u)).apply(X, v);
        assertTrue(compiled.array().sameBits(X.at(indices).max(v).array()), drawn::toString);
    }

    private static Index draw(Random random, int size) {
        return switch (random.nextInt(5)) {
            case 0 -> Index.of(random.nextInt(-size, size));
            case 1 -> Index.all().step(random.nextBoolean() ? -1 : 2);
            case 2 -> Index.slice(random.nextInt(-5, 5), random.nextInt(-5, 5), random.nextBoolean() ? -2 : 1);
            case 3 -> Index.of(Array.i32(random.nextInt(size), random.nextInt(-size, size)));
            default -> Index.of(Array.of(TensorType.of(DType.I64, 2, 1), random.nextInt(size), random.nextInt(size)));
        };
    }

    @Test void axesMayBeEmpty() {
        Tensor none = Tensor.zeros(TensorType.f64(0, 2)), nowhere = Array.i32();
        assertEquals(List.of(0, 2), none.index(Index.of(nowhere)).shape().sizes());
        assertEquals(List.of(0, 2), none.take(nowhere, 0).shape().sizes());
        assertEquals(List.of(0, 2), none.takeAlongAxis(Tensor.zeros(TensorType.i32(0, 2)), 0).shape().sizes());
        assertEquals("[[NaN NaN]]", at(none.take(Array.i32(0), 0)));
        assertEquals(none.type(), none.at(at(0)).set(1).type());
        assertEquals(none.type(), none.putAlongAxis(Tensor.zeros(TensorType.i32(1, 2)), Array.scalar(1.0), 0).type());
        assertEquals(List.of(0, 3, 4), X.index(Index.of(nowhere)).shape().sizes());
        says("there is no nearest element to read", () -> none.index(at(0)));
    }

    @Test void saysWhatDoesNotFit() {
        says("indices for 4 axes are too many for rank 3", () ->
                X.index(Index.of(0), Index.of(0), Index.of(0), Index.of(0)));
        says("there is no element 2 in an axis of size 2", () -> X.index(Index.of(2)));
        says("Index.rest() may be given once", () -> X.index(Index.rest(), Index.rest()));
        says("the indices are f32; they must be integers", () -> X.index(Index.of(Array.f32(1))));
        says("the mask does not fit; it must have the sizes of the axes it stands for",
                () -> X.index(Index.of(Array.bool(true))));
        says("index: the shapes do not broadcast", () -> X.index(at(0, 1), at(0, 1, 2)));
        says("at(...).set: the shapes do not broadcast", () -> X.at(Index.of(0)).set(Array.f64(1, 2)));
        says("at(...).add: the value is f32; convert it with astype", () -> X.at(Index.of(0)).add(Array.f32(1)));
        says("the indices must have the rank of the input", () -> X.takeAlongAxis(Array.i32(1), 0));
        assertThrows(IllegalArgumentException.class, () -> Index.all().step(0));
    }

    private static void says(String text, org.junit.jupiter.api.function.Executable mistake) {
        String message = assertThrows(ShapeException.class, mistake).getMessage();
        assertTrue(message.contains(text), message);
    }
}
