package user.callbacks;

import static javelin.Transforms.checkpoint;
import static javelin.Transforms.grad;
import static javelin.Transforms.jit;
import static javelin.Transforms.jvp;
import static javelin.Transforms.stopGradient;
import static javelin.Transforms.vmap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javelin.Control;
import javelin.Custom;
import javelin.Debug;
import javelin.Pair;
import javelin.Tensors;
import javelin.Transforms;
import javelin.Transforms.Axes;
import javelin.Transforms.ValueAndTangent;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.JavelinException;
import javelin.core.NoRuleException;
import javelin.core.Tensor;
import javelin.core.VmapMethod;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

/** Java code called from programs: printing and other effects, and functions of the host, evaluated and compiled. */
class CallbacksTest {
    private static final Tensor X = Array.f64(1, 2, 3), ONE = Array.scalar(1.0);

    /** What {@code f} prints, op by op; the same must be printed by the evaluator and by machine code, twice. */
    private static <A> String printed(Function<A, ?> f, A a) {
        var program = Transforms.program((A x) -> List.of(f.apply(x)), a);
        var compiled = jit((A x) -> List.of(f.apply(x)));
        String text = output(() -> f.apply(a));
        assertEquals(text, output(() -> Evaluator.evaluate(program, Trees.leaves(a))), "evaluated");
        for (int run = 1; run <= 2; run++) assertEquals(text, output(() -> compiled.apply(a)), "compiled, run " + run);
        return text;
    }

