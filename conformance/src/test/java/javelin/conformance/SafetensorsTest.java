package javelin.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.Set;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    static byte[] file(String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                .put(text).put(data).array();
    }

    private static String refusal(byte[] file) {
        return assertThrows(IllegalArgumentException.class, () -> new Safetensors(file)).getMessage();
    }

    @Test void readsArraysByName() {
        var tensors = new Safetensors(file("""
                {"__metadata__":{"a":"b"},"x":{"dtype":"I32","shape":[2,1],"data_offsets":[1,9]},
                "b":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}}""",
                (byte) 1, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF));
        assertEquals(TensorType.i32(2, 1), tensors.array("x").type());
        assertArrayEquals(new long[] {1, -1}, tensors.array("x").toLongs());
        assertEquals(1, tensors.array("b").itemAsLong());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "[2]; [0,4]; has a size that is not its shape's", "[1]; [0,5]; lies outside the file",
                "[1]; [-4,0]; lies outside the file",
        "[1]; [4,0]; lies outside the file", "[1]; [0]; lies outside the file", "[-1]; [0,4]; has a bad shape",
                "[1]; null; lies outside the file",
        "[4294967297]; [0,4]; has a bad shape"})
    void refusesPlacesThatDoNotFit(String shape, String offsets, String why) {
        String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
        assertEquals("not a safetensors file: x " + why, refusal(file(header, (byte) 0, (byte) 0, (byte) 0, (byte) 0)));
    }

    @Test void refusesABrokenHeader() {
        assertTrue(refusal(new byte[3]).contains("shorter"));
        assertTrue(refusal(new byte[16]).contains("header has 0 bytes"));
        byte[] long_ = file("{}");
        long_[7] = 0x7F;
        assertTrue(refusal(long_).contains("header has"));
        assertTrue(refusal(file("[1]")).contains("no JSON object"));
        assertTrue(refusal(file("{\"x\":{\"dtype\":\"F99\",\"shape\":[0],\"data_offsets\":[0,0]}}"))
                .contains("no element type F99"));
    }

    @Test void namesAnElementTypeJavelinDoesNotHave() {
        var tensors = new Safetensors(file("{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}",
                (byte) 0, (byte) 0));
        assertEquals("unsupported: element type f8_e4m3", assertThrows(Failure.class, () -> tensors.array("x"))
                .getMessage());
        assertTrue(assertThrows(Failure.class, () -> tensors.array("y")).getMessage().contains("not there"));
    }

    @Test void readsHalvesFromTheirBits() {
        var tensors = new Safetensors(file("""
                {"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},
                "y":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}}""",
                (byte) 0x80, (byte) 0x3F, (byte) 0x20, (byte) 0xC0, (byte) 0x00, (byte) 0x3E));
        assertArrayEquals(new double[] {1, -2.5}, tensors.array("x").toDoubles());
        assertArrayEquals(new double[] {1.5}, tensors.array("y").toDoubles());
    }

    @Test void writesSomeOfItsArrays() {
        var all = new Safetensors(file("""
                {"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},
                "y":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", (byte) 7, (byte) 8, (byte) 9));
        var some = new Safetensors(all.only(new TreeSet<>(Set.of("y"))));
        assertArrayEquals(new long[] {9}, some.array("y").toLongs());
        assertTrue(!some.has("x"));
    }
}
