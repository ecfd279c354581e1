package javelin.conformance.jaxpr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javelin.conformance.Failure;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** A type as jaxprs write it, {@code f32[2,3]}; a {@code key[2]} holds two random keys, each stored as two u32. */
record JaxType(Optional<DType> dtype, Shape shape) {
    private static final Pattern TEXT = Pattern.compile("([a-z_0-9<>]+)\\[([0-9, ]*)]");

    static JaxType parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) throw Failure.unsupported("type " + text);
        List<Integer> sizes = new ArrayList<>();
        for (String size : m.group(2).split(",")) if (!size.isBlank()) sizes.add(Integer.parseInt(size.strip()));
        boolean key = m.group(1).startsWith("key");
        return new JaxType(key ? Optional.empty() : Optional.of(dtype(m.group(1))), new Shape(sizes));
    }

    /** The element type of that name, jaxpr's ({@code f32}) or NumPy's ({@code float32}). */
    static DType dtype(String name) {
        return switch (name) {
            case "bool", "pred" -> DType.BOOL;
            case "bf16", "bfloat16" -> DType.BF16;
            default -> Stream.of(DType.values()).filter(t -> names(t).contains(name)).findFirst()
                    .orElseThrow(() -> Failure.unsupported("element type " + name));
        };
    }

    private static List<String> names(DType type) {
        String stem = type.isFloat() ? "float" : type.kind() == DType.Kind.SIGNED ? "int" : "uint";
        return List.of(type.toString(), stem + type.bits());
    }

    boolean isKey() { return dtype.isEmpty(); }

    /** The type of the tensor that stores it. */
    TensorType stored() {
        return dtype.map(d -> new TensorType(d, shape)).orElseGet(() ->
                new TensorType(DType.U32, shape.insert(shape.rank(), 2)));
    }
}
