package javelin.compiler;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javelin.core.Program;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Arrays for the outputs of a program that hold what no right result has everywhere: every byte is 0xA5. */
final class UsedMemory {
    private UsedMemory() {}

    static Object[] of(Program program) {
        return program.outputTypes().stream().map(UsedMemory::array).toArray();
    }

    private static Object array(TensorType type) {
        Object storage = type.dtype().allocate(type.elements());
        byte[] used = new byte[8];
        Arrays.fill(used, (byte) 0xA5);
        ByteBuffer bytes = ByteBuffer.wrap(used);
        switch (storage) {
            case float[] a -> Arrays.fill(a, bytes.getFloat());
            case double[] a -> Arrays.fill(a, bytes.getDouble());
            case long[] a -> Arrays.fill(a, bytes.getLong());
            case int[] a -> Arrays.fill(a, bytes.getInt());
            case short[] a -> Arrays.fill(a, bytes.getShort());
            case byte[] a -> Arrays.fill(a, type.dtype() == DType.BOOL ? 1 : bytes.get());
            default -> throw new IllegalStateException("no array of numbers: " + storage);
        }
        return storage;
    }
}
