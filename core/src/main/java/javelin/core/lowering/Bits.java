package javelin.core.lowering;

import javelin.core.type.DType;

/** Counting the bits of integers of any width: H. Warren, Hacker's Delight, 5-1 and 5-3. */
final class Bits {
    private Bits() {}

    /** How many bits of {@code x} are set, in its own type. */
    static Scalar population(Scalar x) { return Scalar.convert(count(zeroExtended(x)), x.type()); }

    /** How many bits of {@code x} come before the first that is set. */
    static Scalar leadingZeros(Scalar x) {
        Scalar smeared = zeroExtended(x);
        for (int places = 1; places < smeared.type().bytes() * 8; places *= 2)
            smeared = Scalar.apply(Fn.OR, smeared, right(smeared, places));
        Scalar width = Scalar.of(8 * x.type().bytes(), smeared.type());
        return Scalar.convert(width.minus(count(smeared)), x.type());
    }

    /** As u32, or i64 for the wide types. */
    private static Scalar zeroExtended(Scalar x) {
        int bytes = x.type().bytes();
        if (bytes == 8) return Scalar.convert(x, DType.I64);
        Scalar word = Scalar.convert(x, DType.U32);
        return bytes == 4 ? word : and(word, (1L << 8 * bytes) - 1);
    }

    private static Scalar count(Scalar x) {
        Scalar pairs = x.minus(and(right(x, 1), 0x5555555555555555L));
        Scalar fours = and(pairs, 0x3333333333333333L).plus(and(right(pairs, 2), 0x3333333333333333L));
        Scalar bytes = and(fours.plus(right(fours, 4)), 0x0F0F0F0F0F0F0F0FL);
        return right(bytes.times(0x0101010101010101L), 8 * x.type().bytes() - 8);
    }

    private static Scalar right(Scalar x, int places) {
        return Scalar.apply(Fn.SHIFT_RIGHT_LOGICAL, x, Scalar.of(places, x.type()));
    }

    private static Scalar and(Scalar x, long mask) { return Scalar.apply(Fn.AND, x, Scalar.of(mask, x.type())); }
}
