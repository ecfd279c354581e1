/**
 * Tensors, programs and their transformations, with a plain evaluator that runs them. Open {@link javelin} first to use
 * it, {@link javelin.core} to read it. A compiler is found as a {@link javelin.core.Backend}, if there is one.
 */
module javelin.core {
    exports javelin;
    exports javelin.core;
    exports javelin.core.linalg;
    exports javelin.core.lowering;
    exports javelin.core.ops;
    exports javelin.core.transform;
    exports javelin.core.tree;
    exports javelin.core.type;

    uses javelin.core.Backend;
}
