package javelin.compiler.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.compiler.kernel.KernelPrinter;
import javelin.core.type.DType;

/**
 * Kernels to bytecode. Every loop marked as vector becomes a method of its own, as vectors with a scalar loop for what
 * is left over if its body can be vectors, else as a plain scalar loop; all versions compute the same bits. Kernels of
 * equal structure share their code.
 */
public final class KernelEmitter {
    private KernelEmitter() {}

    /**
     * A kernel that can be called: {@code static void run(...)} of a generated class, with these parameters in this
     * order: for each buffer its array and, if it has an offset, an int; each scalar argument (f32 float, f64 double,
     * i32 and u32 int, i64 long, u8 and bool int); the {@link #integers}, ints; for each type of {@link #scratch} an
     * array of {@link Kernel#LANES} elements, whose contents do not matter; and the ints {@code from} and {@code to},
     * the turns of the RANGE loop to run. Calls that run at the same time need scratch arrays of their own.
     *
     * @param kernel     what it computes
     * @param owner      the internal name of the class
     * @param descriptor of {@code run}
     * @param integers   the extents and coefficients that kernels of one structure do not have in common
     * @param scratch    the element types of the arrays for reductions along lanes
     * @param operations how many vector operations the code has, 0 if it does not use the Vector API
     * @param loader     where the class is
     */
    public record Emitted(Kernel kernel, String owner, String descriptor, List<Integer> integers, List<DType> scratch,
        int operations, KernelLoader loader) {
        /** Whether the code uses the Vector API: it is then slow until compiled, see {@link #warm}. */
        public boolean hasVectors() { return operations > 0; }

        /**
         * What {@link KernelCode#REPEAT} wants to be handed: the first elements of buffers with an offset, and so on.
         */
        static int[] numbers(IntStream offsets, IntStream integers, int from, int to) {
            return Stream.of(offsets, integers, IntStream.of(from, to)).flatMapToInt(n -> n).toArray();
        }
    }

    /**
     * Below this many turns C2 takes a loop for a short one and does not make vectors of it: such kernels do not share.
     */
    private static final int LONG = 512;

    /** What kernels of one structure have in common. */
    private record Shared(String owner, String descriptor, int operations) {}

    /** Has the JVM compile {@code emitted}, if it uses vectors, by calls with little to do; for some 100 ms at most. */
    public static void warm(Emitted emitted) {
        if (emitted.hasVectors()) emitted.loader().once(List.of("warm", emitted.owner()), () -> WarmUp.run(emitted));
    }

    private record Key(String structure, int vectorBits, boolean isLong) {}

    /**
     * Code for {@code kernel}, made unless {@code loader} has it.
     *
     * @param vectorBits 64 to 512, or 0 for code that does not mention the Vector API
     */
    public static Emitted emit(Kernel kernel, int vectorBits, KernelLoader loader) {
        List<Integer> integers = KernelPrinter.integers(kernel);
        Key key = new Key(KernelPrinter.structure(kernel), vectorBits, isLong(kernel));
        Shared shared = loader.once(key, () -> make(kernel, integers, vectorBits, loader));
        var scratch = laneFolds(kernel).stream().map(f -> kernel.folds().get(f).type()).toList();
        return new Emitted(kernel, shared.owner(), shared.descriptor(), integers, scratch, shared.operations(), loader);
    }

    /** The folds that keep partial results in scratch arrays. */
    static List<Integer> laneFolds(Kernel kernel) {
        var folds = IntStream.range(0, kernel.folds().size()).boxed();
        return folds.filter(f -> kernel.folds().get(f).lanes() >= 0).toList();
    }

    private static boolean isLong(Kernel kernel) {
        return kernel.body().stream().anyMatch(s -> s instanceof Stmt.Loop loop && loop.kind() == Kind.RANGE
            && loop.vector() && loop.extent() >= LONG);
    }

    private static Shared make(Kernel kernel, List<Integer> integers, int vectorBits, KernelLoader loader) {
        var code = new KernelCode(kernel, integers, vectorBits, loader.fresh("Kernel"), loader);
        byte[] bytes = code.write(parameters(kernel, integers));
        loader.define(code.owner(), bytes);
        return new Shared(code.owner(), code.descriptor(parameters(kernel, integers)), code.operations());
    }

    /** The parameters of {@code run}, in the order {@link Emitted} promises. */
    private static List<Name> parameters(Kernel kernel, List<Integer> integers) {
        List<Name> names = new ArrayList<>();
        for (int b = 0; b < kernel.buffers().size(); b++) {
            names.add(Name.buffer(b));
            if (kernel.buffers().get(b).offset()) names.add(Name.offset(b));
        }
        for (int a = 0; a < kernel.arguments().size(); a++) names.add(Name.argument(a));
        for (int i = 0; i < integers.size(); i++) names.add(Name.integer(i));
        for (int f : laneFolds(kernel)) names.add(Name.scratch(f));
        names.add(Name.FIRST);
        names.add(Name.LAST);
        return names;
    }
}
