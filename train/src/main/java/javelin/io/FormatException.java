package javelin.io;

import javelin.core.JavelinException;

/** A file that is not what its format demands, is damaged, or holds what this library has no type for. */
public final class FormatException extends JavelinException {
    private static final long serialVersionUID = 1;

    private final String reason;

    public FormatException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** The same with its place before it: a file, a part of one. */
    FormatException(String where, Exception cause) {
        super(where + ": " + reason(cause), cause);
        reason = where + ": " + reason(cause);
    }

    /** What is wrong, in one line. */
    public String reason() { return reason; }

    private static String reason(Exception cause) {
        return cause instanceof FormatException f ? f.reason : String.valueOf(cause.getMessage());
    }
}
