package javelin.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javelin.io.Safetensors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CaseTest {
    /** A safetensors file. */
    static byte[] file(String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                .put(text).put(data).array();
    }

    @Test void namesAnElementTypeJavelinDoesNotHave() {
        var tensors = Safetensors.of(file("""
                {"x":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},
                "y":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", (byte) 0, (byte) 0, (byte) 9));
        Case c = new Case("lax", JsonMapper.shared().readTree("{\"out\":\"y\"}"), tensors);
        assertEquals("unsupported: element type f8_e4m3", assertThrows(Failure.class, () -> c.named("x")).getMessage());
        assertTrue(assertThrows(Failure.class, () -> c.named("z")).getMessage().contains("not there"));
        assertArrayEquals(new long[] {9}, c.array("out").toLongs());
    }
}
