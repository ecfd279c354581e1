package javelin.compiler;

import javelin.compiler.library.Vectors;
import javelin.compiler.schedule.Machine;

/**
 * The machine we run on, once looked up; {@code -Djavelin.threads=N} and {@code -Djavelin.vectorBits=N} overrule it.
 */
final class ThisMachine {
    private static final boolean HAS_VECTOR_API = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    private static final Machine MACHINE = new Machine(HAS_VECTOR_API
            ? Integer.getInteger("javelin.vectorBits", Vectors.preferredBits()) : 0,
            Integer.getInteger("javelin.threads", Runtime.getRuntime().availableProcessors()));

    private ThisMachine() {}

    static Machine machine() { return MACHINE; }

    /**
     * Says, once, what is missing; called when something is compiled that wants vectors and {@code machine} is this
     * one.
     */
    static void missesVectors(Machine machine) {
        if (machine == MACHINE && !HAS_VECTOR_API) Said.once();
    }

    /** Loaded, and so run, once. */
    private static final class Said {
        static {
            System.getLogger("javelin.compiler")
                    .log(System.Logger.Level.WARNING, "the Vector API is not there, so large arrays are"
                    + " computed several times slower; start java with --add-modules jdk.incubator.vector");
        }

        static void once() {}
    }
}
