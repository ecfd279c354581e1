package javelin.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import javelin.Key;
import javelin.Transforms;
import javelin.core.JavelinException;
import javelin.core.Tensor;
import javelin.core.tree.TreeException;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;
import javelin.nn.Applied;
import javelin.nn.BatchNorm;
import javelin.nn.Dense;
import javelin.nn.Layer;
import javelin.nn.Rngs;
import javelin.nn.Sequential;
import javelin.nn.Variables;
import javelin.optim.Optimizer;
import javelin.optim.Optimizers;
import javelin.train.TrainLoop.Stepped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainLoopTest {
    @TempDir Path folder;

    record Data(Tensor x, Tensor y) {}

    private static final Layer MODEL = Sequential.of(Dense.of(8), BatchNorm.of(), Layer.of(Tensor::tanh), Dense.of(1));
    private static final Optimizer<Variables> ADAM = Optimizers.adam(0.03);

    private static Data data() {
        Tensor x = Key.of(1).normal(TensorType.f32(50, 2));
        return new Data(x, x.square().sum(1).reshape(50, 1));
    }

    private static TrainState begin() { return TrainState.of(MODEL.init(Key.of(0), TensorType.f32(1, 2)), ADAM); }

    private static Stepped<TrainState> step(TrainState s, Data b) {
        record Lost(Tensor loss, Variables updates) {}
        Function<Variables, Lost> f = p -> {
            Applied<Tensor> r = MODEL.train(s.allWith(p), b.x(), Rngs.none());
            return new Lost(r.value().sub(b.y()).square().mean(), r.updates());
        };
        Tensor loss = f.apply(s.params()).loss();
        Variables gradients = Transforms.grad((Variables p) -> f.apply(p).loss()).apply(s.params());
        return new Stepped<>(s.update(ADAM, gradients).with(f.apply(s.params()).updates()), Map.of("loss", loss));
    }

    private static BiFunction<TrainState, Data, Stepped<TrainState>> compiled() {
        return Transforms.jit((BiFunction<TrainState, Data, Stepped<TrainState>>) TrainLoopTest::step);
    }

    private static void same(Object a, Object b) {
        List<Tensor> left = Trees.leaves(a), right = Trees.leaves(b);
        for (int i = 0; i < left.size(); i++) assertTrue(left.get(i).array().sameBits(right.get(i).array()));
    }

    @Test void aTrainingThatWasStoppedGoesOnAsIfItWasNot() throws IOException {
        Batches<Data> batches = Batches.of(data(), 16).shuffled(5);
        Checkpoints there = Checkpoints.in(folder).keep(2).keepLeast("loss");
        var loop = TrainLoop.of(compiled());
        var whole = loop.run(begin(), batches, 6);
        loop.checkpoints(there).run(begin(), batches, 4);
        assertEquals(2, there.all().size());
        assertEquals(16, there.latest().orElseThrow().step());
        TrainState restored = there.latestOr(begin());
        assertEquals(16, restored.step().itemAsLong());
        var rest = loop.run(restored, batches, 4, 6);
        same(whole.state(), rest.state());
        assertArrayEquals(new double[] {whole.curve("loss")[4], whole.curve("loss")[5]}, rest.curve("loss"));
        assertTrue(whole.curve("loss")[5] < whole.curve("loss")[0]);
        assertEquals(24, rest.reports().getLast().steps());
    }

    @Test void theNewestAndTheBestAreKept() throws IOException {
        Checkpoints there = Checkpoints.in(folder).keep(2).keepMost("accuracy");
        double[] accuracy = {0.1, 0.9, Double.NaN, 0.9, 0.2, 0.3};
        for (int i = 0; i < accuracy.length; i++) there.save(10 * i, begin(), Map.of("accuracy", accuracy[i]));
        assertEquals(List.of(10L, 40L, 50L), there.all().stream().map(Checkpoints.Saved::step).toList());
        assertEquals(10, there.best().orElseThrow().step());
        assertEquals(0.9, there.best().orElseThrow().metric("accuracy").orElseThrow());
        assertTrue(Checkpoints.in(folder.resolve("none")).latest().isEmpty());
        Files.writeString(folder.resolve(".step-0000000060.safetensors.tmp"), "half of one");
        there.save(60, begin(), Map.of());
        assertEquals(3, there.all().size());
        try (var files = Files.list(folder)) {
            assertEquals(3, files.count());
        }
    }

    @Test void anotherModelsCheckpointIsExplained() throws IOException {
        Checkpoints there = Checkpoints.in(folder);
        var saved = there.save(1, Map.of("params", Dense.of(3).init(Key.of(0), TensorType.f32(1, 2)).params()),
                Map.of());
        String message = assertThrows(TreeException.class, () -> saved.restore(Map.of("params",
                Sequential.of(Dense.of(4)).init(Key.of(0), TensorType.f32(1, 2)).params()))).getMessage();
        assertTrue(message.contains("missing     params/layers_0/kernel f32[2,4]"), message);
        assertTrue(message.contains("unexpected  params/kernel f32[2,3]"), message);
        var renamed = saved.restore(Map.of("weights", Dense.of(3).init(Key.of(1), TensorType.f32(1, 2)).params()),
                Map.of("params", "weights"));
        assertEquals("{bias: (3,), kernel: (2, 3)}", renamed.get("weights").shapes());
    }

    @Test void stopsWhenNothingGetsBetter() throws IOException {
        double[] values = {3, 2, 2.5, 1, 1, 1.5, 0};
        var seen = new ArrayList<Integer>();
        int[] epoch = {0};
        var loop = TrainLoop.of((Integer s, Data _) -> new Stepped<>(s + 1, Map.of()))
                .validate(_ -> Map.of("loss", values[epoch[0]++])).stopping(EarlyStopping.whenNoLess("loss", 2))
                .listen(r -> seen.add(r.epoch()));
        assertEquals(6, loop.run(0, Batches.of(data(), 50), 7).state());
        assertEquals(List.of(0, 1, 2, 3, 4, 5), seen);
        epoch[0] = 0;
        assertTrue(assertThrows(JavelinException.class, () -> loop.stopping(EarlyStopping.whenNoMore("f1", 1))
                .run(0, Batches.of(data(), 50), 1)).getMessage()
                        .contains("early stopping looks at 'f1'; the metrics are [loss]"));
    }

    @Test void epochsArePrintedAndDrawn() throws IOException {
        var out = new ByteArrayOutputStream();
        Path events = folder.resolve("events");
        try (EventFile file = EventFile.in(events)) {
            TrainLoop.of((Integer s, Data _) -> new Stepped<>(s, Map.of("loss", javelin.core.Array.scalar(0.5f))))
                    .listen(TrainLoop.printing(new PrintStream(out))).listen(TrainLoop.writing(file))
                    .run(0, Batches.of(data(), 25), 2);
        }
        assertTrue(out.toString().matches("epoch 1, step 2, loss 0\\.5000 \\(\\d\\.\\d\\d s\\)\\R"
                + "epoch 2, step 4, loss 0\\.5000 \\(\\d\\.\\d\\d s\\)\\R"), out.toString());
        ByteBuffer bytes;
        try (var files = Files.list(events)) {
            bytes = ByteBuffer.wrap(Files.readAllBytes(files.findFirst().orElseThrow())).order(ByteOrder.LITTLE_ENDIAN);
        }
        int records = 0;
        for (; bytes.hasRemaining(); records++) {
            int at = bytes.position(), length = Math.toIntExact(bytes.getLong());
            assertEquals(EventFile.maskedCrc(bytes.array(), at, 8), bytes.getInt());
            bytes.position(at + 12 + length);
            assertEquals(EventFile.maskedCrc(bytes.array(), at + 12, length), bytes.getInt());
        }
        assertEquals(3, records);
    }

    /** RFC 3720, appendix B.4: 32 zero bytes have the CRC-32C 0x8A9136AA. */
    @Test void checksumsAreMasked() {
        assertEquals(Integer.rotateRight(0x8A9136AA, 15) + 0xA282EAD8, EventFile.maskedCrc(new byte[32], 0, 32));
    }
}
