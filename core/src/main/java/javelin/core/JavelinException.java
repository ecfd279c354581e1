package javelin.core;

/**
 * What this library throws when it is used in a way that cannot work. Every message says what to do instead and ends
 * with the line of the user's code where it happened.
 */
public class JavelinException extends RuntimeException {
    public JavelinException(String message) { this(message, SourceLine.current()); }

    public JavelinException(String message, Throwable cause) { super(message + at(SourceLine.current()), cause); }

    /** For what comes to light long after the line that is to blame. */
    JavelinException(String message, SourceLine line) { super(message + at(line)); }

    private static String at(SourceLine line) { return "\n  at       " + line; }
}
