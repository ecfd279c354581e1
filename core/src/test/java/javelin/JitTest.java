package javelin;

import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javelin.check.Vectors;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.Static;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class JitTest {
    record Config(Tensor rate, String activation, @Static List<Integer> sizes) {}

    @Test void aFunctionIsTracedOnceForEveryTypeAndStructure() {
        List<String> traces = new ArrayList<>();
        var f = jit((Tensor x) -> {
            traces.add(x.toString());
            return x.add(1);
        });
        assertEquals(2, f.apply(Array.f32(1)).item());
        assertEquals(3, f.apply(Array.f32(2)).item());
        assertEquals("[1.0 1.0] f32[2]", f.apply(Array.f32(0, 0)).toString());
        assertEquals(4, f.apply(Array.f64(3)).item());
        assertEquals(6, f.apply(Array.f32(5)).item());
        assertEquals(List.of("traced f32[1]", "traced f32[2]", "traced f64[1]"), traces);
        assertEquals(new Jit.Stats(5, 3), f.stats());
    }

    @Test void staticComponentsAreValuesInsideAndPartOfTheSignature() {
        var f = jit((Config c, Tensor x) -> {
            Tensor y = c.activation().equals("tanh") ? x.tanh() : x;
            return y.mul(c.rate()).mul(c.sizes().size());
        });
        Tensor x = Array.scalar(1.0), rate = Array.scalar(10.0);
        assertEquals(20, f.apply(new Config(rate, "none", List.of(1, 2)), x).item());
        assertEquals(20 * Math.tanh(1), f.apply(new Config(rate, "tanh", List.of(1, 2)), x).item(), 1e-12);
        assertEquals(10, f.apply(new Config(rate, "none", List.of(7)), x).item());
        assertEquals(40, f.apply(new Config(Array.scalar(20.0), "none", List.of(1, 2)), x).item());
        assertEquals(3, f.stats().compilations());
    }

    @Test void argumentsAndResultsAreAnyTrees() {
        var f = jit((Map<String, List<Tensor>> m) ->
                List.of(Map.of("sum", m.get("a").getFirst().add(m.get("b").getLast())), "text", m.get("a")));
        var a = List.<Tensor>of(Array.f32(1));
        var out = f.apply(Map.of("a", a, "b", List.of(Array.f32(5), Array.f32(7))));
        assertEquals("{sum=[8.0] f32[1]}", out.getFirst().toString());
        assertEquals("text", out.get(1));
        assertEquals("[[1.0] f32[1]]", out.get(2).toString());
    }

    @Test void insideAnotherTraceAJittedFunctionIsRecordedAsItIs() {
        var f = jit((Tensor x) -> x.mul(x).sum());
        assertEquals("[2.0 4.0] f64[2]", grad(f).apply(Array.f64(1, 2)).toString());
        assertEquals("[2.0 4.0] f64[2]", jit(grad(f)).apply(Array.f64(1, 2)).toString());
        assertEquals(0, f.stats().calls());
    }

    @Test void whatAFunctionClosesOverIsNotAConstantOfTheCodeButStaysTheSame() {
        Array w = Array.f64(2, 3);
        var f = jit((Tensor x) -> x.mul(w).sum());
        assertEquals(5, f.apply(Array.f64(1, 1)).item());
        assertEquals(10, f.apply(Array.f64(2, 2)).item());
    }

    @Test void aDonatedArrayIsGoneAndSaysSo() {
        var f = jit((Tensor x, Tensor y) -> x.add(y)).donate(0);
        Array x = Array.f32(1, 2), y = Array.f32(3, 4);
        Tensor sum = f.apply(x, y);
        assertEquals("[4.0 6.0] f32[2]", sum.toString());
        assertEquals("deleted f32[2]", x.toString());
        var e = assertThrows(JavelinException.class, x::toFloats);
        assertTrue(e.getMessage().startsWith(
                "this f32[2] was deleted, or donated to a compiled function, which has reused"
                + " its memory; keep the function's result instead, or do not donate the argument\n  at "),
                        e.getMessage());
        assertThrows(JavelinException.class, () -> x.add(y));
        assertThrows(JavelinException.class, () -> f.apply(x, y));
        assertEquals("[3.0 4.0] f32[2]", y.toString());
        assertEquals("[7.0 10.0] f32[2]", f.apply(sum.array(), y).toString());
    }

    @Test void aDeletedResultIsGoneAndOthersStay() {
        var f = jit((Tensor x) -> x.add(1));
        Array first = f.apply(Array.f32(1, 2)).array(), second = f.apply(Array.f32(3, 4)).array();
        first.delete();
        first.delete();
        assertEquals("deleted f32[2]", first.toString());
        assertThrows(JavelinException.class, first::toFloats);
        assertThrows(JavelinException.class, () -> f.apply(first));
        Array third = f.apply(Array.f32(5, 6)).array(), fourth = f.apply(Array.f32(7, 8)).array();
        assertEquals("[4.0 5.0] f32[2]", second.toString());
        assertEquals("[6.0 7.0] f32[2]", third.toString());
        assertEquals("[8.0 9.0] f32[2]", fourth.toString());
    }

    @Test void whatWasDonatedIsNotTheFunctionsToReuse() {
        var f = jit((Tensor x) -> x.add(1));
        Array result = f.apply(Array.f32(1, 2)).array();
        Tensor other = jit((Tensor x) -> x.mul(2)).donate(0).apply(result);
        result.delete();
        assertEquals("[9.0 9.0] f32[2]", f.apply(Array.f32(8, 8)).toString());
        assertEquals("[4.0 6.0] f32[2]", other.toString());
        Array.f32(1, 2).delete();
    }

    @Test void donatingAnArrayThatIsUsedTwiceIsFoundOut() {
        var f = jit((Tensor x, Tensor y) -> x.add(y)).donate(0);
        Array x = Array.f32(1, 2);
        assertThrows(JavelinException.class, () -> f.apply(x, x));
        Array w = Array.f32(5, 6);
        var closed = jit((Tensor y) -> y.mul(w));
        assertEquals("[5.0 6.0] f32[2]", closed.apply(Array.f32(1, 1)).toString());
        jit((Tensor v) -> v.neg()).donate(0).apply(w);
        assertThrows(JavelinException.class, () -> closed.apply(Array.f32(1, 1)));
    }

    @Test void afterManyCompilationsAWarningNamesTheArgumentThatDiffers() {
        var said = new ConcurrentLinkedQueue<String>();
        var logger = Logger.getLogger("javelin.jit");
        var handler = new Handler() {
            @Override public void publish(LogRecord record) {
                said.add(new java.util.logging.SimpleFormatter().formatMessage(record));
            }

            @Override public void flush() {}

            @Override public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            record Batch(Tensor image, Tensor label) {}
            var f = jit((Tensor w, Batch b) -> b.image().sum().add(w));
            for (int n = 1; n <= 8; n++) f.apply(Array.scalar(1f),
                    new Batch(Tensor.zeros(TensorType.f32(n)), Array.i32(0)));
            assertEquals(List.of(), List.copyOf(said));
            f.apply(Array.scalar(1f), new Batch(Tensor.zeros(TensorType.f32(9)), Array.i32(0)));
            assertEquals(List.of("compilation 9 of a jitted function, since argument 1.image is f32[9], before f32[8]."
                    + " Keep shapes fixed (pad batches), and pass what changes as a tensor rather than as a plain Java"
                    + " value"), List.copyOf(said));
            said.clear();
            var g = jit((Config c) -> c.rate());
            for (int n = 1; n <= 9; n++) g.apply(new Config(Array.scalar(1f), "step " + n, List.of()));
            assertEquals(1, said.size());
            assertTrue(said.peek().startsWith("compilation 9 of a jitted function, since argument 0 has another"
                    + " structure or static value: Config(rate=*, activation=step 9, sizes=[]),"
                    + " before Config(rate=*, activation=step 8, sizes=[])."), said.peek());
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    @Test void sixtyFourThreadsCallOneFunctionAndEachGetsItsOwnResult() throws InterruptedException {
        var f = jit((Tensor x, List<Tensor> more) -> List.of(x.mul(x).sum().add(more.getFirst()), x.neg()));
        var wrong = new ConcurrentLinkedQueue<Object>();
        var start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 64; t++) {
            int me = t;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                    for (int n = 0; n < 200; n++) {
                        // two signatures, so that threads compile at the same time too
                        Tensor x = n % 2 == 0 ? Array.f64(me, n) : Array.f64(me, n, 1);
                        var out = f.apply(x, List.of(Array.scalar(0.5)));
                        double expected = (double) me * me + (double) n * n + 0.5 + n % 2;
                        if (out.get(0).item() != expected || out.get(1).array().toDoubles()[0] != -me) wrong.add(out);
                    }
                } catch (InterruptedException | RuntimeException e) {
                    wrong.add(e);
                }
            }));
        }
        start.countDown();
        for (Thread t : threads) t.join();
        assertEquals(List.of(), List.copyOf(wrong));
        assertEquals(new Jit.Stats(64 * 200, 2), f.stats());
    }

    @Test void integersAndBooleansPassThroughExactly() {
        var f = jit((List<Tensor> in) -> List.of(in.get(0).add(1), in.get(1).not(), in.get(2).shiftLeft(in.get(2))));
        var out = f.apply(List.of(Array.i64(Long.MAX_VALUE - 1), Array.bool(true, false), Array.scalar(3, DType.U8)));
        assertEquals("[[9223372036854775807] i64[1], [false true] bool[2], 24 u8[]]", out.toString());
        Vectors.assertClose("the same without jit", List.of(Array.i64(Long.MAX_VALUE)),
                List.of(Array.i64(Long.MAX_VALUE - 1).add(1)), 0);
    }
}
