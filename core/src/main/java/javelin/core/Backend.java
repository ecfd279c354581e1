package javelin.core;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * What a compiler provides. Found by {@link ServiceLoader}; without one the reference evaluator runs programs,
 * slowly.
 */
public interface Backend {
    /**
     * Machine code for {@code program}, safe to run on many threads at once.
     *
     * @param donated which inputs the caller gives up: their storage may become an output's
     */
    Executable compile(Program program, List<Boolean> donated);

    /** What {@link #compile} does with {@code program}, every stage as text. */
    String explain(Program program);

    /** The compiler on the class or module path, if there is one. */
    static Optional<Backend> installed() { return Installed.BACKEND; }

    /** Holds the backend so that it is looked up once, when it is first needed. */
    final class Installed {
        private static final Optional<Backend> BACKEND =
                ServiceLoader.load(Backend.class, Backend.class.getClassLoader()).findFirst();

        private Installed() {}
    }
}
