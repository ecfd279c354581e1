package javelin.compiler.emit;

import java.util.IdentityHashMap;
import java.util.Map;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.schedule.Call;
import javelin.compiler.schedule.Machine;

/**
 * The code of the kernels of one program: in vectors where that pays, warmed up so that the first real call is fast.
 */
public final class Kernels {
    /** Smaller loops take no time to speak of, whatever HotSpot makes of them. */
    private static final int WORTH_WARMING = 4096;

    private final KernelLoader loader;
    private final Machine machine;
    private final Runnable missed;
    private final Map<Kernel, KernelEmitter.Emitted> made = new IdentityHashMap<>();

    /** @param missed told when something wants vectors and the machine has none */
    public Kernels(KernelLoader loader, Machine machine, Runnable missed) {
        this.missed = missed;
        this.loader = loader;
        this.machine = machine;
    }

    KernelEmitter.Emitted of(Call call) {
        return made.computeIfAbsent(call.kernel(), kernel -> {
            boolean vectors = call.wantsVectors(machine);
            if (vectors && !machine.hasVectors()) missed.run();
            int bits = vectors ? machine.vectorBits() : 0;
            var emitted = KernelEmitter.emit(kernel, bits, loader);
            if (call.weight() >= WORTH_WARMING) KernelEmitter.warm(emitted);
            return emitted;
        });
    }
}
