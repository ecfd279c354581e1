package javelin.compiler.run;

/** Functions of numbers that generated code calls because they have no graph of instructions. */
public final class Libm {
    private Libm() {}

    /**
     * {@code x^y} as in C: 1 if {@code x} is 1 or {@code y} is 0, and (-1)^+-infinity = 1, even where Java gives NaN.
     */
    public static double pow(double x, double y) {
        return x == 1 || y == 0 || x == -1 && Double.isInfinite(y) ? 1 : StrictMath.pow(x, y);
    }

    /** {@link #pow(double, double)}, rounded. */
    public static float pow(float x, float y) { return (float) pow((double) x, (double) y); }
}
