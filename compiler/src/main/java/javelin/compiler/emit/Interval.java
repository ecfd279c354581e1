package javelin.compiler.emit;

import java.util.Arrays;

/** All values a number may have. */
record Interval(long least, long most) {
    static Interval of(long... values) {
        return new Interval(Arrays.stream(values).min().orElseThrow(), Arrays.stream(values).max().orElseThrow());
    }

    Interval or(Interval that) { return new Interval(Math.min(least, that.least), Math.max(most, that.most)); }

    boolean isInt() { return least >= Integer.MIN_VALUE && most <= Integer.MAX_VALUE; }
}
