package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import javelin.core.lowering.Scalar;
import javelin.core.type.DType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * The inner loops of prefix sums, of any type and combination, as generated classes: plain Java loops, one method each,
 * one class for each combination and direction in a process.
 */
public final class PrefixKernels {
    /** How many sums run side by side, since each addition waits for the one before it: four cycles, of two a cycle. */
    public static final int CHAINS = 8;
    /** The elements of each, a constant: so all of them are addressed by one register. */
    public static final int PIECE = 128;

    /**
     * Element i of a line from {@code o} on is at {@code o + i}, or, reversed, at {@code o - i}. Arrays are of one
     * type; {@code out} may not be {@code x}.
     */
    public interface Kernel {
        /** {@link #CHAINS} pieces of a line, each by itself. */
        void pieces(Object x, int xo, Object out, int oo);

        /** {@code count} elements that go on from the one in front of {@code out}'s first. */
        void line(Object x, int xo, Object out, int oo, int count);

        /** {@code out[oo + i] = combine(out[from + i], x[xo + i])} for i below {@code count}, in either direction. */
        void rows(Object x, int xo, Object out, int from, int oo, int count);

        /** {@code out[oo + i] = combine(out[from], out[oo + i])} for i below {@code count}, in either direction. */
        void spread(Object out, int from, int oo, int count);
    }

    private record Key(DType type, Scalar combine, boolean reverse) {}

    private static final KernelLoader LOADER = new KernelLoader();

    private final Key key;
    private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
        @Override protected String getCommonSuperClass(String a, String b) { return "java/lang/Object"; }
    };
    private Frame f;

    private PrefixKernels(Key key) { this.key = key; }

    /**
     * @param type    not a half, whose sums would be rounded on the way
     * @param combine an expression of reads 0 (what came before) and 1 (the next element)
     */
    public static Kernel of(DType type, Scalar combine, boolean reverse) {
        Key key = new Key(type, combine, reverse);
        return LOADER.once(key, () -> new PrefixKernels(key).make());
    }

    private Kernel make() {
        LOADER.export(Kernel.class);
        String name = LOADER.fresh("Prefix"), object = "java/lang/Object";
        writer.visit(V21, ACC_PUBLIC | ACC_FINAL | ACC_SUPER, name, null, object,
                new String[] {Type.getInternalName(Kernel.class)});
        f = new Frame(writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null));
        f.out.visitVarInsn(ALOAD, 0);
        f.out.visitMethodInsn(INVOKESPECIAL, object, "<init>", "()V", false);
        finish();
        pieces();
        line();
        rows();
        spread();
        try {
            return (Kernel) LOADER.define(name, writer.toByteArray()).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a generated prefix sum cannot be loaded", e);
        }
    }

    private void pieces() {
        start("pieces", "x", "xo", "out", "oo");
        for (int k = 0; k < CHAINS; k++) {
            int from = k * PIECE;
            load("x", () -> along("xo", from), "before" + k);
            write("before" + k, () -> along("oo", from));
        }
        f.constant(PIECE);
        f.store("count", Type.INT_TYPE);
        loop(1, () -> {
            place("xi", () -> along("xo"));
            place("oi", () -> along("oo"));
            for (int k = 0; k < CHAINS; k++) {
                int from = k * PIECE;
                step(() -> along("xi", from), "before" + k, () -> along("oi", from));
            }
        });
        finish();
    }

    private void line() {
        start("line", "x", "xo", "out", "oo", "count");
        load("out", () -> {
            f.load("oo");
            f.constant(key.reverse() ? -1 : 1);
            f.op(ISUB);
        }, "before");
        loop(0, () -> step(() -> along("xo"), "before", () -> along("oo")));
        finish();
    }

    private void rows() {
        start("rows", "x", "xo", "out", "from", "oo", "count");
        loop(0, () -> {
            load("out", () -> ascending("from"), "before");
            load("x", () -> ascending("xo"), "next");
            combine("before", "next", "before");
            write("before", () -> ascending("oo"));
        });
        finish();
    }

    private void spread() {
        start("spread", "out", "from", "oo", "count");
        load("out", () -> f.load("from"), "before");
        loop(0, () -> {
            load("out", () -> ascending("oo"), "next");
            combine("before", "next", "next");
            write("next", () -> ascending("oo"));
        });
        finish();
    }

    /** Combines the next element of x with {@code before}, which it becomes, and writes it. */
    private void step(Runnable x, String before, Runnable out) {
        load("x", x, "next");
        combine(before, "next", before);
        write(before, out);
    }

    private void combine(String before, String next, String to) {
        push(key.combine(), before, next);
        f.store(to, Frame.element(key.type()));
    }

    private void push(Scalar s, String before, String next) {
        switch (s) {
            case Scalar.Const(Number value, DType type) -> f.constant(value, type);
            case Scalar.Read(int input, _, _) -> f.load(input == 0 ? before : next);
            case Scalar.Apply(var fn, DType to, var arguments) -> {
                arguments.forEach(a -> push(a, before, next));
                ScalarOps.apply(f, LOADER, fn, to, arguments.getFirst().type());
            }
            case Scalar.Loop _ -> throw new IllegalStateException("a combination has no loops");
        }
    }

    // methods, loops, places

    /** A method of arrays, named x and out, and ints; arrays are Objects to callers. */
    private void start(String method, String... parameters) {
        var descriptor = new StringBuilder("(");
        for (String p : parameters) descriptor.append(isArray(p) ? "Ljava/lang/Object;" : "I");
        f = new Frame(writer.visitMethod(ACC_PUBLIC, method, descriptor + ")V", null, null));
        Type array = Frame.array(key.type());
        f.claim("this", Type.getType(Object.class));
        for (String p : parameters) {
            if (isArray(p)) f.claim("any " + p, Type.getType(Object.class));
            else f.claim(p, Type.INT_TYPE);
        }
        for (String p : parameters) {
            if (!isArray(p)) continue;
            f.load("any " + p);
            f.out.visitTypeInsn(CHECKCAST, array.getInternalName());
            f.store(p, array);
        }
    }

    private static boolean isArray(String parameter) { return parameter.equals("x") || parameter.equals("out"); }

    private void finish() {
        f.op(RETURN);
        f.end();
    }

    private void loop(int from, Runnable body) {
        Label test = new Label(), end = new Label();
        f.constant(from);
        f.store("i", Type.INT_TYPE);
        f.mark(test);
        f.load("i");
        f.load("count");
        f.jump(IF_ICMPGE, end);
        f.scope(body);
        f.increment("i", 1);
        f.jump(GOTO, test);
        f.mark(end);
    }

    private void place(String name, Runnable value) {
        value.run();
        f.store(name, Type.INT_TYPE);
    }

    /** Pushes the place of element i of a line. */
    private void along(String base) {
        f.load(base);
        f.load("i");
        f.op(key.reverse() ? ISUB : IADD);
    }

    /** Pushes the place that is {@code further} elements along a line. */
    private void along(String base, int further) {
        f.load(base);
        f.constant(key.reverse() ? -further : further);
        f.op(IADD);
    }

    private void ascending(String base) {
        f.load(base);
        f.load("i");
        f.op(IADD);
    }

    private void load(String array, Runnable place, String to) {
        f.load(array);
        place.run();
        ScalarOps.load(f, key.type());
        f.store(to, Frame.element(key.type()));
    }

    private void write(String value, Runnable place) {
        f.load("out");
        place.run();
        f.load(value);
        ScalarOps.store(f, key.type());
    }
}