    private static String output(Runnable work) {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true));
        try {
            work.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString().replace(System.lineSeparator(), "|");
    }

    /** Prints x and gives its sine. */
    private static Tensor sine(Tensor x) {
        Debug.print("x={}", x);
        return x.sin();
    }

    @Test void printsTensorsTreesAndPlainValuesByPlaceOrNumber() {
        assertEquals("[1.0 2.0 3.0] and {1.5}|7: 6.0 [1.0 2.0 3.0] 6.0 {}|", printed((Tensor x) -> {
            Debug.print("{} and {{{}}}", x, Array.scalar(1.5));
            Debug.print("{2}: {0} {1} {0} {{}}", x.sum(), x, 7);
            return x;
        }, X));
        assertEquals("nothing|", printed((Tensor x) -> {
            Debug.print("nothing");
            return x;
        }, X));
    }

    @Test void effectsKeepTheirOrderThoughNothingReadsWhatTheyPrint() {
        assertEquals("a 6.0|b [2.0 4.0 6.0]|b [2.0 4.0 6.0]|c 12.0|d 1.0|", printed((Tensor x) -> {
            Tensor sum = x.sum(), twice = x.mul(2);
            Debug.print("a {}", sum);
            for (int i = 0; i < 2; i++) Debug.print("b {}", twice);
            Debug.print("c {}", twice.sum());
            Debug.print("d {}", ONE);
            return x.exp().sum();
        }, X));
    }

    /** What both read could be made by the loop that reads the second's result, but then the second would run first. */
    @Test void effectsKeepTheirOrderThoughFusionWouldTurnItRound() {
        assertEquals("first 1.0|turn 1.0|turn 2.0|", printed((Tensor x) -> {
            Tensor y = x.exp();
            Debug.callback(v -> System.out.println("first " + v.array().get(0)), y);
            Tensor s = Control.foriLoop(0, 2, (i, c) -> {
                Debug.print("turn {}", c);
                return c.add(1);
            }, ONE);
            return y.mul(s);
        }, Tensor.zeros(TensorType.f64(1000))));
    }

    @Test void derivativesPrintPrimalsOnce() {
        assertEquals("x=1.0|", printed(grad(CallbacksTest::sine), ONE));
        assertEquals("x=1.0|", printed((Tensor x) -> jvp(CallbacksTest::sine).apply(x, x).tangent(), ONE));
        assertEquals("x=1.0|", printed(grad(grad(CallbacksTest::sine)), ONE));
        assertEquals("x=1.0|", printed(grad(checkpoint(CallbacksTest::sine)), ONE));
        assertEquals("x=1.0|", printed(grad((Tensor x) -> sine(stopGradient(x)).mul(x)), ONE));
    }

    @Test void aRulePrintsInPlaceOfTheFunctionItBelongsTo() {
        var f = Custom.jvp(CallbacksTest::sine, (x, dx) -> {
            Debug.print("rule");
            return new ValueAndTangent<>(x.sin(), x.cos().mul(dx));
        });
        assertEquals("x=1.0|", printed(f, ONE));
        assertEquals("rule|", printed(grad(f), ONE));
        assertEquals("x=1.0|after|", printed((Tensor x) -> {
            f.apply(x);
            Debug.print("after");
            return x;
        }, ONE));
        var g = Custom.vjp(CallbacksTest::sine, x -> new Pair<>(x.sin(), x.cos()), (slope, ct) -> {
            Debug.print("ct={}", ct);
            return ct.mul(slope);
        });
        assertEquals("x=1.0|", printed(g, ONE));
        assertEquals("ct=1.0|", printed(grad(g), ONE));
    }

    @Test void everyExampleOfABatchPrintsInTurn() {
        assertEquals("x=1.0|x=2.0|x=3.0|", printed(vmap(CallbacksTest::sine), X));
        assertEquals("x=1.0|x=2.0|x=3.0|", printed(vmap(grad(CallbacksTest::sine)), X));
        assertEquals("x=1.0|x=2.0|x=3.0|x=4.0|",
                printed(vmap(vmap(CallbacksTest::sine)), Array.f64(1, 2, 3, 4).reshape(2, 2)));
        assertEquals("1.0 of [1.0 2.0 3.0]|2.0 of [1.0 2.0 3.0]|3.0 of [1.0 2.0 3.0]|", printed((Tensor x) ->
                vmap((Tensor each, Tensor all) -> {
                    Debug.print("{} of {}", each, all);
                    return each;
                }, Axes.in(0, Axes.NONE)).apply(x, x), X));
        assertEquals("once|", printed(vmap((Tensor x) -> {
            Debug.print("once");
            return x;
        }), X));
    }

    @Test void loopsPrintEachTurnEvenIfNobodyReadsThem() {
        Function<Tensor, Tensor> scanned = x -> Control.scan((Tensor c, Tensor each) -> {
            Debug.print("{} {}", c, each);
            return new Control.Step<>(c.add(each), c);
        }, Tensors.scalar(0, DType.F64), x).carry();
        String turns = "0.0 1.0|1.0 2.0|3.0 3.0|";
        assertEquals(turns, printed(scanned, X));
        assertEquals(turns, printed(grad(scanned), X));
        Function<Tensor, Tensor> products = x -> Control.scan((Tensor c, Tensor each) -> {
            Debug.print("{} {}", c, each);
            return new Control.Step<>(c.add(1), c.mul(each).sin());
        }, Tensors.scalar(0, DType.F64), x).outputs().sum();
        String once = "0.0 1.0|1.0 2.0|2.0 3.0|";
        assertEquals(once, printed(grad(products), X));
        assertEquals(once + once, printed(grad(checkpoint(products)), X));    // the loop has to run again
        assertEquals(turns + "after|", printed((Tensor x) -> {
            scanned.apply(x);
            Debug.print("after");
            return x;
        }, X));
        assertEquals("0.0 1.0|0.0 4.0|1.0 2.0|4.0 5.0|3.0 3.0|9.0 6.0|",
                printed(vmap(scanned), Array.f64(1, 2, 3, 4, 5, 6).reshape(2, 3)));
        String numbers = printed((Tensor x) -> Control.foriLoop(0, 100, (i, c) -> {
            Debug.print("{}", i);
            return c;
        }, x), X);
        assertTrue(numbers.startsWith("0|1|") && numbers.endsWith("|98|99|") && numbers.split("\\|").length == 100,
                numbers);
    }

    @Test void whileLoopsPrintInConditionAndBodyAndBranchesWhenTaken() {
        Function<Tensor, Tensor> doubling = x -> Control.whileLoop(s -> {
            Debug.print("? {}", s);
            return s.lt(4);
        }, s -> {
            Debug.print("turn {}", s);
            return s.mul(2);
        }, x);
        assertEquals("? 1.0|turn 1.0|? 2.0|turn 2.0|? 4.0|", printed(doubling, ONE));
        assertEquals("? 1.0|turn 1.0|? 2.0|turn 2.0|? 4.0|", printed(grad(doubling), ONE));
        assertEquals("? 1.0|turn 1.0|? 2.0|turn 2.0|? 4.0|done|", printed((Tensor x) -> {
            doubling.apply(x);
            Debug.print("done");
            return x;
        }, ONE));
        Function<Tensor, Tensor> branch = x -> Control.cond(x.gt(0), y -> {
            Debug.print("plus {}", y);
            return y;
        }, y -> {
            Debug.print("minus {}", y);
            return y.neg();
        }, x);
        assertEquals("plus 1.0|", printed(branch, ONE));
        assertEquals("minus -1.0|", printed((Tensor x) -> {
            branch.apply(x);
            return x;
        }, Array.scalar(-1.0)));
        assertEquals("minus -1.0|", printed(grad(branch), Array.scalar(-1.0)));
    }

    @Test void programsThatCallOtherCodeDoNotShare() {
        List<String> log = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            String name = "f" + n;
            Consumer<Map<String, Tensor>> tell = m -> log.add(name + m.get("x").item());
            jit((Tensor x) -> {
                Debug.callback(tell, Map.of("x", x.sum()));
                return x;
            }).apply(X);
        }
        assertEquals(List.of("f06.0", "f16.0"), log);
    }

    @Test void javaCodeMayKeepWhatItIsGiven() {
        List<Tensor> kept = new ArrayList<>();
        jit((Tensor x) -> Control.foriLoop(0, 3, (i, c) -> {
            Debug.callback(kept::add, c);
            return c.mul(2);
        }, x)).apply(X);
        assertEquals("[[1.0 2.0 3.0] f64[3], [2.0 4.0 6.0] f64[3], [4.0 8.0 12.0] f64[3]]", kept.toString());
    }

    @Test void formatsAreCheckedWhenTheFunctionIsTraced() {
        assertSays(() -> jit((Tensor x) -> {
            Debug.print("{} {}", x);
            return x;
        }).apply(X), "Debug.print[{} {}]: {} stands for argument 1, counted from 0, and there are 1");
        assertSays(() -> Debug.print("{0}", X, X), "argument 1, counted from 0, is not printed");
    }

    // functions of the host

    /** Counts its calls; the shapes it saw. */
    private final List<String> calls = new ArrayList<>();

    private Tensor plus(Pair<Tensor, Tensor> xy) {
        calls.add(xy.first().shape() + "" + xy.second().shape());
        return xy.first().add(xy.second());
    }

    private Tensor called(Tensor x, Tensor y, VmapMethod method) {
        return Custom.pureCallback(this::plus, x, new Pair<>(x, y), method);
    }

    @Test void javaCodeComputesWithinProgramsOfAllKinds() {
        Function<Tensor, Tensor> f = x -> Control.foriLoop(0, 3,
                (i, c) -> called(c, x, VmapMethod.SEQUENTIAL).mul(2), x.neg());
        assertEquals(f.apply(X).toString(), jit(f).apply(X).toString());
        assertEquals(List.of(X, X).toString(),
                jit((Tensor x) -> Custom.pureCallback(y -> List.of(y, y), List.of(x, x), x)).apply(X).toString());
        calls.clear();
        jit((Tensor x) -> {
            called(x, x, VmapMethod.SEQUENTIAL);
            return x;
        }).apply(X);
        assertEquals(List.of(), calls);                                  // nobody reads it
    }

    @Test void batchesAreCalledAsTheMethodSays() {
        for (VmapMethod method : VmapMethod.values()) {
            calls.clear();
            Tensor sum = jit((Tensor x) -> vmap((Tensor a, Tensor b) -> called(a, b, method), Axes.in(0, Axes.NONE))
                    .apply(x, x.sum())).apply(X);
            assertEquals("[7.0 8.0 9.0] f64[3]", sum.toString());
            assertEquals(switch (method) {
                case SEQUENTIAL -> "[[][], [][], [][]]";
                case EXPAND_DIMS -> "[[3][1]]";
                case BROADCAST_ALL -> "[[3][3]]";
            }, calls.toString());
        }
    }

    @Test void onlyARuleGivesJavaCodeADerivative() {
        Function<Tensor, Tensor> sine = x -> Custom.pureCallback(y -> Array.scalar(Math.sin(y.item())), x, x);
        String text = assertThrows(NoRuleException.class, () -> grad(sine).apply(ONE)).getMessage();
        assertTrue(text.startsWith("pureCallback has no derivative") && text.contains("Custom.jvp")
                && text.contains("CallbacksTest"), text);
        assertEquals(1, grad((Tensor x) -> sine.apply(stopGradient(x)).mul(0).add(x)).apply(ONE).item());
        var ruled = Custom.jvp(sine, (x, dx) -> new ValueAndTangent<>(sine.apply(x), x.cos().mul(dx)));
        assertEquals(Math.cos(1), jit(grad(ruled)).apply(ONE).item(), 1e-12);
        assertEquals(Math.cos(2), jit(vmap(grad(ruled))).apply(X).array().get(1).doubleValue(), 1e-12);
    }

    // what goes wrong

    private static void assertSays(Runnable work, String... parts) {
        String text = assertThrows(JavelinException.class, work::run).getMessage();
        for (String part : parts) assertTrue(text.contains(part), text);
        assertTrue(text.contains("at       user.callbacks.CallbacksTest."), text);
    }

    @Test void whatJavaCodeThrowsComesWithTheLineThatCalledIt() {
        var failure = new IllegalStateException("no more");
        boolean[] broken = {true};
        var f = jit((Tensor x) -> Control.foriLoop(0, 3, (i, c) -> {
            Debug.callback(_ -> { if (broken[0]) throw failure; }, c);
            return c.add(1);
        }, x));
        assertSays(() -> f.apply(X), "Debug.callback: the Java code threw java.lang.IllegalStateException: no more");
        assertSame(failure, assertThrows(JavelinException.class, () -> f.apply(X)).getCause());
        broken[0] = false;
        assertEquals("[4.0 5.0 6.0] f64[3]", f.apply(X).toString());
        assertSays(() -> jit((Tensor x) -> Custom.pureCallback(y -> y.astype(DType.F32), x, x)).apply(X),
                "the Java code gave [f32[3]] where [f64[3]] is declared");
        assertSays(() -> Custom.pureCallback(y -> new Pair<>(y, y), (Object) X, X), "must have the declared structure");
    }

    @Test void largeTensorsAndHalvesPassThrough() {
        Tensor large = Tensor.zeros(TensorType.f32(300, 300)).add(1);
        assertEquals("90000.0|", printed((Tensor x) -> {
            Debug.print("{}", x.sum());
            return x;
        }, large));
        assertEquals("[1.0 2.0 3.0]|", printed((Tensor x) -> {
            Debug.print("{}", x.astype(DType.BF16));
            return x;
        }, X));
    }
}
