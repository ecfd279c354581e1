package javelin.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiFunction;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.type.DType;

/**
 * How learning rates go; c is the count of updates, steps are counted in updates. All compute in f64. (optax.schedules)
 */
public final class Schedules {
    private Schedules() {}

    /** Always the same; in an optimizer's state it may be set by hand. */
    public static Schedule constant(double value) { return new Constant(value); }

    record Constant(double value) implements Schedule {
        @Override public Tensor at(Tensor count) { return number(value); }
    }

    /** From {@code init} to {@code end} in {@code steps}, then {@code end}. */
    public static Schedule linear(double init, double end, int steps) { return polynomial(init, end, 1, steps, 0); }

    /**
     * {@code (init - end) (1 - c'/steps)^power + end} with {@code c' = clip(c - begin, 0, steps)}; no steps give {@code
     * init} for good.
     */
    public static Schedule polynomial(double init, double end, double power, int steps, int begin) {
        if (steps <= 0) return constant(init);
        return count -> {
            Tensor left = real(count).sub(begin).clip(0, steps).div(steps).neg().add(1);
            return (power == 1 ? left : left.pow(power)).mul(init - end).add(end);
        };
    }

    /** From {@code init} to 0 along half a cosine in {@code steps}, then 0. */
    public static Schedule cosine(double init, int steps) { return cosine(init, steps, 0, 1); }

    /**
     * {@code init ((1 - alpha) (0.5 (1 + cos(pi min(c, steps) / steps)))^exponent + alpha)}: ends at {@code alpha
     * init}. Loshchilov and Hutter, arXiv:1608.03983.
     */
    public static Schedule cosine(double init, int steps, double alpha, double exponent) {
        if (steps <= 0) throw new JavelinException("cosine: the schedule needs one step or more, not " + steps);
        return count -> {
            Tensor wave = real(count).minimum(steps).mul(Math.PI / steps).cos().add(1).mul(0.5);
            return (exponent == 1 ? wave : wave.pow(exponent)).mul(1 - alpha).add(alpha).mul(init);
        };
    }

    /** {@code init rate^(c / steps)} */
    public static Schedule exponential(double init, int steps, double rate) {
        return exponential(init, steps, rate, 0, false, OptionalDouble.empty());
    }

    /**
     * {@code init rate^p} with {@code p = (c - begin) / steps}, {@code init} until {@code begin}.
     *
     * @param staircase whether p is rounded down, so that the value falls every {@code steps}
     * @param end       where the value stops falling, or rising if {@code rate > 1}
     */
    public static Schedule exponential(double init, int steps, double rate, int begin, boolean staircase,
            OptionalDouble end) {
        if (steps <= 0 || rate == 0) return constant(init);
        return count -> {
            Tensor since = real(count).sub(begin), p = since.div(steps);
            Tensor decayed = number(rate).pow(staircase ? p.floor() : p).mul(init);
            Tensor value = since.le(0).where(number(init), decayed);
            return end.isEmpty() ? value : rate < 1 ? value.maximum(end.getAsDouble())
                    : value.minimum(end.getAsDouble());
        };
    }

    /** {@code init}, multiplied by each scale once c has reached its boundary. */
    public static Schedule piecewiseConstant(double init, Map<Integer, Double> scales) {
        List<Schedule> values = new ArrayList<>(List.of(constant(init)));
        double value = init;
        for (double scale : new TreeMap<>(scales).values()) values.add(constant(value *= scale));
        return join(values, List.copyOf(new TreeMap<>(scales).keySet()));
    }

    /** Straight lines between the values that {@link #piecewiseConstant} has from each boundary on. */
    public static Schedule piecewiseLinear(double init, Map<Integer, Double> scales) {
        return between(init, scales, (start, end) -> pct -> pct.mul(end - start).add(start));
    }

    /** Half cosines between the values that {@link #piecewiseConstant} has from each boundary on. */
    public static Schedule piecewiseCosine(double init, Map<Integer, Double> scales) {
        return between(init, scales, (start, end) -> pct -> pct.mul(Math.PI).cos().add(1).mul((start - end) / 2)
                .add(end));
    }

    private interface Curve { Tensor at(Tensor fraction); }

    private static Schedule between(double init, Map<Integer, Double> scales, BiFunction<Double, Double, Curve> curve) {
        List<Schedule> pieces = new ArrayList<>();
        double value = init;
        int from = 0;
        for (var e : new TreeMap<>(scales).entrySet()) {
            if (e.getKey() <= from)
                throw new JavelinException("the boundaries of a schedule must be positive: " + scales.keySet());
            double end = value * e.getValue();
            int width = e.getKey() - from;
            Curve piece = curve.apply(value, end);
            pieces.add(count -> piece.at(real(count).div(width)));
            value = end;
            from = e.getKey();
        }
        pieces.add(constant(value));
        return join(pieces, List.copyOf(new TreeMap<>(scales).keySet()));
    }

