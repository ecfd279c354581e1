package javelin;

/** Two trees as one. */
public record Pair<A, B>(A first, B second) {}
