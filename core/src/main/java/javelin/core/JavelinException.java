package javelin.core;

/** What this library throws when it is used in a way that cannot work; every message says what to do instead. */
public class JavelinException extends RuntimeException {
    public JavelinException(String message) { super(message); }

    public JavelinException(String message, Throwable cause) { super(message, cause); }

    /** The last line of a message: where in the user's code it happened. */
    static String at() { return "\n  at       " + SourceLine.current(); }
}
