package javelin.examples;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javelin.core.Array;
import javelin.core.Tensor;

/**
 * Images of clothes, 28 rows of 28 pixels from 0 to 255, and what each shows. Fashion-MNIST: Xiao, Rasul and Vollgraf,
 * arXiv:1708.07747.
 */
record Clothes(byte[] pixels, byte[] kinds) {
    static final int SIDE = 28, PIXELS = SIDE * SIDE;
    static final List<String> KINDS = List.of("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt",
            "sneaker", "bag", "boot");
    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    private static final float MEAN = 0.286f, DEVIATION = 0.353f;        // of all pixels of the training images, 0 to 1

    /** Images as f32[n, 28, 28, 1], with mean 0 and variance 1, and their kinds as i32[n]. */
    record Batch(Tensor images, Tensor kinds) {}

    /** The two parts of the data. */
    record Data(Clothes training, Clothes test) {
        /** What is in a folder, or without one where Debian's package puts it; throws, saying where to get it. */
        static Data read(List<Path> folders) {
            Path folder = Stream.concat(folders.stream(), Stream.of(DEBIAN)).findFirst().orElseThrow();
            for (String name : List.of("train", "t10k"))
                for (String file : List.of(images(name), kinds(name)))
                    if (!Files.isReadable(folder.resolve(file)))
                        throw new IllegalArgumentException("""
                                there is no %s in %s.
                                Install Debian's package with the images (sudo apt-get install dataset-fashion-mnist),
                                or get its four files from https://github.com/zalandoresearch/fashion-mnist and say
                                where they are with --data FOLDER.""".formatted(file, folder));
            return new Data(Clothes.read(folder, "train"), Clothes.read(folder, "t10k"));
        }
    }

    private static String images(String name) { return name + "-images-idx3-ubyte.gz"; }

    private static String kinds(String name) { return name + "-labels-idx1-ubyte.gz"; }

    private static Clothes read(Path folder, String name) {
        byte[] pixels = read(folder.resolve(images(name)), 0x803), kinds = read(folder.resolve(kinds(name)), 0x801);
        if (pixels.length != kinds.length * PIXELS)
            throw new IllegalArgumentException(folder + " has " + pixels.length + " pixels for " + kinds.length
                    + " images of " + PIXELS);
        for (byte kind : kinds)
            if (kind < 0 || kind >= KINDS.size())
                throw new IllegalArgumentException(folder.resolve(kinds(name)) + ": kinds are 0 to 9, not " + kind);
        return new Clothes(pixels, kinds);
    }

    /** The bytes of an IDX file: a magic number, whose last byte counts the sizes that follow, and the elements. */
    private static byte[] read(Path file, int magic) {
        try (var in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16))) {
            if (in.readInt() != magic) throw new IllegalArgumentException(file + " is no file of Fashion-MNIST");
            for (int axis = 0; axis < (magic & 0xFF); axis++) in.readInt();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    int size() { return kinds.length; }

    /** The first so many. */
    Clothes first(int n) {
        return new Clothes(Arrays.copyOf(pixels, n * PIXELS), Arrays.copyOf(kinds, n));
    }

    /** The images of these numbers. */
    Batch at(int[] which) {
        float[] found = new float[which.length * PIXELS];
        int[] meant = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            meant[i] = kinds[which[i]];
            for (int p = 0; p < PIXELS; p++)
                found[i * PIXELS + p] = ((pixels[which[i] * PIXELS + p] & 0xFF) / 255f - MEAN) / DEVIATION;
        }
        return new Batch(Array.f32(found).reshape(which.length, SIDE, SIDE, 1), Array.i32(meant));
    }
}
