package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.core.Lists;
import javelin.core.Tensor;
import javelin.nn.BatchNorm;
import javelin.nn.Bidirectional;
import javelin.nn.Dense;
import javelin.nn.DenseGeneral;
import javelin.nn.Dropout;
import javelin.nn.Embed;
import javelin.nn.GRUCell;
import javelin.nn.GroupNorm;
import javelin.nn.Initializers;
import javelin.nn.InstanceNorm;
import javelin.nn.LSTMCell;
import javelin.nn.Layer;
import javelin.nn.LayerNorm;
import javelin.nn.MGUCell;
import javelin.nn.MultiHeadDotProductAttention;
import javelin.nn.Norm;
import javelin.nn.OptimizedLSTMCell;
import javelin.nn.PReLU;
import javelin.nn.RMSNorm;
import javelin.nn.RNN;
import javelin.nn.RecurrentCell;
import javelin.nn.Scope;
import javelin.nn.Sequential;
import javelin.nn.SimpleCell;
import javelin.nn.SpectralNorm;
import javelin.nn.WeightNorm;
import tools.jackson.databind.JsonNode;

/** The layers that cases name: one line of the table for each. */
final class Layers {
    /** A module of the inputs of a case: {@code input}, {@code extra0}, {@code extra1}, ... */
    interface Model extends BiFunction<Scope, List<Tensor>, Tensor> {}

    private final Map<String, Function<Case, Model>> table = new TreeMap<>();

    Layers() {
        layer("Dense", c -> Dense.of(c.integer("features", 1)).withUseBias(c.flag("use_bias", true)),
                "features", "use_bias");
        layer("DenseGeneral", c -> DenseGeneral.of(ints(c, "features", 1)).withAxes(ints(c, "axis", -1))
                .withBatch(ints(c, "batch_dims")).withUseBias(c.flag("use_bias", true)),
                "features", "axis", "batch_dims", "use_bias");
        layer("Conv", Convolving::conv, "features", "kernel_size", "strides", "padding", "input_dilation",
                "kernel_dilation",
                "feature_group_count", "use_bias");
        layer("ConvTranspose", Convolving::transposed, "features", "kernel_size", "strides", "padding",
                "kernel_dilation",
                "use_bias", "transpose_kernel");
        for (String name : Convolving.POOLS)
            layer(name, Convolving::pool, "window_shape", "strides", "padding", "count_include_pad");
        layer("PReLU", c -> new PReLU(c.number("negative_slope_init", 0.01)), "negative_slope_init");
        layer("Dropout", c -> Dropout.of(c.number("rate", 0)).withBroadcast(ints(c, "broadcast_dims")),
                "rate", "broadcast_dims");
        norm("LayerNorm", LayerNorm.of(), (n, c) -> n.withAxes(axes(c, "reduction_axes"), axes(c, "feature_axes")),
                "reduction_axes", "feature_axes");
        norm("RMSNorm", RMSNorm.of(), (n, c) -> n.withAxes(axes(c, "reduction_axes"), axes(c, "feature_axes")),
                "reduction_axes", "feature_axes");
        norm("InstanceNorm", InstanceNorm.of(), (n, c) -> n.withFeatures(ints(c, "feature_axes", -1)), "feature_axes");
        norm("GroupNorm", GroupNorm.of(32), Layers::groups, "num_groups", "group_size", "reduction_axes");
        norm("BatchNorm", BatchNorm.of(), (n, c) -> n.withMomentum(c.number("momentum", 0.99))
                .withAxis(c.integer("axis", -1)), "momentum", "axis");
        layer("WeightNorm", c -> WeightNorm.of(wrapped(c)).withEpsilon(c.number("epsilon", 1e-12))
                .withScale(c.flag("use_scale", true), Initializers.ones()),
                "layer", "features", "epsilon", "use_scale");
        layer("SpectralNorm", c -> SpectralNorm.of(wrapped(c)).withSteps(c.integer("n_steps", 1))
                .withEpsilon(c.number("epsilon", 1e-12)), "layer", "features", "epsilon", "n_steps");
        model("Embed", c -> (s, in) -> embed(c).call(s, in.getFirst()), "num_embeddings", "features");
        for (String name : List.of("MultiHeadDotProductAttention", "MultiHeadAttention", "SelfAttention"))
            model(name, c -> (s, in) -> attend(attention(c), s, in), ATTENTION);
        layer("CausalAttention", c -> new Models.CausalAttention(attention(c)), ATTENTION);
        model("RNN", c -> (s, in) -> rnn(cell(c), c, s, in), "cell", "features", "reverse", "keep_order", "time_major");
        model("Bidirectional", c -> (s, in) -> bidirectional(cell(c), c, s, in), "cell", "features", "time_major");
        layer("Sequential", c -> new Sequential(Models.named(words(c, "layers"))), "layers");
        layer("Mlp", c -> new Models.Mlp(c.integers("features"), c.word("activation", "relu")), "features",
                "activation");
        layer("Nested", c -> new Models.Nested(c.integer("blocks", 1)), "blocks");
        layer("Shared", _ -> new Models.Shared());
    }

    /** The module of a case. Throws {@link Failure} for a layer or an argument that is not in the table. */
    Model of(Case c) {
        var make = table.get(c.text("layer"));
        if (make == null) throw Failure.unsupported("layer " + c.text("layer"));
        return make.apply(c);
    }

    /** A module, and the arguments that may be given for it; whether it trains is the mode of the scope. */
    private void model(String name, Function<Case, Model> make, String... arguments) {
        table.put(name, c -> {
            c.requireOnly(Lists.concat(List.of(arguments), LayerSuite.MODES).toArray(String[]::new));
            return make.apply(c);
        });
    }

