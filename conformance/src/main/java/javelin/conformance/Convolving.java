package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javelin.Convolution;
import javelin.Padding;
import javelin.nn.Conv;
import javelin.nn.ConvTranspose;
import javelin.nn.Pool;
import tools.jackson.databind.JsonNode;

/** Convolutions and pools from the arguments of a case. */
final class Convolving {
    /** Pools whose names say how they pad; their windows are 3x3 with stride 2 unless the case gives others. */
    static final List<String> POOLS = pools();

    private Convolving() {}

    private static List<String> pools() {
        List<String> names = new ArrayList<>();
        for (String kind : List.of("max", "min", "avg"))
            for (String padding : List.of("", "_same", "_valid"))
                for (String counting : kind.equals("avg") ? List.of("", "_exclude_pad") : List.of(""))
                    names.add(kind + "_pool" + padding + counting);
        return names;
    }

    static Conv conv(Case c) {
        Convolution how = how(c).inputDilation(Layers.ints(c, "input_dilation", 1))
                .groups(c.integer("feature_group_count", 1));
        return Conv.of(c.integer("features", 1), Layers.ints(c, "kernel_size")).with(how)
                .withUseBias(c.flag("use_bias", true));
    }

    static ConvTranspose transposed(Case c) {
        return ConvTranspose.of(c.integer("features", 1), Layers.ints(c, "kernel_size")).with(how(c))
                .withUseBias(c.flag("use_bias", true)).withTransposeKernel(c.flag("transpose_kernel", false));
    }

    private static Convolution how(Case c) {
        return Convolution.SAME.strides(Layers.ints(c, "strides", 1))
                .kernelDilation(Layers.ints(c, "kernel_dilation", 1))
                .padding(padding(c, Padding.SAME));
    }

    static Pool pool(Case c) {
        String name = c.text("layer");
        int[] window = Layers.ints(c, "window_shape", 3, 3);
        Pool pool = name.startsWith("max") ? Pool.max(window) : name.startsWith("min") ? Pool.min(window)
                : Pool.mean(window);
        int[] strides = c.argument("window_shape").isMissingNode() ? new int[] {2, 2} : new int[] {1};
        return pool.withStrides(Layers.ints(c, "strides", strides))
                .withPadding(padding(c, name.contains("_same") ? Padding.SAME : Padding.VALID))
                .withCountPadding(c.flag("count_include_pad", !name.endsWith("exclude_pad")));
    }

    /** A name, a number for all ends, or a number or a pair for every axis. */
    private static Padding padding(Case c, Padding otherwise) {
        JsonNode padding = c.argument("padding");
        if (padding.isMissingNode() || padding.isNull()) return otherwise;
        if (padding.isNumber()) return Padding.of(padding.asInt());
        if (padding.isString()) return Padding.Rule.valueOf(padding.asString().toUpperCase(Locale.ROOT));
        List<Integer> low = new ArrayList<>(), high = new ArrayList<>();
        for (JsonNode ends : padding) {
            low.add(ends.isNumber() ? ends.asInt() : ends.path(0).asInt());
            high.add(ends.isNumber() ? ends.asInt() : ends.path(1).asInt());
        }
        return new Padding.Explicit(low, high);
    }
}
