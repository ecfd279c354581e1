package javelin.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import javelin.io.FlaxMsgpack;
import javelin.io.NamedTensors;
import javelin.io.Npy;
import javelin.io.Npz;
import javelin.io.Safetensors;
import javelin.train.EventFile;

/**
 * Our half of {@code conformance/interchange.py}: {@code write FOLDER} writes tensors in every format, {@code read
 * FOLDER} checks that the files the other side wrote hold the same.
 */
public final class Interchange {
    private Interchange() {}

    public static void main(String... args) throws IOException {
        Path folder = Path.of(args[1]);
        if (args[0].equals("write")) write(folder);
        else read(folder);
    }

    /**
     * What both sides make: {@code (37 i^2 + 11 i) mod 128} for element i of every type, a vector, a scalar, nothing.
     */
    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (DType t : DType.values()) all.put(t.name(), of(TensorType.of(t, 3, 5)));
        all.put("vector", of(TensorType.f32(7)));
        all.put("scalar", of(TensorType.f64()));
        all.put("empty", of(TensorType.f32(2, 0)));
        return all;
    }

    private static Array of(TensorType type) {
        double[] numbers = new double[type.elements()];
        for (int i = 0; i < numbers.length; i++)
            numbers[i] = type.dtype() == DType.BOOL ? i % 2 : (37 * i * i + 11 * i) % 128;
        return Array.of(type, numbers);
    }

    private static void write(Path folder) throws IOException {
        var tensors = tensors();
        Safetensors.write(folder.resolve("ours.safetensors"), tensors, Map.of("who", "Javelin"));
        Npz.write(folder.resolve("ours.npz"), tensors);
        Npz.writeCompressed(folder.resolve("ours-compressed.npz"), tensors);
        Npy.write(folder.resolve("ours.npy"), tensors.get("F32"));
        FlaxMsgpack.write(folder.resolve("ours.msgpack"), Map.of("params", tensors));
        try (EventFile events = EventFile.in(folder.resolve("events"))) {
            for (int i = 0; i < 300; i += 100) events.scalars(i, Map.of("loss", 1.0 / (1 + i), "accuracy", i / 300.0));
        }
    }

    private static void read(Path folder) throws IOException {
        same(Safetensors.read(folder.resolve("theirs.safetensors")));
        same(Npz.read(folder.resolve("theirs.npz")));
        same(Npz.read(folder.resolve("theirs-compressed.npz")));
        same(NamedTensors.of(FlaxMsgpack.read(folder.resolve("theirs.msgpack")).get("params")));
        if (!Npy.read(folder.resolve("theirs.npy")).sameBits(of(TensorType.f32(3, 5))))
            throw new IllegalStateException("theirs.npy differs");
        System.out.println("Javelin reads theirs");
    }

    private static void same(Map<String, ? extends Tensor> found) {
        var expected = tensors();
        if (!found.keySet().equals(expected.keySet())) throw new IllegalStateException("there are " + found.keySet());
        expected.forEach((name, t) -> {
            if (!t.array().sameBits(found.get(name).array()))
                throw new IllegalStateException(name + " differs: " + found.get(name));
        });
    }
}
