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
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;
import javelin.optim.ScaleByAdam.Decays;

/** Cases that name an optimizer of Optax: the parameters after each of its steps. */
final class OptimizerSuite implements Suite {
    @Override public String group(Case c) { return c.text("optimizer"); }

    @Override public void check(Case c, Execution execution) {
        Optimizer<List<Tensor>> optimizer = optimizer(c);
        if (!c.has("trajectory")) throw new Failure("the case has no trajectory", "");
        Map<String, Array> params = new TreeMap<>(c.tree("params")), expected = c.tree("trajectory");
        List<String> paths = List.copyOf(params.keySet());
        List<List<Array>> steps = Compare.explained("trajectory", () ->
                trajectory(c, optimizer, List.copyOf(params.values()), paths, execution));
        List<Array> stacked = Lists.each(paths.size(), i -> Tensors.stack(Lists.map(steps, s -> (Tensor) s.get(i)), 0)
                .array());
        Compare.all(c, "trajectory", Kind.TRANSCENDENTAL, Lists.map(paths, expected::get), stacked);
    }

    /** One step is one program: parameters, state and gradients to parameters and state. */
    private static List<List<Array>> trajectory(Case c, Optimizer<List<Tensor>> optimizer, List<Array> start,
            List<String> paths, Execution execution) {
        boolean script = c.text("kind").equals("script");
        Map<String, Array> gradients = c.tree("gradients");
        int n = start.size();
        var state = Trees.flatten(optimizer.init(List.copyOf(start)));
        UnaryOperator<List<Tensor>> step = in -> {
            List<Tensor> p = in.subList(0, n), g = script ? in.subList(in.size() - n, in.size())
                    : Transforms.grad(objective(c)).apply(p);
            OptState before = Trees.unflatten(state.def(), in.subList(n, n + state.leaves().size()));
            var after = optimizer.update(g, before, p);
            return Lists.concat(Optimizers.applyUpdates(p, after.updates()), Trees.leaves(after.state()));
        };
        List<Array> now = Lists.concat(start, Lists.map(state.leaves(), Tensor::array)), none = List.of();
        List<Array> first = Lists.concat(now, script ? start : none);
        UnaryOperator<List<Array>> run = execution.prepare(step, Lists.map(first, Array::type));
        List<List<Array>> trajectory = new ArrayList<>();
        for (int i = 0; i < c.json().path("steps").asInt(); i++) {
            int at = i;
            now = run.apply(Lists.concat(now, script ? Lists.map(paths, p -> gradients.get(at + "/" + p)) : none));
            trajectory.add(now.subList(0, n));
        }
        return trajectory;
    }

    private static Function<List<Tensor>, Tensor> objective(Case c) {
        return switch (c.text("kind")) {
            case "quadratic" -> p -> p.stream().map(x -> x.square().sum()).reduce(Tensor::add).orElseThrow();
            case "rosenbrock" -> p -> {
                Tensor x = p.getFirst().at(0), y = p.getFirst().at(1);
                return y.sub(x.square()).square().mul(100).add(x.neg().add(1).square());
            };
            default -> throw Failure.unsupported("objective " + c.text("kind"));
        };
    }

    private static Optimizer<List<Tensor>> optimizer(Case c) {
        double rate = c.number("learning_rate", 0), decay = c.number("weight_decay", 1e-4);
        return switch (c.text("optimizer")) {
            case "sgd" -> {
                c.requireOnly("learning_rate", "momentum", "nesterov");
                yield c.argument("momentum").isNumber() ? Optimizers.sgd(rate, c.number("momentum", 0),
                        c.flag("nesterov", false)) : Optimizers.sgd(rate);
            }
            case "adam", "nadam" -> {
                c.requireOnly("learning_rate", "b1", "b2", "eps", "eps_root", "nesterov");
                yield Optimizers.adam(rate, decays(c));
            }
            case "adamw", "nadamw" -> {
                c.requireOnly("learning_rate", "b1", "b2", "eps", "eps_root", "nesterov", "weight_decay");
                yield Optimizers.adamw(rate, decay, decays(c));
            }
            default -> throw Failure.unsupported("optimizer " + c.text("optimizer"));
        };
    }

    private static Decays decays(Case c) {
        boolean nesterov = c.flag("nesterov", c.text("optimizer").startsWith("n"));
        return new Decays(c.number("b1", 0.9), c.number("b2", 0.999), c.number("eps", 1e-8), c.number("eps_root", 0),
                nesterov);
    }
}
