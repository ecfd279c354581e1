package javelin.conformance.jaxpr;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javelin.conformance.Failure;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import tools.jackson.databind.JsonNode;

/**
 * Applies programs of a case to tensors, equation by equation; inside a trace that writes down a program of ours.
 *
 * @param rules  the derivative rules of the case, by name
 * @param arrays the arrays the case's constants name
 */
public record Jaxpr(JsonNode rules, Function<String, Array> arrays) {

    /** A whole program as one of ours: its first inputs are {@code captured}, the constants that are no scalars. */
    public Recorder.Traced trace(JsonNode program) { return trace(program, inputTypes(program)); }

    Recorder.Traced trace(JsonNode program, List<TensorType> types) {
        return Recorder.trace(types, in -> apply(program, in));
    }

    /** The types of a program's inputs. */
    static List<TensorType> inputTypes(JsonNode program) {
        List<TensorType> types = new ArrayList<>();
        for (JsonNode v : program.path("inputs")) types.add(type(v).stored());
        return types;
    }

    private record Value(Tensor tensor, JaxType type) {}

    /** The outputs of {@code program}, {@code {"inputs", "consts"?, "eqns", "outputs"}}, for these arguments. */
    List<Tensor> apply(JsonNode program, List<Tensor> arguments) {
        Map<Integer, Value> env = new HashMap<>();
        JsonNode inputs = program.path("inputs");
        if (inputs.size() != arguments.size())
            throw new Failure("a program is given too few or too many arguments",
                    arguments.size() + " of " + inputs.size());
        for (int i = 0; i < inputs.size(); i++) bind(env, inputs.get(i), arguments.get(i), "input " + i);
        for (JsonNode c : program.path("consts")) bind(env, c, arrays.apply(c.path("a").asString()), "a constant");
        for (JsonNode e : program.path("eqns")) {
            String primitive = e.path("p").asString();
            List<Value> in = each(e.path("in"), a -> read(env, a));
            JsonNode out = e.path("out");
            Eqn eqn = new Eqn(primitive, Lists.map(in, Value::tensor), Lists.map(in, Value::type),
                    each(out, Jaxpr::type), e.path("params"), this);
            List<Tensor> results = Primitives.apply(eqn);
            if (results.size() != out.size())
                throw new Failure(primitive + " gives too few or too many outputs",
                        results.size() + " of " + out.size());
            for (int i = 0; i < results.size(); i++) bind(env, out.get(i), results.get(i), primitive);
        }
        return each(program.path("outputs"), a -> read(env, a).tensor());
    }

    private static void bind(Map<Integer, Value> env, JsonNode binder, Tensor value, String what) {
        JaxType type = type(binder);
        if (!type.stored().equals(value.type()))
            throw new Failure("the result of " + what + " has another type",
                    value.type() + " instead of " + type.stored());
        env.put(binder.path("v").asInt(), new Value(value, type));
    }

    private static JaxType type(JsonNode binder) { return JaxType.parse(binder.path("t").asString()); }

    private static Value read(Map<Integer, Value> env, JsonNode atom) {
        if (!atom.isObject()) return env.get(atom.asInt());
        JaxType type = type(atom);
        return new Value(Tensor.full(type.stored(), number(atom.path("lit"))), type);
    }

    /** A number as JSON has it: infinities and NaN are strings. */
    static Number number(JsonNode n) {
        if (n.isBoolean()) return n.asBoolean() ? 1L : 0L;
        if (n.isIntegralNumber()) return n.bigIntegerValue().mod(BigInteger.ONE.shiftLeft(64)).longValue();
        if (!n.isString()) return n.asDouble();
        return switch (n.asString()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    private static <T> List<T> each(JsonNode list, Function<JsonNode, T> f) {
        return Lists.each(list.size(), i -> f.apply(list.get(i)));
    }
}
