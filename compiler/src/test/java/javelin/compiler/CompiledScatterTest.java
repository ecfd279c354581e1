package javelin.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import javelin.Segments;
import javelin.Tensors;
import javelin.Transforms;
import javelin.compiler.memory.Planner;
import javelin.compiler.memory.Slot;
import javelin.compiler.schedule.Machine;
import javelin.compiler.simplify.Simplify;
import javelin.core.Array;
import javelin.core.Index;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates at positions that are data: their order, and where they are computed. */
class CompiledScatterTest {
    private static final TensorType ROWS = TensorType.f32(50_000, 4), IDS = TensorType.of(DType.I64, 50_000);

    private static Program program(List<TensorType> types, UnaryOperator<List<Tensor>> f) {
        return Recorder.trace(types, f).closed();
    }

    /** Whatever threads and vectors there are. */
    @ParameterizedTest @ValueSource(ints = {1, 2, 3})
    void theLastWriterWins(int threads) {
        var random = new Random(threads);
        float[] rows = new float[ROWS.elements()], expected = new float[10 * 4];
        long[] ids = new long[50_000];
        for (int i = 0; i < rows.length; i++) rows[i] = i;
        for (int k = 0; k < ids.length; k++) ids[k] = random.nextInt(12);
        for (int i = 0; i < rows.length; i++) if (ids[i / 4] < 10) expected[(int) ids[i / 4] * 4 + i % 4] = rows[i];
        var program = program(List.of(ROWS, IDS), v -> List.of(Tensor.zeros(TensorType.f32(10, 4))
                .at(Index.of(v.get(1))).set(v.get(0))));
        Object[] outputs = new Object[1];
        new JvmBackend(new Machine(256, threads, 0, 1, 1)).compile(program, List.of(false, false))
                .run(new Object[] {rows, ids}, outputs);
        assertArrayEquals(expected, (float[]) outputs[0]);
    }

    private static int steps(Program program) {
        Program simplified = Simplify.run(program);
        return Planner.plan(simplified, Lists.falses(program.inputs().size()), new Machine(256, 1), 6000).main()
                .steps().size();
    }

    @Test void sumsOfSegmentsAreZerosAndOneLoop() {
        assertEquals(2, steps(program(List.of(ROWS, IDS), v -> List.of(Segments.sum(v.get(0), v.get(1), 10)))));
    }

    /** Rows are read, doubled and added in one nest. */
    @Test void theGradientOfAnEmbeddingIsZerosAndOneLoop() {
        assertEquals(2, steps(program(List.of(TensorType.f32(1000, 64), IDS), v -> List.of(
                Transforms.grad((Tensor e) -> e.index(Index.of(v.get(1))).square().sum()).apply(v.get(0))))));
    }

    /** The exponentials go where the result must be, and are updated there. */
    @Test void whatIsUpdatedOnlyIsMadeInThePlaceOfTheResult() {
        var program = program(List.of(ROWS, IDS), v -> List.of(v.get(0).exp().at(Index.of(v.get(1))).add(1)));
        assertEquals(2, steps(program));
        assertEquals(0, workSlots(program));
        var both = program(List.of(ROWS, IDS), v -> {
            Tensor x = v.get(0).exp();
            return List.of(x.at(Index.of(v.get(1))).add(1), x);
        });
        assertEquals(0, workSlots(both));
        assertEquals(3, steps(both));
    }

    private static long workSlots(Program program) {
        var plan = Planner.plan(Simplify.run(program), Lists.falses(program.inputs().size()), new Machine(256, 1),
                6000);
        return plan.slots().stream().filter(s -> s.role() == Slot.Role.WORK).count();
    }

    @Test void whatIsReadUnderAnotherShapeIsNotOverwritten() {
        var program = program(List.of(TensorType.f32(50, 4)), v -> {
            Tensor x = v.get(0).mul(3);
            return List.of(x.at(Index.of(Tensors.arange(50, DType.I32).reshape(2, 25)))
                    .add(x.reshape(2, 25, 4).flip()));
        });
        float[] x = new float[200];
        for (int i = 0; i < 200; i++) x[i] = i;
        Object[] outputs = new Object[1];
        new JvmBackend(new Machine(256, 1, 0, 1, 1)).compile(program, List.of(false)).run(new Object[] {x}, outputs);
        for (float y : (float[]) outputs[0]) assertEquals(3 * 199, y);
    }

    @Test void aDonatedArrayIsUpdatedInItsPlace() {
        Array x = Array.f32(1, 2, 3);
        var program = program(List.of(x.type(), TensorType.i32(2)),
                v -> List.of(v.get(0).at(Index.of(v.get(1))).mul(10)));
        Object[] outputs = new Object[1];
        new JvmBackend(new Machine(0, 1, 0, 1, 1)).compile(program, List.of(true, false))
                .run(new Object[] {x.storage(), new int[] {-1, 0}}, outputs);
        assertEquals(x.storage(), outputs[0]);
        assertArrayEquals(new float[] {10, 2, 30}, (float[]) outputs[0]);
    }
}
