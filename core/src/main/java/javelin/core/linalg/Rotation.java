package javelin.core.linalg;

/** The rotation that sends (f, g) to (r, 0), with c >= 0 and r of f's sign: Anderson, LAPACK Working Note 150. */
record Rotation(double c, double s, double r) {
    private static final double SMALL = 0x1p-500, LARGE = 0x1p500;

    static Rotation of(double f, double g) {
        double af = Math.abs(f), ag = Math.abs(g);
        if (g == 0) return new Rotation(1, 0, f);
        if (f == 0) return new Rotation(0, Math.signum(g), ag);
        boolean safe = af > SMALL && af < LARGE && ag > SMALL && ag < LARGE;
        double d = safe ? Math.sqrt(f * f + g * g) : Math.hypot(f, g), r = Math.copySign(d, f);
        return new Rotation(af / d, g / r, r);
    }
}
