package javelin.conformance.jaxpr;

import java.util.ArrayList;
import java.util.List;
import javelin.conformance.Failure;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;

/** One equation about to be applied: the primitive, its inputs, the types of its outputs and its parameters. */
record Eqn(String primitive, List<Tensor> in, List<JaxType> inTypes, List<JaxType> outTypes, JsonNode params,
        Jaxpr jaxpr) {
    Tensor in(int i) { return in.get(i); }

    /** The type of output {@code i}, as stored. */
    TensorType out(int i) { return outTypes.get(i).stored(); }

    /** Whether a parameter is there and says something: jaxprs write null for the usual. */
    boolean has(String name) { return params.hasNonNull(name); }

    private JsonNode required(String name) {
        if (!has(name)) throw new Failure(primitive + " has no parameter " + name, "");
        return params.path(name);
    }

    int integer(String name) { return required(name).asInt(); }

    int integer(String name, int otherwise) { return has(name) ? params.path(name).asInt() : otherwise; }

    boolean flag(String name, boolean otherwise) { return has(name) ? params.path(name).asBoolean() : otherwise; }

    String text(String name, String otherwise) { return has(name) ? params.path(name).asString() : otherwise; }

    List<Integer> ints(String name) { return ints(required(name)); }

    List<Integer> ints(String name, List<Integer> otherwise) { return has(name) ? ints(params.path(name)) : otherwise; }

    /** A list of numbers; a number alone is a list of one, nothing at all is the empty list. */
    static List<Integer> ints(JsonNode list) {
        if (list.isMissingNode() || list.isNull()) return List.of();
        if (list.isNumber()) return List.of(list.asInt());
        List<Integer> all = new ArrayList<>();
        for (JsonNode n : list) all.add(n.asInt());
        return all;
    }

    /** The sub-program of that parameter. */
    JsonNode program(String name) {
        JsonNode p = required(name);
        return p.has("program") ? p.path("program") : p;
    }

    /** Applies a sub-program here: inlines it. */
    List<Tensor> inline(String name, List<Tensor> arguments) { return jaxpr.apply(program(name), arguments); }

    Eqn with(List<Tensor> in, List<JaxType> inTypes, List<JaxType> outTypes) {
        return new Eqn(primitive, in, inTypes, outTypes, params, jaxpr);
    }

    Failure unsupported(String why) { return Failure.unsupported(primitive + " " + why); }
}
