package javelin.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javelin.compiler.schedule.Machine;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.Cholesky;
import javelin.core.ops.Det;
import javelin.core.ops.Eigh;
import javelin.core.ops.Lu;
import javelin.core.ops.LuSolve;
import javelin.core.ops.Qr;
import javelin.core.ops.Svd;
import javelin.core.ops.TriangularSolve;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Matrices written out in scalars or in lanes, decomposed in panels, or left to the routine: the evaluator's numbers.
 */
class LinearAlgebraTest {
    record Sizes(DType dtype, int batch, int m, int n) {
        TensorType type(int... last) {
            return TensorType.of(dtype, last.length == 1 ? new int[] {batch, last[0]}
                    : new int[] {batch, last[0], last[1]});
        }
    }

    static Stream<Sizes> sizes() {
        return Stream.of(DType.F64, DType.F32)
                .flatMap(t -> Stream.of(new Sizes(t, 1, 1, 1), new Sizes(t, 1, 2, 2), new Sizes(t, 2, 3, 3),
                        new Sizes(t, 37, 3, 3),
                new Sizes(t, 5, 4, 4), new Sizes(t, 3, 5, 5), new Sizes(t, 2, 4, 7), new Sizes(t, 2, 6, 3)));
    }

    @ParameterizedTest @MethodSource("sizes")
    void compiledIsEvaluated(Sizes s) {
        Array a = random(s.type(s.m, s.n));
        check(List.of(a), x -> Op.apply(new Lu(), x));
        check(List.of(a), x -> Op.apply(new Qr(true), x));
        check(List.of(a), x -> Op.apply(new Svd(Svd.Vectors.THIN), x));
        if (s.m != s.n) return;
        check(List.of(a), x -> Op.apply(new Det(), x));
        check(List.of(a), x -> Op.apply(new Eigh(false), x));
        Tensor positive = a.matmul(a.swapAxes(1, 2)).add(javelin.Tensors.eye(s.n, s.dtype));
        check(List.of(positive.array()), x -> Op.apply(new Cholesky(), x));
        for (int columns : new int[] {1, 3, 9}) {
            Array b = random(s.type(s.n, columns));
            check(List.of(a, b), x -> List.of(LuSolve.solve(x.get(0), x.get(1))));
            check(List.of(a, b), x -> {
                List<Tensor> f = Op.apply(new Lu(), List.of(x.get(0)));
                return Op.apply(new LuSolve(true), List.of(x.get(0), f.get(0), f.get(2), x.get(1)));
            });
            for (int bits = 0; bits < 16; bits++) {
                var op = new TriangularSolve((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
                check(List.of(dominant(a), (op.left() ? b : b.swapAxes(1, 2)).array()), x -> Op.apply(op, x));
            }
        }
    }

    @Test void exchangesAndZeroPivotsAreThoseOfTheRoutine() {
        for (double[] a : new double[][] {{0, 1, 1, 0}, {0, 0, 0, 0}, {1, 2, 1, 2}, {0, 3, 0, 4}, {2, 1, -2, 5},
                {Double.NaN, 1, 1, 1}})
            check(List.of(Array.of(TensorType.f64(2, 2), a)), x -> Op.apply(new Lu(), x));
        for (double[] a : new double[][] {{0, 0, 0, 1}, {1, 0, 2, 1}, {-1, 0, 0, 1}, {Double.NaN, 0, 0, 1}})
            check(List.of(Array.of(TensorType.f64(2, 2), a)), x -> Op.apply(new Cholesky(), x));
    }

    @ParameterizedTest @ValueSource(ints = {48, 64, 65, 95, 130})
    void largeMatricesAreDecomposedInPanels(int n) {
        for (DType t : List.of(DType.F64, DType.F32)) {
            Array x = random(TensorType.of(t, 2, n, n));
            Tensor a = x.matmul(x.swapAxes(1, 2)).add(javelin.Tensors.eye(n, t).mul(n));
            check(List.of(a.array()), in -> Op.apply(new Cholesky(), in));
            check(List.of(a.sub(javelin.Tensors.eye(n, t).mul(2 * n)).array()), in -> Op.apply(new Cholesky(), in));
        }
    }

    @ParameterizedTest @ValueSource(ints = {48, 64, 65, 95, 130})
    void largeMatricesAreDoneInBlocks(int n) {
        for (DType t : List.of(DType.F64, DType.F32)) {
            Array a = random(TensorType.of(t, 2, n, n));
            for (Array x : List.of(a, random(TensorType.of(t, n + 41, n)), random(TensorType.of(t, n, n + 41)))) {
                check(List.of(x), in -> Op.apply(new Lu(), in));
                check(List.of(x), in -> Op.apply(new Qr(false), in));
                check(List.of(x), in -> Op.apply(new Qr(true), in));
            }
            for (int sides : new int[] {1, 37}) systems(a, random(TensorType.of(t, 2, n, sides)));
        }
    }

    private static void systems(Array a, Array b) {
        int n = a.size(1);
        check(List.of(dominant(a), b), in -> {
            List<Tensor> f = Op.apply(new Lu(), in.subList(0, 1));
            return Lists.each(2, k -> new LuSolve(k == 1).apply(in.get(0), f.get(0), f.get(2), in.get(1)));
        });
        Array triangle = a.div(n).add(javelin.Tensors.eye(n, a.dtype())).array();
        for (int bits = 0; bits < 16; bits++) {
            var op = new TriangularSolve((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
            check(List.of(triangle, (op.left() ? b : b.swapAxes(1, 2)).array()), in -> Op.apply(op, in));
        }
    }

    @Test void singularMatricesAreDoneInBlocksToo() {
        Array a = random(TensorType.f64(70, 70));
        for (Tensor x : List.of(a.mul(0), a.mul(0).add(1), a.mul(Double.NaN)))
            check(List.of(x.array()), in -> Op.apply(new Lu(), in));
        for (Tensor x : List.of(a.mul(0), a.mul(Double.NaN)))
            check(List.of(x.array()), in -> Op.apply(new Qr(true), in));
    }

    private static Array dominant(Array a) { return a.add(javelin.Tensors.eye(a.size(-1), a.dtype()).mul(4)).array(); }

    private static Array random(TensorType type) {
        var random = new Random(type.hashCode());
        return Array.of(type, random.doubles(type.elements(), -1, 1).toArray());
    }

    private interface Body { List<Tensor> of(List<Tensor> in); }

    private static void check(List<Array> in, Body body) {
        Program program = Recorder.trace(Lists.map(in, Array::type), body::of).closed();
        List<Tensor> expected = Evaluator.evaluate(program, in);
        for (Machine m : List.of(new Machine(0, 1), new Machine(512, 1, 0, 1, 1),
                new Machine(256, 2, 64, 4096, 1 << 19))) {
            Object[] out = new Object[expected.size()];
            new JvmBackend(m).compile(program, Lists.falses(in.size()))
                    .run(in.stream().map(Array::storage).toArray(), out);
            for (int k = 0; k < out.length; k++)
                close(program, expected.get(k).array(), Array.wrap(expected.get(k).type(), out[k]));
        }
    }

    /** The routine computes f32 in f64, what is written out does not. */
    private static void close(Program program, Array expected, Array found) {
        double largest = 1;
        for (double x : expected.toDoubles())
            if (Math.abs(x) <= Double.MAX_VALUE) largest = Math.max(largest, Math.abs(x));
        double tolerance = expected.dtype() == DType.F64 ? 1e-11 : expected.dtype() == DType.F32 ? 1e-3 : 0;
        for (int i = 0; i < expected.type().elements(); i++)
            assertEquals(expected.get(i).doubleValue(), found.get(i).doubleValue(), tolerance * largest,
                    () -> "of " + program);
    }
}
