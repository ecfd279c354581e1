package javelin.core.linalg;

/**
 * Singular values and vectors of an upper bidiagonal matrix by implicit QR steps, with a shift of zero where a shift
 * would cost accuracy: Demmel and Kahan, "Accurate singular values of bidiagonal matrices", SIAM J. Sci. Stat. Comput.
 * 11, 1990. Every singular value comes out to nearly full relative accuracy.
 */
final class Bidiagonal {
    private static final int MOST_SWEEPS = 6;                            // times n^2, as work on blocks

    private final int n;
    private final double epsilon, tolerance;
    final double[] d, e;                                                 // the diagonal and the one above it
    final Matrix left, right;                                            // vectors, one in each row
    private double threshold;

    Bidiagonal(int n, double epsilon) {
        this.n = n;
        this.epsilon = epsilon;
        tolerance = epsilon * Math.clamp(Math.pow(epsilon, -0.125), 10, 100);
        d = new double[n];
        e = new double[Math.max(n, 1)];
        left = Matrix.identity(n);
        right = Matrix.identity(n);
    }

    /**
     * Makes d the singular values, descending; false if that does not converge.
     *
     * @param transposed the roles of left and right are exchanged, d and e are a lower bidiagonal matrix seen from
     * there
     */
    boolean diagonalise(boolean transposed) {
        if (n == 0) return true;
        return transposed ? fromLower() : sweep();
    }

    /**
     * Rotations from the left make the lower bidiagonal matrix upper; at the end they are applied to its left vectors.
     */
    private boolean fromLower() {
        double[] c = new double[n], s = new double[n];
        for (int i = 0; i < n - 1; i++) {
            Rotation turn = Rotation.of(d[i], e[i]);
            d[i] = turn.r();
            e[i] = turn.s() * d[i + 1];
            d[i + 1] *= turn.c();
            c[i] = turn.c();
            s[i] = turn.s();
        }
        boolean done = sweep();
        Matrix columns = left.transposed();
        for (int i = n - 2; i >= 0; i--) columns.rotateRows(i, c[i], -s[i]);
        swapSides();
        return done;
    }

    /** What was left of the lower matrix is right of its transpose. */
    private void swapSides() {
        Matrix l = left.fresh();
        left.copy(right);
        right.copy(l);
    }

    private boolean sweep() {
        threshold = threshold();
        int last = n - 1, oldFirst = -1, oldLast = -1;
        long workLeft = (long) MOST_SWEEPS * n * n;
        boolean down = true;
        while (last > 0) {
            if (workLeft < 0) return false;
            double largest = Math.abs(d[last]);
            int first = last;
            while (first > 0 && Math.abs(e[first - 1]) > threshold) {
                first--;
                largest = Math.max(largest, Math.max(Math.abs(d[first]), Math.abs(e[first])));
            }
            if (first > 0) e[first - 1] = 0;
            if (first == last) {
                last--;
                continue;
            }
            if (first == last - 1) {
                pair(first);
                last -= 2;
                continue;
            }
            // chase from the end with the larger element
            if (first > oldLast || last < oldFirst) down = Math.abs(d[first]) >= Math.abs(d[last]);
            double least = down ? leastDown(first, last) : leastUp(first, last);
            if (least < 0) continue;                                     // an element was negligible
            oldFirst = first;
            oldLast = last;
            double shift = shift(first, last, down, least / largest);
            workLeft -= last - first;
            if (down) chaseDown(first, last, shift);
            else chaseUp(first, last, shift);
        }
        makePositive();
        sort();
        return true;
    }

    /**
     * Below it an off-diagonal element is nothing: a lower bound of the smallest singular value, times the tolerance.
     */
    private double threshold() {
        double mu = Math.abs(d[0]), least = mu;
        for (int i = 1; i < n && least != 0; i++) {
            mu = Math.abs(d[i]) * (mu / (mu + Math.abs(e[i - 1])));
            least = Math.min(least, mu);
        }
        return Math.max(tolerance * least / Math.sqrt(n), MOST_SWEEPS * (n * (n * Double.MIN_NORMAL)));
    }

    /** A lower bound of the block's smallest singular value, or -1 after dropping a negligible element. */
    private double leastDown(int first, int last) {
        if (isDropped(last - 1, tolerance * Math.abs(d[last]))) return -1;
        double mu = Math.abs(d[first]), least = mu;
        for (int i = first; i < last; i++) {
            if (isDropped(i, tolerance * mu)) return -1;
            mu = Math.abs(d[i + 1]) * (mu / (mu + Math.abs(e[i])));
            least = Math.min(least, mu);
        }
        return least;
    }

