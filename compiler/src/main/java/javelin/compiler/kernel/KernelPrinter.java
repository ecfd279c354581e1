package javelin.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javelin.compiler.kernel.Code.Address;
import javelin.compiler.kernel.Code.Node;
import javelin.compiler.kernel.Kernel.Fold;
import javelin.compiler.kernel.Kernel.Kind;
import javelin.compiler.kernel.Kernel.Stmt;

/**
 * A kernel as text, loops indented. Nodes and axes are renamed in the order in which they appear, so that kernels that
 * do the same read the same.
 */
public final class KernelPrinter {
    private final Kernel kernel;
    private final boolean structural;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> integers = new ArrayList<>();
    private final Map<Integer, String> axes = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();         // of registers
    private int named;

    private KernelPrinter(Kernel kernel, boolean structural) {
        this.kernel = kernel;
        this.structural = structural;
        header();
        body(kernel.body(), "  ");
    }

    public static String print(Kernel kernel) { return new KernelPrinter(kernel, false).text.toString(); }

    /**
     * The text with {@code #i} for every extent of a serial loop, coefficient and constant of an address but 0 and 1,
     * and without the extents of RANGE loops. Kernels of equal structure share code, which is handed their
     * {@link #integers}.
     */
    public static String structure(Kernel kernel) { return new KernelPrinter(kernel, true).text.toString(); }

    /** The values of the {@code #i}, each once, in the order of first appearance. */
    public static List<Integer> integers(Kernel kernel) {
        return List.copyOf(new KernelPrinter(kernel, true).integers);
    }

    private void header() {
        text.append("kernel(");
        for (int b = 0; b < kernel.buffers().size(); b++) {
            Kernel.Buffer buffer = kernel.buffers().get(b);
            text.append(b == 0 ? "" : ", ").append(buffer.type()).append("[] b").append(b);
            text.append(buffer.offset() ? "+" : "");
        }
        for (int a = 0; a < kernel.arguments().size(); a++)
            text.append(kernel.buffers().isEmpty() && a == 0 ? "" : ", ")
                .append(kernel.arguments().get(a)).append(" a").append(a);
        text.append(")\n");
    }

    private void body(List<Stmt> body, String indent) {
        for (Stmt s : body) {
            text.append(indent);
            switch (s) {
                case Stmt.Loop loop -> loop(loop, indent);
                case Stmt.Let(int node) -> let(node);
                case Stmt.Begin(int f) ->
                    text.append("begin f").append(f).append(": ").append(describe(kernel.folds().get(f))).append('\n');
                case Stmt.Accumulate(int f, int node) ->
                    text.append('f').append(f).append(" <- ").append(value(node)).append('\n');
                case Stmt.End(int f) -> text.append("end f").append(f).append('\n');
                case Stmt.Store store -> store(store);
            }
        }
    }

    private void loop(Stmt.Loop loop, String indent) {
        String name = "i" + axes.size();
        axes.put(loop.axis(), name);
        text.append("for ").append(name);
        if (loop.kind() == Kind.SERIAL) text.append(" < ").append(integer(loop.extent()));
        else text.append(structural ? " in range" : " in range of " + loop.extent());
        text.append(loop.vector() ? " vector\n" : "\n");
        Map<Integer, String> outside = new HashMap<>(names);
        body(loop.body(), indent + "  ");
        names.clear();
        names.putAll(outside);
    }

    private void let(int node) {
        String value = compute(node);
        String name = "v" + named++;
        names.put(node, name);
        text.append(name).append(" = ").append(value).append('\n');
    }

    private void store(Stmt.Store s) {
        String target = "b" + s.buffer() + "[" + address(s.at()) + "]";
        String value = value(s.node());
        text.append(target).append(" = ");
        text.append(s.combine().map(fn -> fn + "(" + target + ", " + value + ")").orElse(value));
        text.append(s.guard() < 0 ? "\n" : " if " + value(s.guard()) + "\n");
    }

    private String describe(Fold f) {
        String along = f.lanes() >= 0 ? " along lanes of " + axis(f.lanes())
            : f.along() >= 0 ? " giving " + axis(f.along()) : "";
        return f.combine() + " " + f.type() + " from " + f.identity() + along;
    }

    /** An axis may be named before its loop begins. */
    private String axis(int axis) { return axes.getOrDefault(axis, "axis " + (structural ? position(axis) : axis)); }

    /** How many loops begin before that of {@code axis}. */
    private int position(int axis) {
        List<Integer> order = new ArrayList<>();
        order(kernel.body(), order);
        return order.indexOf(axis);
    }

    private static void order(List<Stmt> body, List<Integer> order) {
        for (Stmt s : body) {
            if (!(s instanceof Stmt.Loop loop)) continue;
            if (!order.contains(loop.axis())) order.add(loop.axis());
            order(loop.body(), order);
        }
    }

    private String value(int node) { return names.containsKey(node) ? names.get(node) : compute(node); }

    private String compute(int node) {
        return switch (kernel.code().node(node)) {
            case Node.Const(Number value, var type) -> value + ":" + type;
            case Node.Argument(int index, _) -> "a" + index;
            case Node.Axis(int axis) -> axis(axis);
            case Node.Load(int buffer, Address at, _) -> "b" + buffer + "[" + address(at) + "]";
            case Node.Apply(var fn, var type, var arguments) ->
                fn + ":" + type + arguments.stream().map(this::value).collect(Collectors.joining(", ", "(", ")"));
            case Node.Fold(int f, _) -> "f" + f;
        };
    }

    private String address(Address at) {
        List<String> parts = new ArrayList<>();
        if (at.dynamic() >= 0) parts.add(value(at.dynamic()));
        at.terms().entrySet().stream().sorted(java.util.Comparator.comparing(e -> axis(e.getKey())))
            .forEach(e -> parts.add((e.getValue() == 1 ? "" : integer(e.getValue()) + " ") + axis(e.getKey())));
        if (at.constant() != 0 || parts.isEmpty()) parts.add(integer(at.constant()));
        return String.join(" + ", parts);
    }

    private String integer(int value) {
        if (!structural || value == 0 || value == 1) return Integer.toString(value);
        if (!integers.contains(value)) integers.add(value);
        return "#" + integers.indexOf(value);
    }
}
