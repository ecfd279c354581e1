package javelin.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Atom.Literal;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private static final TensorType PAIR = TensorType.f32(2);

    @Test void everythingInsideATraceIsRecordedWhateverItsArguments() {
        Tensor constant = Array.f32(1, 2);
        var traced = Recorder.trace(List.of(PAIR), in -> List.of(constant.exp().add(in.getFirst())));
        assertEquals(2, traced.program().equations().size());
        assertEquals(List.of(constant), traced.captured());
    }

    @Test void whatIsCapturedBecomesAnInputOnceHoweverOftenItIsUsed() {
        Array w = Array.f32(3, 4);
        var traced = Recorder.trace(List.of(PAIR), in -> List.of(in.getFirst().mul(w).add(w)));
        assertEquals(List.of(w), traced.captured());
        assertEquals(List.of(PAIR, PAIR), traced.program().inputTypes());
        assertEquals(List.of(6.0, 12.0), doubles(traced.apply(List.of(Array.f32(1, 2))).getFirst()));
    }

    @Test void innerTracesCaptureTheVariablesOfOuterOnes() {
        var outer = Recorder.trace(List.of(PAIR), x -> {
            var inner = Recorder.trace(List.of(PAIR), y -> List.of(y.getFirst().mul(x.getFirst())));
            assertEquals(1, inner.captured().size());
            assertSame(x.getFirst(), inner.captured().getFirst());
            return inner.apply(List.of(x.getFirst().neg()));
        });
        assertTrue(outer.captured().isEmpty());
        assertEquals(List.of(-1.0, -4.0), doubles(outer.program().apply(List.of(Array.f32(1, 2))).getFirst()));
    }

    @Test void anOuterTraceSeesNothingOfWhatAnInnerOneRecords() {
        var outer = Recorder.trace(List.of(PAIR), x -> {
            Recorder.trace(List.of(PAIR), y -> List.of(y.getFirst().exp().sin()));
            return x;
        });
        assertEquals(0, outer.program().equations().size());
    }

    @Test void aTracerKeptAfterItsTraceIsFoundOutWhereverItIsUsed() {
        List<Tensor> kept = new ArrayList<>();
        Recorder.trace(List.of(PAIR), in -> {
            kept.add(in.getFirst().neg());
            return in;
        });
        Tensor leaked = kept.getFirst();
        assertThrows(EscapedTracerException.class, leaked::exp);
        assertThrows(EscapedTracerException.class, () -> leaked.add(Array.f32(1, 2)));
        assertThrows(EscapedTracerException.class,
                () -> Recorder.trace(List.of(PAIR), in -> List.of(in.getFirst().add(leaked))));
        assertThrows(EscapedTracerException.class, () -> Recorder.trace(List.of(PAIR), _ -> List.of(leaked)));
        assertThrows(EscapedTracerException.class, () -> javelin.Transforms.jit((Tensor x) -> x.neg()).apply(leaked));
    }

    @Test void aTracerOfAnInnerTraceIsFoundOutInTheOuterOne() {
        Recorder.trace(List.of(PAIR), x -> {
            List<Tensor> kept = new ArrayList<>();
            Recorder.trace(List.of(PAIR), y -> {
                kept.addAll(y);
                return y;
            });
            assertThrows(EscapedTracerException.class, () -> kept.getFirst().add(x.getFirst()));
            return x;
        });
    }

    @Test void anotherThreadDoesNotRecordAndCannotUseATracer() {
        Recorder.trace(List.of(PAIR), in -> {
            List<Throwable> thrown = new ArrayList<>();
            List<Tensor> computed = new ArrayList<>();
            Thread other = Thread.ofPlatform().start(() -> {
                computed.add(Array.f32(1, 2).neg());
                try {
                    in.getFirst().neg();
                } catch (EscapedTracerException e) {
                    thrown.add(e);
                }
            });
            join(other);
            assertTrue(computed.getFirst() instanceof Array);
            assertEquals(1, thrown.size());
            return in;
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test void anExceptionInTheTracedFunctionClosesTheTrace() {
        assertThrows(ArithmeticException.class,
                () -> Recorder.trace(List.of(PAIR), _ -> { throw new ArithmeticException(); }));
        assertFalse(Recorder.isOpen());
        assertTrue(Array.f32(1, 2).neg() instanceof Array);
    }

    @Test void scalarsBecomeLiteralsExactInTheirType() {
        assertLiteral(Long.MAX_VALUE, Array.scalar(Long.MAX_VALUE, DType.I64));
        assertLiteral((1L << 53) + 1, Array.scalar((1L << 53) + 1, DType.I64));
        assertLiteral(0xFFFFFFFFL, Array.scalar(0xFFFFFFFFL, DType.U32));
        assertLiteral(0.1, Array.scalar(0.1));
        assertLiteral((double) 0.1f, Array.scalar(0.1f));
        assertLiteral(Double.MIN_VALUE, Array.scalar(Double.MIN_VALUE));
        assertLiteral(1L, Array.bool(true).reshape());
    }

    private static void assertLiteral(Number value, Tensor scalar) {
        var traced = Recorder.trace(List.of(scalar.type()), in -> List.of(in.getFirst().maximum(scalar)));
        assertEquals(new Literal(value, scalar.type()), traced.program().equations().getFirst().inputs().get(1));
        assertTrue(traced.captured().isEmpty());
        Array least = Array.scalar(scalar.dtype().isFloat() ? -1 : 0, scalar.dtype());
        assertEquals(value, traced.program().apply(List.of(least)).getFirst().array().get(0));
    }

    @Test void equationsKnowTheUsersLineThroughEveryTransformation() {
        var traced = Recorder.trace(List.of(PAIR), in -> user.code.Model.tanhOnLine7(in.getFirst()));
        var linear = javelin.core.transform.Linearize.of(traced.program(), List.of(true));
        var batched = javelin.core.transform.Vmap.of(linear.primal(), List.of(true), 3);
        for (Program p : List.of(traced.program(), linear.primal(), linear.tangent(), batched))
            for (Equation e : p.equations()) assertEquals("user.code.Model.tanhOnLine7(Model.java:7)",
                    e.source().toString());
    }

    private static List<Double> doubles(Tensor t) {
        return java.util.Arrays.stream(t.array().toDoubles()).boxed().toList();
    }
}
