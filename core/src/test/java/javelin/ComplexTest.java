package javelin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.Index;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.ops.Draws;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ComplexTest {
    private static final Map<String, UnaryOperator<Complex>> FUNCTIONS = Map.ofEntries(
            Map.entry("abs", z -> Complex.of(z.abs())), Map.entry("angle", z -> Complex.of(z.angle())),
            Map.entry("sqrt", Complex::sqrt), Map.entry("log", Complex::log), Map.entry("exp", Complex::exp),
            Map.entry("sin", Complex::sin), Map.entry("cos", Complex::cos), Map.entry("tan", Complex::tan),
            Map.entry("sinh", Complex::sinh), Map.entry("cosh", Complex::cosh), Map.entry("tanh", Complex::tanh));
    private static final Map<String, BinaryOperator<Complex>> OPERATORS =
            Map.of("div", Complex::div, "pow", Complex::pow);

    record Value(String function, double[] numbers) {
        static Value of(String line) {
            String[] words = line.split(" ");
            return new Value(words[0], Stream.of(words).skip(1).mapToDouble(Double::parseDouble).toArray());
        }

        Complex at(int i) { return Complex.scalar(numbers[2 * i], numbers[2 * i + 1], DType.F64); }

        Complex found() {
            return numbers.length == 6 ? OPERATORS.get(function).apply(at(0), at(1))
                    : FUNCTIONS.get(function).apply(at(0));
        }

        @Override public String toString() {
            return function + " " + at(0) + (numbers.length == 6 ? ", " + at(1) : "");
        }
    }

    static Stream<Value> values() throws IOException {
        try (var in = ComplexTest.class.getResourceAsStream("complex.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Value::of).toList().stream();
        }
    }

    /** Whether zeros have their signs is checked where it chooses the side of a cut. */
    @ParameterizedTest @MethodSource("values")
    void valuesAreNumPys(Value v) {
        Complex found = v.found();
        double re = v.numbers[v.numbers.length - 2], im = v.numbers[v.numbers.length - 1];
        double[] f = {found.re().item(), found.im().item()};
        double size = Math.hypot(re, im);
        double tolerance = 0x1p-52 * (v.function.equals("log") ? Math.max(1, size) : 16 * size);
        for (int k = 0; k < 2; k++) {
            double e = k == 0 ? re : im;
            if (Double.isInfinite(size) || Double.isNaN(size)) assertEquals(e, f[k], 1e-9);
            else assertEquals(e, f[k], tolerance);
            if (e == 0 && List.of("sqrt", "angle", "log").contains(v.function) && k == 1) assertEquals(e, f[k]);
        }
    }

    private static Complex random(int seed, int... sizes) {
        TensorType t = TensorType.f64(sizes);
        return new Complex(Draws.range(-2, 2).array(t, Vectors.random(seed)),
                Draws.range(-2, 2).array(t, Vectors.random(seed + 1)));
    }

    private static void near(Complex expected, Complex found) { near(expected, found, 1e-13); }

    private static void near(Complex expected, Complex found, double tolerance) {
        assertEquals(expected.type(), found.type());
        double off = expected.sub(found).abs().max().item();
        assertTrue(off <= tolerance * (1 + expected.abs().max().item()), expected + " is not " + found);
    }

    @Test void arithmeticIsThatOfAField() {
        Complex x = random(1, 3, 4), y = random(3, 3, 4), z = random(5, 4);
        near(x, x.div(y).mul(y));
        near(x.mul(y.add(z)), x.mul(y).add(x.mul(z)));
        near(x, x.neg().sub(x).div(-2));
        near(y, y.reciprocal().reciprocal());
        near(Complex.of(x.squaredAbs()), x.mul(x.conj()));
        near(x, Complex.polar(x.abs(), x.angle()));
        near(x, x.sign().mul(x.abs()));
        near(x.square(), x.pow(2));
        near(x.pow(-3), x.pow(Complex.scalar(-3, 0, DType.F64)), 1e-12);
        near(x.pow(0.5), x.sqrt());
        Complex real = Complex.of(z.re());
        near(x.mul(z.re()).add(z.re()).sub(1), x.mul(real).add(real).sub(Complex.scalar(1, 0, DType.F64)));
        Complex large = Complex.scalar(1e308, 1e308, DType.F64);
        near(Complex.scalar(0.5, -0.5, DType.F64), Complex.scalar(1e308, 0, DType.F64).div(large));
        near(Complex.scalar(1, 0, DType.F64), large.div(large));
        near(x.timesI(), x.mul(Complex.scalar(0, 1, DType.F64)));
    }

    @Test void singlesAreAccurateToo() {
        Complex x = random(7, 50), s = x.astype(DType.F32), back = s.astype(DType.F64);
        for (UnaryOperator<Complex> f : FUNCTIONS.values()) near(f.apply(back), f.apply(s).astype(DType.F64), 1e-6);
        assertEquals(2e38f * Math.sqrt(2), Complex.scalar(2e38, 2e38, DType.F32).abs().item(), 1e32);
    }

    @Test void shapesAreThoseOfPlanes() {
        Complex x = random(1, 2, 3, 4);
        near(x, x.transpose(2, 0, 1).transpose(1, 2, 0).reshape(24).reshape(2, 3, 4));
        near(x.index(1, 2), x.index(Index.all(), Index.of(2)));
        near(x.index(1), x.slice(0, 1, 2).squeeze(0));
        near(x, Complex.stack(List.of(x.index(0), x.index(1)), 0));
        near(x, Complex.concatenate(List.of(x.slice(2, 0, 1), x.slice(2, 1, 4)), 2));
        near(x.sum(1), x.mean(1).mul(3));
        near(x.cumsum(1).index(1, -1), x.sum(1));
        assertEquals(0, x.flip(0).ne(x.each(t -> t.flip(0))).any().item());
        assertEquals("1.0 f64[] + i -2.0 f64[]", Complex.scalar(1, -2, DType.F64).toString());
    }

    @Test void productsAreThoseOfEntries() {
        Complex a = random(1, 3, 4), b = random(9, 4, 2);
        Complex expected = a.expandDims(2).mul(b.expandDims(0)).sum(1);
        near(expected, a.matmul(b));
        near(expected, Complex.einsum("ij,jk->ik", a, b));
        near(a.index(0).mul(b.index(1, 0)).sum(), a.index(0).dot(b.index(1, 0)));
        near(a.index(0).expandDims(1).mul(a.index(1)), a.index(0).outer(a.index(1)));
    }

    static Stream<String> functions() { return FUNCTIONS.keySet().stream().sorted(); }

    /** Off the axes, on them away from cuts, where parts are equal, and where formulas meet. */
    @ParameterizedTest @MethodSource("functions")
    void derivativesAreSlopes(String name) {
        Complex at = new Complex(Array.f64(0.7, -0.4, -1.3, 1.5, 0.5, -0.5, 2, 0.25),
                Array.f64(0.3, 1.1, -0.6, 0, 0.5, 0.5, 0.1, -0.2));
        Debug.checkGrads(z -> FUNCTIONS.get(name).apply(z), at, 2);
    }

    @Test void derivativesOfQuotientsAndPowersAreSlopes() {
        Complex x = random(1, 5), y = random(3, 5);
        Debug.checkGrads((Pair<Complex, Complex> p) -> p.first().div(p.second()), new Pair<>(x, y), 2);
        Debug.checkGrads((Complex z) -> z.pow(3), x, 2);
        Debug.checkGrads((Complex z) -> z.pow(y), new Complex(x.re().abs().add(0.5), x.im()), 1);
    }

    /** jax.grad gives the conjugate: of |z|^2 at 3 + 4i it gives 6 - 8i. */
    @Test void gradientsPointUphill() {
        Complex z = Complex.scalar(3, 4, DType.F64), uphill = Complex.scalar(6, 8, DType.F64);
        near(uphill, Transforms.grad((Complex w) -> w.squaredAbs()).apply(z));
        near(uphill, Transforms.jit(Transforms.grad((Complex w) -> w.mul(w.conj()).re())).apply(z));
        near(Complex.scalar(0.6, 0.8, DType.F64), Transforms.grad(Complex::abs).apply(z));
        near(Complex.scalar(0, 0, DType.F64), Transforms.grad(Complex::abs).apply(Complex.scalar(0, 0, DType.F64)));
    }

    @Test void everyTransformationTakesThem() {
        Complex x = random(1, 3, 4);
        Function<Complex, Complex> f = z -> z.exp().mul(z).add(1);
        near(f.apply(x), Transforms.jit(f).apply(x), 1e-12);
        near(f.apply(x), Transforms.jit(Transforms.vmap(f)).apply(x), 1e-12);
        near(f.apply(x), Transforms.checkpoint(f).apply(x));
        near(x.mul(2), Transforms.jvp(Complex::square).apply(x, Complex.ones(x.type())).tangent());
        var scanned = Control.scan((Complex sum, Complex row) -> new Control.Step<>(sum.add(row), sum),
                Complex.zeros(TensorType.f64(4)), x);
        near(x.sum(0), scanned.carry());
    }

    @Test void partsThatDoNotFitAreRefused() {
        String shapes = assertThrows(ShapeException.class,
                () -> new Complex(Array.f64(1, 2), Array.f64(1))).getMessage();
        assertTrue(shapes.contains("f64[2]") && shapes.contains("f64[1]") && shapes.contains("differ in type"), shapes);
        assertThrows(ShapeException.class, () -> new Complex(Array.f64(1), Array.f32(1)));
        String whole = assertThrows(ShapeException.class, () -> new Complex(Array.i32(1), Array.i32(1))).getMessage();
        assertTrue(whole.contains("complex64"), whole);
    }
}
