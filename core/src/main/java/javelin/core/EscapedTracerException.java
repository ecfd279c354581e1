package javelin.core;

/** A traced tensor was used after the function being traced had returned. */
public final class EscapedTracerException extends JavelinException {
    EscapedTracerException(Tracer t) {
        super("a traced tensor was used outside its trace: a " + t + ", made at " + t.madeAt()
                + ", was kept (in a field, a list, another thread?) after the function that made it had returned;"
                + " return it from the traced function instead");
    }
}
