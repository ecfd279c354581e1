package javelin.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javelin.io.Safetensors;

/** A state that was trained, in a file. */
record Saved<T>(Path file, T state) {
    /** Writes a state, and reads it back into the structure of {@code template}, whose numbers do not matter. */
    static <T> Saved<T> of(T state, Path file, T template) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Safetensors.write(file, state);
            Saved<T> saved = new Saved<>(file, Safetensors.read(file, template));
            System.out.println("saved and read again: " + file + ", " + Files.size(file) + " bytes");
            return saved;
        } catch (IOException e) {
            throw new UncheckedIOException("the state cannot be kept in " + file, e);
        }
    }

    /** Requires that what was read does in a test what was written did. */
    void requireSame(double before, double after) {
        if (before != after)
            throw new IllegalStateException(file + " gives " + after + " in the test, and gave " + before
                    + " before it was saved");
    }
}
