package javelin.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javelin.core.Tensor;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir Path folder;

    @Test void afterAFailureAtAnyByteTheOldFileIsWhole() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Safetensors.write(file, Examples.model(1));
        byte[] old = Files.readAllBytes(file);
        var next = new ByteArrayOutputStream();
        Safetensors.write(next, Examples.model(2), Map.of());
        for (int k = 0; k <= next.size(); k++) {
            int bytes = k;
            assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
                out.write(next.toByteArray(), 0, bytes);
                throw new IOException("the disk is full");
            }));
            assertArrayEquals(old, Files.readAllBytes(file));
        }
        try (var left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
    }

    /** Another process writes a file again and again until it is killed, at a moment of chance. */
    @Test void aKilledProcessLeavesAWholeFile() throws IOException, InterruptedException {
        Path file = folder.resolve("x.safetensors");
        for (int round = 0; round < 3; round++) {
            Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                    Writer.class.getName(), file.toString()).inheritIO().start();
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.exists(file) && writer.isAlive() && System.nanoTime() < patience) Thread.sleep(10);
            Thread.sleep(20 + 37 * round);
            writer.destroyForcibly().waitFor();
            Tensor x = Safetensors.read(file).get("x");
            assertEquals(TensorType.f32(1 << 18), x.type());
            assertEquals(x.max().item(), x.min().item());
            Files.delete(file);
        }
        assertTrue(Files.notExists(file));
    }

    static final class Writer {
        public static void main(String... args) throws IOException {
            for (int i = 0; ; i++)
                Safetensors.write(Path.of(args[0]), Map.of("x", Tensor.full(TensorType.f32(1 << 18), i)));
        }
    }
}
