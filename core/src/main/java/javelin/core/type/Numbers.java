package javelin.core.type;

/** Conversions of single numbers that Java has no operator for. Generated code calls these. */
public final class Numbers {
    private Numbers() {}

    /** The nearest bf16, halfway cases to even. */
    public static float bfloat16(float x) { return Float.intBitsToFloat(bfloat16Bits(x) << 16); }

    private static int bfloat16Bits(float x) {
        int bits = Float.floatToRawIntBits(x);
        // the sum would make an infinity of some NaNs
        return x == x ? bits + 0x7FFF + (bits >>> 16 & 1) >>> 16 : bits >>> 16 | 0x40;
    }

    /** The nearest f16, halfway cases to even. */
    public static float float16(float x) { return Float.float16ToFloat(Float.floatToFloat16(x)); }

    /** An unsigned long as a double, rounded once: half of it, its lowest bit kept sticky, has the same rounding. */
    public static double unsignedToDouble(long x) { return x >= 0 ? x : 2 * (double) (x >>> 1 | x & 1); }

    /** An unsigned long as a float, rounded once. */
    public static float unsignedToFloat(long x) { return x >= 0 ? x : 2 * (float) (x >>> 1 | x & 1); }

    /** Truncated to an unsigned long, saturating at the ends; NaN gives 0. */
    public static long toUnsigned(double x) {
        if (x >= 0x1p64) return -1;
        return x >= 0x1p63 ? (long) (x - 0x1p63) + Long.MIN_VALUE : Math.max(0, (long) x);
    }
}