    private void layer(String name, Function<Case, Layer> make, String... arguments) {
        model(name, c -> {
            Layer layer = make.apply(c);
            return (s, in) -> layer.call(s, in.getFirst());
        }, arguments);
    }

    private <L extends Norm.Of<L>> void norm(String name, L usual, BiFunction<L, Case, L> with, String... arguments) {
        List<String> all = Lists.concat(List.of(arguments),
                List.of("epsilon", "use_bias", "use_scale", "use_fast_variance"));
        model(name, c -> {
            Norm n = usual.norm();
            L layer = with.apply(usual, c).withEpsilon(c.number("epsilon", n.epsilon()))
                    .withUseBias(c.flag("use_bias", n.useBias())).withUseScale(c.flag("use_scale", true))
                    .withFastVariance(c.flag("use_fast_variance", true));
            return (s, in) -> layer.call(s, in.getFirst(), in.size() > 1 ? Optional.of(in.get(1)) : Optional.empty());
        }, all.toArray(String[]::new));
    }

    private static GroupNorm groups(GroupNorm usual, Case c) {
        boolean sized = c.argument("group_size").isNumber();
        GroupNorm n = sized ? GroupNorm.ofSize(c.integer("group_size", 1)) : GroupNorm.of(c.integer("num_groups", 32));
        return c.integers("reduction_axes").isEmpty() ? n : n.withReduction(c.integers("reduction_axes"));
    }

    private static Layer wrapped(Case c) {
        String name = c.word("layer", "Dense");
        if (!name.equals("Dense")) throw Failure.unsupported("normalised weights of " + name);
        return Dense.of(c.integer("features", 1));
    }

    private static Embed embed(Case c) { return Embed.of(c.integer("num_embeddings", 1), c.integer("features", 1)); }

    private static final String[] ATTENTION = {"num_heads", "qkv_features", "out_features", "normalize_qk", "use_bias",
        "dropout_rate", "broadcast_dropout"};

    private static MultiHeadDotProductAttention attention(Case c) {
        var all = MultiHeadDotProductAttention.of(c.integer("num_heads", 1)).withUseBias(c.flag("use_bias", true))
                .withNormalizeQk(c.flag("normalize_qk", false))
                .withDropout(c.number("dropout_rate", 0), c.flag("broadcast_dropout", true));
        if (c.argument("qkv_features").isNumber()) all = all.withQkvFeatures(c.integer("qkv_features", 1));
        return c.argument("out_features").isNumber() ? all.withOutFeatures(c.integer("out_features", 1)) : all;
    }

    /** Queries, then keys and values, or keys and values apart, then a mask; booleans are masks wherever they come. */
    private static Tensor attend(MultiHeadDotProductAttention layer, Scope s, List<Tensor> in) {
        Tensor q = in.getFirst();
        List<Tensor> inputs = new ArrayList<>(in);
        boolean masked = in.size() > 1 && (in.getLast().rank() > q.rank() || !in.getLast().dtype().isFloat());
        Optional<Tensor> mask = masked ? Optional.of(inputs.removeLast()) : Optional.empty();
        Tensor k = inputs.size() > 1 ? inputs.get(1) : q, v = inputs.size() > 2 ? inputs.get(2) : k;
        return layer.call(s, q, k, v, mask);
    }

    private static RecurrentCell<?> cell(Case c) {
        int features = c.integer("features", 1);
        return switch (c.word("cell", "")) {
            case "LSTMCell" -> LSTMCell.of(features);
            case "OptimizedLSTMCell" -> OptimizedLSTMCell.of(features);
            case "GRUCell" -> GRUCell.of(features);
            case "MGUCell" -> MGUCell.of(features);
            case "SimpleCell" -> SimpleCell.of(features);
            case String other -> throw Failure.unsupported("cell " + other);
        };
    }

    /**
     * The cell is made in the module around the network and so has its name from there; lengths may follow the input.
     */
    private static <C> Tensor rnn(RecurrentCell<C> cell, Case c, Scope s, List<Tensor> in) {
        RNN<C> rnn = RNN.of(cell).withReverse(c.flag("reverse", false)).withKeepOrder(c.flag("keep_order", false))
                .withTimeMajor(c.flag("time_major", false));
        return rnn.run(s.bind(cell), in.getFirst(), Optional.empty(), lengths(in)).outputs();
    }

    private static <C> Tensor bidirectional(RecurrentCell<C> cell, Case c, Scope s, List<Tensor> in) {
        var both = Bidirectional.of(cell, cell).withTimeMajor(c.flag("time_major", false));
        return both.run(s.bind(cell), s.bind(cell), in.getFirst(), Optional.empty(), lengths(in)).outputs();
    }

    private static Optional<Tensor> lengths(List<Tensor> in) { return in.size() > 1 ? Optional.of(in.get(1))
            : Optional.empty(); }

    /** The numbers of an argument, {@code otherwise} if it is absent. */
    static int[] ints(Case c, String argument, int... otherwise) {
        List<Integer> given = c.integers(argument);
        return given.isEmpty() ? otherwise : given.stream().mapToInt(i -> i).toArray();
    }

    private static List<Integer> axes(Case c, String argument) {
        List<Integer> given = c.integers(argument);
        return given.isEmpty() ? List.of(-1) : given;
    }

    private static List<String> words(Case c, String argument) {
        List<String> all = new ArrayList<>();
        for (JsonNode n : c.argument(argument)) all.add(n.asString());
        return all;
    }
}
