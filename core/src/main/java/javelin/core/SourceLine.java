package javelin.core;

import java.util.List;
import java.util.function.Supplier;

/** The line of the user's code an equation came from, as a stack trace prints it. */
public record SourceLine(String text) {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final List<String> LIBRARY =
            List.of("javelin.core.", "javelin.compiler.", "javelin.nn.", "javelin.optim.",
            "javelin.io.", "javelin.train.", "java.", "jdk.");

    private static final ScopedValue<SourceLine> KEPT = ScopedValue.newInstance();

    /** What {@code work}, a rule applied to an equation from this line, records is said to come from this line too. */
    public <T> T keep(Supplier<T> work) { return ScopedValue.where(KEPT, this).call(work::get); }

    /** The line whose equation is being worked on, else the innermost frame outside this library. */
    public static SourceLine current() {
        if (KEPT.isBound()) return KEPT.get();
        return WALKER.walk(frames -> frames.filter(f -> !isLibrary(f.getClassName())).findFirst()
                .map(f -> new SourceLine(f.toStackTraceElement().toString()))
                .orElse(new SourceLine("<unknown>")));
    }

    /** The method of this library that the user's code called. */
    static String called() {
        return WALKER.walk(frames -> frames.takeWhile(f -> isLibrary(f.getClassName())).reduce((_, f) -> f)
                .map(StackWalker.StackFrame::getMethodName).orElse("<unknown>"));
    }

    private static boolean isLibrary(String name) {
        for (String prefix : LIBRARY) if (name.startsWith(prefix)) return true;
        return name.startsWith("javelin.") && name.lastIndexOf('.') == 7;
    }

    @Override public String toString() { return text; }
}
