package javelin.conformance;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Array;
import javelin.core.Lists;
import tools.jackson.databind.JsonNode;

/**
 * The signs of eigenvectors and singular vectors. A vector and its opposite are as good as each other, and which of
 * them a library gives follows from its roundings, in JAX from those of the LAPACK below it (which above 25 columns
 * divides and conquers). So vectors that a program returns as they are may differ by a factor of -1, the left and the
 * right singular vector by the same one; tangents and cotangents are then compared under that factor too.
 *
 * @param factors for every output, either nothing or as many numbers, each 1 or -1
 */
record Signs(List<double[]> factors) {
    private static final double[] NONE = {};

    /**
     * Outputs that are the vectors of one decomposition: in their columns, and, if {@code rows} is not -1, in its rows.
     */
    private record Vectors(int columns, int rows) {}

    private static List<Vectors> vectors(JsonNode program) {
        List<Integer> outputs = new ArrayList<>();
        for (JsonNode o : program.path("outputs")) outputs.add(o.isObject() ? -1 : o.asInt());
        List<Vectors> all = new ArrayList<>();
        for (JsonNode e : program.path("eqns")) {
            JsonNode out = e.path("out");
            switch (e.path("p").asString()) {
                case "eigh" -> all.add(new Vectors(outputs.indexOf(out.path(0).path("v").asInt()), -1));
                case "svd" -> {
                    if (out.size() == 3) all.add(new Vectors(outputs.indexOf(out.path(1).path("v").asInt()),
                            outputs.indexOf(out.path(2).path("v").asInt())));
                }
                default -> { }
            }
        }
        return all.stream().filter(v -> v.columns() >= 0).toList();
    }

    /** The factors that bring {@code found} to {@code expected}, as far as factors can. */
    static Signs of(JsonNode program, List<Array> expected, List<Array> found) {
        List<double[]> factors = new ArrayList<>(Lists.map(expected, _ -> NONE));
        if (expected.size() != found.size()) return new Signs(factors);
        for (Vectors v : vectors(program)) {
            Array e = expected.get(v.columns()), f = found.get(v.columns());
            if (!e.type().equals(f.type())) continue;
            int rows = e.size(-2), columns = e.size(-1), batch = rows * columns == 0 ? 0
                    : e.type().elements() / (rows * columns);
            double[] left = new double[e.type().elements()];
            double[] right = v.rows() < 0 ? NONE : new double[expected.get(v.rows()).type().elements()];
            int across = v.rows() < 0 || batch == 0 ? 0 : expected.get(v.rows()).size(-1), down = across == 0 ? 0
                    : right.length / batch / across;
            java.util.Arrays.fill(right, 1);
            for (int b = 0; b < batch; b++)
                for (int j = 0; j < columns; j++) {
                    double product = 0;
                    for (int i = 0; i < rows; i++) {
                        int at = (b * rows + i) * columns + j;
                        product += e.get(at).doubleValue() * f.get(at).doubleValue();
                    }
                    double sign = product < 0 ? -1 : 1;
                    for (int i = 0; i < rows; i++) left[(b * rows + i) * columns + j] = sign;
                    if (j < down) java.util.Arrays.fill(right, (b * down + j) * across, (b * down + j + 1) * across,
                            sign);
                }
            factors.set(v.columns(), left);
            if (v.rows() >= 0) factors.set(v.rows(), right);
        }
        return new Signs(factors);
    }

    /** The same with every array multiplied; {@code outputs} says which outputs the arrays belong to. */
    List<Array> times(List<Array> arrays, List<Integer> outputs) {
        if (arrays.size() != outputs.size()) return arrays;
        return Lists.each(arrays.size(), i -> times(arrays.get(i), factors.get(outputs.get(i))));
    }

    private static Array times(Array array, double[] factor) {
        if (factor.length != array.type().elements() || factor.length == 0) return array;
        double[] numbers = array.toDoubles();
        for (int i = 0; i < numbers.length; i++) numbers[i] *= factor[i];
        return Array.of(array.type(), numbers);
    }
}
