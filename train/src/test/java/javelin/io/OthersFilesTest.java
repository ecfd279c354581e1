package javelin.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import javelin.nn.Variables;
import org.junit.jupiter.api.Test;

/** Files that NumPy 2.4.6, safetensors 0.8.0 and Flax 0.12.8 wrote. */
class OthersFilesTest {
    private static void check(Map<String, ? extends Tensor> found, boolean bfloat16) {
        for (DType t : DType.values()) {
            if (t == DType.BF16 && !bfloat16) continue;
            String name = switch (t.kind()) {
                case FLOAT -> (t == DType.BF16 ? "bfloat" : "float") + t.bits();
                case SIGNED -> "int" + t.bits();
                case UNSIGNED -> "uint" + t.bits();
                case BOOLEAN -> t.name().toLowerCase(Locale.ROOT);
            };
            Tensor tensor = found.get(name);
            assertEquals(TensorType.of(t, 2, 3), tensor.type(), name);
            for (int i = 0; i < 6; i++) {
                Number expected = Examples.numbers(t).get(i);
                if (i == 0 && t == DType.U64) expected = -1L;
                if (i == 0 && t == DType.I64) expected = Long.MIN_VALUE;
                if (i == 0 && t == DType.F32) expected = Double.NaN;
                assertEquals(expected, tensor.array().get(i), name);
            }
        }
        assertEquals(TensorType.f32(0, 3), found.get("empty").type());
        assertEquals(2.5, found.get("scalar").item());
    }

    @Test void numpysZips() throws IOException {
        check(Npz.read(Examples.resource("numpy.npz")), false);
        check(Npz.read(Examples.resource("numpy-compressed.npz")), false);
    }

    @Test void columnsAndBytesInTheOtherOrder() throws IOException {
        var a = Npy.read(Examples.resource("fortran-big-endian.npy"));
        assertEquals(TensorType.f64(2, 3), a.type());
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, a.toDoubles());
    }

    @Test void picklesAreRefused() {
        var e = assertThrows(FormatException.class, () -> Npy.read(Examples.resource("objects.npy")));
        assertTrue(e.reason().contains("its elements are '|O'"), e.reason());
    }

    @Test void safetensorsOwn() throws IOException {
        check(Safetensors.read(Examples.resource("python.safetensors")), true);
        try (var open = Safetensors.open(Examples.resource("python.safetensors"))) {
            assertEquals(Map.of("step", "7", "who", "numpy"), open.metadata());
        }
    }

    @Test void flaxsVariables() throws IOException {
        Map<String, ?> file = FlaxMsgpack.read(Examples.resource("flax.msgpack"));
        var flat = new HashMap<>(NamedTensors.of(file));
        flat.remove("scalar");
        flat.put("scalar", javelin.core.Array.scalar(2.5f));
        check(flat, true);
        Variables v = new Variables(file);
        assertEquals("{layers_0: {bias: (3,), kernel: (4, 3)}, layers_2: {bias: (2,), kernel: (3, 2)}}",
                v.params().shapes());
        assertEquals(-0.50100887f, v.tensor("params/layers_2/kernel").array().toFloats()[0]);
        assertEquals(-1.1839014f, v.tensor("params/layers_2/kernel").array().toFloats()[5]);
        assertEquals(TensorType.of(DType.I64), v.tensor("step").type());
        assertEquals(12, v.tensor("step").itemAsLong());
        assertEquals(0.125, v.tensor("rate").item());
        assertEquals(0, v.tensor("done").itemAsLong());
        assertEquals(TensorType.f32(), v.tensor("losses/0").type());
        assertEquals(0.25, v.tensor("losses/1").item());
        assertFalse(v.has("none"));
    }

    @Test void flaxsChunks() throws IOException {
        var v = new Variables(FlaxMsgpack.read(Examples.resource("flax-chunked.msgpack")));
        assertEquals(TensorType.of(DType.I16, 7, 1), v.tensor("a").type());
        assertArrayEquals(new long[] {0, 1, 2, 3, 4, 5, 6}, v.tensor("a").array().toLongs());
        assertArrayEquals(new double[] {0, 1, 2}, v.tensor("b/c").array().toDoubles());
    }
}
