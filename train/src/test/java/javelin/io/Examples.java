package javelin.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** Trees and files that the tests share. */
final class Examples {
    private Examples() {}

    record Layer(Tensor kernel, Tensor bias) {}

    record Wrapper(Map<String, ?> tree) {}

    record Model(Wrapper params, List<Layer> layers, Tensor step) {}

    /** Something of every kind of node. */
    static Model model(long seed) {
        Random random = new Random(seed);
        return new Model(new Wrapper(Map.of("Dense_0", Map.of("kernel", tensor(random, DType.F32, 2, 3)), "scale",
                tensor(random, DType.BF16))),
                        List.of(new Layer(tensor(random, DType.F64, 3), tensor(random, DType.I8, 0, 2))),
                tensor(random, DType.I32));
    }

    /** Any bits, but those of bool 0 or 1. */
    static Array tensor(Random random, DType dtype, int... sizes) {
        TensorType type = TensorType.of(dtype, sizes);
        byte[] bytes = new byte[(int) type.bytes()];
        random.nextBytes(bytes);
        if (dtype == DType.BOOL) for (int i = 0; i < bytes.length; i++) bytes[i] &= 1;
        return Elements.read(type, java.lang.foreign.MemorySegment.ofArray(bytes));
    }

    /** A tensor of every element type, with shapes of rank 0 to 3 that have zeros, ones and odd sizes. */
    static Map<String, Tensor> everyType(long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (DType t : DType.values()) {
            int[] sizes = random.ints(random.nextInt(4), 0, 5).toArray();
            all.put(t.name().toLowerCase(java.util.Locale.ROOT), tensor(random, t, sizes));
        }
        return all;
    }

    static boolean sameBits(Array a, Array b) {
        return a.type().equals(b.type()) && java.util.Arrays.equals(bytes(a), bytes(b));
    }

    static byte[] bytes(Array a) {
        try {
            var out = new ByteArrayOutputStream();
            Elements.write(a, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 0, 1, 2; 3, 100, 127. */
    static Array numbers(DType dtype) { return Array.of(new TensorType(dtype, Shape.of(2, 3)), 0, 1, 2, 3, 100, 127); }

    static Path resource(String name) {
        try {
            return Path.of(Examples.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] content(String name) {
        try {
            return Files.readAllBytes(resource(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