    private double leastUp(int first, int last) {
        if (isDropped(first, tolerance * Math.abs(d[first]))) return -1;
        double mu = Math.abs(d[last]), least = mu;
        for (int i = last - 1; i >= first; i--) {
            if (isDropped(i, tolerance * mu)) return -1;
            mu = Math.abs(d[i]) * (mu / (mu + Math.abs(e[i])));
            least = Math.min(least, mu);
        }
        return least;
    }

    private boolean isDropped(int i, double negligible) {
        if (Math.abs(e[i]) > negligible) return false;
        e[i] = 0;
        return true;
    }

    /**
     * The smaller singular value of the corner the bulge is chased to, or 0 if subtracting it would spoil small ones.
     */
    private double shift(int first, int last, boolean down, double ratio) {
        if (n * tolerance * ratio <= Math.max(epsilon, 0.01 * tolerance)) return 0;
        double start = Math.abs(down ? d[first] : d[last]);
        int corner = down ? last - 1 : first;
        double shift = smaller(Math.abs(d[corner]), Math.abs(e[corner]), Math.abs(d[corner + 1]));
        return start > 0 && shift / start * (shift / start) < epsilon ? 0 : shift;
    }

    /** The smaller singular value of ((f, g), (0, h)), none of which is negative. */
    private static double smaller(double f, double g, double h) {
        double low = Math.min(f, h), high = Math.max(f, h);
        if (low == 0) return 0;
        double sum = 1 + low / high, difference = (high - low) / high;
        if (g < high) {
            double r = g / high * (g / high);
            return low * (2 / (Math.sqrt(sum * sum + r) + Math.sqrt(difference * difference + r)));
        }
        double r = high / g;
        if (r == 0) return low * high / g;
        return 2 * low * (1 / (Math.sqrt(1 + sum * r * (sum * r))
                + Math.sqrt(1 + difference * r * (difference * r)))) * r;
    }

    private void chaseDown(int first, int last, double shift) {
        if (shift == 0) {
            double c = 1, oldC = 1, oldS = 0;
            for (int i = first; i < last; i++) {
                Rotation r = Rotation.of(d[i] * c, e[i]);
                if (i > first) e[i - 1] = oldS * r.r();
                Rotation l = Rotation.of(oldC * r.r(), d[i + 1] * r.s());
                d[i] = l.r();
                c = r.c();
                oldC = l.c();
                oldS = l.s();
                right.rotateRows(i, r.c(), r.s());
                left.rotateRows(i, l.c(), l.s());
            }
            double h = d[last] * c;
            d[last] = h * oldC;
            e[last - 1] = h * oldS;
        } else {
            double f = (Math.abs(d[first]) - shift) * (Math.copySign(1, d[first]) + shift / d[first]), g = e[first];
            for (int i = first; i < last; i++) {
                Rotation r = Rotation.of(f, g);
                if (i > first) e[i - 1] = r.r();
                f = r.c() * d[i] + r.s() * e[i];
                e[i] = r.c() * e[i] - r.s() * d[i];
                g = r.s() * d[i + 1];
                d[i + 1] *= r.c();
                Rotation l = Rotation.of(f, g);
                d[i] = l.r();
                f = l.c() * e[i] + l.s() * d[i + 1];
                d[i + 1] = l.c() * d[i + 1] - l.s() * e[i];
                if (i < last - 1) {
                    g = l.s() * e[i + 1];
                    e[i + 1] *= l.c();
                }
                right.rotateRows(i, r.c(), r.s());
                left.rotateRows(i, l.c(), l.s());
            }
            e[last - 1] = f;
        }
        isDropped(last - 1, threshold);
    }

    private void chaseUp(int first, int last, double shift) {
        if (shift == 0) {
            double c = 1, oldC = 1, oldS = 0;
            for (int i = last; i > first; i--) {
                Rotation l = Rotation.of(d[i] * c, e[i - 1]);
                if (i < last) e[i] = oldS * l.r();
                Rotation r = Rotation.of(oldC * l.r(), d[i - 1] * l.s());
                d[i] = r.r();
                c = l.c();
                oldC = r.c();
                oldS = r.s();
                right.rotateRows(i - 1, r.c(), -r.s());
                left.rotateRows(i - 1, l.c(), -l.s());
            }
            double h = d[first] * c;
            d[first] = h * oldC;
            e[first] = h * oldS;
        } else {
            double f = (Math.abs(d[last]) - shift) * (Math.copySign(1, d[last]) + shift / d[last]), g = e[last - 1];
            for (int i = last; i > first; i--) {
                Rotation l = Rotation.of(f, g);
                if (i < last) e[i] = l.r();
                f = l.c() * d[i] + l.s() * e[i - 1];
                e[i - 1] = l.c() * e[i - 1] - l.s() * d[i];
                g = l.s() * d[i - 1];
                d[i - 1] *= l.c();
                Rotation r = Rotation.of(f, g);
                d[i] = r.r();
                f = r.c() * e[i - 1] + r.s() * d[i - 1];
                d[i - 1] = r.c() * d[i - 1] - r.s() * e[i - 1];
                if (i > first + 1) {
                    g = r.s() * e[i - 2];
                    e[i - 2] *= r.c();
                }
                right.rotateRows(i - 1, r.c(), -r.s());
                left.rotateRows(i - 1, l.c(), -l.s());
            }
            e[first] = f;
        }
        isDropped(first, threshold);
    }

