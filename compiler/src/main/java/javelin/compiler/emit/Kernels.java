package javelin.compiler.emit;

import java.util.IdentityHashMap;
import java.util.Map;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.schedule.Call;
import javelin.compiler.schedule.Machine;

/** The code of the kernels of one program: in vectors where that pays, warmed up so that the first real call is fast. */
public final class Kernels {
    private final KernelLoader loader;
    private final Machine machine;
    private final Map<Kernel, KernelEmitter.Emitted> made = new IdentityHashMap<>();

    public Kernels(KernelLoader loader, Machine machine) {
        this.loader = loader;
        this.machine = machine;
    }

    KernelEmitter.Emitted of(Call call) {
        return made.computeIfAbsent(call.kernel(), kernel -> {
            int bits = call.wantsVectors(machine) ? machine.vectorBits() : 0;
            var emitted = KernelEmitter.emit(kernel, bits, loader);
            KernelEmitter.warm(emitted);
            return emitted;
        });
    }
}
