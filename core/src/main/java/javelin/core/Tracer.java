package javelin.core;

import javelin.core.Atom.Var;
import javelin.core.type.TensorType;

/** A tensor without numbers: a variable of the program some {@link Recorder} is writing down. */
public final class Tracer implements Tensor {
    final Recorder recorder;
    final Var variable;
    private final SourceLine madeAt;

    Tracer(Recorder recorder, Var variable, SourceLine madeAt) {
        this.recorder = recorder;
        this.variable = variable;
        this.madeAt = madeAt;
    }

    @Override public TensorType type() { return variable.type(); }

    SourceLine madeAt() { return madeAt; }

    @Override public String toString() { return "traced " + type(); }
}
