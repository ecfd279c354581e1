package javelin.compiler;

import java.util.List;
import javelin.core.Array;
import javelin.core.Executable;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** Runs programs into arrays that hold what no right result has everywhere, and no tolerance takes for one. */
final class UsedMemory {
    private static final int USED = -91;

    private UsedMemory() {}

    static List<Array> run(Executable executable, Program program, List<Array> arguments) {
        List<TensorType> types = program.outputTypes();
        Object[] outputs = types.stream().map(UsedMemory::array).toArray();
        executable.run(arguments.stream().map(Array::storage).toArray(), outputs);
        return Lists.each(outputs.length, k -> Array.wrap(types.get(k), outputs[k]));
    }

    private static Object array(TensorType type) {
        DType dtype = type.dtype();
        Object storage = dtype.allocate(type.elements());
        for (int i = 0; i < type.elements(); i++) dtype.write(storage, i, dtype.normalize(USED));
        return storage;
    }
}
