/** Layers, with names, random streams and initial weights as Flax has them. */
module javelin.nn {
    requires transitive javelin.core;

    exports javelin.nn;
    opens javelin.nn to javelin.core;                                 // its records are trees
}
