package javelin.compiler.emit;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javelin.compiler.kernel.Approximations;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Halves;
import javelin.core.lowering.Fn;
import javelin.core.lowering.Scalar;
import javelin.core.type.DType;

/** Adds functions to a graph as the simpler ones they are made of. */
final class Expansion {
    private final Code code;

    Expansion(Code code) { this.code = code; }

    /** What becomes of the functions that a formula is made of. */
    private interface Part {
        int of(Fn fn, DType type, int... arguments);
    }

    /** {@code fn} as {@link Approximations} writes it. */
    int transcendental(Fn fn, DType type, int... arguments) { return transcendental(code::apply, fn, type, arguments); }

    private int transcendental(Part part, Fn fn, DType type, int... arguments) {
        List<Scalar> reads = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) reads.add(new Scalar.Read(i, List.of(), type));
        return add(part, Approximations.expand(fn, type, reads), arguments, new IdentityHashMap<>());
    }

    /** An f32 number rounded to a half. */
    int rounded(int x, DType half) { return of(Halves.rounded(read(DType.F32), half), x); }

    /** A half, as f32, from its bits, u16. */
    int widened(int bits, DType half) { return of(Halves.widened(read(DType.U16), half), bits); }

    /** The bits of a half, u16. */
    int narrowed(int x, DType half) { return of(Halves.narrowed(read(DType.F32), half), x); }

    private static Scalar read(DType type) { return new Scalar.Read(0, List.of(), type); }

    private int of(Scalar function, int argument) {
        return add(code::apply, function, new int[] {argument}, new IdentityHashMap<>());
    }

    private int add(Part part, Scalar s, int[] arguments, Map<Scalar, Integer> made) {
        Integer known = made.get(s);
        if (known != null) return known;
        int node = switch (s) {
            case Scalar.Const(Number value, DType type) -> code.constant(value, type);
            case Scalar.Read(int input, _, _) -> arguments[input];
            case Scalar.Apply(Fn fn, DType type, List<Scalar> parts) ->
                part.of(fn, type, parts.stream().mapToInt(p -> add(part, p, arguments, made)).toArray());
            case Scalar.Loop _ -> throw new IllegalStateException("a function of numbers has no loops");
        };
        made.put(s, node);
        return node;
    }

    /**
     * {@code fn} in terms of what vectors have instructions for, as far as that goes. The bits are those of
     * {@link ScalarOps}.
     */
    int forVectors(Fn fn, DType type, int... x) {
        DType from = code.type(x[0]);
        if (Approximations.handles(fn, type)) return transcendental(this::forVectors, fn, type, x);
        if (fn == Fn.CONVERT) return converted(x[0], from, type);
        if (from == DType.BOOL && fn != Fn.SELECT || fn == Fn.SELECT && type == DType.BOOL) return bool(fn, x);
        return switch (fn) {
            case FLOOR -> {
                int near = nearest(x[0], type);
                yield select(compare(Fn.GT, near, x[0]), code.apply(Fn.SUB, type, near, number(1, type)), near);
            }
            case CEIL -> {
                int near = nearest(x[0], type);
                int above = select(compare(Fn.LT, near, x[0]), code.apply(Fn.ADD, type, near, number(1, type)), near);
                yield withSignOf(x[0], above, type);        // -1 + 1 is +0
            }
            case ROUND -> nearest(x[0], type);
            case SIGN -> sign(x[0], type);
            case ABS -> isUnsigned(type) ? x[0] : code.apply(fn, type, x);
            case SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> shift(fn, type, x[0], x[1]);
            default -> code.apply(fn, type, x);
        };
    }

    private static boolean isUnsigned(DType type) { return type.kind() == DType.Kind.UNSIGNED; }

    private int number(Number value, DType type) { return code.constant(value, type); }

    private int compare(Fn fn, int a, int b) { return code.apply(fn, DType.BOOL, a, b); }

    private int select(int condition, int a, int b) { return code.apply(Fn.SELECT, code.type(a), condition, a, b); }

    private int and(int a, int b) { return code.apply(Fn.AND, code.type(a), a, b); }

    private int or(int a, int b) { return code.apply(Fn.OR, code.type(a), a, b); }

    private int not(int a) { return code.apply(Fn.NOT, code.type(a), a); }

    /** To an integer, ties to even: below 2^(bits of the fraction), adding and subtracting that rounds. */
    private int nearest(int x, DType type) {
        int whole = number(type == DType.F32 ? 0x1p23 : 0x1p52, type);
        int size = code.apply(Fn.ABS, type, x);
        int rounded = code.apply(Fn.SUB, type, code.apply(Fn.ADD, type, size, whole), whole);
        return withSignOf(x, select(compare(Fn.LT, size, whole), rounded, size), type);
    }

    /** {@code magnitude}, which is +0, NaN or has the sign of {@code x} already or none, with the sign of {@code x}. */
    private int withSignOf(int x, int magnitude, DType type) {
        DType bits = type == DType.F32 ? DType.I32 : DType.I64;
        int highest = number(type == DType.F32 ? Integer.MIN_VALUE : Long.MIN_VALUE, bits);
        int sign = and(code.apply(Fn.BITCAST, bits, x), highest);
        return code.apply(Fn.BITCAST, type, or(code.apply(Fn.BITCAST, bits, magnitude), sign));
    }

    private int sign(int x, DType type) {
        int zero = number(0, type), one = number(1, type);
        if (isUnsigned(type)) return select(compare(Fn.NE, x, zero), one, x);
        int otherwise = select(compare(Fn.LT, x, zero), number(-1, type), x);
        return select(compare(Fn.GT, x, zero), one, otherwise);
    }

    /** Vectors shift by the count modulo the width. */
    private int shift(Fn fn, DType type, int x, int places) {
        boolean signs = fn == Fn.SHIFT_RIGHT_ARITHMETIC && !isUnsigned(type);
        Fn shift = fn == Fn.SHIFT_RIGHT_ARITHMETIC && !signs ? Fn.SHIFT_RIGHT_LOGICAL : fn;
        int width = type.bits();
        int inside = compare(Fn.LT, code.apply(Fn.CONVERT, type.unsigned(), places), number(width, type.unsigned()));
        if (code.node(places) instanceof Code.Node.Const(Number n, _) && n.longValue() >= 0 && n.longValue() < width) {
            return code.apply(shift, type, x, places);
        }
        if (signs) return code.apply(shift, type, x, select(inside, places, number(width - 1, type)));
        return select(inside, code.apply(shift, type, x, places), number(0, type));
    }

    private int converted(int x, DType from, DType to) {
        if (to == DType.BOOL && from != DType.BOOL) return compare(Fn.NE, x, number(0, from));
        if (from == DType.BOOL && to != DType.BOOL) return select(x, number(1, to), number(0, to));
        if (to.isFloat() && from.bits() < Integer.SIZE)
            return code.apply(Fn.CONVERT, to, code.apply(Fn.CONVERT, DType.I32, x));
        if (from.isFloat() && to.bits() < Integer.SIZE) {
            // saturates as the narrower type does, further out
            int whole = code.apply(Fn.CONVERT, DType.I32, x);
            int below = code.apply(Fn.MIN, DType.I32, whole, number(to.highest(), DType.I32));
            return code.apply(Fn.CONVERT, to, code.apply(Fn.MAX, DType.I32, below, number(to.lowest(), DType.I32)));
        }
        if (from == DType.U32 && to == DType.F64) {
            return code.apply(Fn.CONVERT, to, code.apply(Fn.CONVERT, DType.I64, x));
        }
        if (from == DType.U32 && to == DType.F32) {
            // both halves are exact, and the sum is rounded once
            int high = code.apply(Fn.SHIFT_RIGHT_LOGICAL, from, x, number(16, from)),
                low = and(x, number(0xFFFF, from));
            return code.apply(Fn.FMA, to, half(high), number(0x1p16, to), half(low));
        }
        return code.apply(Fn.CONVERT, to, x);
    }

    private int half(int x) { return code.apply(Fn.CONVERT, DType.F32, code.apply(Fn.CONVERT, DType.I32, x)); }

    /** Booleans have and, or, xor and not. */
    private int bool(Fn fn, int[] x) {
        return switch (fn) {
            case NEG, ABS, SIGN, BITCAST -> x[0];
            case ADD, MAX, OR -> or(x[0], x[1]);
            case MUL, MIN, AND -> and(x[0], x[1]);
            case SUB, NE, XOR -> code.apply(Fn.XOR, DType.BOOL, x[0], x[1]);
            case EQ -> not(code.apply(Fn.XOR, DType.BOOL, x[0], x[1]));
            case NOT -> not(x[0]);
            case LT -> and(not(x[0]), x[1]);
            case LE -> or(not(x[0]), x[1]);
            case GT -> and(x[0], not(x[1]));
            case GE, DIV -> or(x[0], not(x[1]));
            case REM, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> and(x[0], not(x[1]));
            case SELECT -> or(and(x[0], x[1]), and(not(x[0]), x[2]));
            default -> throw new IllegalStateException(fn + " is not a function of bool");
        };
    }
}
