package javelin.compiler.emit;

import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import javelin.core.type.DType;

/**
 * The inner loops of matrix products as generated classes, one per key and process, compiled by the JVM before they are
 * handed out. Kernels know tiles and strides but no shapes: all products of a process share a handful of them, so that
 * a program with twenty products waits for three or four compilations and not for twenty.
 */
public final class GemmKernels {
    /** Partial sums of a dot product, whatever the width of the vectors that hold them. */
    public static final int LANES = 32;

    // Before C2 has compiled a kernel it runs some hundred times slower, and a long loop is compiled twice. A call with
    // few steps takes well below 1 us when compiled, which it is after about 100 ms if the machine has nothing else to
    // do.
    private static final long WARM_UP_NANOS = 1_000_000_000, COMPILED_NANOS = 1_000, PAUSE_NANOS = 200_000;
    private static final int CALLS_AT_A_TIME = 32, CALLS_TO_BE_NOTICED = 10_000;

    private static final ConcurrentHashMap<Object, Loaded<?>> KERNELS = new ConcurrentHashMap<>();

    private GemmKernels() { }

    /**
     * {@code c = a b + d} for one tile of C with fixed rows and columns. Where A(r, p) is: {@link Left}. Row p of B
     * starts at address {@code b0 + p * columns * bytes} (packed; {@code b} is any array of the type) or at {@code b[b0
     * + p * bStride]}. Rows of d and c are {@code dRow} and {@code cRow} apart.
     */
    public interface Tile {
        void run(Object a, int ao, int aStride, Object b, long b0, int bStride, Object d, int d0, int dRow,
                 Object c, int co, int cRow, int k);
    }

    /**
     * Fills {@code k} rows of a panel at {@code address}: all columns, row p from {@code b[bo + p * stride]} on; or
     * (transposed) as many columns as a vector has lanes, column j from {@code b[bo + j * stride]} on, for a
     * {@code k} that is a multiple of the lanes.
     */
    public interface Panel {
        void run(Object b, int bo, int stride, long address, int k);
    }

    /**
     * {@code out[r * LANES + l]} = the sum of {@code a[ao + r * aStride + p] x[xo + p]} over p % LANES = l, each p in
     * order, {@code k} a multiple of LANES.
     */
    public interface Dots {
        void run(Object a, int ao, int aStride, Object x, int xo, Object out, int k);
    }

    /** Where a tile finds A(r, p). */
    public enum Left {
        /** {@code a[ao + r * aStride + p]}. */
        BY_ROWS,
        /** {@code a[ao + r + p * aStride]}. */
        BY_COLUMNS,
        /** {@code a[ao + r + p * slots(rows)]}: fastest, the index of A counts the steps. */
        PACKED
    }

    /**
     * How far the steps of {@link Left#PACKED} rows lie apart: the power of two from {@code rows} on, so that the same
     * counter, shifted, is the place in B.
     */
    public static int slots(int rows) { return Integer.highestOneBit(2 * rows - 1); }

    record TileKey(DType dtype, int bits, int rows, int vectors, Left left, boolean packed) { }

    record PanelKey(DType dtype, int bits, int vectors, boolean transposed) { }

    record DotsKey(DType dtype, int bits, int rows) { }

    /** The tile of {@code rows} rows and {@code vectors} vectors of {@code bits} bits, compiled if {@code warm}. */
    public static Tile tile(DType dtype, int bits, int rows, int vectors, Left left, boolean packed, boolean warm) {
        int columns = vectors * (bits / 8 / dtype.bytes()), steps = 4, aStride = left == Left.BY_ROWS ? steps : rows;
        Object zeros = dtype.allocate(Math.max(slots(rows), steps) * Math.max(columns, steps));
        Object c = dtype.allocate(rows * columns);
        return kernel(new TileKey(dtype, bits, rows, vectors, left, packed), Tile.class, warm, GemmCode::tile, tile ->
            tile.run(zeros, 0, aStride, zeros, packed ? PanelMemory.WARM_UP : 0, columns, zeros, 0, 0,
                c, 0, columns, steps));
    }

    /** Fills panels of {@code vectors} vectors per row, see {@link Panel}; compiled if {@code warm}. */
    public static Panel panel(DType dtype, int bits, int vectors, boolean transposed, boolean warm) {
        int lanes = bits / 8 / dtype.bytes(), steps = transposed ? lanes : 4;
        int stride = transposed ? lanes : vectors * lanes;
        Object zeros = dtype.allocate(Math.max(lanes, steps) * stride);
        var key = new PanelKey(dtype, bits, vectors, transposed);
        return kernel(key, Panel.class, warm, transposed ? GemmCode::transpose : GemmCode::copy, panel ->
            panel.run(zeros, 0, stride, PanelMemory.WARM_UP, steps));
    }

    /** {@code rows} dot products at a time; compiled if {@code warm}. */
    public static Dots dots(DType dtype, int bits, int rows, boolean warm) {
        Object zeros = dtype.allocate(rows * LANES), out = dtype.allocate(rows * LANES);
        return kernel(new DotsKey(dtype, bits, rows), Dots.class, warm, GemmCode::dots, dots ->
            dots.run(zeros, 0, LANES, zeros, 0, out, LANES));
    }

    /** A kernel, and whether it has been compiled or given its chance. */
    private static final class Loaded<T> {
        final T kernel;
        final Consumer<T> dummyCall;
        boolean warm;

        Loaded(T kernel, Consumer<T> dummyCall) {
            this.kernel = kernel;
            this.dummyCall = dummyCall;
        }

        synchronized void warmUp() {
            if (!warm) GemmKernels.warmUp(kernel, dummyCall);
            warm = true;
        }
    }

    private static <K, T> T kernel(K key, Class<T> type, boolean warm, Function<K, byte[]> bytecode,
                                   Consumer<T> dummyCall) {
        @SuppressWarnings("unchecked") // a key's class decides the kernel's type
        var loaded = (Loaded<T>) KERNELS.computeIfAbsent(key, k ->
            new Loaded<>(type.cast(define(bytecode.apply(key))), dummyCall));
        if (warm) loaded.warmUp();
        return loaded.kernel;
    }

    private static Object define(byte[] bytecode) {
        try {
            Class<?> kernel = MethodHandles.lookup().defineHiddenClass(bytecode, true).lookupClass();
            return kernel.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a generated matrix product kernel cannot be loaded", e);
        }
    }

    /**
     * Calls with few steps, so that the JVM counts calls and compiles the method once, not its loop first. Done when
     * two batches in a row were fast. After calls enough, the processor is left to the compiler between batches.
     */
    private static <T> void warmUp(T kernel, Consumer<T> dummyCall) {
        dummyCall.accept(kernel); // the first one in a process also loads the Vector API
        long start = System.nanoTime(), now = start;
        for (int fast = 0, calls = 0; fast < 2 && now - start < WARM_UP_NANOS; calls += CALLS_AT_A_TIME) {
            if (calls > CALLS_TO_BE_NOTICED) LockSupport.parkNanos(PAUSE_NANOS);
            long before = System.nanoTime();
            for (int i = 0; i < CALLS_AT_A_TIME; i++) dummyCall.accept(kernel);
            now = System.nanoTime();
            fast = now - before < CALLS_AT_A_TIME * COMPILED_NANOS ? fast + 1 : 0;
        }
    }
}
