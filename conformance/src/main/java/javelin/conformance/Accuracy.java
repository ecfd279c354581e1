package javelin.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javelin.Special;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * The largest errors of functions of numbers, in units in the last place, evaluated and compiled, beside JAX's: prints
 * the table of docs/accuracy.md. The one argument is the file that docs/accuracy.py writes.
 */
public final class Accuracy {
    private Accuracy() {}

    /** One argument or two, the result rounded correctly, and what the rounding left, in ulps of it. */
    private record Point(double[] x, double y, double rest) {}

    /** The points for one function and type, and JAX's largest error over those without subnormal numbers. */
    private record Sweep(String function, DType type, String jax, List<Point> points) {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("| function | type | points | evaluated | compiled | JAX |\n|---|---|---|---|---|---|");
        for (Sweep s : read(Path.of(arguments[0]))) {
            Function<List<Tensor>, Tensor> f = FUNCTIONS.get(s.function);
            List<Array> in = new ArrayList<>();
            for (int k = 0; k < s.points.getFirst().x.length; k++) {
                int input = k;
                double[] numbers = s.points.stream().mapToDouble(p -> p.x[input]).toArray();
                in.add(Array.of(TensorType.of(s.type, numbers.length), numbers));
            }
            var program = Recorder.trace(in.stream().map(Array::type).toList(), v -> List.of(f.apply(v))).closed();
            var evaluated = (Array) Evaluator.evaluate(program, in).getFirst();
            var compiled = Transforms.jit((List<Array> x) -> f.apply(List.copyOf(x))).apply(in).array();
            System.out.printf("| %s | %s | %d | %s | %s | %s |%n", s.function, s.type, s.points.size(),
                    worst(s, evaluated), worst(s, compiled), s.jax);
        }
    }

    private static String worst(Sweep s, Array found) {
        double worst = 0;
        Point where = s.points.getFirst();
        for (int i = 0; i < s.points.size(); i++) {
            Point p = s.points.get(i);
            double y = found.get(i).doubleValue();
            double ulp = s.type == DType.F32 ? Math.ulp((float) p.y) : Math.ulp(p.y);
            double error = y == p.y ? Math.abs(p.rest) : Math.abs((y - p.y) / ulp - p.rest);
            if (!(error <= worst)) {
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
                where = p;
            }
        }
        boolean verbose = Boolean.getBoolean("where");
        return verbose ? "%.3g at %s".formatted(worst, java.util.Arrays.toString(where.x)) : "%.3g".formatted(worst);
    }

    private static List<Sweep> read(Path file) throws IOException {
        List<Sweep> sweeps = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            if (words[0].equals("#")) {
                sweeps.add(new Sweep(words[2], DType.valueOf(words[3].toUpperCase()), words[4], new ArrayList<>()));
                continue;
            }
            Sweep last = sweeps.getLast();
            int n = words.length - 4;
            double[] x = new double[n];
            for (int k = 0; k < n; k++) x[k] = number(words[2 + k], last.type);
            last.points.add(new Point(x, number(words[2 + n], last.type), Double.parseDouble(words[3 + n])));
        }
        return sweeps;
    }

    private static double number(String hex, DType type) {
        return type == DType.F32 ? Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16))
                : Double.longBitsToDouble(Long.parseUnsignedLong(hex, 16));
    }

    private static final Map<String, Function<List<Tensor>, Tensor>> FUNCTIONS = functions();

    private static Map<String, Function<List<Tensor>, Tensor>> functions() {
        var all = new LinkedHashMap<String, Function<List<Tensor>, Tensor>>();
        Map<String, Function<Tensor, Tensor>> unary = Map.ofEntries(Map.entry("exp", Tensor::exp),
                Map.entry("exp2", Tensor::exp2), Map.entry("expm1", Tensor::expm1), Map.entry("log", Tensor::log),
                Map.entry("log1p", Tensor::log1p), Map.entry("sqrt", Tensor::sqrt), Map.entry("rsqrt", Tensor::rsqrt),
                Map.entry("cbrt", Tensor::cbrt), Map.entry("sin", Tensor::sin), Map.entry("cos", Tensor::cos),
                Map.entry("tan", Tensor::tan), Map.entry("asin", Tensor::asin), Map.entry("acos", Tensor::acos),
                Map.entry("atan", Tensor::atan), Map.entry("sinh", Tensor::sinh), Map.entry("cosh", Tensor::cosh),
                Map.entry("tanh", Tensor::tanh), Map.entry("asinh", Tensor::asinh), Map.entry("acosh", Tensor::acosh),
                Map.entry("atanh", Tensor::atanh), Map.entry("logistic", Tensor::logistic),
                Map.entry("erf", Tensor::erf), Map.entry("erfc", Tensor::erfc), Map.entry("erf_inv", Tensor::erfInv),
                Map.entry("lgamma", Tensor::lgamma), Map.entry("digamma", Tensor::digamma),
                Map.entry("bessel_i0e", Special::i0e), Map.entry("bessel_i1e", Special::i1e));
        unary.forEach((name, f) -> all.put(name, x -> f.apply(x.getFirst())));
        all.put("pow", x -> x.getFirst().pow(x.getLast()));
        all.put("atan2", x -> x.getFirst().atan2(x.getLast()));
        return all;
    }
}
