package javelin.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    private static void check(Schedule schedule, IntToDoubleFunction formula) {
        var traced = Transforms.jit((Tensor c) -> schedule.at(c));
        for (int c : new int[] {0, 1, 3, 4, 5, 9, 10, 11, 14, 15, 20, 21, 100}) {
            assertEquals(formula.applyAsDouble(c), schedule.at(c), 1e-15, "at " + c);
            assertEquals(schedule.at(c), traced.apply(Array.scalar(c)).item(), 1e-15);   // a compiled cosine is another
        }
    }

    private static double cosine(double c,
            double steps) { return 0.5 * (1 + Math.cos(Math.PI * Math.min(c, steps) / steps)); }

    @Test void followTheirFormulas() {
        check(Schedules.constant(0.3), _ -> 0.3);
        check(Schedules.linear(1, 0.2, 10), c -> 1 - 0.8 * Math.min(c, 10) / 10);
        check(Schedules.polynomial(1, 0.1, 2, 10, 5), c -> 0.9 * Math.pow(1 - Math.clamp(c - 5, 0, 10) / 10.0, 2)
                + 0.1);
        check(Schedules.polynomial(1, 0.1, 2.5, 10, 0), c -> 0.9 * Math.pow(1 - Math.min(c, 10) / 10.0, 2.5) + 0.1);
        check(Schedules.polynomial(0.7, 0.1, 2, 0, 0), _ -> 0.7);
        check(Schedules.cosine(0.5, 20), c -> 0.5 * cosine(c, 20));
        check(Schedules.cosine(0.5, 20, 0.1, 2), c -> 0.5 * (0.9 * Math.pow(cosine(c, 20), 2) + 0.1));
        check(Schedules.exponential(2, 10, 0.5), c -> 2 * Math.pow(0.5, c / 10.0));
        check(Schedules.exponential(2, 5, 0.5, 4, true, OptionalDouble.of(0.3)),
                c -> c <= 4 ? 2 : Math.max(0.3, 2 * Math.pow(0.5, Math.floor((c - 4) / 5.0))));
        check(Schedules.exponential(2, 5, 1.5, 0, false, OptionalDouble.of(4)), c ->
                Math.min(4, 2 * Math.pow(1.5, c / 5.0)));
        check(Schedules.piecewiseConstant(2, Map.of(10, 0.1, 4, 0.5)), c -> c < 4 ? 2 : c < 10 ? 1 : 0.1);
        check(Schedules.piecewiseLinear(2, Map.of(10, 0.1, 4, 0.5)), c -> c < 4 ? 2 - c / 4.0 : c < 10
                ? 1 - 0.9 * (c - 4) / 6 : 0.1);
        check(Schedules.piecewiseCosine(2, Map.of(4, 0.5)), c -> c < 4 ? 1 + (Math.cos(Math.PI * c / 4) + 1) / 2 : 1);
    }

    @Test void warmUpsComeFirst() {
        check(Schedules.warmupConstant(0, 0.1, 10), c -> 0.01 * Math.min(c, 10));
        check(Schedules.warmupCosine(0, 1, 5, 20), c -> c < 5 ? c / 5.0 : cosine(c - 5, 15));
        check(Schedules.warmupCosine(0.1, 1, 5, 20, 0.2, 1), c -> c < 5 ? 0.1 + 0.9 * c / 5 : 0.8 * cosine(c - 5, 15)
                + 0.2);
        check(Schedules.warmupExponential(0, 1, 5, 10, 0.5), c -> c < 5 ? c / 5.0 : Math.pow(0.5, (c - 5) / 10.0));
        check(Schedules.join(List.of(Schedules.constant(1), Schedules.linear(0, 10, 10), Schedules.constant(7)),
                List.of(4, 10)),
                c -> c < 4 ? 1 : c < 10 ? c - 4 : 7);
    }

    @Test void oneCycleRisesAndFalls() {
        Schedule cosine = Schedules.cosineOneCycle(100, 0.1), linear = Schedules.linearOneCycle(100, 0.1);
        assertEquals(0.1 / 25, cosine.at(0), 1e-16);
        assertEquals(0.1, cosine.at(30), 1e-16);
        assertEquals(0.1 / 25 / 1e4, cosine.at(100), 1e-16);
        assertEquals(0.1 / 25, linear.at(0), 1e-16);
        assertEquals(0.1, linear.at(30), 1e-16);
        assertEquals(0.1 / 25, linear.at(85), 1e-16);
        assertEquals(0.1 / 25 / 1e4, linear.at(1000), 1e-16);
    }

    @Test void samplesMakeACurve() { assertArrayEquals(new double[] {1, 0.5, 0, 0}, Schedules.linear(1, 0, 2)
            .sample(4)); }

    @Test void mistakesAreExplained() {
        assertThrows(JavelinException.class, () -> Schedules.cosine(1, 0));
        assertThrows(JavelinException.class, () -> Schedules.warmupCosine(0, 1, 20, 20));
        assertThrows(JavelinException.class, () -> Schedules.join(List.of(Schedules.constant(1)), List.of(3)));
        assertThrows(JavelinException.class, () -> Schedules.piecewiseLinear(1, Map.of(0, 0.5)));
    }

    /** optax 0.2.8: two cycles, the second lower. */
    @Test void warmRestartsAreCyclesOneAfterTheOther() {
        Schedule sgdr = Schedules.sgdr(List.of(new Schedules.Cycle(0, 1, 3, 10, 0.1, 1),
                new Schedules.Cycle(0.1, 0.5, 5, 20, 0, 1)));
        int[] counts = {0, 1, 3, 5, 9, 10, 12, 15, 20, 29, 30, 50};
        double[] expected = {0, 0.3333334, 1, 0.8305705, 0.144564, 0.1, 0.26, 0.5, 0.375, 0.005463094, 0, 0};
        for (int i = 0; i < counts.length; i++) assertEquals(expected[i], sgdr.at(counts[i]), 1e-6);
    }

    @Test void inverseRootsFallFromTheEndOfTheWarmUp() {
        assertArrayEquals(new double[] {2, 2, 2, 1}, new double[] {Schedules.inverseSqrt(2, 4).at(0),
                Schedules.inverseSqrt(2, 4).at(3), Schedules.inverseSqrt(2, 4).at(4),
                Schedules.inverseSqrt(2, 4).at(16)}, 1e-15);
    }
}
