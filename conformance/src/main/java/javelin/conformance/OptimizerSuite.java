package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javelin.Tensors;
import javelin.Transforms;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.optim.GradientTransformation;
import javelin.optim.Loss;
import javelin.optim.Optimizers;

/** Cases that name an optimizer of Optax: the parameters, or the loss, after each of its steps. */
final class OptimizerSuite implements Suite {
    @Override public String group(Case c) { return c.text("optimizer"); }

    @Override public void check(Case c, Execution execution) {
        Map<String, Tensor> start = start(c);
        List<Map<String, Tensor>> steps = Compare.explained("trajectory", () ->
                new Run<>(c, OptaxNames.optimizer(c), start).trajectory(execution));
        List<String> paths = List.copyOf(start.keySet());
        if (c.has("values")) {
            checkValues(c, start, steps, execution);
            return;
        }
        if (!c.has("trajectory")) throw new Failure("the case has no trajectory", "");
        Map<String, Array> expected = c.tree("trajectory");
        Compare.all(c, "trajectory", Kind.TRANSCENDENTAL, Lists.map(paths, expected::get), Lists.map(paths, p ->
                Tensors.stack(Lists.map(steps, s -> s.get(p)), 0).array()));
    }

    /** Where a case that gives no parameters starts: a line search's minimum is compared, not its way there. */
    private static Map<String, Tensor> start(Case c) {
        Map<String, Tensor> params = new TreeMap<>(c.tree("params"));
        if (params.isEmpty())
            params.put("x", c.text("kind").equals("rosenbrock") ? Array.f32(-1.2f, 1) : Array.f32(1, 2, 3));
        return params;
    }

    /**
     * A line search that ends a little elsewhere starts its next line elsewhere: in Rosenbrock's valley one ulp in the
     * start moves the loss after 15 steps by 6e-4, and JAX's own compiled run differs from its evaluated one by 5e-5.
     * So a step may be as far from the expected one as starts one ulp away lead our own run by then.
     */
    private static void checkValues(Case c, Map<String, Tensor> start, List<Map<String, Tensor>> steps,
            Execution execution) {
        List<List<Array>> near = new ArrayList<>();
        for (int i = 0; i < start.get("x").size(0); i++) {
            near.add(reached(c, moved(start, i, Float.POSITIVE_INFINITY), execution));
            near.add(reached(c, moved(start, i, Float.NEGATIVE_INFINITY), execution));
        }
        List<Array> found = losses(c, steps, execution);
        found.add(steps.getLast().get("x").array());
        double floor = 0;
        for (int i = 0; i < found.size(); i++) {
            for (List<Array> other : near) floor = Math.max(floor, distance(found.get(i), other.get(i)));
            boolean last = i == found.size() - 1;
            Tolerance usual = Tolerance.of(DType.F32, Kind.TRANSCENDENTAL, c);
            Compare.one(last ? "final" : "values[" + i + "]", "values", usual.orAtLeast(floor), last ? c.array("final")
                    : Array.scalar(c.json().path("values").path(i).asDouble(), DType.F32), found.get(i));
        }
    }

    /** The losses after each step from another start, then the last parameters. */
    private static List<Array> reached(Case c, Map<String, Tensor> start, Execution execution) {
        var steps = new Run<>(c, OptaxNames.optimizer(c), start).trajectory(execution);
        List<Array> all = losses(c, steps, execution);
        all.add(steps.getLast().get("x").array());
        return all;
    }

    private static List<Array> losses(Case c, List<Map<String, Tensor>> steps, Execution execution) {
        return new ArrayList<>(Lists.map(steps, s -> execution.call(p ->
                List.of(objective(c).apply(Map.of("x", p.getFirst()))), List.of(s.get("x"))).getFirst()));
    }

    private static Map<String, Tensor> moved(Map<String, Tensor> start, int i, float towards) {
        Array x = start.get("x").array();
        float[] numbers = new float[x.type().elements()];
        for (int k = 0; k < numbers.length; k++) {
            float number = x.get(k).floatValue();
            numbers[k] = k == i ? Math.nextAfter(number, towards) : number;
        }
        return Map.of("x", Array.f32(numbers));
    }

    private static double distance(Array a, Array b) {
        double most = 0;
        for (int i = 0; i < a.type().elements(); i++)
            most = Math.max(most, Math.abs(a.get(i).doubleValue() - b.get(i).doubleValue()));
        return most;
    }

    /** One optimizer on one case; a step is one program: parameters, state and gradients to parameters and state. */
    private record Run<S>(Case c, GradientTransformation<Map<String, Tensor>, S> optimizer,
            Map<String, Tensor> start) {

        List<Map<String, Tensor>> trajectory(Execution execution) {
            boolean script = c.text("kind").equals("script");
            Map<String, Array> gradients = c.tree("gradients");
            List<String> paths = List.copyOf(start.keySet());
            var params = Trees.flatten(start);
            var state = Trees.flatten(optimizer.init(start));
            int n = params.leaves().size();
            UnaryOperator<List<Tensor>> step = in -> {
                Map<String, Tensor> p = Trees.unflatten(params.def(), in.subList(0, n));
                S before = Trees.unflatten(state.def(), in.subList(n, n + state.leaves().size()));
                var after = script
                        ? optimizer.update(Trees.unflatten(params.def(), in.subList(in.size() - n, in.size())), before,
                                p)
                        : minimizing(p, before);
                return Lists.concat(Trees.leaves(Optimizers.applyUpdates(p, after.updates())),
                        Trees.leaves(after.state()));
            };
            List<Array> now = Lists.map(Lists.concat(params.leaves(), state.leaves()), Tensor::array), none = List.of();
            List<Array> first = Lists.concat(now, script ? Lists.map(params.leaves(), Tensor::array) : none);
            UnaryOperator<List<Array>> run = execution.prepare(step, Lists.map(first, Array::type));
            List<Map<String, Tensor>> trajectory = new ArrayList<>();
            for (int i = 0; i < c.json().path("steps").asInt(); i++) {
                int at = i;
                now = run.apply(Lists.concat(now, script ? Lists.map(paths, p -> gradients.get(at + "/" + p)) : none));
                trajectory.add(Trees.unflatten(params.def(), now.subList(0, n)));
            }
            return trajectory;
        }

        private GradientTransformation.Step<Map<String, Tensor>, S> minimizing(Map<String, Tensor> p, S state) {
            Function<Map<String, Tensor>, Tensor> loss = objective(c);
            var at = Transforms.valueAndGrad(loss).apply(p);
            return optimizer.update(at.grad(), state, p, Loss.of(at.value(), at.grad(), loss));
        }
    }

    private static Function<Map<String, Tensor>, Tensor> objective(Case c) {
        return switch (c.text("kind")) {
            case "quadratic" -> p -> p.values().stream().map(x -> x.square().sum()).reduce(Tensor::add).orElseThrow();
            case "rosenbrock" -> p -> {
                Tensor all = p.values().iterator().next(), x = all.index(0), y = all.index(1);
                return y.sub(x.square()).square().mul(100).add(x.neg().add(1).square());
            };
            default -> throw Failure.unsupported("objective " + c.text("kind"));
        };
    }
}
