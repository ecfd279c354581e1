package javelin.compiler.library;

import javelin.compiler.run.Epilogue;
import javelin.core.lowering.Routine;

/** A routine with one output, made row by row, that can tell when a part of it is done. */
interface ByRows extends Routine {
    /**
     * As {@link #newScratch()}, for calls that run {@code then} on every part of the output, with {@code step}: a turn
     * of it for every {@code turn} elements, which divide a row. An output that is null is nowhere as a whole.
     */
    Object newScratch(Epilogue then, int step, int turn);
}
