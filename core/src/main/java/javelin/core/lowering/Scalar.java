package javelin.core.lowering;

import java.util.List;
import java.util.stream.Stream;
import javelin.core.type.DType;

/**
 * The value of one element, as an expression over loop indices and the elements it reads. Expressions may share parts:
 * they are graphs, compared by identity, and nothing may call {@code equals} or {@code toString} on a large one.
 */
public sealed interface Scalar {
    DType type();

    /** A constant; {@code value} is normalized to {@code type}. */
    record Const(Number value, DType type) implements Scalar {}

    /** The index along a loop, i32: output axes first, then reduced axes. */
    record Loop(int axis) implements Scalar {
        @Override public DType type() { return DType.I32; }
    }

    /** The element of an input at the given coordinates, each an i32 and in bounds. */
    record Read(int input, List<Scalar> at, DType type) implements Scalar {}

    record Apply(Fn fn, DType type, List<Scalar> arguments) implements Scalar {}

    static Scalar of(Number value, DType type) { return new Const(type.normalize(value), type); }

    static Scalar index(int value) { return of(value, DType.I32); }

    /**
     * {@code fn} of arguments; the result has the type of the last one, or bool for a comparison. Halves are computed
     * in f32 and the result is rounded.
     */
    static Scalar apply(Fn fn, Scalar... arguments) {
        DType type = arguments[arguments.length - 1].type();
        if (type.isHalf() && fn != Fn.SELECT) {
            Scalar wide = apply(fn, Stream.of(arguments).map(x -> convert(x, DType.F32)).toArray(Scalar[]::new));
            return fn.isComparison() ? wide : convert(wide, type);
        }
        return new Apply(fn, fn.isComparison() ? DType.BOOL : type, List.of(arguments));
    }

    static Scalar convert(Scalar x, DType type) {
        return x.type() == type ? x : new Apply(Fn.CONVERT, type, List.of(x));
    }

    static Scalar bitcast(Scalar x, DType type) {
        return x.type() == type ? x : new Apply(Fn.BITCAST, type, List.of(x));
    }

    default Scalar plus(Scalar that) { return apply(Fn.ADD, this, that); }

    default Scalar minus(Scalar that) { return apply(Fn.SUB, this, that); }

    default Scalar times(Scalar that) { return apply(Fn.MUL, this, that); }

    default Scalar plus(Number that) { return plus(of(that, type())); }

    default Scalar times(Number that) { return times(of(that, type())); }

    /** {@code condition ? ifTrue : ifFalse}; the other side is not evaluated. */
    static Scalar select(Scalar condition, Scalar ifTrue, Scalar ifFalse) {
        return apply(Fn.SELECT, condition, ifTrue, ifFalse);
    }
}
