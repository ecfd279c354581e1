package javelin.optim;

/** The state of a transformation that keeps nothing. (optax.EmptyState) */
public record NoState() {}
