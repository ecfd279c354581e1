package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.ops.Cholesky;
import javelin.core.ops.Concatenate;
import javelin.core.ops.Det;
import javelin.core.ops.Lu;
import javelin.core.ops.LuSolve;
import javelin.core.ops.TriangularSolve;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Factorizations of tiny matrices and systems with them, written out element by element: then they are fused with what
 * is around them, in scalars, or with the batch in the lanes of vectors. Branches become choices.
 */
final class SmallMatrices {
    private static final int LARGEST = 4, MOST_COLUMNS = 8;

    // the elements of what was put together from them
    private final Map<Tensor, Tensor[]> known = new IdentityHashMap<>();

    private SmallMatrices() {}

    static Program run(Program program) {
        if (program.equations().stream().noneMatch(SmallMatrices::isSmall)) return program;
        var matrices = new SmallMatrices();
        return Recorder.trace(program.inputTypes(), in -> program.interpret(in, x -> x, (e, x) ->
                isSmall(e) ? matrices.written(e.op(), x) : Op.apply(e.op(), x))).closed();
    }

    private static boolean isSmall(Equation e) {
        boolean known = switch (e.op()) {
            case Cholesky _, TriangularSolve _, Lu _, LuSolve _, Det _ -> true;
            default -> false;
        };
        // halves are computed as wholes, and not rounded at every step
        return known && !e.inputs().getFirst().type().dtype().isHalf() && e.inputs().stream()
                .allMatch(a -> a.type().elements() > 0 && fits(a.type()));
    }

    private static boolean fits(TensorType t) {
        return t.dtype() == DType.I32 || t.shape().size(t.rank() - 2) <= MOST_COLUMNS && t.shape()
                .size(t.rank() - 1) <= MOST_COLUMNS
                && Math.min(t.shape().size(t.rank() - 2), t.shape().size(t.rank() - 1)) <= LARGEST;
    }

    private List<Tensor> written(Op op, List<Tensor> in) {
        Tensor[][] a = elements(in.getFirst());
        return switch (op) {
            case Cholesky _ -> List.of(matrix(cholesky(a), in.getFirst()));
            case TriangularSolve t -> List.of(triangular(t, a, in.get(1)));
            case Lu _ -> lu(a, in.getFirst());
            case LuSolve(boolean transpose) ->
                List.of(solved(transpose, elements(in.get(1)), vector(in.get(2)), in.get(3)));
            case Det _ -> List.of(det(a));
            default -> throw new IllegalStateException(op + " is not written out");
        };
    }

