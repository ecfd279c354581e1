package javelin.conformance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import javelin.Key;
import javelin.Transforms;
import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.nn.Dense;
import javelin.nn.Layer;
import javelin.nn.Losses;
import javelin.nn.Scope;
import javelin.nn.Variables;
import javelin.optim.OptState;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;

/** Whole training runs on XOR: initial parameters, losses on the way, final parameters and predictions. */
final class TrainingSuite implements Suite {
    private static final Array INPUTS = Array.f32(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}),
            TARGETS = Array.f32(new float[][] {{0}, {1}, {1}, {0}});

    /**
     * A hidden layer with an activation, then one unit with a sigmoid. Linen names layers as they are constructed, and
     * {@code Dense(1)(act(Dense(h)(x)))} constructs the outer one first: there it is Dense_0.
     */
    private record Network(int hidden, String activation) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Tensor h = Models.activation(activation).apply(s.call("Dense_1", Dense.of(hidden), x));
            return s.call("Dense_0", Dense.of(1), h).logistic();
        }
    }

    @Override public String group(Case c) { return c.id().replaceFirst("^training/", ""); }

    @Override public void check(Case c, Execution execution) {
        c.requireOnly("hidden", "activation", "learning_rate", "loss", "optimizer");
        requireKnown(c);
        new Run(c, execution).check();
    }

    private static void requireKnown(Case c) {
        if (!c.text("model").equals("Dense(h) act Dense(1) sigmoid"))
            throw Failure.unsupported("model " + c.text("model"));
        if (!c.word("loss", "").equals("mean squared error"))
            throw Failure.unsupported("training with " + c.word("loss", "no loss"));
        if (!c.word("optimizer", "").equals("adam"))
            throw Failure.unsupported("training with " + c.word("optimizer", "no optimizer"));
    }

    /** One run, of programs over lists: the parameters sorted by path, then the optimizer's state. */
    private static final class Run {
        private final Case c;
        private final Execution execution;
        private final Network network;
        private final Optimizer<List<Tensor>> optimizer;
        private final List<String> paths;
        private final List<Array> start;

        Run(Case c, Execution execution) {
            this.c = c;
            this.execution = execution;
            network = new Network(c.integer("hidden", 1), c.word("activation", "tanh"));
            optimizer = Optimizers.adam(c.number("learning_rate", 0));
            Map<String, Array> initial = new TreeMap<>(c.tree("initial_params"));
            paths = List.copyOf(initial.keySet());
            start = List.copyOf(initial.values());
        }

        void check() {
            Variables made = network.init(Key.of(c.json().path("seed").asInt()), INPUTS.type());
            if (!List.copyOf(made.params().flat().keySet()).equals(paths))
                throw new Failure("initial_params has other names", made.params().flat().keySet().toString());
            Compare.all(c, "initial_params", Kind.TRANSCENDENTAL, start,
                    Lists.map(paths, p -> made.params().tensor(p).array()));
            Compare.explained("the run", () -> {
                train();
                return c;
            });
        }

        private Tensor predictions(List<Tensor> params) {
            Map<String, Tensor> named = new TreeMap<>();
            for (int i = 0; i < paths.size(); i++) named.put(paths.get(i), params.get(i));
            return network.apply(Variables.ofParams(Variables.of(named)), INPUTS);
        }

        private Tensor loss(List<Tensor> params) { return Losses.squaredError(predictions(params), TARGETS).mean(); }

        /** {@code loss_at} has the loss after so many updates; the largest count is the end. */
        private void train() {
            int n = start.size();
            var state = Trees.flatten(optimizer.init(List.copyOf(start)));
            UnaryOperator<List<Tensor>> step = in -> {
                List<Tensor> p = in.subList(0, n);
                var loss = Transforms.valueAndGrad(this::loss).apply(p);
                OptState before = Trees.unflatten(state.def(), in.subList(n, in.size()));
                var after = optimizer.update(loss.grad(), before, p);
                return Lists.concat(Optimizers.applyUpdates(p, after.updates()), Trees.leaves(after.state()),
                        List.of(loss.value()));
            };
            List<Array> now = Lists.concat(start, Lists.map(state.leaves(), Tensor::array));
            UnaryOperator<List<Array>> run = execution.prepare(step, Lists.map(now, Array::type));
            Map<Integer, Double> wanted = new TreeMap<>();
            for (var e : c.json().path("loss_at").properties())
                wanted.put(Integer.valueOf(e.getKey()), e.getValue().asDouble());
            int last = wanted.keySet().stream().max(Integer::compare).orElse(0);
            List<Array> end = now;
            for (int i = 0; i <= last; i++) {
                List<Array> out = run.apply(now);
                if (wanted.containsKey(i)) near("loss_at", i, Array.scalar(wanted.get(i), DType.F32), out.getLast());
                end = now;
                now = out.subList(0, out.size() - 1);
            }
            List<Array> trained = end.subList(0, n);
            Map<String, Array> finalParams = c.tree("final_params");
            for (int p = 0; p < n; p++) near("final_params", last, finalParams.get(paths.get(p)), trained.get(p));
            near("predictions", last, c.array("predictions"), execution.call(in -> List.of(predictions(in)), trained)
                    .getFirst());
        }

        private void near(String part, int updates, Array expected, Array found) {
            Compare.one(part + " after " + updates + " updates", part, Tolerance.of(DType.F32, Kind.TRANSCENDENTAL, c)
                    .after(updates), expected, found);
        }
    }
}
