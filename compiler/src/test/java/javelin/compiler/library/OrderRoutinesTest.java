package javelin.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javelin.compiler.JvmBackend;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.CumLogSumExp;
import javelin.core.ops.CumMax;
import javelin.core.ops.CumMin;
import javelin.core.ops.CumProd;
import javelin.core.ops.CumSum;
import javelin.core.ops.Sort;
import javelin.core.ops.TopK;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The quick routines against the plain ones: on either side of the sizes where they change their ways. */
class OrderRoutinesTest {
    private record Case(Op op, List<TensorType> types) {
        @Override public String toString() { return op + " " + types; }
    }

    private static final List<DType> DTYPES = List.of(DType.values());

    static Stream<Case> prefixes() {
        return DTYPES.stream().flatMap(t -> Stream.of(false, true).flatMap(reverse -> Stream.of(
                TensorType.of(t, 1023), TensorType.of(t, 1024), TensorType.of(t, 3100), TensorType.of(t, 17, 9),
                        TensorType.of(t, 2, 1500), TensorType.of(t, 11, 1))
                .flatMap(x -> Stream.<Op>of(new CumSum(x.rank() - 1, reverse), new CumMax(0, reverse),
                        new CumMin(x.rank() - 1, reverse),
                        new CumProd(0, reverse), new CumLogSumExp(x.rank() - 1, reverse))
                        .filter(op -> t.isFloat() || !(op instanceof CumLogSumExp))
                                .map(op -> new Case(op, List.of(x))))));
    }

    static Stream<Case> sorts() {
        return DTYPES.stream()
                .flatMap(t -> Stream.of(TensorType.of(t, 1), TensorType.of(t, 100), TensorType.of(t, 4095),
                TensorType.of(t, 6000),
                TensorType.of(t, 300, 3), TensorType.of(t, 5, 70)).flatMap(x -> Stream.of(
                new Case(new Sort(0, 1), List.of(x)),
                new Case(new Sort(x.rank() - 1, 1), List.of(x, x.withDType(DType.I32))),
                new Case(new Sort(0, 2), List.of(x.withDType(DType.BOOL), x, x.withDType(DType.U8))),
                new Case(new Sort(x.rank() - 1, 3), List.of(x, x.withDType(DType.F64), x.withDType(DType.I64))))));
    }

    static Stream<Case> largest() {
        return DTYPES.stream()
                .flatMap(t -> Stream.of(TensorType.of(t, 1), TensorType.of(t, 100), TensorType.of(t, 5000),
                TensorType.of(t, 90, 3),
                TensorType.of(t, 40, 33)).flatMap(x -> Stream.of(0, 1, 2, x.shape().size(0) / 2, x.shape().size(0))
                .filter(k -> k <= x.shape().size(0)).distinct().map(k -> new Case(new TopK(k, 0), List.of(x)))));
    }

    @ParameterizedTest @MethodSource("prefixes")
    void prefixSumsAreThoseOfTheEvaluatorToRounding(Case c) {
        List<Array> in = Lists.map(c.types(), t -> near1(t, 5));
        List<Array> expected = evaluated(c, in), found = compiled(c, in, 1);
        assertTrue(found.getFirst().sameBits(compiled(c, in, 3).getFirst()), "threads change bits");
        DType type = c.types().getFirst().dtype();
        double eps = type.isFloat() ? Math.scalb(1, -type.fractionBits()) : 0;
        double[] e = expected.getFirst().toDoubles(), f = found.getFirst().toDoubles();
        for (int i = 0; i < e.length; i++)
            assertEquals(e[i], f[i], type.isHalf() ? eps * Math.abs(e[i]) : 2 * e.length * eps
                    * (1 + Math.abs(e[i])), "element " + i);
    }

    @ParameterizedTest @MethodSource({"sorts", "largest"})
    void orderIsThatOfTheEvaluatorToTheBit(Case c) {
        for (boolean unruly : new boolean[] {true, false}) {
            var random = new SplittableRandom(7);
            List<Array> in = Lists.map(c.types(), t -> drawn(t, random, unruly));
            List<Array> expected = evaluated(c, in);
            for (int threads : new int[] {1, 3}) {
                List<Array> found = compiled(c, in, threads);
                for (int k = 0; k < found.size(); k++)
                    assertTrue(expected.get(k).sameBits(found.get(k)), () -> "output\n" + expected + "\nbut\n" + found);
            }
        }
    }

    @ParameterizedTest @EnumSource(names = {"F64", "F32", "BF16", "F16"})
    void theLargestOfZerosArePositive(DType t) {
        Object zeros = t.allocate(500);
        for (int i = 0; i < 500; i++) t.write(zeros, i, i % 50 == 49 ? 0.0 : -0.0);
        var c = new Case(new TopK(12, 0), List.of(TensorType.of(t, 500)));
        List<Array> in = List.of(Array.wrap(c.types().getFirst(), zeros));
        int[] places = (int[]) compiled(c, in, 1).get(1).storage();
        assertEquals(List.of(49, 99, 149, 199, 249, 299, 349, 399, 449, 499, 0, 1),
                Arrays.stream(places).boxed().toList());
    }

    private static List<Array> evaluated(Case c, List<Array> in) {
        return Lists.map(Evaluator.evaluate(Recorder.trace(c.types(), x -> Op.apply(c.op(), x)).closed(), in),
                Tensor::array);
    }

    private static List<Array> compiled(Case c, List<Array> in, int threads) {
        var program = Recorder.trace(c.types(), x -> Op.apply(c.op(), x)).closed();
        var run = new JvmBackend(new Machine(0, threads)).compile(program, Lists.falses(in.size()));
        Object[] outputs = new Object[program.outputs().size()];
        run.run(in.stream().map(Array::storage).toArray(), outputs);
        return Lists.each(outputs.length, k -> Array.wrap(program.outputTypes().get(k), outputs[k]));
    }

    /** Numbers whose products stay in range. */
    private static Array near1(TensorType type, long seed) {
        var random = new SplittableRandom(seed);
        double[] numbers = new double[type.elements()];
        for (int i = 0; i < numbers.length; i++)
            numbers[i] = type.dtype().isFloat() ? random.nextDouble(0.999, 1.001) : type.dtype() == DType.BOOL
                    ? random.nextInt(2) : random.nextInt(1, 4);
        return Array.of(type, numbers);
    }

    /**
     * Bits of all kinds; if unruly, among floating-point numbers ties, infinities, zeros of both signs, NaN of all
     * sorts.
     */
    private static Array drawn(TensorType type, SplittableRandom random, boolean unruly) {
        Object storage = type.dtype().allocate(type.elements());
        for (int i = 0; i < type.elements(); i++) {
            double[] some = {0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 1, -1,
                    random.nextInt(9)};
            type.dtype().write(storage, i,
                    type.dtype().normalize(type.dtype().isFloat() ? unruly && random.nextInt(3) == 0
                    ? some[random.nextInt(8)]
                    : random.nextGaussian() : (Number) random.nextLong()));
            if (unruly && storage instanceof float[] a && random.nextInt(9) == 0) a[i] =
                    Float.intBitsToFloat(random.nextInt() | 0x7F800000);
            if (unruly && storage instanceof double[] a && random.nextInt(9) == 0) a[i] =
                    Double.longBitsToDouble(random.nextLong() | 0x7FF0L << 48);
        }
        return Array.wrap(type, storage);
    }
}
