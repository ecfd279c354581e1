package javelin.compiler.emit;

import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javelin.compiler.kernel.Code;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.Kernel.Buffer;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function by itself, on special numbers, small ones and large ones, against the interpreter. */
class EmittedFunctionsTest {
    private static final int LENGTH = 203;
    /** What the approximations promise; everything else is exact. */
    private static final int ULPS = 2;
    private static final KernelLoader LOADER = new KernelLoader();

    /** Arithmetic of halves is that of f32, between conversions. */
    @ParameterizedTest @EnumSource(Fn.class)
    void agreesWithTheInterpreter(Fn fn) {
        if (fn == Fn.CONVERT || fn == Fn.BITCAST || fn == Fn.SELECT) return;
        for (DType type : DType.values()) {
            if (isDefined(fn, type) && !type.isHalf())
                check(fn, type, fn.isComparison() ? DType.BOOL : type, fn.arity());
        }
    }

    @ParameterizedTest @EnumSource(DType.class)
    void convertsToEveryType(DType from) {
        for (DType to : DType.values()) check(Fn.CONVERT, from, to, 1);
        for (DType to : DType.values()) {
            if (from != to && from.bytes() == to.bytes() && from != DType.BOOL && to != DType.BOOL) {
                check(Fn.BITCAST, from, to, 1);
            }
        }
    }

    private static boolean isDefined(Fn fn, DType type) {
        return switch (fn) {
            case POPULATION_COUNT, LEADING_ZEROS -> type.isInteger();
            case AND, OR, XOR, NOT, SHIFT_LEFT, SHIFT_RIGHT_ARITHMETIC, SHIFT_RIGHT_LOGICAL -> !type.isFloat();
            case THREEFRY_0, THREEFRY_1 -> type == DType.U32;
            case FMA, FLOOR, CEIL, ROUND, SQRT -> type.isFloat();
            default -> fn.compareTo(Fn.EXP) < 0 || type.isFloat();
        };
    }

    private static void check(Fn fn, DType from, DType to, int arity) {
        Code code = new Code();
        List<Buffer> buffers = new ArrayList<>();
        List<Object> arrays = new ArrayList<>();
        List<Stmt> body = new ArrayList<>();
        int[] x = new int[arity];
        for (int i = 0; i < arity; i++) {
            buffers.add(new Buffer(from, false));
            arrays.add(data(from, i));
            x[i] = code.load(i, Address.axis(0), from);
            body.add(new Stmt.Let(x[i]));
        }
        int y = code.apply(fn, to, x);
        if (y == x[0]) return;                          // from a type to itself
        buffers.add(new Buffer(to, false));
        arrays.add(to.allocate(LENGTH));
        body.add(new Stmt.Let(y));
        body.add(new Stmt.Store(arity, Address.axis(0), y, Optional.empty(), -1));
        var kernel = new Kernel(code, buffers, List.of(), List.of(),
            List.of(new Stmt.Loop(0, LENGTH, Kind.RANGE, true, body)));
        var run = new KernelRun(kernel, arrays, new int[arity + 1], List.of(), 0, LENGTH);
        String what = fn + " of " + from + " to " + to;
        // near their zeros these are differences of logarithms
        int ulps = fn == Fn.LGAMMA || fn == Fn.DIGAMMA ? 64 * ULPS : ULPS;
        within(fn.compareTo(Fn.EXP) >= 0 && from.isFloat() ? ulps : 0, to, arrays, run.interpreted().getLast(),
            run.emitted(0, LOADER).getLast(), what);
        run.checkWidths(LOADER);
    }

    private static void within(int ulps, DType to, List<Object> arguments, Object expected, Object found, String what) {
        for (int i = 0; i < LENGTH; i++) {
            boolean near = switch (expected) {
                case float[] e -> ((float[]) found)[i] == e[i]
                    || Math.abs(((float[]) found)[i] - e[i]) <= ulps * Math.ulp(e[i]) || Float.isNaN(e[i])
                        && Float.isNaN(((float[]) found)[i]);
                case double[] e -> ((double[]) found)[i] == e[i]
                    || Math.abs(((double[]) found)[i] - e[i]) <= ulps * Math.ulp(e[i]) || Double.isNaN(e[i])
                        && Double.isNaN(((double[]) found)[i]);
                default -> to.read(expected, i).equals(to.read(found, i));
            };
            int at = i;
            assertTrue(near, () -> what + ": " + java.lang.reflect.Array.get(found, at) + " instead of "
                + java.lang.reflect.Array.get(expected, at)
                + " at " + java.lang.reflect.Array.get(arguments.getFirst(), at));
        }
    }

    private static final double[] SPECIAL = {0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE, -Double.MIN_VALUE,
        Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, Double.MAX_VALUE, 0.5,
            -0.5, 0.49999997, 1.5, -1.5, 2.5, -2.5,
        1, -1, 8388607.5, 8388608, 8388609, -4194303.5, 4503599627370495.5, 2147483647, 2147483648.0, -2147483649.0,
            4294967295.0, 4294967296.0, 255, 256, -1e-30,
        9.3e18, -9.3e18, 1e300, 1e7, -1e7, 3e12, 88.7, -88, -104, 710, -745, 20, 127.5};

    /** The special numbers, each beside each other, then random ones of all sizes. */
    private static Object data(DType type, int argument) {
        Random random = new Random(argument);
        Object array = type.allocate(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            double real = i < SPECIAL.length * 2
                ? SPECIAL[(i * (argument + 1) + i / SPECIAL.length * argument) % SPECIAL.length]
                    : random.nextGaussian() * Math.scalb(1, random.nextInt(24) - 12);
            long whole = i % 3 == 0 ? random.nextLong() : i % 3 == 1 ? random.nextInt(70) - 3
                : (1L << random.nextInt(64)) - i % 2;
            Number x = type.normalize(type.isFloat() ? (Number) real : (Number) whole);
            type.write(array, i, x);
        }
        return array;
    }
}
