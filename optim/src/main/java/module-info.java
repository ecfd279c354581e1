/** Optimizers and schedules as pairs of pure functions, as Optax has them. */
module javelin.optim {
    requires transitive javelin.core;

    exports javelin.optim;
    opens javelin.optim to javelin.core;                                 // its records are trees
}
