package javelin.compiler.emit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Native memory as the packed panels of matrix products see it: one constant segment over all addresses. Heap arrays
 * are never 64-byte aligned (a panel in one is 20% slower), and a segment passed as an argument loses its
 * bounds-check-free code as soon as several kinds of segment exist in the process.
 */
public final class PanelMemory {
    @SuppressWarnings("restricted") // needs native access: the JVM warns once unless --enable-native-access grants it
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    public static final ByteOrder ORDER = ByteOrder.nativeOrder();

    static final int ALIGNMENT = 64;
    /** Where kernels write before there is work. Holds 16 rows of the widest panel. */
    static final long WARM_UP = Arena.global().allocate(1 << 15, ALIGNMENT).address();

    private PanelMemory() { }

    /** Aligned memory that lives as long as the segment is reachable; read and write it by address. */
    public static MemorySegment allocate(long bytes) { return Arena.ofAuto().allocate(bytes, ALIGNMENT); }
}
