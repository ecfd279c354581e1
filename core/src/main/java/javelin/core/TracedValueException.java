package javelin.core;

/** The numbers of a traced tensor were asked for; while a function is traced there are none. */
public final class TracedValueException extends JavelinException {
    TracedValueException(Tracer t, String method) {
        super(method + ": a " + t + " has no value while its function is being traced"
                + "; to choose by a value use Control.cond, Tensor.where or Control.whileLoop,"
                + " to read it return it from the function, and what decides shapes must be a plain Java int"
                + " (a static argument)");
    }
}