    private static Tensor[][] cholesky(Tensor[][] a) {
        int n = a.length;
        Tensor zero = a[0][0].like(0).broadcastTo(a[0][0].shape());
        Tensor[][] l = new Tensor[n][n];
        Tensor fails = zero.ne(zero);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                if (j > i) {
                    l[i][j] = zero;
                    continue;
                }
                Tensor sum = a[i][j];
                for (int k = 0; k < j; k++) sum = sum.sub(l[i][k].mul(l[j][k]));
                if (i == j) fails = fails.or(sum.gt(0).not());
                l[i][j] = i == j ? sum.sqrt() : sum.div(l[j][j]);
            }
        for (int i = 0; i < n; i++) for (int j = 0; j <= i; j++) l[i][j] = fails.where(zero.add(Double.NaN), l[i][j]);
        return l;
    }

    private Tensor triangular(TriangularSolve op, Tensor[][] a, Tensor right) {
        boolean turned = op.transpose() == op.left();
        Tensor[][] b = elements(right), x = op.left() ? b : transposed(b);
        solve(turned ? transposed(a) : a, op.lower() != turned, op.unit(), x);
        return matrix(op.left() ? x : transposed(x), right);
    }

    /** {@code x := a^-1 x} for a triangular a. */
    private static void solve(Tensor[][] a, boolean lower, boolean unit, Tensor[][] x) {
        int n = a.length;
        for (int step = 0; step < n; step++) {
            int i = lower ? step : n - 1 - step;
            for (int j = 0; j < x[i].length; j++) {
                for (int k = lower ? 0 : i + 1, end = lower ? i : n; k < end; k++)
                    x[i][j] = x[i][j].sub(a[i][k].mul(x[k][j]));
                if (!unit) x[i][j] = x[i][j].div(a[i][i]);
            }
        }
    }

    private List<Tensor> lu(Tensor[][] a, Tensor like) {
        int m = a.length, k = Math.min(m, a[0].length);
        Tensor[] order = new Tensor[m];
        for (int i = 0; i < m; i++) order[i] = index(i, a[0][0]);
        List<Tensor> pivots = new ArrayList<>(eliminate(a, order));
        return List.of(matrix(a, like), stacked(pivots, like, k), stacked(List.of(order), like, m));
    }

    /** Leaves L and U in {@code a} and exchanges {@code order} with its rows; gives the row each was exchanged with. */
    private static List<Tensor> eliminate(Tensor[][] a, Tensor[] order) {
        int m = a.length, n = a[0].length;
        List<Tensor> pivots = new ArrayList<>();
        for (int k = 0; k < Math.min(m, n); k++) {
            Tensor largest = a[k][k].abs(), pivot = index(k, a[0][0]);
            for (int i = k + 1; i < m; i++) {
                Tensor size = a[i][k].abs(), larger = size.gt(largest);
                pivot = larger.where(index(i, a[0][0]), pivot);
                largest = larger.where(size, largest);
            }
            pivots.add(pivot);
            for (int i = k + 1; i < m; i++) {
                Tensor here = pivot.eq(index(i, a[0][0]));
                for (int j = 0; j < n; j++) exchange(here, a[k], a[i], j);
                Tensor first = order[k];
                order[k] = here.where(order[i], first);
                order[i] = here.where(first, order[i]);
            }
            for (int i = k + 1; i < m; i++) {
                a[i][k] = a[k][k].eq(0).where(a[i][k], a[i][k].div(a[k][k]));
                for (int j = k + 1; j < n; j++) a[i][j] = a[i][j].sub(a[i][k].mul(a[k][j]));
            }
        }
        return pivots;
    }

    private static void exchange(Tensor condition, Tensor[] x, Tensor[] y, int j) {
        Tensor first = x[j];
        x[j] = condition.where(y[j], first);
        y[j] = condition.where(first, y[j]);
    }

    private static Tensor det(Tensor[][] a) {
        int n = a.length;
        Tensor[] order = new Tensor[n];
        for (int i = 0; i < n; i++) order[i] = index(i, a[0][0]);
        List<Tensor> pivots = eliminate(a, order);
        Tensor det = a[0][0].like(1).broadcastTo(a[0][0].shape());
        for (int i = 0; i < n; i++) det = det.mul(pivots.get(i).eq(index(i, a[0][0])).where(a[i][i], a[i][i].neg()));
        return det;
    }

    private Tensor solved(boolean transpose, Tensor[][] lu, Tensor[] permutation, Tensor right) {
        Tensor[][] b = elements(right), x = new Tensor[b.length][b[0].length];
        if (transpose) {
            solve(transposed(lu), true, false, b);
            solve(transposed(lu), false, true, b);
        }
        for (int i = 0; i < b.length; i++)
            for (int j = 0; j < b[0].length; j++) {
                x[i][j] = b[b.length - 1][j];
                for (int k = b.length - 2; k >= 0; k--) {
                    Tensor from = transpose ? permutation[k].eq(index(i, lu[0][0]))
                            : permutation[i].eq(index(k, lu[0][0]));
                    x[i][j] = from.where(b[k][j], x[i][j]);
                }
            }
        if (!transpose) {
            solve(lu, true, true, x);
            solve(lu, false, false, x);
        }
        return matrix(x, right);
    }

    // tensors and their elements: each has the leading axes

    private static Tensor index(int i, Tensor like) { return Tensor.full(like.type().withDType(DType.I32), i); }

    private Tensor[][] elements(Tensor a) {
        int m = a.size(-2), n = a.size(-1);
        Tensor[] flat = known.get(a);
        Tensor[][] all = new Tensor[m][n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++) all[i][j] = flat == null ? a.index(-2, i).index(-1, j) : flat[i * n + j];
        return all;
    }

    private Tensor[] vector(Tensor a) {
        Tensor[] flat = known.get(a);
        return flat == null ? Lists.each(a.size(-1), i -> a.index(-1, i)).toArray(Tensor[]::new) : flat;
    }

    private static Tensor[][] transposed(Tensor[][] a) {
        Tensor[][] t = new Tensor[a[0].length][a.length];
        for (int i = 0; i < t.length; i++) for (int j = 0; j < a.length; j++) t[i][j] = a[j][i];
        return t;
    }

    /** Of the shape of {@code like}. */
    private Tensor matrix(Tensor[][] a, Tensor like) {
        List<Tensor> flat = new ArrayList<>();
        for (Tensor[] row : a) flat.addAll(List.of(row));
        return joined(flat, like.shape());
    }

    private Tensor stacked(List<Tensor> elements, Tensor like, int n) {
        return joined(elements, like.shape().without(List.of(like.rank() - 2, like.rank() - 1))
                .insert(like.rank() - 2, n));
    }

    private Tensor joined(List<Tensor> elements, Shape shape) {
        Tensor[] last = elements.stream().map(e -> e.expandDims(-1)).toArray(Tensor[]::new);
        Tensor all = new Concatenate(elements.getFirst().rank()).apply(last).reshape(shape);
        known.put(all, elements.toArray(Tensor[]::new));
        return all;
    }
}
