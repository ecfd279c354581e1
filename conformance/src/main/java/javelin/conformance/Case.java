package javelin.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javelin.core.Array;
import javelin.io.Safetensors;
import tools.jackson.databind.JsonNode;

/** One line of a suite, and the file with the arrays it names. */
public record Case(String suite, JsonNode json, Safetensors file) {
    public String id() { return json.path("id").asString("without id"); }

    public boolean has(String field) { return json.hasNonNull(field); }

    /** The text of a field, as {@code "adam"} for {@code optimizer}. */
    public String text(String field) { return json.path(field).asString(""); }

    /** The value of an argument, a missing node if there is none. */
    public JsonNode argument(String name) { return json.path("args").path(name); }

    public double number(String argument, double otherwise) { return argument(argument).asDouble(otherwise); }

    public int integer(String argument, int otherwise) { return argument(argument).asInt(otherwise); }

    public boolean flag(String argument, boolean otherwise) { return argument(argument).asBoolean(otherwise); }

    /** Throws {@link Failure} if the case has an argument that is not among these: none is ignored. */
    public void requireOnly(String... known) {
        for (String name : json.path("args").propertyNames())
            if (!List.of(known).contains(name)) throw Failure.unsupported(suite + " argument " + name);
    }

    /** The text of an argument. */
    public String word(String argument, String otherwise) { return argument(argument).asString(otherwise); }

    /** The numbers of an argument that is a list, or a number alone. */
    public List<Integer> integers(String argument) {
        JsonNode list = argument(argument);
        if (list.isNumber()) return List.of(list.asInt());
        List<Integer> all = new ArrayList<>();
        for (JsonNode n : list) all.add(n.asInt());
        return all;
    }

    /**
     * The array of this name. Throws {@link Failure} if there is none, or if Javelin does not have its element type.
     */
    public Array named(String name) {
        if (!file.names().contains(name)) throw new Failure("the case names an array that is not there", name);
        if (file.type(name).isEmpty())
            throw Failure.unsupported("element type " + file.elementType(name).toLowerCase(Locale.ROOT));
        return file.array(name);
    }

    /** The array a field names. */
    public Array array(String field) {
        if (!json.path(field).isString()) throw new Failure("the case has no array", field);
        return named(text(field));
    }

    /** The arrays a field lists; none if it is absent. */
    public List<Array> arrays(String field) {
        List<Array> all = new ArrayList<>();
        for (JsonNode name : json.path(field)) all.add(named(name.asString()));
        return all;
    }

    /** The arrays of a field that maps paths to names, in the order of the file. */
    public Map<String, Array> tree(String field) {
        Map<String, Array> all = new LinkedHashMap<>();
        for (var e : json.path(field).properties()) all.put(e.getKey(), named(e.getValue().asString()));
        return all;
    }

    /** The indices a field lists. */
    public List<Integer> indices(String field) {
        List<Integer> all = new ArrayList<>();
        for (JsonNode n : json.path(field)) all.add(n.asInt());
        return all;
    }
}
