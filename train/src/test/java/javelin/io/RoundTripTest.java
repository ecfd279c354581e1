package javelin.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javelin.core.Array;
import javelin.core.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RoundTripTest {
    @FunctionalInterface
    private interface Trip {
        Map<String, ? extends Tensor> go(Path file, Map<String, Tensor> tensors) throws IOException;
    }

    private static void same(long seed, Trip trip) throws IOException {
        Map<String, Tensor> before = Examples.everyType(seed);
        Path file = Files.createTempFile("javelin", ".tensors");
        try {
            Map<String, ? extends Tensor> after = trip.go(file, before);
            assertEquals(new TreeMap<>(before).keySet(), new TreeMap<>(after).keySet());
            before.forEach((name, t) -> assertTrue(Examples.sameBits(t.array(), after.get(name).array()), name));
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 50) void safetensorsKeepsEveryBit(@ForAll long seed) throws IOException {
        same(seed, (file, tensors) -> {
            Safetensors.write(file, tensors, Map.of("seed", seed + "\n\u20ac\ud83d\ude00"));
            try (Safetensors open = Safetensors.open(file)) {
                assertEquals(Map.of("seed", seed + "\n\u20ac\ud83d\ude00"), open.metadata());
            }
            return Safetensors.read(file);
        });
    }

    @Property(tries = 30) void npzKeepsEveryBit(@ForAll long seed) throws IOException {
        same(seed, (file, tensors) -> {
            Npz.write(file, tensors);
            return Npz.read(file);
        });
        same(seed, (file, tensors) -> {
            Npz.writeCompressed(file, tensors);
            return Npz.read(file);
        });
    }

    @Property(tries = 50) void npyKeepsEveryBit(@ForAll long seed) throws IOException {
        same(seed, (file, tensors) -> {
            Map<String, Array> all = new TreeMap<>();
            for (var e : tensors.entrySet()) {
                Npy.write(file, e.getValue());
                all.put(e.getKey(), Npy.read(file));
            }
            return all;
        });
    }

    @Property(tries = 50) void flaxMsgpackKeepsEveryBit(@ForAll long seed) throws IOException {
        same(seed, (file, tensors) -> {
            FlaxMsgpack.write(file, tensors);
            return NamedTensors.of(FlaxMsgpack.read(file));
        });
        same(seed, (_, tensors) -> {
            var out = new ByteArrayOutputStream();
            FlaxMsgpack.write(out, tensors, 8);                              // in chunks
            return NamedTensors.of(FlaxMsgpack.of(out.toByteArray()));
        });
    }

    @Property(tries = 20) void treesComeBackAsTheyWere(@ForAll long seed) throws IOException {
        Examples.Model before = Examples.model(seed), template = Examples.model(seed + 1);
        Path file = Files.createTempFile("javelin", ".tensors");
        try {
            Safetensors.write(file, before);
            same(before, Safetensors.read(file, template));
            Npz.write(file, before);
            same(before, Npz.read(file, template));
            FlaxMsgpack.write(file, before);
            same(before, FlaxMsgpack.read(file, template));
        } finally {
            Files.delete(file);
        }
    }

    private static void same(Examples.Model a, Examples.Model b) {
        var left = NamedTensors.of(a);
        var right = NamedTensors.of(b);
        assertArrayEquals(left.keySet().toArray(), right.keySet().toArray());
        left.forEach((name, t) -> assertTrue(Examples.sameBits(t.array(), right.get(name).array()), name));
    }
}
