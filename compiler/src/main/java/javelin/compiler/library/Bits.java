// Hot: plain loops, no allocation.
package javelin.compiler.library;

import javelin.core.ops.Order;

/** Elements of any type, {@code stride} apart, to and from the longs of their bits, a few at a time. */
final class Bits {
    private Bits() {}

    /** {@code to[i] = array[start + i * stride]}, its sign extended. */
    static void read(Object array, int start, int stride, int count, long[] to, int at) {
        switch (array) {
            case float[] a -> {
                for (int i = 0; i < count; i++) to[at + i] = Float.floatToRawIntBits(a[start + i * stride]);
            }
            case double[] a -> {
                for (int i = 0; i < count; i++) to[at + i] = Double.doubleToRawLongBits(a[start + i * stride]);
            }
            case long[] a -> {
                for (int i = 0; i < count; i++) to[at + i] = a[start + i * stride];
            }
            case int[] a -> {
                for (int i = 0; i < count; i++) to[at + i] = a[start + i * stride];
            }
            default -> {
                for (int i = 0; i < count; i++) to[at + i] = Order.bits(array, start + i * stride);
            }
        }
    }

    /** {@code array[start + i * stride] = bits[i]} */
    static void write(long[] bits, Object array, int start, int stride, int count) {
        switch (array) {
            case float[] a -> {
                for (int i = 0; i < count; i++) a[start + i * stride] = Float.intBitsToFloat((int) bits[i]);
            }
            case double[] a -> {
                for (int i = 0; i < count; i++) a[start + i * stride] = Double.longBitsToDouble(bits[i]);
            }
            case long[] a -> {
                for (int i = 0; i < count; i++) a[start + i * stride] = bits[i];
            }
            case int[] a -> {
                for (int i = 0; i < count; i++) a[start + i * stride] = (int) bits[i];
            }
            case short[] a -> {
                for (int i = 0; i < count; i++) a[start + i * stride] = (short) bits[i];
            }
            case byte[] a -> {
                for (int i = 0; i < count; i++) a[start + i * stride] = (byte) bits[i];
            }
            default -> throw new IllegalStateException("no element type is stored in a " + array.getClass());
        }
    }

    /** {@code out[oo + i * stride] = x[xo + from[i] * stride]} */
    static void gather(Object x, int xo, int[] from, Object out, int oo, int stride, int count) {
        switch (x) {
            case float[] a -> {
                var b = (float[]) out;
                for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride];
            }
            case double[] a -> {
                var b = (double[]) out;
                for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride];
            }
            case long[] a -> {
                var b = (long[]) out;
                for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride];
            }
            case int[] a -> {
                var b = (int[]) out;
                for (int i = 0; i < count; i++) b[oo + i * stride] = a[xo + from[i] * stride];
            }
            default -> {
                for (int i = 0; i < count; i++) System.arraycopy(x, xo + from[i] * stride, out, oo + i * stride, 1);
            }
        }
    }
}
