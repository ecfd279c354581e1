package javelin.compiler.emit;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javelin.compiler.kernel.Approximations;
import javelin.compiler.kernel.Code;
import javelin.core.lowering.Fn;
import javelin.core.type.DType;
import org.objectweb.asm.Label;

/**
 * The transcendental functions of single numbers, one class with one static method for each function and type, made
 * when it is first called for. The graphs are the ones that vectors compute, so the bits are the same.
 */
final class Functions {
    private final KernelLoader loader;

    Functions(KernelLoader loader) { this.loader = loader; }

    static boolean handles(Fn fn, DType type) { return Approximations.handles(fn, type); }

    private record Key(Fn fn, DType type) {}

    /** Arguments on the stack -> the value. */
    void call(Frame frame, Fn fn, DType type) {
        Key key = new Key(fn, type);
        String owner = loader.once(key, () -> define(key));
        frame.call(owner, "of", descriptor(key));
    }

    private static String descriptor(Key key) {
        String t = Frame.element(key.type()).getDescriptor();
        return "(" + t.repeat(key.fn().arity()) + ")" + t;
    }

    private String define(Key key) {
        String owner = KernelLoader.PACKAGE + key.fn().name().toLowerCase(Locale.ROOT) + "_" + key.type();
        var writer = new KernelWriter(owner);
        Frame frame = writer.method("of", descriptor(key));
        Code code = new Code();
        int[] arguments = new int[key.fn().arity()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = code.argument(i, key.type());
            frame.claim(Name.argument(i), Frame.element(key.type()));
        }
        double limit = Approximations.limit(key.fn(), key.type());
        if (limit < Double.POSITIVE_INFINITY) exactBeyond(frame, key, limit);
        int value = new Expansion(code).transcendental(key.fn(), key.type(), arguments);
        var scalars = new ScalarCode(code, frame, loader, Places.none(frame));
        for (int node : used(code, value)) scalars.let(node);
        scalars.push(value);
        frame.op(IRETURN, key.type());
        frame.end();
        loader.define(owner, writer.toByteArray());
        return owner;
    }

    /** The applications {@code value} is made of, in order: folding constants leaves some that nothing needs. */
    private static List<Integer> used(Code code, int value) {
        boolean[] used = new boolean[code.size()];
        used[value] = true;
        List<Integer> nodes = new ArrayList<>();
        for (int n = value; n >= 0; n--) {
            if (!used[n] || !(code.node(n) instanceof Code.Node.Apply(_, _, List<Integer> arguments))) continue;
            nodes.add(n);
            for (int a : arguments) used[a] = true;
        }
        return nodes.reversed();
    }

    private static void exactBeyond(Frame frame, Key key, double limit) {
        boolean single = key.type() == DType.F32;
        Label near = new Label();
        frame.load(Name.argument(0));
        String t = Frame.element(key.type()).getDescriptor();
        frame.call("java/lang/Math", "abs", "(" + t + ")" + t);
        frame.constant(limit, key.type());
        ScalarOps.jumpUnless(frame, Fn.GT, key.type(), near);
        frame.load(Name.argument(0));
        if (single) frame.op(F2D);
        frame.call("java/lang/StrictMath", key.fn().name().toLowerCase(Locale.ROOT), "(D)D");
        if (single) frame.op(D2F);
        frame.op(IRETURN, key.type());
        frame.mark(near);
    }
}
