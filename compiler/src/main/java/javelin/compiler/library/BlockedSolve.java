// Hot: run by drivers, once for every large system.
package javelin.compiler.library;

import java.util.List;
import java.util.Optional;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Matrix;
import javelin.core.ops.LuSolve;
import javelin.core.ops.TriangularSolve;

/**
 * Large systems with triangular matrices: a block of rows at a time, for all right sides together; if there is one,
 * row by row where the matrix lies.
 */
abstract class BlockedSolve implements Algorithm {
    private final Optional<Blocks> blocks;
    private final Matrix a;
    final Matrix x;

    private BlockedSolve(int n, int sides, Machine machine) {
        blocks = sides == 1 ? Optional.empty() : Optional.of(new Blocks(n, sides, machine));
        a = sides == 1 ? Matrix.zeros(0, 0) : Blocks.room(n, n);
        x = sides == 1 ? Matrix.zeros(n, 1) : Blocks.room(n, sides);
    }

    static Algorithm triangular(TriangularSolve op, int n, int sides, Machine machine) {
        return new BlockedSolve(n, sides, machine) {
            @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
                boolean turned = op.transpose() != !op.left();
                x.copy(op.left() ? in.get(1) : in.get(1).transposed());
                solve(read(in.get(0), turned), op.lower() != turned, op.unit());
                out.getFirst().copy(op.left() ? x : x.transposed());
            }
        };
    }

    /** With the factors and the permutation of an LU decomposition. */
    static Algorithm lu(LuSolve op, int n, int sides, Machine machine) {
        return new BlockedSolve(n, sides, machine) {
            @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
                Matrix permutation = in.get(2), b = in.get(3), result = out.getFirst();
                boolean turned = op.transpose();
                for (int i = 0; i < n; i++) Blocks.copy(row(b, turned ? i : (int) permutation.at(i)), row(x, i));
                Matrix lu = read(in.get(1), turned);
                solve(lu, true, !turned);
                solve(lu, false, turned);
                for (int i = 0; i < n; i++) Blocks.copy(row(x, i), row(result, turned ? (int) permutation.at(i) : i));
            }
        };
    }

    private static Matrix row(Matrix a, int i) { return a.block(i, 0, 1, a.columns()); }

    /** The matrix to solve with, or its transpose, until the next call. */
    Matrix read(Matrix from, boolean turned) {
        if (blocks.isPresent()) Blocks.copy(from, a);
        Matrix t = blocks.isPresent() ? a : from;
        return turned ? t.transposed() : t;
    }

    /** {@code x := t^-1 x} */
    void solve(Matrix t, boolean lower, boolean unit) {
        if (blocks.isPresent()) blocks.get().solveAll(t, lower, unit, x);
        else solveOne(t, lower, unit, x.a());
    }

    private static void solveOne(Matrix t, boolean lower, boolean unit, double[] x) {
        int n = x.length;
        for (int step = 0; step < n; step++) {
            int i = lower ? step : n - 1 - step, known = lower ? 0 : i + 1, open = lower ? i + 1 : 0;
            boolean byRows = t.right() == 1;
            if (byRows) x[i] -= Blocks.dot(t.a(), t.from() + i * t.down() + known, x, known, step);
            if (!unit) x[i] /= t.at(i, i);
            if (!byRows) subtract(x[i], t.a(), t.from() + i * t.right() + open, x, open, n - 1 - step);
        }
    }

    private static void subtract(double f, double[] from, int at, double[] x, int to, int count) {
        for (int i = 0; i < count; i++) x[to + i] -= f * from[at + i];
    }
}
