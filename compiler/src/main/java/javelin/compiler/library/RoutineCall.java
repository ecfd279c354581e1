// Hot: called by drivers, once for every step that is a routine.
package javelin.compiler.library;

import java.util.Arrays;
import javelin.compiler.run.Epilogue;
import javelin.core.lowering.Routine;

/** A routine and what one driver needs to call it again and again. */
public final class RoutineCall {
    private final Routine routine;
    private final Object[] arrays;
    private final int[] offsets;
    private final Object scratch;

    /**
     * A call of {@code routine}, which takes and gives so many arrays together.
     *
     * @param then if {@code turn} is not 0: what to run, with {@code step}, on every part of the output, one turn for
     *             {@code turn} elements
     */
    public RoutineCall(Routine routine, int operands, Epilogue then, int step, int turn) {
        this.routine = routine;
        arrays = new Object[operands];
        offsets = new int[operands];
        scratch = turn == 0 ? routine.newScratch() : ((ByRows) routine).newScratch(then, step, turn);
    }

    /** Operand {@code k} of the next call, inputs first: {@code array} from {@code offset} on. */
    public RoutineCall operand(int k, Object array, int offset) {
        arrays[k] = array;
        offsets[k] = offset;
        return this;
    }

    public void run() {
        routine.run(arrays, offsets, scratch);
        Arrays.fill(arrays, null);                                       // or a result could not be collected
    }
}
