package javelin.compiler.kernel;

import java.util.List;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/**
 * The 20 rounds of threefry2x32: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11.
 * A kernel that wants both words should take them from one {@link #block}, which computes the rounds once.
 */
final class Threefry {
    private Threefry() {}

    private static final int[][] ROTATIONS = {{13, 15, 26, 6}, {17, 29, 16, 24}};
    private static final long PARITY = 0x1BD11BDAL;
    private static final int GROUPS = 5;

    /** Both words for {@code [key0, key1, counter0, counter1]}, all u32. */
    static List<Scalar> block(List<Scalar> arguments) {
        Scalar key0 = arguments.get(0);
        Scalar key1 = arguments.get(1);
        Scalar key2 = Scalar.apply(Fn.XOR, Scalar.apply(Fn.XOR, key0, key1), number(PARITY));
        List<Scalar> keys = List.of(key0, key1, key2);
        Scalar word0 = arguments.get(2).plus(key0);
        Scalar word1 = arguments.get(3).plus(key1);
        for (int group = 0; group < GROUPS; group++) {
            for (int rotation : ROTATIONS[group % 2]) {
                word0 = word0.plus(word1);
                word1 = Scalar.apply(Fn.XOR, word0, rotated(word1, rotation));
            }
            word0 = word0.plus(keys.get((group + 1) % 3));
            word1 = word1.plus(keys.get((group + 2) % 3).plus(group + 1));
        }
        return List.of(word0, word1);
    }

    private static Scalar rotated(Scalar x, int places) {
        Scalar high = Scalar.apply(Fn.SHIFT_LEFT, x, number(places));
        Scalar low = Scalar.apply(Fn.SHIFT_RIGHT_LOGICAL, x, number(DType.U32.bytes() * Byte.SIZE - places));
        return Scalar.apply(Fn.OR, high, low);
    }

    private static Scalar number(long value) { return Scalar.of(value, DType.U32); }
}
