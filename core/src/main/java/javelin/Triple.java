package javelin;

/** Three trees as one. */
public record Triple<A, B, C>(A first, B second, C third) {}
