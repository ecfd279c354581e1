package javelin.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import javelin.compiler.kernel.Kernel;
import javelin.compiler.kernel.KernelInterpreter;
import javelin.compiler.kernel.KernelPrinter;
import javelin.core.type.DType;
import org.objectweb.asm.Type;

/** A kernel and one set of what it is called with; every run works on copies of the arrays. */
record KernelRun(Kernel kernel, List<Object> arrays, int[] offsets, List<Number> arguments, int from, int to) {
    static final int[] WIDTHS = {64, 128, 256, 512};
    /** More than a thousand, and the JVM's compiler has its turn. */
    private static final int TIMES = Integer.getInteger("javelin.times", 1);

    List<Object> interpreted() {
        List<Object> copies = copies();
        KernelInterpreter.run(kernel, copies, offsets, arguments, from, to);
        return copies;
    }

    List<Object> emitted(int vectorBits, KernelLoader loader) {
        for (int i = 1; i < TIMES; i++) call(vectorBits, loader);
        return call(vectorBits, loader);
    }

    private List<Object> call(int vectorBits, KernelLoader loader) {
        KernelEmitter.Emitted emitted = KernelEmitter.emit(kernel, vectorBits, loader);
        List<Object> copies = copies();
        List<Object> all = new ArrayList<>();
        for (int b = 0; b < copies.size(); b++) {
            all.add(copies.get(b));
            if (kernel.buffers().get(b).offset()) all.add(offsets[b]);
        }
        for (int a = 0; a < arguments.size(); a++) all.add(asPassed(arguments.get(a), kernel.arguments().get(a)));
        all.addAll(emitted.integers());
        for (DType t : emitted.scratch()) all.add(t.allocate(Kernel.LANES));
        all.add(from);
        all.add(to);
        try {
            method(emitted, loader).invoke(null, all.toArray());
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new AssertionError("at " + vectorBits + " bits:\n" + KernelPrinter.print(kernel), e);
        }
        return copies;
    }

    static Method method(KernelEmitter.Emitted emitted, KernelLoader loader) {
        try {
            Class<?> type = loader.loadClass(emitted.owner().replace('/', '.'));
            for (Method m : type.getMethods()) if (m.getName().equals("run")) return m;
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError(emitted.owner() + " has no method run");
    }

    private static Object asPassed(Number value, DType type) {
        return switch (Frame.element(type).getSort()) {
            case Type.FLOAT -> value.floatValue();
            case Type.DOUBLE -> value.doubleValue();
            case Type.LONG -> value.longValue();
            default -> (int) value.longValue();
        };
    }

    private List<Object> copies() {
        List<Object> copies = new ArrayList<>();
        for (Object a : arrays) {
            int length = Array.getLength(a);
            Object copy = Array.newInstance(a.getClass().getComponentType(), length);
            System.arraycopy(a, 0, copy, 0, length);
            copies.add(copy);
        }
        return copies;
    }

    /** The emitted code gives what the interpreter gives, bit for bit, at every width. */
    void check(KernelLoader loader) {
        List<Object> expected = interpreted();
        same(expected, emitted(0, loader), "scalar code and interpreter");
        checkWidths(loader);
    }

    /** All widths give the same bits. */
    void checkWidths(KernelLoader loader) {
        List<Object> expected = emitted(0, loader);
        for (int bits : WIDTHS) same(expected, emitted(bits, loader), "scalar code and " + bits + " bits");
    }

    /** Any NaN will do for any other. */
    private void same(List<Object> expected, List<Object> found, String what) {
        for (int b = 0; b < expected.size(); b++) {
            for (int i = 0; i < Array.getLength(expected.get(b)); i++) {
                Object e = Array.get(expected.get(b), i), f = Array.get(found.get(b), i);
                DType type = kernel.buffers().get(b).type();
                if (e.equals(f) || type.isHalf() && type.read(expected.get(b), i).equals(type.read(found.get(b), i)))
                    continue;
                assertEquals(e, f, what + ", element " + i + " of buffer " + b + "\n" + KernelPrinter.print(kernel));
            }
        }
    }
}
