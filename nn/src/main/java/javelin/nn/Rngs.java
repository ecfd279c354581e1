package javelin.nn;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import javelin.Key;

/**
 * A key for each named random stream, such as {@code params} for initialisers and {@code dropout}. A module at path
 * {@code p} draws its n-th key (n from 1) of a stream as the stream's key with the first 32 bits of
 * {@code SHA-1(p[0] p[1] ... n)} folded in: numbers depend on names, not on the order of siblings. A tree of its keys.
 *
 * @param fallback  whether a missing stream is taken from {@code params}, as Flax does, instead of being an error
 * @param separated whether a zero byte separates what is hashed, so that ("ab", "c") and ("a", "bc") differ; Flax's
 *                  {@code flax_fix_rng_separator}, off by default there and here
 */
public record Rngs(Map<String, Key> streams, boolean fallback, boolean separated) {

    /** No streams at all. */
    public static Rngs none() { return new Rngs(Collections.emptySortedMap(), false, false); }

    public static Rngs of(String stream, Key key) { return none().with(stream, key); }

    /** These streams and one more, or with another key. */
    public Rngs with(String stream, Key key) {
        Map<String, Key> all = new TreeMap<>(streams);
        all.put(stream, key);
        return new Rngs(Collections.unmodifiableMap(all), fallback, separated);
    }

    /** These streams, taking missing ones from {@code params}. */
    public Rngs withFallback() { return new Rngs(streams, true, separated); }

    /** These streams, with paths hashed so that no two can collide. */
    public Rngs withSeparator() { return new Rngs(streams, fallback, true); }
}
