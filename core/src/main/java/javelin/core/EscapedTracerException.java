package javelin.core;

/** A traced tensor was used after the function being traced had returned. */
public final class EscapedTracerException extends JavelinException {
    EscapedTracerException(Tracer t) {
        super("a " + t + " was used outside its trace: it was kept (in a field, a list, another thread?) when the"
                + " function that made it"
                + " returned; return it from the traced function instead\n  made at  " + t.madeAt());
    }
}
