package javelin.core.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javelin.Transforms;
import javelin.core.Array;
import javelin.core.Tensor;
import org.junit.jupiter.api.Test;

class ErfInvTest {
    /**
     * All three pieces of the formula: up to 1 - 2^-53 in f64. Near the ends erf itself says little about its
     * argument.
     */
    @Test void undoesErf() {
        for (double x : new double[] {0, 1e-300, 1e-9, 0.1, -0.4, 0.9, 1.2, -1.7, 2.1, 2.6, 3, 4, -5, 5.8}) {
            double p = Array.scalar(x).erf().item();
            if (Math.abs(p) == 1) continue;
            double slope = Math.exp(x * x) * Math.sqrt(Math.PI) / 2;     // how an error of erf comes back
            assertEquals(x, Array.scalar(p).erfInv().item(), 2e-15 * Math.abs(x) + slope * Math.ulp(p) + 1e-310, "at "
                    + x);
        }
        for (float x : new float[] {0, 1e-20f, 0.1f, -0.4f, 0.9f, 1.2f, -1.7f, 2.1f, 2.6f, 3}) {
            float p = (float) Array.scalar(x).erf().item();
            double slope = Math.exp(x * x) * Math.sqrt(Math.PI) / 2;
            assertEquals(x, Array.scalar(p).erfInv().item(), 4e-7 * Math.abs(x) + slope * Math.ulp(p), "at " + x);
        }
    }

    @Test void isInfiniteAtTheEndsAndNaNBeyond() {
        for (Tensor x : new Tensor[] {Array.f32(1, -1, 1.5f, -2, Float.NaN, 0),
                Array.f64(1, -1, 1.5, -2, Double.NaN, 0)}) {
            double[] y = x.erfInv().array().toDoubles();
            assertEquals(Double.POSITIVE_INFINITY, y[0]);
            assertEquals(Double.NEGATIVE_INFINITY, y[1]);
            for (int i = 2; i < 5; i++) assertTrue(Double.isNaN(y[i]));
            assertEquals(0, y[5]);
        }
        assertEquals(3.8325069, Array.scalar(Math.nextDown(1f)).erfInv().item(), 2e-6);
        assertEquals(5.863584748755167, Array.scalar(Math.nextDown(1.0)).erfInv().item(), 1e-14);
    }

    @Test void derivativeIsThatOfTheInverse() {
        double y = Array.scalar(0.7).erfInv().item(), slope = Transforms.grad((Tensor x) -> x.erfInv())
                .apply(Array.scalar(0.7)).item();
        assertEquals(Math.exp(y * y) * Math.sqrt(Math.PI) / 2, slope, 1e-14);
    }
}
