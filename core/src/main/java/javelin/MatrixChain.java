package javelin;

import java.util.List;
import javelin.core.ShapeException;
import javelin.core.Lists;
import javelin.core.Tensor;

/**
 * Products of several matrices in the order that is cheapest: Cormen et al., Introduction to Algorithms, section 15.2.
 */
record MatrixChain(List<Tensor> matrices, int[][] split) {
    static Tensor product(List<Tensor> given) {
        if (given.isEmpty()) throw new ShapeException("multiDot", List.of(), "there is nothing to multiply");
        int n = given.size();
        boolean row = given.getFirst().rank() == 1, column = given.getLast().rank() == 1;
        if (n == 1) return given.getFirst();
        List<Tensor> matrices = Lists.each(n, i -> i == 0 && row ? given.get(i).expandDims(0) : i == n - 1 && column
                ? given.get(i).expandDims(1) : given.get(i));
        for (Tensor m : matrices)
            if (m.rank() != 2) throw new ShapeException("multiDot", Lists.map(given, Tensor::type),
                    "takes matrices, and vectors at the ends");
        Tensor all = new MatrixChain(matrices, splits(matrices)).product(0, n - 1);
        if (row) all = all.squeeze(0);
        return column ? all.squeeze(-1) : all;
    }

    private static int[][] splits(List<Tensor> matrices) {
        int n = matrices.size();
        double[][] cost = new double[n][n];
        int[][] split = new int[n][n];
        for (int length = 1; length < n; length++)
            for (int i = 0, j = length; j < n; i++, j++) {
                cost[i][j] = Double.POSITIVE_INFINITY;
                for (int k = i; k < j; k++) {
                    double c = cost[i][k] + cost[k + 1][j]
                            + (double) matrices.get(i).size(0) * matrices.get(k).size(1) * matrices.get(j).size(1);
                    if (c >= cost[i][j]) continue;
                    cost[i][j] = c;
                    split[i][j] = k;
                }
            }
        return split;
    }

    private Tensor product(int i, int j) {
        return i == j ? matrices.get(i) : product(i, split[i][j]).matmul(product(split[i][j] + 1, j));
    }
}
