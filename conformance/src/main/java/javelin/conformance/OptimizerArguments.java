package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import javelin.Key;
import javelin.core.Lists;
import javelin.core.type.DType;
import javelin.optim.Decays;
import javelin.optim.Mask;
import javelin.optim.Optimizers.Decay;
import javelin.optim.Schedule;
import javelin.optim.Schedules;
import tools.jackson.databind.JsonNode;

/** The arguments of an optimizer's case, with Optax's names; it remembers which were asked for. */
final class OptimizerArguments {
    private final Case c;
    private final TreeSet<String> asked = new TreeSet<>();

    OptimizerArguments(Case c) { this.c = c; }

    /** Throws {@link Failure} if the case has an argument that nobody asked for. */
    void requireAllAsked() { c.requireOnly(asked.toArray(String[]::new)); }

    private JsonNode argument(String name) {
        asked.add(name);
        return c.argument(name);
    }

    double number(String name, double otherwise) { return argument(name).asDouble(otherwise); }

    int integer(String name, int otherwise) { return argument(name).asInt(otherwise); }

    boolean flag(String name, boolean otherwise) { return argument(name).asBoolean(otherwise); }

    String word(String name, String otherwise) { return argument(name).asString(otherwise); }

    Optional<DType> type(String name) {
        return argument(name).isString() ? Optional.of(switch (argument(name).asString()) {
            case "float32" -> DType.F32;
            case "float64" -> DType.F64;
            case "bfloat16" -> DType.BF16;
            case "float16" -> DType.F16;
            default -> throw Failure.unsupported("optimizers' " + name + " " + argument(name).asString());
        }) : Optional.empty();
    }

    /** Empty if the case gives none; then {@code otherwise} unless the case says null. */
    OptionalDouble optional(String name, OptionalDouble otherwise) {
        JsonNode value = argument(name);
        return value.isNumber() ? OptionalDouble.of(value.asDouble())
                : value.isMissingNode() ? otherwise : OptionalDouble.empty();
    }

    Schedule schedule(String name, double otherwise) { return Schedules.constant(number(name, otherwise)); }

    Schedule rate() { return schedule("learning_rate", 0); }

    double rateNumber() { return number("learning_rate", 0); }

    Key key() { return Key.of(integer("key", integer("seed", 0))); }

    Decay decay(double otherwise) { return new Decay(schedule("weight_decay", otherwise), mask("mask")); }

    Mask mask(String name) {
        JsonNode mask = argument(name);
        return mask.isBoolean() ? (_, _) -> mask.asBoolean() : mask.isObject()
                ? (path, _) -> chosen(mask, path.substring(1, path.length() - 1)) : Mask.all();   // a map's [path]
    }

    /** Whether a tree of booleans, which may be flat with paths as names, is true at a parameter's path. */
    private static boolean chosen(JsonNode mask, String path) {
        JsonNode here = mask.path(path);
        if (here.isMissingNode()) {
            here = mask;
            for (String step : path.split("/")) here = here.isObject() ? here.path(step) : here;
        }
        return here.asBoolean();
    }

    Decays decays(Decays otherwise) {
        return new Decays(number("b1", otherwise.b1()), number("b2", otherwise.b2()), number("eps", otherwise.eps()),
                number("eps_root", otherwise.epsRoot()), flag("nesterov", otherwise.nesterov()), type("mu_dtype"));
    }

    List<List<Double>> coefficients(String name, List<List<Double>> otherwise) {
        JsonNode list = argument(name);
        if (!list.isArray()) return otherwise;
        List<List<Double>> rows = new ArrayList<>();
        for (JsonNode row : list.get(0).isArray() ? list : List.of(list))
            rows.add(Lists.each(row.size(), i -> row.get(i).asDouble()));
        return rows;
    }
}
