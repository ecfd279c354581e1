package javelin.conformance;

import java.util.List;
import java.util.function.Supplier;
import javelin.core.Array;
import javelin.core.JavelinException;

/** Results against what was expected of them. */
final class Compare {
    private Compare() {}

    /** As below, of one array. */
    static void one(Case c, String part, Tolerance.Kind kind, Array expected, List<Array> found) {
        all(c, part, kind, List.of(expected), found);
    }

    /** Throws {@link Failure}, naming {@code part}, at the first array that differs. */
    static void all(Case c, String part, Tolerance.Kind kind, List<Array> expected, List<Array> found) {
        if (expected.size() != found.size())
            throw new Failure(part + " has too few or too many arrays", found.size() + " instead of "
                    + expected.size());
        boolean gradient = kind == Tolerance.Kind.GRADIENT || kind == Tolerance.Kind.TRANSCENDENTAL_GRADIENT;
        double largest = gradient ? expected.stream().filter(a -> a.dtype().isFloat()).mapToDouble(Tolerance::largest)
                .max().orElse(0) : 0;
        for (int i = 0; i < expected.size(); i++)
            one(part + "[" + i + "]", part, Tolerance.of(expected.get(i).dtype(), kind, c).within(largest),
                    expected.get(i), found.get(i));
    }

    /** Throws {@link Failure}, counted under {@code part}, if the array called {@code name} differs. */
    static void one(String name, String part, Tolerance tolerance, Array expected, Array found) {
        tolerance.difference(expected, found).ifPresent(d -> {
            throw new Failure(part + " differs", name + " " + d);
        });
    }

    /** What {@code compute} gives; what it throws, but for failures, becomes a failure of that part. */
    static <T> T explained(String part, Supplier<T> compute) {
        try {
            return compute.get();
        } catch (JavelinException e) {
            throw new Failure(part + " is refused by Javelin", firstLine(e));
        } catch (Failure e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Failure(part + " ends in " + e.getClass().getSimpleName(), firstLine(e));
        }
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }
}
