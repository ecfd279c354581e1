package javelin.compiler.library;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Batch;
import javelin.core.lowering.Routine;
import javelin.core.ops.Cholesky;
import javelin.core.ops.Lu;
import javelin.core.ops.LuSolve;
import javelin.core.ops.Qr;
import javelin.core.ops.TriangularSolve;
import javelin.core.type.TensorType;

/**
 * A batch whose algorithm has memory of its own to work in: made once for every driver.
 *
 * @param fresh the algorithm
 */
record Blocked(Batch plain, Supplier<Algorithm> fresh) implements Routine {
    private record Work(Batch batch, Object scratch) {}

    /** The same by products of blocks, for matrices that are large enough and an algorithm there is. */
    static Routine of(Batch plain, Machine machine) {
        if (plain.in().getFirst().rank() < 2) return plain;              // diagonals
        int m = size(plain.in().getFirst(), 2), n = size(plain.in().getFirst(), 1);
        if (Math.min(m, n) < Blocks.SMALLEST) return plain;
        List<TensorType> in = plain.in(), out = plain.out();
        Optional<Supplier<Algorithm>> fresh = switch (plain.algorithm()) {
            case Cholesky _ -> Optional.of(() -> new BlockedCholesky(n, machine));
            case Lu _ -> Optional.of(() -> new BlockedLu(m, n, machine));
            case Qr _ -> Optional.of(() -> new BlockedQr(m, n, size(out.getFirst(), 1), machine));
            case TriangularSolve op -> Optional.of(() ->
                    BlockedSolve.triangular(op, n, size(in.get(1), op.left() ? 1 : 2), machine));
            case LuSolve op -> Optional.of(() -> BlockedSolve.lu(op, n, size(in.get(3), 1), machine));
            default -> Optional.empty();
        };
        return fresh.<Routine>map(f -> new Blocked(plain, f)).orElse(plain);
    }

    /** The last axis but {@code back - 1}. */
    private static int size(TensorType type, int back) { return type.shape().size(type.rank() - back); }

    @Override public Object newScratch() {
        var batch = new Batch(fresh.get(), plain.in(), plain.out(), plain.leading());
        return new Work(batch, batch.newScratch());
    }

    @Override public void run(Object[] arrays, int[] offsets, Object scratch) {
        var work = (Work) scratch;
        work.batch.run(arrays, offsets, work.scratch);
    }
}
