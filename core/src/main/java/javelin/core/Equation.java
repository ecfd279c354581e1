package javelin.core;

import java.util.List;
import javelin.core.Atom.Var;

/** {@code %2:f32[8] = tanh %1}: one op applied once. {@code source} is for messages and takes no part in equality. */
public record Equation(List<Var> outputs, Op op, List<Atom> inputs, SourceLine source) {
    public Equation {
        outputs = List.copyOf(outputs);
        inputs = List.copyOf(inputs);
    }

    public Var output() { return outputs.getFirst(); }

    @Override public boolean equals(Object o) {
        return o instanceof Equation(var out, var p, var in, _)
                && out.equals(outputs) && p.equals(op) && in.equals(inputs);
    }

    @Override public int hashCode() {
        return 31 * (31 * outputs.hashCode() + op.getClass().hashCode()) + inputs.hashCode();
    }
}
