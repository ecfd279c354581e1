package javelin.conformance;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import javelin.Tensors;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.optim.Schedule;
import javelin.optim.Schedules;

/** Cases that name a function of optax.schedules: its values at some counts. */
final class ScheduleSuite implements Suite {
    @Override public String group(Case c) { return c.text("schedule"); }

    @Override public void check(Case c, Execution execution) {
        Array expected = c.array("out"), counts = Array.i32(c.indices("counts").stream().mapToInt(n -> n).toArray());
        Schedule schedule = schedule(c);
        Compare.one(c, "out", Kind.TRANSCENDENTAL, expected, Compare.explained("out", () -> execution.call(in ->
                List.of(Tensors.stack(Lists.each(counts.type().elements(), i -> schedule.at(in.getFirst().index(i))), 0)
                        .astype(expected.dtype())), List.of(counts))));
    }

    private static Schedule schedule(Case c) {
        c.requireOnly("value", "init_value", "end_value", "peak_value", "power", "transition_steps", "transition_begin",
                "decay_steps", "alpha", "exponent", "decay_rate", "staircase", "warmup_steps", "boundaries_and_scales",
                "interpolate_type", "pct_start", "pct_final", "div_factor", "final_div_factor");
        double init = c.number("init_value", 0), peak = c.number("peak_value", 0), end = c.number("end_value", 0),
                exponent = c.number("exponent", 1);
        int steps = c.integer("transition_steps", 0), begin = c.integer("transition_begin", 0),
                decay = c.integer("decay_steps", 1), warmup = c.integer("warmup_steps", 0);
        return switch (c.text("schedule")) {
            case "constant_schedule" -> Schedules.constant(c.number("value", 0));
            case "linear_schedule" -> Schedules.polynomial(init, end, 1, steps, begin);
            case "polynomial_schedule" -> Schedules.polynomial(init, end, c.number("power", 1), steps, begin);
            case "cosine_decay_schedule" -> Schedules.cosine(init, decay, c.number("alpha", 0), exponent);
            case "exponential_decay" -> Schedules.exponential(init, steps, c.number("decay_rate", 1), begin,
                    c.flag("staircase", false), end(c));
            case "piecewise_constant_schedule" -> Schedules.piecewiseConstant(init, scales(c));
            case "piecewise_interpolate_schedule" -> c.word("interpolate_type", "linear").equals("cosine")
                    ? Schedules.piecewiseCosine(init, scales(c)) : Schedules.piecewiseLinear(init, scales(c));
            case "linear_onecycle_schedule" -> Schedules.linearOneCycle(
                    steps, peak, c.number("pct_start", 0.3), c.number("pct_final", 0.85),
                    c.number("div_factor", 25), c.number("final_div_factor", 1e4));
            case "cosine_onecycle_schedule" -> Schedules.cosineOneCycle(
                    steps, peak, c.number("pct_start", 0.3), c.number("div_factor", 25),
                    c.number("final_div_factor", 1e4));
            case "warmup_constant_schedule" -> Schedules.warmupConstant(init, peak, warmup);
            case "warmup_cosine_decay_schedule" -> Schedules.warmupCosine(init, peak, warmup, decay, end, exponent);
            case "warmup_exponential_decay_schedule" -> Schedules.warmupExponential(
                    init, peak, warmup, steps, c.number("decay_rate", 1), begin, c.flag("staircase", false), end(c));
            default -> throw Failure.unsupported("schedule " + c.text("schedule"));
        };
    }

    private static OptionalDouble end(Case c) {
        return c.argument("end_value").isNumber() ? OptionalDouble.of(c.number("end_value", 0))
                : OptionalDouble.empty();
    }

    private static Map<Integer, Double> scales(Case c) {
        Map<Integer, Double> scales = new TreeMap<>();
        for (var e : c.argument("boundaries_and_scales").properties())
            scales.put(Integer.valueOf(e.getKey()), e.getValue().asDouble());
        return scales;
    }
}
