// Hot: run by drivers, once for every large system.
package javelin.compiler.library;

import java.util.List;
import javelin.compiler.schedule.Machine;
import javelin.core.linalg.Algorithm;
import javelin.core.linalg.Matrix;
import javelin.core.ops.LuSolve;
import javelin.core.ops.TriangularSolve;

/** Large systems with triangular matrices, a block of rows at a time, for all right sides together. */
abstract class BlockedSolve implements Algorithm {
    final Blocks blocks;
    final Matrix a, x;

    private BlockedSolve(int n, int sides, Machine machine) {
        blocks = new Blocks(n, sides, machine);
        a = Blocks.room(n, n);
        x = Blocks.room(n, sides);
    }

    static Algorithm triangular(TriangularSolve op, int n, int sides, Machine machine) {
        return new BlockedSolve(n, sides, machine) {
            @Override public void solve(List<Matrix> in, List<Matrix> out, double epsilon) {
                boolean turned = op.transpose() != !op.left();
                Blocks.copy(in.get(0), a);
                x.copy(op.left() ? in.get(1) : in.get(1).transposed());
                blocks.solveAll(turned ? a.transposed() : a, op.lower() != turned, op.unit(), x);
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
                Blocks.copy(in.get(1), a);
                for (int i = 0; i < n; i++) Blocks.copy(row(b, turned ? i : (int) permutation.at(i)), row(x, i));
                blocks.solveAll(turned ? a.transposed() : a, true, !turned, x);
                blocks.solveAll(turned ? a.transposed() : a, false, turned, x);
                for (int i = 0; i < n; i++) Blocks.copy(row(x, i), row(result, turned ? (int) permutation.at(i) : i));
            }
        };
    }

    private static Matrix row(Matrix a, int i) { return a.block(i, 0, 1, a.columns()); }
}
