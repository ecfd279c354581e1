package javelin.compiler.run;

/**
 * A program's driver and the arrays it works in: generated classes extend this, with a field for every array. One call
 * has it to itself.
 */
public abstract class Workspace implements Workers.Task, Epilogue {
    /** Runs the program once; see {@link javelin.core.Executable#run}. */
    public abstract void run(Object[] inputs, Object[] outputs);

    /** Another workspace of the same program. */
    public abstract Workspace another();

    /** Part {@code from} to {@code to - 1} of the loop of a step that threads share. */
    @Override public void run(int step, int from, int to) {
        throw new IllegalStateException("no step " + step + " is shared");
    }

    @Override public void epilogue(int step, int from, int to, Object part, int offset) {
        throw new IllegalStateException("no step " + step + " follows another by parts");
    }
}
