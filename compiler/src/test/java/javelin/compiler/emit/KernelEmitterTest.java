package javelin.compiler.emit;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Test;

class KernelEmitterTest {
    private static final int KERNELS = Integer.getInteger("javelin.kernels", 600);
    private static final long SEED = Long.getLong("javelin.seed", 1);

    @Test void arithmeticIsTheInterpretersAtEveryWidth() { run(false); }

    @Test void functionsHaveTheSameBitsAtEveryWidth() { run(true); }

    private static void run(boolean transcendental) {
        KernelLoader loader = new KernelLoader();
        int vectors = 0;
        for (int i = 0; i < KERNELS; i++) {
            long seed = SEED * 1_000_003 + i;
            try {
                KernelRun run = new RandomKernels(seed, transcendental).next();
                if (transcendental) run.checkWidths(loader);
                else run.check(loader);
                if (KernelEmitter.emit(run.kernel(), 512, loader).hasVectors()) vectors++;
            } catch (Throwable t) {
                throw new AssertionError("seed " + seed, t);
            }
        }
        System.out.println("vectors " + vectors);assertTrue(vectors > KERNELS / 3, "only " + vectors + " of " + KERNELS + " use vectors");
    }
}
