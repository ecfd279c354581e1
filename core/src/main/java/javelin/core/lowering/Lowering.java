package javelin.core.lowering;

import java.util.List;
import java.util.Optional;

/**
 * What an op means, element by element. The reference evaluator runs this directly; the compiler fuses, schedules and
 * emits it. Seven kinds, so that fusion knows seven cases and not sixty ops. Loops are numbered: the axes of the output
 * (of the piece, for {@link Update}) first, then the reduced axes.
 */
public sealed interface Lowering {
    /**
     * {@code out[k][i] = bodies[k](i)}: elementwise, broadcast, transpose, slice, gather. All outputs have one shape.
     */
    record Pointwise(List<Scalar> bodies) implements Lowering {
        public Pointwise(Scalar body) { this(List.of(body)); }
    }

    /**
     * {@code out[i] = combine over r of body(i, r)}, from {@code identity}: sums, products, dots. What is combined has
     * the type of the body, and the result is converted once to that of the output. Halves are combined in f32.
     */
    record Reduce(List<Integer> extents, Scalar body, Fn combine, Number identity) implements Lowering {
        public Reduce { body = Scalar.convert(body, body.type().computation()); }
    }

    /** {@code out[i]} = the first r in 0..extent-1 where {@code body(i, r)} is extreme; NaN is the extreme. */
    record ArgReduce(int extent, Scalar body, boolean max) implements Lowering {
        public ArgReduce { body = Scalar.convert(body, body.type().computation()); }
    }

    /** {@code out[i] = base(i)}, then every piece in turn writes its box: concatenate, pad, update, scatter. */
    record Update(Scalar base, List<Piece> pieces) implements Lowering {}

    /**
     * For every p in {@code extents}, in order: if {@code inBounds(p)}, {@code out[at(p)] = combine(out[at(p)],
     * value(p))}.
     *
     * @param at       coordinates in the output, i32
     * @param inBounds empty if every write is in bounds
     * @param combine  empty to overwrite
     */
    record Piece(List<Integer> extents, List<Scalar> at, Optional<Scalar> inBounds, Scalar value,
            Optional<Fn> combine) {}

    /** The same elements in the same row-major order under another shape: no work at all. */
    record Reshape() implements Lowering {}

    /**
     * An algorithm over whole arrays, run as it is by the evaluator; the compiler may know a quicker one for the op.
     */
    record Library(Routine routine) implements Lowering {}

    /** The op runs sub-programs (scan, while, cond): a step of the plan, not a loop nest. */
    record Control() implements Lowering {}
}
