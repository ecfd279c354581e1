package javelin.compiler.emit;

import java.util.List;
import javelin.compiler.kernel.Kernel;
import javelin.core.type.DType;

/**
 * A kernel that can be called: {@code static void run(...)} of a generated class, with these parameters in this order:
 * for each buffer its array and, if it has an offset, an int; each scalar argument (f32 float, f64 double, i32 and u32
 * int, i64 long, u8 and bool int); the {@link #integers}, ints; for each type of {@link #scratch} an array of
 * {@link Kernel#LANES} elements, whose contents do not matter; and the ints {@code from} and {@code to}, the turns of the
 * RANGE loop to run. Calls that run at the same time need scratch arrays of their own.
 *
 * @param kernel     what it computes
 * @param vectorBits the width of vectors it was emitted for
 * @param owner      the internal name of the class
 * @param descriptor of {@code run}
 * @param integers   the extents and coefficients that kernels of the same structure do not share, in order
 * @param scratch    the element types of the arrays for reductions along lanes, in order
 * @param vectors    whether the code uses the Vector API: it is then slow until compiled, see {@link WarmUp}
 */
public record Emitted(Kernel kernel, int vectorBits, String owner, String descriptor, List<Integer> integers, List<DType> scratch, boolean vectors) {
    public static final String METHOD = "run";

    /** The folds that keep partial results in scratch arrays. */
    static List<Integer> laneFolds(Kernel kernel) {
        return java.util.stream.IntStream.range(0, kernel.folds().size()).filter(f -> kernel.folds().get(f).lanes() >= 0).boxed().toList();
    }
}
