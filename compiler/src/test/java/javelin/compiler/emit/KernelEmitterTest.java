package javelin.compiler.emit;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Buffer;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.compiler.kernel.KernelPrinter;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelEmitterTest {
    private static final int KERNELS = Integer.getInteger("javelin.kernels", 250);
    private static final long SEED = Long.getLong("javelin.seed", 1);

    @Test void arithmeticIsTheInterpretersAtEveryWidth() { run(false, KERNELS); }

    @Test void functionsHaveTheSameBitsAtEveryWidth() { run(true, KERNELS); }

    private static void run(boolean transcendental, int kernels) {
        KernelLoader loader = new KernelLoader();
        int vectors = 0;
        for (int i = 0; i < kernels; i++) {
            long seed = SEED * 1_000_003 + i;
            try {
                KernelRun run = new RandomKernels(seed, transcendental).next();
                if (transcendental) run.checkWidths(loader);
                else run.check(loader);
                if (KernelEmitter.emit(run.kernel(), 512, loader).hasVectors()) vectors++;
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed, t);
            }
        }
        assertTrue(vectors > kernels / 3, "only " + vectors + " of " + kernels + " use vectors");
    }

    @Test void bitsStayTheSameOnceCompiled() {
        KernelLoader loader = new KernelLoader();
        for (int i = 0; i < 12; i++) {
            KernelRun run = new RandomKernels(SEED * 7_919 + i, true).next();
            KernelEmitter.warm(KernelEmitter.emit(run.kernel(), 512, loader));
            run.checkWidths(loader);
        }
    }

    @Test void warmingUpFindsArgumentsForMostKernels() {
        KernelLoader loader = new KernelLoader();
        int vectors = 0, warmed = 0;
        for (int i = 0; i < 100; i++) {
            var emitted = KernelEmitter.emit(new RandomKernels(SEED * 104_729 + i, false).next().kernel(), 256, loader);
            if (!emitted.hasVectors()) continue;
            vectors++;
            if (WarmUp.once(emitted)) warmed++;
        }
        assertTrue(vectors > 30 && warmed > 0.9 * vectors, warmed + " of " + vectors);
    }

    private static Kernel map(int extent, Fn fn, double factor) {
        Code code = new Code();
        int x = code.load(0, Address.axis(0), DType.F32);
        int scaled = code.apply(Fn.MUL, DType.F32, x, code.constant(factor, DType.F32)),
            y = code.apply(fn, DType.F32, scaled);
        List<Stmt> body = List.of(new Stmt.Let(x), new Stmt.Let(scaled), new Stmt.Let(y),
            new Stmt.Store(1, Address.axis(0), y, Optional.empty(), -1));
        List<Buffer> buffers = List.of(new Buffer(DType.F32, false), new Buffer(DType.F32, false));
        return new Kernel(code, buffers, List.of(), List.of(),
            List.of(new Stmt.Loop(0, extent, Kind.RANGE, true, body)));
    }

    /** Sums of rows, as {@code axes} number the loops. */
    private static Kernel rowSums(int rows, int columns, int row, int column) {
        Code code = new Code();
        int x = code.load(0, code.add(code.scale(Address.axis(row), columns), Address.axis(column)), DType.F32);
        Stmt inner = new Stmt.Loop(column, columns, Kind.SERIAL, true,
            List.of(new Stmt.Let(x), new Stmt.Accumulate(0, x)));
        Stmt store = new Stmt.Store(1, Address.axis(row), code.fold(0, DType.F32, 1L << row), Optional.empty(), -1);
        List<Buffer> buffers = List.of(new Buffer(DType.F32, false), new Buffer(DType.F32, false));
        return new Kernel(code, buffers, List.of(), List.of(new Fold(Fn.ADD, DType.F32, 0.0, column, -1)),
            List.of(new Stmt.Loop(row, rows, Kind.RANGE, false, List.of(new Stmt.Begin(0), inner, new Stmt.End(0),
                store))));
    }

    @Test void kernelsOfOneStructureShareCode() {
        KernelLoader loader = new KernelLoader();
        var small = KernelEmitter.emit(rowSums(3, 50, 0, 1), 256, loader);
        var large = KernelEmitter.emit(rowSums(70, 1000, 1, 0), 256, loader);
        assertEquals(small.owner(), large.owner());
        assertEquals(List.of(50), small.integers());
        assertEquals(List.of(1000), large.integers());
        assertEquals(List.of(DType.F32), small.scratch());
        assertNotEquals(small.owner(), KernelEmitter.emit(rowSums(3, 50, 0, 1), 128, loader).owner());
        assertNotEquals(KernelEmitter.emit(map(5, Fn.EXP, 2), 256, loader).owner(),
            KernelEmitter.emit(map(5, Fn.EXP, 3), 256, loader).owner());
    }

    @Test void vectorsAreUsedWhereTheyAreAskedFor() {
        KernelLoader loader = new KernelLoader();
        assertTrue(KernelEmitter.emit(map(5000, Fn.EXP, 2), 256, loader).hasVectors());
        assertFalse(KernelEmitter.emit(map(5000, Fn.EXP, 2), 0, loader).hasVectors());
    }

    /** Far arguments have no graph: those turns are the scalar loop's. */
    @Test void farArgumentsOfSinesAreExact() {
        Random random = new Random(SEED);
        float[] x = new float[1000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextInt(20) == 0 ? 1e20 * random.nextGaussian() : 10 * random.nextGaussian());
        }
        var run = new KernelRun(map(x.length, Fn.SIN, 1), List.of(x, new float[x.length]), new int[2], List.of(), 0,
            x.length);
        float[] y = (float[]) run.emitted(256, new KernelLoader()).get(1);
        for (int i = 0; i < x.length; i++) {
            float sine = (float) StrictMath.sin(x[i]);
            assertEquals(sine, y[i], 2 * Math.ulp(sine), "sin " + x[i]);
        }
    }

    @ParameterizedTest @EnumSource(value = Fn.class, names = {"ADD", "MUL", "MAX", "MIN"})
    void reductionsKeepSixteenPartialResults(Fn combine) {
        KernelLoader loader = new KernelLoader();
        for (DType type : List.of(DType.F32, DType.F64, DType.I32, DType.I64, DType.U32)) {
            for (int columns : new int[] {0, 1, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 129, 200}) {
                Random random = new Random(SEED + columns);
                Object x = type.allocate(3 * columns), sums = type.allocate(3);
                for (int i = 0; i < 3 * columns; i++) {
                    switch (x) {
                        case float[] a -> a[i] = 1 + (float) random.nextGaussian() / 8;
                        case double[] a -> a[i] = 1 + random.nextGaussian() / 8;
                        case int[] a -> a[i] = random.nextInt();
                        case long[] a -> a[i] = random.nextLong();
                        default -> throw new IllegalStateException();
                    }
                }
                new KernelRun(rowReductions(combine, type, columns), List.of(x, sums), new int[2], List.of(), 0,
                    3).check(loader);
            }
        }
    }

    private static Kernel rowReductions(Fn combine, DType type, int columns) {
        Code code = new Code();
        int x = code.load(0, code.add(code.scale(Address.axis(0), columns), Address.axis(1)), type);
        Stmt inner = new Stmt.Loop(1, columns, Kind.SERIAL, true, List.of(new Stmt.Let(x), new Stmt.Accumulate(0, x)));
        Stmt store = new Stmt.Store(1, Address.axis(0), code.fold(0, type, 1), Optional.empty(), -1);
        Number identity = combine == Fn.MUL ? 1L : combine == Fn.ADD ? 0L : type.isFloat()
            ? (Number) (combine == Fn.MAX ? -1e30 : 1e30)
            : type == DType.U32 ? (Number) (combine == Fn.MAX ? 0L : -1L) : type == DType.I32
                ? (Number) (long) (combine == Fn.MAX ? Integer.MIN_VALUE : Integer.MAX_VALUE)
            : (Number) (combine == Fn.MAX ? Long.MIN_VALUE : Long.MAX_VALUE);
        List<Buffer> buffers = List.of(new Buffer(type, false), new Buffer(type, false));
        return new Kernel(code, buffers, List.of(), List.of(new Fold(combine, type, type.normalize(identity), 1, -1)),
            List.of(new Stmt.Loop(0, 3, Kind.RANGE, false, List.of(new Stmt.Begin(0), inner, new Stmt.End(0), store))));
    }

    @Test void aLongBodyReducesInMemory() {
        Code code = new Code();
        int x = code.load(0, Address.axis(0), DType.F64);
        List<Stmt> body = new ArrayList<>(List.of(new Stmt.Let(x)));
        for (Fn fn : List.of(Fn.TANH, Fn.ERF, Fn.EXP, Fn.LOG1P)) {
            body.add(new Stmt.Let(x = code.apply(fn, DType.F64, x)));
        }
        body.add(new Stmt.Accumulate(0, x));
        Stmt loop = new Stmt.Loop(0, 77, Kind.SERIAL, true, body);
        Stmt store = new Stmt.Store(1, Address.of(0), code.fold(0, DType.F64, 0), Optional.empty(), -1);
        List<Buffer> buffers = List.of(new Buffer(DType.F64, false), new Buffer(DType.F64, false));
        var kernel = new Kernel(code, buffers, List.of(), List.of(new Fold(Fn.ADD, DType.F64, 0.0, 0, -1)),
            List.of(new Stmt.Loop(1, 1, Kind.RANGE, false, List.of(new Stmt.Begin(0), loop, new Stmt.End(0), store))));
        double[] data = new Random(SEED).doubles(77, -3, 3).toArray();
        new KernelRun(kernel, List.of(data, new double[1]), new int[2], List.of(), 0,
            1).checkWidths(new KernelLoader());
        assertTrue(KernelEmitter.emit(kernel, 256, new KernelLoader()).hasVectors());
    }

    @Test void printsLoopsIndentedAndNumbersByFirstAppearance() {
        Kernel kernel = rowSums(3, 50, 4, 2);
        assertEquals("""
            kernel(f32[] b0, f32[] b1)
              for i0 in range of 3
                begin f0: ADD f32 from 0.0 along lanes of axis 2
                for i1 < 50 vector
                  v0 = b0[50 i0 + i1]
                  f0 <- v0
                end f0
                b1[i0] = f0
            """, KernelPrinter.print(kernel));
        assertTrue(KernelPrinter.structure(kernel).contains("b0[#0 i0 + i1]"));
        assertInstanceOf(Node.Load.class, kernel.code().node(0));
    }
}
