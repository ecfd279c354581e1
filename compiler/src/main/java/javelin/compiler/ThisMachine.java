package javelin.compiler;

import javelin.compiler.schedule.Machine;

/** The machine we run on, once looked up; {@code -Djavelin.threads=N} and {@code -Djavelin.vectorBits=N} overrule it. */
final class ThisMachine {
    private static final Machine MACHINE = new Machine(Integer.getInteger("javelin.vectorBits", vectorBits()),
            Integer.getInteger("javelin.threads", Runtime.getRuntime().availableProcessors()));

    private ThisMachine() {}

    static Machine machine() { return MACHINE; }

    private static int vectorBits() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!present) {
            System.getLogger("javelin.compiler").log(System.Logger.Level.WARNING,
                    "the Vector API is not available, so large arrays are computed several times slower; start java with --add-modules jdk.incubator.vector");
            return 0;
        }
        return javelin.compiler.library.Vectors.preferredBits();
    }
}
