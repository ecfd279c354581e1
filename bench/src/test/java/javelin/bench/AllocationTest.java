package javelin.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import javelin.core.Array;
import org.junit.jupiter.api.Test;

/** After warm-up a compiled step allocates its results and nothing else, and what it allocates can be collected. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int STEPS = 1000;

    private Object kept;

    /**
     * The bytes that each of many runs allocates, on average, once HotSpot has compiled it: the least of many
     * averages.
     */
    private double bytes(Supplier<?> run) {
        for (int i = 0; i < 30_000; i++) kept = run.get();
        double least = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 50; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < STEPS; i++) kept = run.get();
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) STEPS);
        }
        return least;
    }

    /** A Java array of {@code elements} elements of {@code bytes} bytes: 16 bytes of header, rounded up to 8. */
    private static long array(int elements, int bytes) { return (16 + (long) elements * bytes + 7) / 8 * 8; }

    /** An object with {@code fields} references and ints: 12 bytes of header, rounded up to 8. */
    private static long object(int fields) { return (12 + 4L * fields + 7) / 8 * 8; }

    private static final long TENSOR = object(3);                        // its type, its storage and where that goes

    @Test void aScalarIsAllThatAScalarFunctionAllocates() {
        assertEquals(TENSOR + array(1, 4), bytes(Dispatch.scalar(new Inputs())), 8);
    }

    @Test void aRecordOfTensorsIsAllThatATrainingStepAllocates() {
        long xor = object(4);                                            // two kernels and two biases
        int tensors = 3 * 4 + 2;                                         // parameters, mean and square; count and loss
        // what a step gives, three trees of parameters, Adam's state
        long records = object(3) + 3 * xor + object(3);
        // arguments of record constructors pass through an array of references for each record
        long constructors = array(3, 4) + 3 * array(4, 4) + array(3, 4);
        // single numbers, and two means that are computed in locals; all else is donated memory used again
        long storage = 5 * array(1, 4) + array(2 * 8, 4) + array(8, 4);
        long results = tensors * TENSOR + records + constructors + storage;
        double found = bytes(Training.xorStep(new Inputs()));
        assertTrue(found <= results && found >= tensors * TENSOR + records,
                () -> found + " bytes a step, results have " + results);
    }

    @Test void theResultIsAllThatAKernelAllocates() {
        var run = Workloads.where("gemm_64"::equals).getFirst().prepare().apply(new Inputs());
        assertEquals(TENSOR + array(64 * 64, 4), bytes(run), 8);
    }

    @Test void nextToADeletedResultOnlyTheTensorIsNew() {
        var run = Workloads.where("gemm_64"::equals).getFirst().prepare().apply(new Inputs());
        assertEquals(TENSOR, bytes(() -> {
            Object next = run.get();
            if (kept instanceof Array last) last.delete();
            return next;
        }), 8);
    }

    @Test void aHundredThousandStepsDoNotGrowTheHeap() {
        Supplier<?> step = Training.xorStep(new Inputs());
        for (int i = 0; i < 10_000; i++) kept = step.get();
        long before = usedAfterCollection();
        for (int i = 0; i < 100_000; i++) kept = step.get();
        long grown = usedAfterCollection() - before;
        assertTrue(grown < 100_000, () -> "100,000 steps left " + grown + " bytes behind: a byte for each is too many");
    }

    private static long usedAfterCollection() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
