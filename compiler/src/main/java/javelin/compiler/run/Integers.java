package javelin.compiler.run;

/**
 * Integer arithmetic where Java's would throw or wrap around differently: {@code x / 0} is -1 (all bits set),
 * {@code x % 0} is x, and a shift by the width or more leaves zeros, or signs. Generated code calls these; they are
 * small enough to vanish into it.
 */
public final class Integers {
    private Integers() {}

    public static int divide(int x, int y) { return y == 0 ? -1 : x / y; }

    public static long divide(long x, long y) { return y == 0 ? -1 : x / y; }

    public static int divideUnsigned(int x, int y) { return y == 0 ? -1 : Integer.divideUnsigned(x, y); }

    public static long divideUnsigned(long x, long y) { return y == 0 ? -1 : Long.divideUnsigned(x, y); }

    public static int remainder(int x, int y) { return y == 0 ? x : x % y; }

    public static long remainder(long x, long y) { return y == 0 ? x : x % y; }

    public static int remainderUnsigned(int x, int y) { return y == 0 ? x : Integer.remainderUnsigned(x, y); }

    public static long remainderUnsigned(long x, long y) { return y == 0 ? x : Long.remainderUnsigned(x, y); }

    public static long maxUnsigned(long x, long y) { return Long.compareUnsigned(x, y) > 0 ? x : y; }

    public static long minUnsigned(long x, long y) { return Long.compareUnsigned(x, y) < 0 ? x : y; }

    public static int shiftLeft(int x, int places) { return Integer.compareUnsigned(places, 32) < 0 ? x << places : 0; }

    public static long shiftLeft(long x, long places) { return Long.compareUnsigned(places, 64) < 0 ? x << places : 0; }

    public static int shiftRight(int x, int places) {
        return Integer.compareUnsigned(places, 32) < 0 ? x >> places : x >> 31;
    }

    public static long shiftRight(long x, long places) {
        return Long.compareUnsigned(places, 64) < 0 ? x >> places : x >> 63;
    }

    public static int shiftRightLogical(int x, int places) {
        return Integer.compareUnsigned(places, 32) < 0 ? x >>> places : 0;
    }

    public static long shiftRightLogical(long x, long places) {
        return Long.compareUnsigned(places, 64) < 0 ? x >>> places : 0;
    }
}
