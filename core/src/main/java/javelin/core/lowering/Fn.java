package javelin.core.lowering;

/**
 * The functions of numbers from which the meaning of every op is built. {@link Scalars} says what each computes; the
 * compiler has an instruction, or an approximation made of instructions, for each.
 */
public enum Fn {
    // arithmetic; integers wrap, division truncates, MAX and MIN give NaN if either is NaN, ROUND goes to even
    NEG, ABS, SIGN, ADD, SUB, MUL, DIV, REM, MAX, MIN, FMA, FLOOR, CEIL, ROUND, SQRT,
    // bits; a shift by the width or more gives 0 (arithmetic: the sign)
    AND, OR, XOR, NOT, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL, BITCAST,
    // comparison, giving bool; NaN compares false but for NE
    EQ, NE, LT, LE, GT, GE,
    // SELECT(condition, ifTrue, ifFalse) evaluates only the side it takes; CONVERT goes to the type of the application
    SELECT, CONVERT,
    // transcendental
    EXP, EXPM1, LOG, LOG1P, SIN, COS, TAN, TANH, LOGISTIC, ERF, RSQRT, POW,
    // those that Formulas writes out in terms of the others; the last two are of integers
    ASIN, ACOS, ATAN, ATAN2, SINH, COSH, ASINH, ACOSH, ATANH, CBRT, EXP2, ERFC, ERF_INV, LGAMMA, DIGAMMA,
    BESSEL_I0E, BESSEL_I1E, POPULATION_COUNT, LEADING_ZEROS,
    // the two words of the threefry2x32 block, of (key0, key1, counter0, counter1), all u32
    THREEFRY_0, THREEFRY_1;

    /** How many numbers this is a function of. */
    public int arity() {
        return switch (this) {
            case ADD, SUB, MUL, DIV, REM, MAX, MIN, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC,
                SHIFT_RIGHT_LOGICAL, EQ, NE, LT, LE, GT, GE, POW, ATAN2 -> 2;
            case FMA, SELECT -> 3;
            case THREEFRY_0, THREEFRY_1 -> 4;
            default -> 1;
        };
    }

    /** The result is bool whatever the type of the arguments. */
    public boolean isComparison() { return compareTo(EQ) >= 0 && compareTo(GE) <= 0; }
}
