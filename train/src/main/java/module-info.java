/** Tensors in files, and what training is made of: data in batches, a loop, metrics, checkpoints. */
module javelin.train {
    requires transitive javelin.core;
    requires transitive javelin.nn;
    requires transitive javelin.optim;
    requires tools.jackson.core;

    exports javelin.io;
    exports javelin.train;
    opens javelin.train to javelin.core;                                 // its records are trees
}
