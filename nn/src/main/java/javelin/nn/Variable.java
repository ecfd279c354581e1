package javelin.nn;

import java.util.List;
import javelin.core.JavelinException;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/** A tensor of a module's state, such as a running mean: read in every mode, changed in training. */
public final class Variable {
    private final Session session;
    private final String path;

    Variable(Session session, String path) {
        this.session = session;
        this.path = path;
    }

    /** The value as the last {@link #set} of this call left it. */
    public Tensor value() { return session.find(path).orElseThrow(); }

    /**
     * Changes the value, keeping its type. Throws in evaluation, where no state changes: ask {@link Scope#isMutable}
     * first.
     */
    public void set(Tensor value) {
        String collection = path.substring(0, path.indexOf('/'));
        if (!session.isMutable(collection))
            throw new JavelinException("'" + path
                    + "' cannot be changed in evaluation; call train(...) and keep the updates it returns,"
                    + " let the run change it with Run.evaluation().withMutable(\"" + collection
                    + "\"), or let the layer ask scope.isMutable(\"" + collection + "\") first");
        Tensor before = value();
        if (!before.type().equals(value.type()))
            throw new ShapeException("variable " + path, List.of(before.type(), value.type()),
                    "its value must keep its type; convert the new one with astype or reshape");
        session.write(path, value);
    }
}
