package javelin.core.ops;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javelin.check.Grid;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * One op with parameters and types: what the checkers are run on.
 *
 * @param inputs     draws values from the op's domain, away from its kinks
 * @param reference  what the op computes, in plain Java, where that is simple
 * @param modes      how it can be differentiated
 */
public record OpCase(Op op, List<TensorType> types, Inputs inputs, Optional<Reference> reference, Tolerance tolerance,
        Modes modes) {

    /**
     * NEITHER: its derivative is not the limit of its differences, as that of stop_gradient, or of rounding to f32.
     * NONE: it, or its derivative, raises for some input.
     */
    public enum Modes { FORWARD_AND_REVERSE, FORWARD, NEITHER, NONE }

    /** Values for every input; other random numbers, other values of the same types. */
    @FunctionalInterface public interface Inputs { List<Array> draw(RandomGenerator random); }

    /** The outputs, from inputs as doubles. */
    @FunctionalInterface public interface Reference { List<Grid> of(List<Grid> inputs); }

    /**
     * How far an output may be from the reference: {@code (relative |reference| + absolute) eps}, with eps that of the
     * output's type; integers must be equal.
     */
    public record Tolerance(double relative, double absolute, String reason) {
        public static final Tolerance EXACT = new Tolerance(0, 0, "moves numbers only");
        public static final Tolerance ROUNDED = new Tolerance(0.5, 0, "one correctly rounded operation");
        public static final Tolerance APPROXIMATED = new Tolerance(2, 0, "an approximation by at most 2 ulp");

        /**
         * Sums of {@code terms} numbers up to {@code largest} in any order (Higham, Accuracy and Stability, section
         * 4.2).
         */
        public static Tolerance sum(int terms, double largest) {
            return new Tolerance(1, (double) terms * terms * largest, "a sum of " + terms + " terms in any order");
        }

        /** Whether no two correct results differ. */
        public boolean isExact() { return equals(EXACT) || equals(ROUNDED); }

        boolean allows(double expected, double found, DType type) {
            if (expected == found || Double.isNaN(expected) && Double.isNaN(found)) return true;
            double eps = Vectors.epsilon(List.of(TensorType.of(type)));
            return Math.abs(expected - found) <= (relative * Math.abs(expected) + absolute) * eps;
        }
    }

    public OpCase with(Modes modes) { return new OpCase(op, types, inputs, reference, tolerance, modes); }

    public List<Array> draw(long seed) {
        List<Array> drawn = inputs.draw(Vectors.random(seed));
        if (!Lists.map(drawn, Array::type).equals(types)) throw new IllegalStateException(this + " drew "
                + Lists.map(drawn, Array::type));
        return drawn;
    }

    /** The program that applies the op once. */
    public Program program() { return Recorder.trace(types, in -> Op.apply(op, in)).closed(); }

    /** Throws if {@code outputs} for {@code inputs} are not those of the reference. */
    public void checkValues(List<Array> inputs, List<Array> outputs) {
        if (reference.isEmpty()) return;
        List<Grid> expected = reference.get().of(Lists.map(inputs, Grid::of));
        for (int k = 0; k < expected.size(); k++) {
            Array found = outputs.get(k);
            if (!found.shape().sizes().equals(expected.get(k).sizes())) throw new AssertionError(this + " gives "
                    + found.type() + " instead of " + expected.get(k).sizes());
            for (int i = 0; i < found.type().elements(); i++) {
                DType dtype = found.dtype();
                double e = dtype.toDouble(dtype.normalize(expected.get(k).numbers()[i])),
                        f = dtype.toDouble(found.get(i));
                if (!tolerance.allows(e, f, found.dtype()))
                    throw new AssertionError(this + ", output " + k + ", element " + i + ": " + f + " instead of " + e
                            + " (" + tolerance.reason() + "), inputs " + inputs);
            }
        }
    }

    @Override public String toString() { return op + " " + types; }
}
