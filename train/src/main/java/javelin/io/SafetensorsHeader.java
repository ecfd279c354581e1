package javelin.io;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON at the head of a safetensors file, in order: what tensors there are, and where.
 *
 * @param metadata texts by name, for whoever wrote the file
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    private static final Map<String, Integer> BITS_OF_OTHERS = Map.ofEntries(Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6), Map.entry("F8_E5M2", 8), Map.entry("F8_E4M3", 8), Map.entry("F8_E8M0", 8),
            Map.entry("F8_E4M3FNUZ", 8), Map.entry("F8_E5M2FNUZ", 8), Map.entry("C64", 64), Map.entry("C128", 128));

    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)   // which would keep them for good
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(16).build()).build();

    /** @param from where its bytes begin, counted from the end of the header; they end before {@code to} */
    record Entry(String elementType, Shape shape, long from, long to) {}

    /** @throws FormatException if it is not the header of a file with so many bytes of data */
    static SafetensorsHeader parse(String text, long dataBytes) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new TreeMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "its header is no JSON object");
            for (String name = json.nextName(); name != null; name = json.nextName())
                if (name.equals(METADATA)) readMetadata(json, metadata);
                else entries.put(name, entry(json, name, dataBytes));
            require(json.nextToken() == null, "its header goes on after its end");
        } catch (JacksonException e) {
            throw new FormatException("its header is not well-formed: " + e.getOriginalMessage());
        }
        requireWhole(entries, dataBytes);
        return new SafetensorsHeader(entries, metadata);
    }

    private static void readMetadata(JsonParser json, Map<String, String> metadata) {
        require(json.nextToken() == JsonToken.START_OBJECT, METADATA + " is no object");
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            require(json.nextToken() == JsonToken.VALUE_STRING, METADATA + " holds something that is no text: " + key);
            metadata.put(key, json.getString());
        }
    }

    private static Entry entry(JsonParser json, String name, long dataBytes) {
        require(json.nextToken() == JsonToken.START_OBJECT, name + " is no object");
        String type = "";
        List<Long> sizes = List.of(-1L), place = List.of();
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            JsonToken value = json.nextToken();
            switch (key) {
                case "dtype" -> type = value == JsonToken.VALUE_STRING ? json.getString() : "";
                case "shape" -> sizes = numbers(json, name);
                case "data_offsets" -> place = numbers(json, name);
                default -> json.skipChildren();
            }
        }
        require(place.size() == 2 && place.getFirst() >= 0 && place.getFirst() <= place.getLast()
                && place.getLast() <= dataBytes, name + " lies outside the file: "
                        + place + " of " + dataBytes + " bytes");
        Shape shape = Shapes.of(sizes, name);
        long bits = (long) shape.elements() * bits(type, name);
        require(bits % 8 == 0 && bits / 8 == place.getLast() - place.getFirst(),
                name + " has " + (place.getLast() - place.getFirst()) + " bytes, which is not what its shape needs");
        return new Entry(type, shape, place.getFirst(), place.getLast());
    }

    private static List<Long> numbers(JsonParser json, String name) {
        require(json.currentToken() == JsonToken.START_ARRAY, name + " has no list where one is needed");
        List<Long> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, name + " has a list of more than whole numbers");
            all.add(json.getLongValue());
        }
        return all;
    }

    private static int bits(String type, String name) {
        for (DType t : DType.values()) if (t.name().equals(type)) return t.bits();
        Integer bits = BITS_OF_OTHERS.get(type);
        require(bits != null, name + ": there is no element type " + type);
        return bits;
    }

    /** The tensors fill the file, without gaps and without sharing: nothing can hide, and sizes add up. */
    private static void requireWhole(Map<String, Entry> entries, long dataBytes) {
        var byPlace = new ArrayList<>(entries.entrySet());
        byPlace.sort(Comparator.<Map.Entry<String, Entry>>comparingLong(e -> e.getValue().from())
                .thenComparingLong(e -> e.getValue().to()));
        long end = 0;
        for (var e : byPlace) {
            require(e.getValue().from() == end, e.getKey() + " begins at byte " + e.getValue().from() + " where "
                    + end + " is next: tensors overlap or leave gaps");
            end = e.getValue().to();
        }
        require(end == dataBytes, (dataBytes - end) + " bytes at its end belong to no tensor");
    }

    /** The JSON, with spaces behind it up to a multiple of eight bytes of UTF-8, which aligns what follows. */
    String print() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(METADATA);
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            entries.forEach((name, e) -> {
                json.writeObjectPropertyStart(name);
                json.writeStringProperty("dtype", e.elementType());
                json.writeArrayPropertyStart("shape");
                e.shape().sizes().forEach(json::writeNumber);
                json.writeEndArray();
                json.writeArrayPropertyStart("data_offsets");
                json.writeNumber(e.from());
                json.writeNumber(e.to());
                json.writeEndArray();
                json.writeEndObject();
            });
            json.writeEndObject();
        }
        int bytes = text.toString().getBytes(StandardCharsets.UTF_8).length;
        return text + " ".repeat(Math.floorMod(-bytes, 8));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) throw new FormatException(otherwise);
    }
}
