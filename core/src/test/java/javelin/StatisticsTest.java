package javelin;

import static javelin.Transforms.grad;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import javelin.Statistics.Method;
import javelin.core.Array;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are NumPy's. */
class StatisticsTest {
    private static final double NAN = Double.NaN;
    private static final Tensor WITH_NAN = Array.f64(7, 1, 5, 3, 2, 8, NAN, 4).reshape(2, 4),
            X = Array.f64(7, 1, 5, 3, 2, 8, 6, 4).reshape(2, 4);

    private static void assertNumbers(Tensor found, double... expected) {
        assertArrayEquals(expected, found.array().toDoubles(), 1e-12);
    }

    @ParameterizedTest @CsvSource(delimiter = ';', value = {
        "LINEAR; 1.6,2.6,3.4,4.4,6.4,7.4; 2.8,3.2,5.8,6.4", "LOWER; 1,2,3,4,5,6; 1,2,5,4",
                "HIGHER; 3,4,5,6,7,8; 3,4,7,8",
        "MIDPOINT; 2,3,4,5,6,7; 2,3,6,6", "NEAREST; 1,2,3,4,7,8; 3,4,5,8", "INVERTED_CDF; 1,2,3,4,7,8; 3,2,7,8",
        "INTERPOLATED_INVERTED_CDF; 1,2,2.2,3.2,6.2,7.2; 1.4,2,5.4,5.6", "HAZEN; 1,2,3.2,4.2,7,8; 2.4,2.8,6.4,7.6",
        "WEIBULL; 1,2,3,4,7,8; 2,2.4,7,8", "NORMAL_UNBIASED; 1,2,3.15,4.15,7,8; 2.3,2.7,6.55,7.9",
        "MEDIAN_UNBIASED; 1,2,3.1333333333333,4.1333333333333,7,8; 2.2666666666667,2.6666666666667,6.6,8"})
    void everyMethodOfQuantiles(Method method, String quantiles, String nanQuantiles) {
        assertNumbers(Statistics.quantile(X, Array.f64(0.1, 0.4, 0.9), method, 1), numbers(quantiles));
        assertNumbers(Statistics.nanQuantile(WITH_NAN, Array.f64(0.3, 0.8), method, 1), numbers(nanQuantiles));
    }

    private static double[] numbers(String text) {
        return java.util.stream.Stream.of(text.split(",")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test void mediansOfAllOrSomeAxes() {
        assertEquals(4.5, Statistics.median(X).item());
        assertNumbers(Statistics.median(X, 0), 4.5, 4.5, 5.5, 3.5);
        assertNumbers(Statistics.nanMedian(WITH_NAN, 1), 4, 4);
        assertNumbers(Statistics.median(WITH_NAN, -1), 4, NAN);
        assertEquals(3.1, Statistics.percentile(X, 30, 0, 1).item(), 1e-12);
        assertNumbers(Statistics.nanMedian(Array.f64(NAN, NAN)), NAN);
    }

    @Test void histogramsCountTheLastEdge() {
        var h = Statistics.histogram(X, 3);
        assertNumbers(h.counts(), 3, 2, 3);
        assertNumbers(h.edges(), 1, 10 / 3.0, 17 / 3.0, 8);
        assertNumbers(Statistics.histogram(X, 4, 1, 7).counts(), 2, 1, 2, 2);
        assertNumbers(Statistics.histogram(X, Array.f64(1, 2, 7), X).counts(), 1, 27);
        assertNumbers(Statistics.histogram(Array.f64(2, 2), 2).edges(), 1.5, 2, 2.5);
    }

    @Test void theGradientOfAQuantileIsSharedByItsNeighbours() {
        assertNumbers(grad((Tensor x) -> Statistics.quantile(x, 0.25)).apply(Array.f64(4, 1, 3, 2)), 0, 0.25, 0, 0.75);
        assertNumbers(grad((Tensor x) -> Statistics.median(x)).apply(Array.f64(4, 1, 3, 2)), 0, 0, 0.5, 0.5);
    }

    @Test void integersAreRefused() { assertThrows(ShapeException.class, () -> Statistics.median(Array.i32(1, 2))); }
}
