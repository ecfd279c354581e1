package javelin.core.tree;

import javelin.core.JavelinException;

/** A value that cannot be taken apart into tensors, or trees that do not have the same structure. */
public final class TreeException extends JavelinException {
    public TreeException(String message) { super(message); }

    TreeException(String message, Throwable cause) { super(message, cause); }
}
