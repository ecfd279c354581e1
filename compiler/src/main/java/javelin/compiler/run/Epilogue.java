package javelin.compiler.run;

/** Loops that are run on each part of what comes before them, as soon as it is there. */
public interface Epilogue {
    /**
     * Turns {@code from} to {@code to - 1} of the loop of {@code step}; element i of what they follow is {@code part[i +
     * offset]}.
     */
    void epilogue(int step, int from, int to, Object part, int offset);
}
