package javelin.compiler.emit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.stream.IntStream;
import javelin.compiler.kernel.Kernel;

/**
 * A kernel without scalar arguments and reductions that Java code can call. Kernels of equal structure share their code
 * in the whole process.
 */
public final class LoadedKernel {
    private static final KernelLoader LOADER = new KernelLoader();

    private final MethodHandle repeat;
    private final List<Integer> integers;

    private LoadedKernel(MethodHandle repeat, List<Integer> integers) {
        this.repeat = repeat;
        this.integers = integers;
    }

    /** @param warm whether it is worth waiting for the JVM's compiler, if the code uses vectors */
    public static LoadedKernel of(Kernel kernel, int vectorBits, boolean warm) {
        var emitted = KernelEmitter.emit(kernel, vectorBits, LOADER);
        if (warm) KernelEmitter.warm(emitted);
        try {
            Class<?> owner = LOADER.loadClass(emitted.owner().replace('/', '.'));
            MethodType type = MethodType.methodType(void.class, Object[].class, int[].class, int.class);
            MethodHandle repeat = MethodHandles.publicLookup().findStatic(owner, KernelCode.REPEAT, type);
            return new LoadedKernel(repeat, emitted.integers());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the kernel " + emitted.owner() + " cannot be called", e);
        }
    }

    /**
     * The numbers for {@link #run}: first {@code offsets}, one for each buffer that has one, which may be changed from
     * call to call; last the turns of the RANGE loop, {@code from} and {@code to}.
     */
    public int[] numbers(int from, int to, int... offsets) {
        return KernelEmitter.Emitted.numbers(IntStream.of(offsets), integers.stream().mapToInt(i -> i), from, to);
    }

    /** Runs on one array for each buffer. */
    public void run(Object[] arrays, int[] numbers) {
        try {
            repeat.invokeExact(arrays, numbers, 1);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a kernel throws no checked exception", e);
        }
    }
}
