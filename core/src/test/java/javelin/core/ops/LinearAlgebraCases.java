package javelin.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javelin.check.Grid;
import javelin.core.Array;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/** The rows of the table that factorize matrices and solve systems, all of which are well-conditioned here. */
final class LinearAlgebraCases {
    private static final OpCase.Tolerance STABLE =
            new OpCase.Tolerance(64, 256, "a backward stable algorithm on a well-conditioned matrix");

    private final List<OpCase> cases = new ArrayList<>();
    private DType dtype = DType.F64;

    static List<OpCase> all() {
        var c = new LinearAlgebraCases();
        for (DType t : List.of(DType.F64, DType.F32)) {
            c.dtype = t;
            for (int n : new int[] {0, 1, 2, 5}) c.squares(n);
            for (int[] size : new int[][] {{3, 3}, {4, 2}, {2, 4}, {7, 3}, {1, 3}, {3, 1},
                    {0, 2}}) c.rectangles(size[0], size[1]);
            c.solves();
        }
        return c.cases;
    }

    private TensorType type(int... sizes) { return TensorType.of(dtype, sizes); }

    /** 1, 2, 3, ... on the diagonal and up to 0.3 elsewhere, in every matrix. */
    private static Array near(TensorType type, RandomGenerator random, boolean symmetric) {
        int m = type.shape().size(type.rank() - 2), n = type.shape().size(type.rank() - 1);
        double[] a = new double[type.elements()];
        for (int k = 0; k < a.length; k++) {
            int i = k / n % m, j = k % n;
            a[k] = i == j ? 1 + i : random.nextDouble(-0.3, 0.3);
            if (symmetric && i > j) a[k] = a[k - (i - j) * n + (i - j)];
        }
        return Array.of(type, a);
    }

    private void squares(int n) {
        TensorType a = type(2, n, n);
        add(new Cholesky(), a, true, OpCase.Modes.NEITHER, in ->
                List.of(Grid.of(in.getFirst().sizes(), at -> cholesky(in.getFirst(), at[0], at[1], at[2]))));
        // of symmetric matrices only, along symmetric directions, is the derivative that of what is computed: see
        // LinalgTest
        for (boolean lower : new boolean[] {false, true}) add(new Eigh(lower), a, true, OpCase.Modes.NEITHER);
        OpCase.Reference det = in -> List.of(Grid.of(List.of(2), at -> det(matrix(in.getFirst(), at[0]))));
        add(new Det(), a, false, OpCase.Modes.FORWARD_AND_REVERSE, det);
        add(new SlogDet(), a, false, OpCase.Modes.FORWARD_AND_REVERSE, in -> {
            Grid d = det.of(in).getFirst();
            return List.of(Grid.of(List.of(2), at -> Math.signum(d.at(at))),
                    Grid.of(List.of(2), at -> Math.log(Math.abs(d.at(at)))));
        });
    }

