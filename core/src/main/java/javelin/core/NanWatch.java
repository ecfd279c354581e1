package javelin.core;

import java.util.List;
import java.util.function.Supplier;

/** While it is on, ops outside every trace, also those within loops, raise where the first NaN arises. */
public final class NanWatch {
    private static final ScopedValue<Boolean> ON = ScopedValue.newInstance();

    private NanWatch() {}

    /** Runs {@code work} with the watch on. */
    public static <T> T during(Supplier<T> work) { return ScopedValue.where(ON, true).call(work::get); }

    static boolean isOn() { return ON.isBound(); }

    /** {@code outputs}, unless one has a NaN and no input has. */
    static List<Tensor> checked(Op op, List<Array> inputs, List<Tensor> outputs) {
        if (inputs.stream().anyMatch(x -> firstNan(x) >= 0)) return outputs;
        for (Tensor output : outputs) {
            int at = firstNan((Array) output);
            if (at >= 0) throw new JavelinException(op + ": the first NaN: element " + at
                    + " (row-major) of its output " + output.type() + " is NaN, and no input has one"
                            + shown(inputs, at, output));
        }
        return outputs;
    }

    private static int firstNan(Array x) {
        if (x.dtype().isFloat())
            for (int i = 0; i < x.type().elements(); i++) if (Double.isNaN(x.get(i).doubleValue())) return i;
        return -1;
    }

    /** Every input's type and, where it has the output's shape or one element, the element the NaN was made of. */
    private static String shown(List<Array> inputs, int at, Tensor output) {
        var text = new StringBuilder();
        for (int i = 0; i < inputs.size(); i++) {
            Array x = inputs.get(i);
            int element = x.type().elements() == 1 ? 0 : x.shape().equals(output.shape()) ? at : -1;
            text.append("\n  input ").append(i).append("  ").append(x.type());
            if (element >= 0) text.append(", element ").append(element).append(" is ").append(x.get(element));
        }
        return text.toString();
    }
}
