package javelin.conformance;

import java.util.List;
import java.util.Optional;
import javelin.core.Array;
import javelin.core.type.DType;
import tools.jackson.databind.JsonNode;

/**
 * How far a number may be from the expected one: {@code relative * |expected| + absolute * (largest magnitude in the
 * array, if scaled)}, and never less than {@code floor}. The numbers are those of the cases' README.
 */
public record Tolerance(double relative, double absolute, boolean scaled, double floor) {
    public Tolerance(double relative, double absolute, boolean scaled) { this(relative, absolute, scaled, 0); }

    /** Integers, bits and booleans. */
    public static final Tolerance EXACT = new Tolerance(0, 0, false);

    /** What is compared: gradients are allowed more in f32, transcendental functions and linear algebra in f64. */
    public enum Kind { PLAIN, TRANSCENDENTAL, GRADIENT, TRANSCENDENTAL_GRADIENT }

    public static Kind kind(boolean transcendental, boolean gradient) {
        if (gradient) return transcendental ? Kind.TRANSCENDENTAL_GRADIENT : Kind.GRADIENT;
        return transcendental ? Kind.TRANSCENDENTAL : Kind.PLAIN;
    }

    public static Tolerance of(DType dtype, Kind kind) {
        boolean transcendental = kind == Kind.TRANSCENDENTAL || kind == Kind.TRANSCENDENTAL_GRADIENT;
        boolean gradient = kind == Kind.GRADIENT || kind == Kind.TRANSCENDENTAL_GRADIENT;
        return switch (dtype) {
            case F64 -> new Tolerance(transcendental ? 1e-9 : 1e-10, 1e-12, false);
            case BF16 -> new Tolerance(2e-2, 1e-2, true);
            case F16 -> new Tolerance(2e-3, 1e-3, true);
            case F32 -> gradient ? new Tolerance(1e-4, 1e-5, true) : new Tolerance(2e-5, 1e-5, true);
            default -> EXACT;
        };
    }

    /**
     * As above, unless the case says otherwise in {@code tol}: a number, or an object with {@code rtol} and
     * {@code atol}. A number that was computed by way of numbers with a shorter fraction is as exact as those.
     */
    public static Tolerance of(DType dtype, Kind kind, Case c) {
        Tolerance usual = of(dtype.isFloat() ? coarsest(dtype, c.json().path("program")) : dtype, kind);
        JsonNode tol = c.json().path("tol");
        if (!dtype.isFloat() || tol.isMissingNode() || tol.isNull()) return usual;
        if (tol.isNumber()) return new Tolerance(tol.asDouble(), tol.asDouble(), dtype != DType.F64);
        return new Tolerance(tol.path("rtol").asDouble(usual.relative()), tol.path("atol").asDouble(usual.absolute()),
                usual.scaled());
    }

    /**
     * After so many steps, each of which starts from the last one's result: the roundings of the steps add up as those
     * of a random walk do, to the square root of their number; the README's factor for a sum is their number.
     */
    public Tolerance after(int steps) {
        double factor = Math.sqrt(Math.max(1, steps));
        return new Tolerance(relative * factor, absolute * factor, scaled, floor);
    }

    /**
     * Of {@code dtype} and of what equations, of the program or of one within it, give; rounding alone does not
     * count.
     */
    private static DType coarsest(DType dtype, JsonNode program) {
        DType coarsest = dtype;
        for (JsonNode e : program.findParents("p"))
            if (!e.path("p").asString("").equals("convert_element_type"))
                for (JsonNode out : e.path("out")) for (DType t : List.of(DType.F32, DType.F16, DType.BF16))
                    if (out.path("t").asString("").startsWith(t + "[") && t.fractionBits() < coarsest.fractionBits())
                        coarsest = t;
        return coarsest;
    }

    /**
     * Part of a vector whose largest magnitude is {@code whole}. Contributions may cancel in one part and leave its
     * roundings, which depend on the order of summation: 16 of them (2^-20 in f32) are no difference.
     */
    public Tolerance within(double whole) {
        return scaled ? new Tolerance(relative, absolute, true, Math.max(floor, whole * 0x1p-20)) : this;
    }

    /** This, and differences up to {@code floor} are none. */
    public Tolerance orAtLeast(double floor) {
        return new Tolerance(relative, absolute, scaled, Math.max(this.floor, floor));
    }

    /** What is wrong with {@code found}; empty if it is within this tolerance. NaN equals NaN. */
    public Optional<String> difference(Array expected, Array found) {
        if (!expected.type().equals(found.type()))
            return Optional.of("is " + found.type() + " instead of " + expected.type());
        int n = expected.type().elements(), wrong = 0, first = -1;
        double allowed = Math.max(floor, absolute * (scaled ? largest(expected) : 1));
        for (int i = 0; i < n; i++)
            if (!near(expected.get(i), found.get(i), allowed)) {
                if (wrong++ == 0) first = i;
            }
        if (wrong == 0) return Optional.empty();
        return Optional.of("%d of %d elements of %s, first [%d]: %s instead of %s".formatted(
                wrong, n, expected.type(), first, found.get(first), expected.get(first)));
    }

    private boolean near(Number expected, Number found, double allowed) {
        if (!(expected instanceof Double)) return expected.equals(found);
        double e = expected.doubleValue(), f = found.doubleValue();
        return e == f || Double.isNaN(e) && Double.isNaN(f) || Math.abs(e - f) <= allowed + relative * Math.abs(e)
                && Double.isFinite(e);
    }

    /** The largest finite magnitude in {@code a}. */
    static double largest(Array a) {
        double largest = 0;
        for (int i = 0; i < a.type().elements(); i++) {
            double x = Math.abs(a.get(i).doubleValue());
            if (Double.isFinite(x)) largest = Math.max(largest, x);
        }
        return largest;
    }
}