    /**
     * Up along a line, down along another, then lower still: Smith's 1cycle, arXiv:1708.07120, with Optax's defaults
     * 0.3, 0.85, 25 and 1e4.
     */
    public static Schedule linearOneCycle(int steps, double peak) {
        return linearOneCycle(steps, peak, 0.3, 0.85, 25, 1e4);
    }

    /**
     * From {@code peak/div} to {@code peak} at {@code start steps}, back at {@code turn steps}, to that {@code /
     * finalDiv} at the end.
     */
    public static Schedule linearOneCycle(int steps, double peak, double start, double turn, double div,
            double finalDiv) {
        return piecewiseLinear(peak / div,
                Map.of((int) (start * steps), div, (int) (turn * steps), 1 / div, steps, 1 / finalDiv));
    }

    /** Up and down along half cosines: PyTorch's OneCycleLR, with Optax's defaults 0.3, 25 and 1e4. */
    public static Schedule cosineOneCycle(int steps, double peak) { return cosineOneCycle(steps, peak, 0.3, 25, 1e4); }

    /** From {@code peak/div} to {@code peak} at {@code start steps}, to {@code peak / (div finalDiv)} at the end. */
    public static Schedule cosineOneCycle(int steps, double peak, double start, double div, double finalDiv) {
        return piecewiseCosine(peak / div, Map.of((int) (start * steps), div, steps, 1 / (div * finalDiv)));
    }

    /** From {@code init} to {@code peak} in {@code warmup} steps, then {@code peak}. */
    public static Schedule warmupConstant(double init, double peak, int warmup) { return linear(init, peak, warmup); }

    /** As below, ending at 0. */
    public static Schedule warmupCosine(double init, double peak, int warmup, int steps) {
        return warmupCosine(init, peak, warmup, steps, 0, 1);
    }

    /**
     * From {@code init} to {@code peak} in {@code warmup} steps, then along half a cosine to {@code end}: {@code steps}
     * in all, warm-up included.
     */
    public static Schedule warmupCosine(double init, double peak, int warmup, int steps, double end, double exponent) {
        if (steps <= warmup)
            throw new JavelinException("warmupCosine: " + steps + " steps in all leave none after " + warmup
                    + " of warm-up");
        return join(List.of(linear(init, peak, warmup),
                cosine(peak, steps - warmup, peak == 0 ? 0 : end / peak, exponent)), List.of(warmup));
    }

    /** From {@code init} to {@code peak} in {@code warmup} steps, then {@link #exponential} from there. */
    public static Schedule warmupExponential(double init, double peak, int warmup, int steps, double rate) {
        return warmupExponential(init, peak, warmup, steps, rate, 0, false, OptionalDouble.empty());
    }

    public static Schedule warmupExponential(double init, double peak, int warmup, int steps, double rate, int begin,
            boolean staircase, OptionalDouble end) {
        return join(List.of(linear(init, peak, warmup), exponential(peak, steps, rate, begin, staircase, end)),
                List.of(warmup));
    }

    /** {@code value / sqrt(max(c, warmup))} times {@code sqrt(warmup)}: constant, then falling, as in T5. */
    public static Schedule inverseSqrt(double value, int warmup) {
        return count -> real(count).maximum(Math.max(1, warmup)).rsqrt().mul(value * Math.sqrt(Math.max(1, warmup)));
    }

    /** One of {@link #sgdr}'s cycles; {@code steps} in all, warm-up included. */
    public record Cycle(double init, double peak, int warmup, int steps, double end, double exponent) {}

    /** One {@link #warmupCosine} after the other: Loshchilov and Hutter's warm restarts, arXiv:1608.03983. */
    public static Schedule sgdr(List<Cycle> cycles) {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (Cycle c : cycles) ends.add(end += c.steps());
        return join(Lists.map(cycles, c -> warmupCosine(c.init(), c.peak(), c.warmup(), c.steps(), c.end(),
                c.exponent())), ends.subList(0, cycles.size() - 1));
    }

    /**
     * The first schedule until c reaches the first boundary, then the second, counting from there, and so on.
     * (join_schedules)
     */
    public static Schedule join(List<Schedule> schedules, List<Integer> boundaries) {
        if (schedules.size() != boundaries.size() + 1)
            throw new JavelinException("join: " + schedules.size()
                    + " schedules need a boundary between each two, but there are " + boundaries.size());
        return count -> {
            Tensor value = schedules.getFirst().at(count);
            for (int i = 0; i < boundaries.size(); i++) {
                int boundary = boundaries.get(i);
                value = count.lt(boundary).where(value, schedules.get(i + 1).at(count.sub(boundary)));
            }
            return value;
        };
    }

    private static Tensor real(Tensor count) { return count.astype(DType.F64); }

    private static Tensor number(double value) { return Array.scalar(value, DType.F64); }
}
