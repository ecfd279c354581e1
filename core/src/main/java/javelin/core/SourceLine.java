package javelin.core;

import java.util.List;

/** The line of the user's code an equation came from, as a stack trace prints it. */
public record SourceLine(String text) {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final List<String> LIBRARY = List.of("javelin.core.", "javelin.compiler.", "javelin.nn.", "javelin.optim.",
            "java.", "jdk.");

    /** The innermost frame outside this library. */
    static SourceLine current() {
        return WALKER.walk(frames -> frames.filter(f -> !isLibrary(f.getClassName())).findFirst()
                .map(f -> new SourceLine(f.toStackTraceElement().toString()))
                .orElse(new SourceLine("<unknown>")));
    }

    private static boolean isLibrary(String name) {
        return LIBRARY.stream().anyMatch(name::startsWith) || name.startsWith("javelin.") && name.lastIndexOf('.') == 7;
    }

    @Override public String toString() { return text; }
}
