package javelin.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javelin.conformance.Tolerance.Kind;
import javelin.core.Array;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import javelin.io.Safetensors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ToleranceTest {
    private static boolean near(Tolerance t, Array expected, Array found) {
        return t.difference(expected, found).isEmpty();
    }

    private static Case with(String json) {
        return new Case("lax", JsonMapper.shared().readTree(json), Safetensors.of(CaseTest.file("{}")));
    }

    @Test void integersAreEqualOrNot() {
        assertTrue(near(Tolerance.of(DType.I32, Kind.GRADIENT), Array.i32(3), Array.i32(3)));
        assertFalse(near(Tolerance.of(DType.I32, Kind.GRADIENT), Array.i32(3), Array.i32(4)));
        assertFalse(near(Tolerance.EXACT, Array.f32(1), Array.f32(Math.nextUp(1f))));
    }

    @Test void f32IsAllowedSomethingRelativeAndSomethingOfTheLargest() {
        Tolerance t = Tolerance.of(DType.F32, Kind.PLAIN);
        assertTrue(near(t, Array.f32(1), Array.f32(1.000029f)));
        assertFalse(near(t, Array.f32(1), Array.f32(1.000031f)));
        assertTrue(near(t, Array.f32(100, 0), Array.f32(100, 0.0009f)));
        assertFalse(near(t, Array.f32(100, 0), Array.f32(100, 0.0011f)));
        assertTrue(near(Tolerance.of(DType.F32, Kind.GRADIENT), Array.f32(1), Array.f32(1.0001f)));
    }

    @Test void f64IsAllowedLess() {
        assertTrue(near(Tolerance.of(DType.F64, Kind.PLAIN), Array.f64(1), Array.f64(1 + 1e-10)));
        assertFalse(near(Tolerance.of(DType.F64, Kind.PLAIN), Array.f64(1), Array.f64(1 + 2e-10)));
        assertTrue(near(Tolerance.of(DType.F64, Kind.TRANSCENDENTAL), Array.f64(1), Array.f64(1 + 1e-9)));
        assertFalse(near(Tolerance.of(DType.F64, Kind.TRANSCENDENTAL), Array.f64(0), Array.f64(2e-12)));
    }

    @Test void infinitiesAndNaNAreEqualToThemselvesOnly() {
        Tolerance t = Tolerance.of(DType.F32, Kind.PLAIN);
        Array odd = Array.f32(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        assertTrue(near(t, odd, odd));
        for (float other : new float[] {0, Float.MAX_VALUE, Float.NaN})
            assertFalse(near(t, Array.f32(Float.POSITIVE_INFINITY), Array.f32(other)));
        assertFalse(near(t, Array.f32(Float.NaN), Array.f32(0)));
        assertFalse(near(t, Array.f32(0), Array.f32(Float.NaN)));
    }

    @Test void anotherTypeIsADifference() {
        assertEquals("is f64[1] instead of f32[1]", Tolerance.of(DType.F32, Kind.PLAIN)
                .difference(Array.f32(1), Array.f64(1)).orElseThrow());
        assertFalse(near(Tolerance.EXACT, Array.f32(1), Array.of(TensorType.f32(1, 1), 1)));
    }

    @Test void aCaseMaySayWhatItAllows() {
        assertEquals(new Tolerance(0.5, 0.5, true), Tolerance.of(DType.F32, Kind.PLAIN, with("{\"tol\":0.5}")));
        assertEquals(new Tolerance(0.25, 1e-12, false), Tolerance.of(DType.F64, Kind.PLAIN,
                with("{\"tol\":{\"rtol\":0.25}}")));
        assertEquals(Tolerance.EXACT, Tolerance.of(DType.I32, Kind.PLAIN, with("{\"tol\":0.5}")));
        assertEquals(Tolerance.of(DType.F32, Kind.PLAIN), Tolerance.of(DType.F32, Kind.PLAIN, with("{\"tol\":null}")));
    }

    @Test void anF64ByWayOfF32IsAsExactAsAnF32() {
        String program = "{\"program\":{\"eqns\":[{\"p\":\"%s\",\"out\":[{\"t\":\"f32[2]\"}]}]}}";
        assertEquals(Tolerance.of(DType.F32, Kind.PLAIN), Tolerance.of(
                DType.F64, Kind.PLAIN, with(program.formatted("sin"))));
        assertEquals(Tolerance.of(DType.F64, Kind.PLAIN), Tolerance.of(
                DType.F64, Kind.PLAIN, with(program.formatted("convert_element_type"))));
    }

    @Test void roundingsOfALargerPartOfAGradientAreNoDifference() {
        Tolerance t = Tolerance.of(DType.F32, Kind.GRADIENT).within(1);
        assertTrue(near(t, Array.f32(1e-7f), Array.f32(0)));
        assertFalse(near(t, Array.f32(1e-5f), Array.f32(0)));
    }

    @Test void roundingsAddUpAsInARandomWalk() {
        Tolerance t = Tolerance.of(DType.F32, Kind.PLAIN).after(100);
        assertTrue(near(t, Array.f32(1), Array.f32(1.00029f)));
        assertFalse(near(t, Array.f32(1), Array.f32(1.00031f)));
    }
}