    /** Diagonalises the block at i and i + 1, the larger singular value first. */
    private void pair(int i) {
        var p = Pair.of(d[i], e[i], d[i + 1], epsilon);
        d[i] = p.larger();
        e[i] = 0;
        d[i + 1] = p.smaller();
        right.rotateRows(i, p.cRight(), p.sRight());
        left.rotateRows(i, p.cLeft(), p.sLeft());
    }

    private void makePositive() {
        for (int i = 0; i < n; i++) {
            if (!(d[i] < 0)) continue;
            d[i] = -d[i];
            for (int j = 0; j < n; j++) right.set(i, j, -right.at(i, j));
        }
    }

    private void sort() {
        for (int end = n - 1; end > 0; end--) {
            int least = 0;
            for (int j = 1; j <= end; j++) if (d[j] <= d[least]) least = j;
            if (least == end) continue;
            double x = d[least];
            d[least] = d[end];
            d[end] = x;
            left.swapRows(least, end);
            right.swapRows(least, end);
        }
    }

    /**
     * Signed singular values of ((f, g), (0, h)) and the rotations that bring them out: LAPACK Working Note 3,
     * appendix.
     */
    private record Pair(double larger, double smaller, double cRight, double sRight, double cLeft, double sLeft) {
        static Pair of(double f, double g, double h, double epsilon) {
            if (Math.abs(h) <= Math.abs(f)) return ordered(f, g, h, epsilon);
            Pair p = ordered(h, g, f, epsilon);                          // mirrored at the other diagonal
            return new Pair(p.larger, p.smaller, p.sLeft, p.cLeft, p.sRight, p.cRight).signed(f, g, h);
        }

        private static Pair ordered(double f, double g, double h, double epsilon) {
            double fa = Math.abs(f), ga = Math.abs(g), ha = Math.abs(h);
            if (ga == 0) return new Pair(fa, ha, 1, 0, 1, 0).signed(f, g, h);
            if (ga > fa && fa / ga < epsilon)
                return new Pair(ga, ha > 1 ? fa / (ga / ha) : fa / ga * ha, f / g, 1, 1, h / g).signed(f, g, h);
            double difference = fa - ha, l = difference == fa ? 1 : difference / fa, m = g / f, t = 2 - l;
            double s = Math.sqrt(t * t + m * m), r = l == 0 ? Math.abs(m) : Math.sqrt(l * l + m * m), a = (s + r) / 2;
            double tangent = m * m != 0 ? (m / (s + t) + m / (r + l)) * (1 + a)
                    : l == 0 ? Math.copySign(2, f) * Math.copySign(1, g) : g / Math.copySign(difference, f) + m / t;
            double root = Math.sqrt(tangent * tangent + 4), cRight = 2 / root, sRight = tangent / root;
            double cLeft = (cRight + sRight * m) / a, sLeft = h / f * sRight / a;
            return new Pair(fa * a, ha / a, cRight, sRight, cLeft, sLeft).signed(f, g, h);
        }

        /** The signs that go with these rotations, told from the element of largest magnitude. */
        private Pair signed(double f, double g, double h) {
            double fa = Math.abs(f), ga = Math.abs(g), ha = Math.abs(h);
            double sign = ga > Math.max(fa, ha) ? sign(sRight) * sign(cLeft) * sign(g)
                    : ha > fa ? sign(sRight) * sign(sLeft) * sign(h) : sign(cRight) * sign(cLeft) * sign(f);
            return new Pair(Math.copySign(larger, sign), Math.copySign(smaller, sign * sign(f) * sign(h)), cRight,
                    sRight, cLeft, sLeft);
        }

        private static double sign(double x) { return Math.copySign(1, x); }
    }
}
