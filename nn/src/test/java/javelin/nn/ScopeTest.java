package javelin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javelin.Key;
import javelin.Transforms;
import javelin.core.Array;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;

class ScopeTest {
    record Mlp(int hidden, int out) implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            return s.call(Dense.of(out), s.call(Dense.of(hidden), x).tanh());
        }
    }

    /** Counts its calls in the collection {@code counts}. */
    record Counter() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            Variable count = s.variable("counts", "calls", () -> Tensor.zeros(TensorType.f32()));
            if (s.isTraining()) count.set(count.value().add(1));
            return x.add(count.value());
        }
    }

    record Noise() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            return s.isInitializing() ? x
                    : x.add(s.rng("noise").normal(x.type()));
        }
    }

    @ModuleName("Projection")
    record Renamed() implements Layer {
        @Override public Tensor call(Scope s, Tensor x) {
            return x.mul(s.param("scale", Initializers.ones(), x.type()));
        }
    }

    private static final TensorType X = TensorType.f32(4, 2);
    private static final Tensor ONES = Tensor.full(X, 1);

    private static Variables init(Function<Scope, ?> f) { return Nn.init(Key.of(0), f); }

    private static String message(Runnable f) { return assertThrows(JavelinException.class, f::run).getMessage(); }

    private static String firstLine(Runnable f) { return message(f).lines().findFirst().orElse(""); }

    // names and streams; the numbers are those of Flax 0.12.8

    @Test void pathsAreHashedAsInFlax() {
        assertEquals(0xBF8B4530, PathHash.of(List.of(), 1, false));
        assertEquals(0xC4EA21BB, PathHash.of(List.of(), 2, false));
        assertEquals(0xB2B71315, PathHash.of(List.of("Dense_0"), 1, false));
        assertEquals(0x8916588A, PathHash.of(List.of("Dense_0"), 2, false));
        assertEquals(0x06A9F0DC, PathHash.of(List.of("Dense_1"), 1, false));
        assertEquals(0xC726B4E8, PathHash.of(List.of("cell", "hi"), 1, false));
        assertEquals(PathHash.of(List.of("ab", "c"), 1, false), PathHash.of(List.of("a", "bc"), 1, false));
        assertNotEquals(PathHash.of(List.of("ab", "c"), 1, true), PathHash.of(List.of("a", "bc"), 1, true));
        assertEquals(PathHash.sha1(new byte[] {1, 0}), PathHash.of(List.of(), 256, false));
    }

    @Test void sha1IsThatOfTheJdkAtEveryPadding() throws Exception {
        for (int n : new int[] {0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000}) {
            byte[] message = new byte[n];
            for (int i = 0; i < n; i++) message[i] = (byte) (31 * i + n);
            assertEquals(ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(message)).getInt(),
                    PathHash.sha1(message), "" + n);
        }
    }

    @Test void keysAreThoseOfFlax() {
        List<Tensor> keys = new ArrayList<>();
        Nn.apply(Variables.empty(), Rngs.of("params", Key.of(42)), s ->
                keys.add(s.bind("Dense_0", "any").scope().rng("params").data()));
        assertArrayEquals(new long[] {0x4B7A05A2L, 0x4F2F72D7L}, keys.getFirst().array().toLongs());
    }

    @Test void weightsStartAsInFlax() {
        Variables params = new Mlp(8, 1).init(Key.of(0), X).params();
        assertEquals("{Dense_0: {bias: (8,), kernel: (2, 8)}, Dense_1: {bias: (1,), kernel: (8, 1)}}", params.shapes());
        float[] first = {-1.1679986f, .5335484f, -.97421646f, -.60247123f, .6501072f, .9076577f, .7382581f,
                -.032877818f,
            .29896188f, .5496713f, -1.2865303f, .604069f, -.49940482f, .36015487f, .8638175f, -.19442014f};
        float[] second = {.0011764193f, .11322609f, .06392857f, -.2971922f, .22761364f, .3089246f, -.39457095f,
                -.25477833f};
        assertArrayEquals(first, params.tensor("Dense_0/kernel").array().toFloats(), 2e-7f);
        assertArrayEquals(second, params.tensor("Dense_1/kernel").array().toFloats(), 1e-7f);
        assertArrayEquals(new float[8], params.tensor("Dense_0/bias").array().toFloats());
    }

    @Test void namesCountClassesWithinOneCall() {
        record Two() implements Layer {
            @Override public Tensor call(Scope s, Tensor x) {
                return s.call(new Renamed(), s.call("named", new Renamed(), s.call(new Renamed(), x)));
            }
        }
        Variables v = init(s -> s.call(new Two(), s.call(new Two(), s.call(Dense.of(2), ONES))));
        assertEquals("{Projection_0: {scale: (4, 2)}, Projection_1: {scale: (4, 2)}, named: {scale: (4, 2)}}",
                v.at("params/Two_1").shapes());
        assertEquals(java.util.Set.of("Dense_0", "Two_0", "Two_1"), v.params().names());
    }

    @Test void aBoundModuleSharesParametersAndGoesOnWithItsStreams() {
        Variables v = init(s -> {
            var dense = s.bind(Dense.of(2));
            return dense.call((m, c) -> m.call(c, dense.call((n, d) -> n.call(d, ONES))));
        });
        assertEquals("{Dense_0: {bias: (2,), kernel: (2, 2)}}", v.params().shapes());
        List<Tensor> drawn = Nn.train(Variables.empty(), Rngs.of("noise", Key.of(1)), s -> {
            var noise = s.bind(new Noise());
            Tensor zero = Tensor.zeros(X);
            return List.of(noise.call((m, c) -> m.call(c, zero)), noise.call((m, c) -> m.call(c, zero)));
        }).value();
        assertFalse(drawn.get(0).array().sameBits(drawn.get(1).array()));
    }

    // modes

    @Test void initDoesNotRunTheModule() {
        TensorType huge = TensorType.f32(40_000, 40_000);                 // 6 GB that nothing may allocate
        Variables v = Nn.init(Rngs.of("params", Key.of(0)), List.of(huge), (s, in) -> {
            Tensor y = s.call(Dense.of(3).withUseBias(false).withKernelInit(Initializers.ones()), in.getFirst().exp()
                    .matmul(in.getFirst()));
            return y.sum();
        });
        assertEquals(120_000, v.elements());
    }

    @Test void initWorksInsideTransformations() {
        Layer model = new Mlp(3, 1);
        Variables jitted = Transforms.jit((Key k) -> model.init(k, X)).apply(Key.of(5));
        Variables plain = model.init(Key.of(5), X);
        plain.flat().forEach((path, t) -> assertClose(t, jitted.tensor(path)));
        Variables ensemble = Transforms.vmap((Key k) -> model.init(k, X)).apply(Key.of(5).stack(4));
        Variables third = model.init(Key.of(5).split(4).get(2), X);
        assertEquals("{Dense_0: {bias: (4, 3), kernel: (4, 2, 3)}, Dense_1: {bias: (4, 1), kernel: (4, 3, 1)}}",
                ensemble.params().shapes());
        assertClose(third.tensor("params/Dense_0/kernel"), ensemble.tensor("params/Dense_0/kernel").index(2));
    }

    /**
     * Within the two units that logarithms and roots of the evaluator and of compiled code may differ by, and what
     * follows.
     */
    private static void assertClose(Tensor a, Tensor b) {
        assertArrayEquals(a.array().toFloats(), b.array().toFloats(), 1e-6f);
    }

    @Test void aVariableMayStartFromTheExampleInputButNotFromItsType() {
        record Centred() implements Layer {
            @Override public Tensor call(Scope s, Tensor x) {
                return x.sub(s.variable("centre", "at", () -> x.mean(0)).value());
            }
        }
        Tensor x = Array.f32(new float[][] {{1, 2}, {3, 6}});
        Variables v = new Centred().init(Key.of(0), x);
        assertArrayEquals(new float[] {2, 4}, v.tensor("centre/at").array().toFloats());
        assertTrue(message(() -> new Centred().init(Key.of(0), x.type()))
                .contains("'centre/at' depends on the numbers of the module's input"));
    }

    @Test void trainingReturnsTheStateAndEvaluationKeepsIt() {
        Layer twice = Sequential.of(new Counter(), Dense.of(2), new Counter());
        Variables v = twice.init(Key.of(0), X);
        assertEquals(0, v.tensor("counts/layers_0/calls").item());
        Applied<Tensor> r = twice.train(v, ONES, Rngs.none());
        assertEquals("{counts: {layers_0: {calls: ()}, layers_2: {calls: ()}}}", r.updates().shapes());
        Variables after = v.with(r.updates());
        assertEquals(1, after.tensor("counts/layers_2/calls").item());
        assertTrue(twice.apply(after, ONES).array().sameBits(r.value().array()));
        assertEquals(2, twice.train(after, ONES, Rngs.none()).updates().tensor("counts/layers_0/calls").item());
    }

    @Test void aTrainingStepWithStateCompilesOnce() {
        Layer model = Sequential.of(Dense.of(3), new Counter(), Dropout.of(0.5), Dense.of(1));
        record State(Variables variables, Key key) {}
        var step = Transforms.jit((State st) -> {
            var all = Transforms.valueAndGradAux((Variables p) -> {
                var r = model.train(st.variables().withParams(p), ONES, Rngs.of("dropout", st.key()));
                return new Transforms.WithAux<>(r.value().mean(), r.updates());
            }).apply(st.variables().params());
            return new State(st.variables().with(all.aux()), st.key().foldIn(1));
        });
        State state = new State(model.init(Key.of(0), X), Key.of(1));
        for (int i = 0; i < 3; i++) state = step.apply(state);
        assertEquals(3, state.variables().tensor("counts/layers_1/calls").item());
        assertEquals(1, step.stats().compilations());
    }

    @Test void aMissingStreamFallsBackToParamsOnlyIfAsked() {
        Layer model = new Noise();
        assertTrue(message(() -> model.train(Variables.empty(), ONES, Rngs.of("nose", Key.of(0)))).startsWith(
                "the root module draws random numbers from the stream 'noise', which is not given; call"
                        + " train(variables, x, Rngs.of(\"noise\", key))"
                        + "; it has nose. Did you mean 'nose'?"));
        Tensor a = model.train(Variables.empty(), ONES, Rngs.of("params", Key.of(0)).withFallback()).value();
        Tensor b = model.train(Variables.empty(), ONES, Rngs.of("noise", Key.of(0))).value();
        assertTrue(a.array().sameBits(b.array()));                       // same key, path and count
    }

    // mistakes

    @Test void aParameterOfAnotherShapeIsExplained() {
        Variables made = Dense.of(1).init(Key.of(0), TensorType.f32(4, 5));
        String m = message(() -> Dense.of(1).apply(made, Tensor.zeros(TensorType.f32(4, 3))));
        assertTrue(m.contains("parameter 'kernel' of the root module: the variables hold f32[5,1], the module asks"
                + " for f32[3,1] because of its input"), m);
        assertTrue(m.contains("input 0  f32[4,3]"), m);
    }

    @Test void missingVariablesAreExplained() {
        Variables v = new Mlp(3, 1).init(Key.of(0), X);
        assertEquals("Dense_0 has no parameter 'kernel': the variables have no collection 'params'; it has Dense_0,"
                + " Dense_1."
                + " Pass everything that init gave; parameters alone are passed as Variables.ofParams(params)",
                        firstLine(() -> new Mlp(3, 1).apply(v.params(), ONES)));
        assertEquals("Dense_1 has no parameter 'bias' among the variables; it has kernel.",
                firstLine(() -> new Mlp(3, 1).apply(v.without("params/Dense_1/bias"), ONES)));
        assertEquals("Dense_1 has no parameter 'kernel': there is no 'Dense_1' in 'params'; it has Dense_0. Did you"
                + " mean 'Dense_0'?",
                firstLine(() -> new Mlp(3, 1).apply(v.without("params/Dense_1"), ONES)));
        assertEquals("the root module has no counts variable 'calls': the variables have no collection 'counts'; it"
                + " is empty. Pass everything that init gave",
                firstLine(() -> new Counter().apply(Variables.empty(), ONES)));
    }

    @Test void clashingNamesAreExplained() {
        assertEquals("the name 'a' is used twice in the root module, for a module and before for a module; give one"
                + " of them another name,"
                + " or use bind to call the same module twice",
                        firstLine(() -> init(s -> s.call("a", Dense.of(2), s.call("a", Dense.of(2), ONES)))));
        assertEquals("the name 'w' is used twice in the root module, for a variable in params and before for a"
                + " module; give one of them another name,"
                + " or use bind to call the same module twice", firstLine(() -> init(s -> {
                    s.call("w", Dense.of(2), ONES);
                    return s.param("w", Initializers.ones(), X);
                })));
        Variables v = init(s -> s.param("w", Initializers.ones(), X)
                .add(s.variable("state", "w", () -> Tensor.zeros(X)).value()));
        assertEquals("{params: {w: (4, 2)}, state: {w: (4, 2)}}", v.shapes());
    }

    @Test void stateCannotChangeInEvaluationOrChangeItsType() {
        Variables v = new Counter().init(Key.of(0), X);
        assertTrue(message(() -> Nn.apply(v, s -> {
            s.variable("counts", "calls", () -> ONES).set(Array.scalar(1f));
            return ONES;
        })).startsWith("'counts/calls' cannot be changed in evaluation; call train(...)"));
        assertTrue(message(() -> Nn.train(v, Rngs.none(), s -> {
            s.variable("counts", "calls", () -> ONES).set(Array.scalar(1.0));
            return ONES;
        })).contains("its value must keep its type"));
    }

    @Test void aLambdaNeedsAName() {
        Layer twice = Layer.of(x -> x.mul(2));
        assertTrue(message(() -> Nn.apply(Variables.empty(), s -> s.call(twice, ONES)))
                .contains("s.call(\"name\", layer, x)"));
        assertEquals(2, Nn.apply(Variables.empty(), s -> s.call("twice", twice, ONES)).array().toDoubles()[0]);
        assertTrue(message(() -> Nn.apply(Variables.empty(), s -> s.call("a/b", twice, ONES))).contains("has a slash"));
    }

    @Test void anInitialiserOfAnotherTypeIsExplained() {
        Initializer wrong = (_, type) -> Tensor.zeros(type.withDType(DType.F64));
        assertTrue(message(() -> init(s -> s.param("w", wrong, X)))
                .contains("its initialiser gives f64[4,2] where f32[4,2] is asked for"));
    }

    @Test void equalLayersAreEqual() {
        assertEquals(Sequential.of(Dense.of(3).withUseBias(false), Dropout.of(0.1)),
                Sequential.of(Dense.of(3).withUseBias(false), Dropout.of(0.1)));
        assertNotEquals(Dense.of(3), Dense.of(3).withKernelInit(Initializers.heNormal()));
    }

    @Test void tabulateShowsEveryModule() {
        String table = Nn.tabulate(Sequential.of(Dense.of(3), new Counter()), X);
        assertEquals("""
            ┌──────────┬────────────┬──────────┬──────────┬───────┬──────────────┬──────────────────┐
            │ path     │ module     │ inputs   │ outputs  │ flops │ counts       │ params           │
            ├──────────┼────────────┼──────────┼──────────┼───────┼──────────────┼──────────────────┤
            │          │ Sequential │ f32[4,2] │ f32[4,3] │ 72    │              │                  │
            ├──────────┼────────────┼──────────┼──────────┼───────┼──────────────┼──────────────────┤
            │ layers_0 │ Dense      │ f32[4,2] │ f32[4,3] │ 60    │              │ bias: f32[3]     │
            │          │            │          │          │       │              │ kernel: f32[2,3] │
            │          │            │          │          │       │              │ 9 (36 B)         │
            ├──────────┼────────────┼──────────┼──────────┼───────┼──────────────┼──────────────────┤
            │ layers_1 │ Counter    │ f32[4,3] │ f32[4,3] │ 12    │ calls: f32[] │                  │
            │          │            │          │          │       │ 1 (4 B)      │                  │
            ├──────────┼────────────┼──────────┼──────────┼───────┼──────────────┼──────────────────┤
            │          │            │          │ Total    │       │ 1 (4 B)      │ 9 (36 B)         │
            └──────────┴────────────┴──────────┴──────────┴───────┴──────────────┴──────────────────┘
            Total variables: 10 (40 B)
            """, table);
    }
}
