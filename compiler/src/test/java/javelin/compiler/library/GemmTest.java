package javelin.compiler.library;

import static org.junit.jupiter.api.Assertions.*;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javelin.compiler.library.Gemm.Spec;
import javelin.compiler.schedule.Machine;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GemmTest {
    /** How an operand lies: row and column stride of an r x c matrix. */
    private enum Layout {
        ROWS, COLUMNS, PADDED_ROWS, PADDED_COLUMNS, SPREAD;

        int row(int r, int c) {
            return switch (this) {
                case ROWS -> c;
                case PADDED_ROWS -> c + 3;
                case COLUMNS, PADDED_COLUMNS -> 1;
                case SPREAD -> 2 * c + 1;
            };
        }

        int column(int r, int c) {
            return switch (this) {
                case ROWS, PADDED_ROWS -> 1;
                case COLUMNS -> r;
                case PADDED_COLUMNS -> r + 5;
                case SPREAD -> 2;
            };
        }
    }

    private static final List<Layout> LAYOUTS = List.of(Layout.values());
    private static final int[][] SHAPES = {
        {0, 3, 4}, {3, 0, 4}, {3, 4, 0}, {1, 1, 0}, {1, 1, 1}, {4, 8, 2}, {4, 1, 8}, {2, 3, 5}, {7, 9, 11}, {17, 1, 3},
        {1, 17, 300}, {1, 40, 130}, {40, 1, 131}, {1, 200, 33}, {203, 1, 33}, {3, 65, 40}, {6, 16, 64}, {2, 33, 70},
        {5, 130, 9}, {13, 10, 37}, {31, 64, 16}, {33, 63, 15}, {25, 129, 7}, {24, 300, 31}, {16, 20, 30},
                {11, 100, 1050}, {128, 10, 19}, {12, 48, 20}, {7, 24, 63}, {100, 96, 1},
        {8, 20, 1025}, {9, 70, 2100}, {1, 70, 2100}, {1, 1, 5000}, {67, 5, 16}, {300, 17, 3}, {20, 530, 33},
        {230, 20, 1500}, {110, 97, 1100},
    };

    /** @param x a's elements as doubles; {@code y} b's */
    private record Operands(Spec spec, Object a, int ao, Object b, int bo, double[] x, double[] y) { }

    private static Operands operands(DType dtype, int[] shape, Layout la, Layout lb, long seed) {
        int m = shape[0], n = shape[1], k = shape[2];
        var spec = new Spec(dtype, m, n, k, la.row(m, k), la.column(m, k), lb.row(k, n), lb.column(k, n));
        var random = new Random(seed);
        int ao = 5, bo = 2;
        Object a = filled(dtype, ao + extent(m, k, la), random), b = filled(dtype, bo + extent(k, n, lb), random);
        return operands(spec, a, ao, b, bo);
    }

    private static Operands operands(Spec spec, Object a, int ao, Object b, int bo) {
        return new Operands(spec, a, ao, b, bo, doubles(a), doubles(b));
    }

    private static double[] doubles(Object array) {
        if (array instanceof double[] f64) return f64;
        double[] f64 = new double[Array.getLength(array)];
        for (int i = 0; i < f64.length; i++) f64[i] = ((float[]) array)[i];
        return f64;
    }

    /** Just enough elements: a kernel that reads past the operand's last one fails. */
    private static int extent(int r, int c, Layout layout) {
        return r == 0 || c == 0 ? 0 : (r - 1) * layout.row(r, c) + (c - 1) * layout.column(r, c) + 1;
    }

    private static Object filled(DType dtype, int elements, Random random) {
        Object array = dtype.allocate(elements);
        for (int i = 0; i < elements; i++) {
            if (dtype == DType.F64) Array.setDouble(array, i, random.nextGaussian());
            else Array.setFloat(array, i, (float) random.nextGaussian());
        }
        return array;
    }

    /** C between two guards, NaN before it is computed. */
    private static double[] computed(Gemm gemm, Operands x, Scratch scratch, int split) {
        Spec s = x.spec();
        int guard = 7, size = s.m() * s.n();
        Object c = s.dtype().allocate(size + 2 * guard);
        for (int i = 0; i < size + 2 * guard; i++) {
            if (s.dtype() == DType.F64) Array.setDouble(c, i, Double.NaN);
            else Array.setFloat(c, i, Float.NaN);
        }
        if (split == 0) {
            gemm.run(x.a(), x.ao(), x.b(), x.bo(), c, guard, scratch);
        } else {
            for (int p = gemm.panels() - 1; p >= 0; p--) gemm.pack(x.b(), x.bo(), scratch, p, p + 1);
            // forwards and backwards: no range may touch what another has finished
            int ranges = Math.ceilDiv(s.m(), split);
            for (int range = 0; range < ranges; range++) {
                int from = (split % 2 == 1 ? range : ranges - 1 - range) * split;
                gemm.rows(x.a(), x.ao(), x.b(), x.bo(), c, guard, from, Math.min(s.m(), from + split), scratch);
            }
        }
        double[] all = doubles(c);
        for (int i = 0; i < guard; i++) {
            assertTrue(Double.isNaN(all[i]) && Double.isNaN(all[size + guard + i]), "wrote outside C");
        }
        return Arrays.copyOfRange(all, guard, guard + size);
    }

    /** The documented order of additions, written out. */
    private static double[] inDocumentedOrder(Operands x) {
        Spec s = x.spec();
        double[] c = new double[s.m() * s.n()];
        for (int i = 0; i < s.m(); i++) for (int j = 0; j < s.n(); j++) {
            c[i * s.n() + j] = s.inLanes() ? lanes(x, i, j) : blocks(x, i, j);
        }
        return c;
    }

    private static double blocks(Operands x, int i, int j) {
        Spec s = x.spec();
        double sum = 0;
        for (int p0 = 0; p0 < s.k(); p0 += s.blockLength()) {
            double block = 0;
            for (int p = p0; p < Math.min(s.k(), p0 + s.blockLength()); p++) {
                block = fma(s, a(x, i, p), b(x, p, j), block);
            }
            sum = p0 == 0 ? block : round(s, sum + block);
        }
        return sum;
    }

    private static double lanes(Operands x, int i, int j) {
        Spec s = x.spec();
        double[] lane = new double[32];
        for (int p = 0; p < s.k(); p++) lane[p % 32] = fma(s, a(x, i, p), b(x, p, j), lane[p % 32]);
        for (int half = 16; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) lane[l] = round(s, lane[l] + lane[l + half]);
        }
        return lane[0];
    }

    private static double a(Operands x, int i, int p) {
        return x.x()[x.ao() + i * x.spec().aRow() + p * x.spec().aColumn()];
    }

    private static double b(Operands x, int p, int j) {
        return x.y()[x.bo() + p * x.spec().bRow() + j * x.spec().bColumn()];
    }

    private static double fma(Spec s, double x, double y, double z) {
        return s.dtype() == DType.F64 ? Math.fma(x, y, z) : Math.fma((float) x, (float) y, (float) z);
    }

    private static double round(Spec s, double x) { return s.dtype() == DType.F64 ? x : (float) x; }

    private static List<Operands> cases(DType dtype) {
        var cases = new ArrayList<Operands>();
        for (int[] shape : SHAPES) {
            var plain = List.of(Layout.ROWS, Layout.COLUMNS);
            for (Layout la : plain) for (Layout lb : plain) {
                cases.add(operands(dtype, shape, la, lb, cases.size()));
            }
            if ((long) shape[0] * shape[1] * shape[2] < 100_000) for (Layout la : LAYOUTS) {
                Layout lb = LAYOUTS.get((la.ordinal() + cases.size()) % LAYOUTS.size());
                cases.add(operands(dtype, shape, la, lb, cases.size()));
            }
        }
        return cases;
    }

    @ParameterizedTest @EnumSource(value = DType.class, names = {"F32", "F64"})
    void agreesWithAPlainLoopInF64(DType dtype) {
        for (Operands x : cases(dtype)) {
            Spec s = x.spec();
            double[] c = inDocumentedOrder(x);
            // k roundings, each at most half a unit of a partial sum, which is at most the sum of absolute values
            double unit = dtype == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f);
            for (int i = 0; i < s.m(); i++) for (int j = 0; j < s.n(); j++) {
                double sum = 0, absolute = 0;
                for (int p = 0; p < s.k(); p++) {
                    double product = a(x, i, p) * b(x, p, j);
                    sum += product;
                    absolute += Math.abs(product);
                }
                assertEquals(sum, c[i * s.n() + j], (s.k() + 1) * unit * absolute, s.toString());
            }
        }
    }

    @ParameterizedTest @EnumSource(value = DType.class, names = {"F32", "F64"})
    void everyMachineAndEverySplitGivesTheDocumentedBits(DType dtype) {
        for (Operands x : cases(dtype)) {
            double[] expected = inDocumentedOrder(x);
            for (int bits : widths()) {
                // compiling every kernel at every width would take a minute
                if ((bits == 64 || bits == 256) && x.spec().isWorthWarmUp()) continue;
                Gemm gemm = Gemm.of(x.spec(), new Machine(bits, 1));
                Scratch scratch = gemm.newScratch();
                for (int split : new int[] {0, 5, gemm.rowGrain()}) {
                    assertArrayEquals(expected, computed(gemm, x, scratch, split),
                        () -> x.spec() + " with " + bits + " bits, rows split at " + split);
                }
            }
        }
    }

    /** Without the incubator module only plain code can be asked for. */
    private static int[] widths() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors ? new int[] {0, 64, 128, 256, 512} : new int[] {0};
    }

    @Test void negativeZeroAndNanPassThroughEveryPath() {
        int[][] shapes = {{20, 40, 30}, {1, 100, 100}, {100, 1, 100}, {3, 3, 3}, {20, 5, 2100}};
        for (int bits : widths()) for (int[] shape : shapes) {
            Operands random = operands(DType.F32, shape, Layout.ROWS, Layout.ROWS, 1);
            float[] a = (float[]) random.a(), b = (float[]) random.b();
            Arrays.fill(a, 1e-30f);
            Arrays.fill(b, -1e-30f); // every product underflows to -0
            Operands x = operands(random.spec(), a, random.ao(), b, random.bo());
            Gemm gemm = Gemm.of(x.spec(), new Machine(bits, 1));
            double[] expected = inDocumentedOrder(x), c = computed(gemm, x, gemm.newScratch(), 0);
            String what = random.spec() + " with " + bits + " bits";
            for (int i = 0; i < c.length; i++) assertEquals(1 / expected[i], 1 / c[i], "sign of zero, " + what);
            b[x.bo()] = Float.NaN;
            x = operands(x.spec(), a, x.ao(), b, x.bo());
            c = computed(gemm, x, gemm.newScratch(), 0);
            expected = inDocumentedOrder(x);
            for (int i = 0; i < c.length; i++) assertEquals(Double.isNaN(expected[i]), Double.isNaN(c[i]), what);
        }
    }

    @Test void aScratchMadeForOneProductServesASmallerOne() {
        var machine = new Machine(widths()[widths().length - 1], 1);
        Operands large = operands(DType.F32, new int[] {40, 100, 90}, Layout.ROWS, Layout.COLUMNS, 1);
        Operands small = operands(DType.F64, new int[] {20, 30, 40}, Layout.COLUMNS, Layout.ROWS, 2);
        Operands inPlace = operands(DType.F32, new int[] {12, 48, 20}, Layout.ROWS, Layout.ROWS, 3);
        Scratch scratch = Gemm.of(large.spec(), machine).newScratch();
        for (Operands x : List.of(large, small, inPlace, large)) {
            assertArrayEquals(inDocumentedOrder(x), computed(Gemm.of(x.spec(), machine), x, scratch, 0));
        }
    }

    @Test void threadsShareOnePackedOperand() throws InterruptedException {
        var machine = new Machine(widths()[widths().length - 1], 4);
        Operands x = operands(DType.F32, new int[] {203, 75, 50}, Layout.ROWS, Layout.ROWS, 3);
        Gemm gemm = Gemm.of(x.spec(), machine);
        Scratch scratch = gemm.newScratch();
        float[] c = new float[203 * 75];
        for (int round = 0; round < 20; round++) {
            Arrays.fill(c, Float.NaN);
            gemm.pack(x.b(), x.bo(), scratch);
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                int from = 203 * t / 4, to = 203 * (t + 1) / 4;
                threads.add(Thread.ofPlatform().start(() ->
                    gemm.rows(x.a(), x.ao(), x.b(), x.bo(), c, 0, from, to, scratch)));
            }
            for (Thread t : threads) t.join();
            double[] expected = inDocumentedOrder(x);
            for (int i = 0; i < c.length; i++) assertEquals(expected[i], c[i], "element " + i);
        }
    }

    @Test void equalProductsAreOneObject() {
        var spec = new Spec(DType.F32, 30, 30, 30, 30, 1, 30, 1);
        var equal = new Spec(DType.F32, 30, 30, 30, 30, 1, 30, 1);
        assertSame(Gemm.of(spec, new Machine(0, 1)), Gemm.of(equal, new Machine(0, 8)));
    }

    @Test void integersAreRefusedByName() {
        var e = assertThrows(IllegalArgumentException.class, () -> new Spec(DType.I32, 2, 2, 2, 2, 1, 2, 1));
        assertTrue(e.getMessage().contains("i32"), e.getMessage());
    }
}
