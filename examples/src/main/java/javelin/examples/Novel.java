package javelin.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import javelin.core.Array;
import javelin.core.Tensor;

/**
 * A text as numbers: each character is its place in {@code alphabet}. The last tenth is kept for tests.
 *
 * @param alphabet the characters that occur, in order
 */
record Novel(String alphabet, int[] text) {
    /** Pieces of the text, i32[n, context], and the same pieces one character later. */
    record Batch(Tensor text, Tensor next) {}

    /** Jane Austen's "Persuasion"; persuasion.LICENSE.txt tells where it is from. */
    static Novel persuasion() {
        try (var bytes = new GZIPInputStream(Novel.class.getResourceAsStream("persuasion.txt.gz"))) {
            return of(new String(bytes.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("the novel in this jar cannot be read", e);
        }
    }

    static Novel of(String text) {
        String alphabet = text.chars().distinct().sorted().collect(StringBuilder::new,
                StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return new Novel(alphabet, text.chars().map(alphabet::indexOf).toArray());
    }

    /** Where the part that is kept begins. */
    int kept() { return text.length * 9 / 10; }

    /** Random pieces of the part to learn from. */
    Batch draw(Random random, int size, int context) {
        int[] starts = random.ints(size, 0, kept() - context).toArray();
        return at(starts, context);
    }

    /**
     * The i-th batch of the part that is kept. Pieces overlap by half: whoever counts only the second half of each
     * has every character once, with half a piece or more before it.
     */
    Batch kept(int i, int size, int context) {
        int[] starts = new int[size];
        for (int k = 0; k < size; k++) starts[k] = kept() + (i * size + k) * (context / 2);
        return at(starts, context);
    }

    /** How many whole batches {@link #kept(int, int, int)} has. */
    int batches(int size, int context) { return (text.length - kept() - context - 1) / (context / 2) / size; }

    private Batch at(int[] starts, int context) {
        int[] now = new int[starts.length * context], next = new int[now.length];
        for (int i = 0; i < starts.length; i++) {
            System.arraycopy(text, starts[i], now, i * context, context);
            System.arraycopy(text, starts[i] + 1, next, i * context, context);
        }
        int n = starts.length;
        return new Batch(Array.i32(now).reshape(n, context), Array.i32(next).reshape(n, context));
    }
}