    private void rectangles(int m, int n) {
        TensorType a = type(m, n);
        boolean empty = m * n == 0;
        add(new Lu(), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        add(new Qr(false), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        if (!empty) add(new Qr(true), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        add(new Svd(Svd.Vectors.NONE), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        if (!empty) add(new Svd(Svd.Vectors.THIN), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        if (m == n) add(new Svd(Svd.Vectors.FULL), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        add(new Pinv(1e-6), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        add(new ColumnOrder(), a, false, OpCase.Modes.FORWARD_AND_REVERSE);
        TensorType integers = TensorType.i32(m, n);
        cases.add(new OpCase(new PivotsToPermutation(n + 1), List.of(integers), random ->
                List.of(Draws.filled(integers, () -> random.nextInt(n + 1))), Optional.of(in ->
                List.of(permutations(in.getFirst(), n + 1))), OpCase.Tolerance.EXACT, OpCase.Modes.NEITHER));
        TensorType taus = type(Math.min(m, n));
        add(new Reflections(), List.of(a), random -> List.of(near(a, random, false)));
        if (m >= n) add(new HouseholderProduct(), List.of(a, taus), random ->
                List.of(near(a, random, false), Draws.range(0.5, 1).array(taus, random)));
    }

    private void solves() {
        for (boolean left : new boolean[] {false, true})
            for (boolean lower : new boolean[] {false, true})
                for (boolean transpose : new boolean[] {false, true})
                    for (boolean unit : new boolean[] {false, true}) triangular(new TriangularSolve(left, lower,
                            transpose, unit));
        for (boolean transpose : new boolean[] {false, true})
            for (int n : new int[] {1, 3}) lu(new LuSolve(transpose), n);
        for (int n : new int[] {0, 1, 2, 5}) {
            List<TensorType> types = List.of(type(n), type(n), type(n), type(n, 2));
            // not dominated by its diagonal, so that rows are exchanged
            List<Draws> domains = List.of(Draws.eitherSign(1, 1.5), Draws.range(0.2, 0.4), Draws.range(0.3, 0.5),
                    Draws.range(-1, 1));
            cases.add(new OpCase(new TridiagonalSolve(), types, Draws.each(types, domains), Optional.of(in -> {
                double[][] a = new double[n][n];
                for (int i = 0; i < n; i++) {
                    if (i > 0) a[i][i - 1] = in.get(0).at(i);
                    a[i][i] = in.get(1).at(i);
                    if (i + 1 < n) a[i][i + 1] = in.get(2).at(i);
                }
                return List.of(solution(a, in.get(3)));
            }), new OpCase.Tolerance(1024, 1024, "as stable, with a larger condition"),
                    OpCase.Modes.FORWARD_AND_REVERSE));
        }
        linearSolve();
    }

    private void triangular(TriangularSolve op) {
        TensorType a = type(2, 3, 3), b = op.left() ? type(2, 3, 2) : type(2, 2, 3);
        cases.add(new OpCase(op, List.of(a, b), random ->
                List.of(near(a, random, false), Draws.range(-1, 1).array(b, random)), Optional.of(in -> {
            double[] x = new double[b.elements()];
            for (int k = 0; k < 2; k++) {
                double[][] m = matrix(in.get(0), k);
                for (int i = 0; i < 3; i++)
                    for (int j = 0; j < 3; j++) if (i != j && i > j != op.lower()) m[i][j] = 0;
                    else if (i == j && op.unit()) m[i][i] = 1;
                if (op.transpose() == op.left()) m = transposed(m);
                double[][] right = matrix(in.get(1), k);
                double[] part = solution(m, grid(op.left() ? right : transposed(right))).numbers();
                for (int i = 0; i < part.length; i++)
                    x[k * part.length + (op.left() ? i : i % 2 * 3 + i / 2)] = part[i];
            }
            return List.of(new Grid(b.shape().sizes(), x));
        }), STABLE, OpCase.Modes.FORWARD_AND_REVERSE));
    }

    private void lu(LuSolve op, int n) {
        TensorType a = type(n, n), b = type(n, 2);
        cases.add(new OpCase(op, List.of(a, a, TensorType.i32(n), b), random -> {
            Array rows = Lu.rows(near(a, random, false),
                    Array.i32(Lists.range(1, n).stream().mapToInt(i -> i % n).toArray())).array();
            List<Tensor> factors = Op.apply(new Lu(), List.of(rows));
            return List.of(rows, factors.get(0).array(), factors.get(2).array(), Draws.range(-1, 1).array(b, random));
        }, Optional.of(in -> List.of(solution(op.transpose() ? transposed(rows(in.getFirst())) : rows(in.getFirst()),
                in.get(3)))), STABLE, OpCase.Modes.NEITHER));
    }

    /** Of {@code (1 + s c c^T) x = b}: solved by the formula of Sherman and Morrison. */
    private void linearSolve() {
        List<TensorType> types = List.of(type(3), type(3));
        Program matvec = Recorder.trace(types, in ->
                List.of(in.get(1).add(in.get(0).mul(in.get(0).dot(in.get(1)))))).closed();
        Program solve = Recorder.trace(types, in -> {
            Tensor c = in.get(0), b = in.get(1);
            return List.of(b.sub(c.mul(c.dot(b)).mul(c.dot(c).add(1).pow(-1))));
        }).closed();
        var system = new LinearSolve.System(matvec, 1, solve, 1);
        List<TensorType> all = List.of(type(3), type(3), type(3), type(3), type(3));
        cases.add(new OpCase(new LinearSolve(system, Optional.of(system)), all, random -> {
            Array c = Draws.range(-1, 1).array(types.getFirst(), random);
            return List.of(c, c, c, c, Draws.range(-1, 1).array(types.getFirst(), random));
        }, Optional.of(in -> {
            double[][] a = new double[3][3];
            for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) a[i][j] = (i == j ? 1 : 0)
                    + in.getFirst().at(i) * in.getFirst().at(j);
            return List.of(new Grid(List.of(3), solution(a, new Grid(List.of(3, 1), in.get(4).numbers())).numbers()));
        }), STABLE, OpCase.Modes.NEITHER));
    }

    private void add(Op op, TensorType a, boolean symmetric, OpCase.Modes modes) {
        cases.add(new OpCase(op, List.of(a), random -> List.of(near(a, random, symmetric)), Optional.empty(), STABLE,
                modes));
    }

    private void add(Op op, TensorType a, boolean symmetric, OpCase.Modes modes, OpCase.Reference reference) {
        cases.add(new OpCase(op, List.of(a), random -> List.of(near(a, random, symmetric)), Optional.of(reference),
                STABLE, modes));
    }

    private void add(Op op, List<TensorType> types, OpCase.Inputs inputs) {
        cases.add(new OpCase(op, types, inputs, Optional.empty(), STABLE, OpCase.Modes.NONE));
    }

    // references

    private static Grid permutations(Grid pivots, int rows) {
        Grid all = Grid.of(List.of(pivots.size(0), rows), at -> at[1]);
        Grid.of(pivots.sizes(), at -> {
            int from = at[0] * rows + at[1], to = at[0] * rows + (int) pivots.at(at);
            double moved = all.numbers()[from];
            all.numbers()[from] = all.numbers()[to];
            return all.numbers()[to] = moved;
        });
        return all;
    }

    private static double cholesky(Grid a, int b, int i, int j) {
        if (i < j) return 0;
        double sum = a.at(b, i, j);
        for (int k = 0; k < j; k++) sum -= cholesky(a, b, i, k) * cholesky(a, b, j, k);
        return i == j ? Math.sqrt(sum) : sum / cholesky(a, b, j, j);
    }

    /** By Laplace's expansion. */
    private static double det(double[][] a) {
        double sum = a.length == 0 ? 1 : 0;
        for (int c = 0; c < a.length; c++) {
            double[][] minor = new double[a.length - 1][a.length - 1];
            for (int i = 1; i < a.length; i++)
                for (int j = 0; j < minor.length; j++) minor[i - 1][j] = a[i][j < c ? j : j + 1];
            sum += (c % 2 == 0 ? 1 : -1) * a[0][c] * det(minor);
        }
        return sum;
    }

    /** By Cramer's rule. */
    private static Grid solution(double[][] a, Grid b) {
        double det = det(a);
        return Grid.of(b.sizes(), at -> {
            double[][] replaced = new double[a.length][];
            for (int i = 0; i < a.length; i++) {
                replaced[i] = a[i].clone();
                replaced[i][at[0]] = b.at(i, at[1]);
            }
            return det(replaced) / det;
        });
    }

    private static double[][] rows(Grid a) {
        double[][] rows = new double[a.size(0)][a.size(1)];
        for (int i = 0; i < rows.length; i++) for (int j = 0; j < rows[i].length; j++) rows[i][j] = a.at(i, j);
        return rows;
    }

    private static double[][] matrix(Grid a, int k) {
        double[][] rows = new double[a.size(1)][a.size(2)];
        for (int i = 0; i < rows.length; i++) for (int j = 0; j < rows[i].length; j++) rows[i][j] = a.at(k, i, j);
        return rows;
    }

    private static double[][] transposed(double[][] a) {
        double[][] t = new double[a.length == 0 ? 0 : a[0].length][a.length];
        for (int i = 0; i < t.length; i++) for (int j = 0; j < a.length; j++) t[i][j] = a[j][i];
        return t;
    }

    private static Grid grid(double[][] a) {
        return Grid.of(List.of(a.length, a.length == 0 ? 0 : a[0].length), at -> a[at[0]][at[1]]);
    }
}
