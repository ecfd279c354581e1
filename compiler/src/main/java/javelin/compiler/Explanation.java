package javelin.compiler;

import java.util.stream.Collectors;
import javelin.compiler.fuse.Group;
import javelin.compiler.kernel.KernelPrinter;
import javelin.compiler.memory.Planner.Plan;
import javelin.compiler.memory.Region;
import javelin.compiler.memory.Slot;
import javelin.compiler.memory.Step;
import javelin.compiler.schedule.Machine;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;

/** Every stage of a compilation as text, in the order of the passes. */
record Explanation(Program program, Program simplified, Plan plan, Machine machine) {
    String text() {
        return "== program\n" + program + "\n\n== simplified\n" + simplified + "\n\n== groups\n"
                + groups(plan.main(), "")
                + "\n== kernels and driver\n" + steps(plan.main(), "") + "\n== memory\n" + memory();
    }

    private static String groups(Region region, String indent) {
        StringBuilder text = new StringBuilder();
        for (Group g : region.groups()) {
            String kind = g.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
            if (g instanceof Group.Loops(_, _, var rows, var columns))
                kind += " " + rows + (columns.isEmpty() ? "" : " x " + columns);
            text.append(indent).append(kind).append(" -> ").append(g.outputs()).append('\n');
            for (Equation e : g.members())
                text.append(indent).append("    ").append(e.outputs()).append(" = ").append(e.op()).append(' ')
                        .append(e.inputs()).append('\n');
        }
        return text.toString();
    }

    private String steps(Region region, String indent) {
        StringBuilder text = new StringBuilder();
        for (Step s : region.steps()) {
            text.append(indent).append(switch (s) {
                case Step.Run(var call) -> "run " + call.buffers() + " " + call.arguments() + "  "
                        + call.buffers().stream().map(v -> region.place(v).toString()).collect(Collectors.joining(", "))
                        + (call.wantsVectors(machine) ? "  in vectors" : "") + "\n"
                                + KernelPrinter.print(call.kernel()).indent(indent.length() + 4).stripTrailing();
                case Step.Unrolled(Equation e) -> "scalars " + e.outputs() + " = " + e.op() + " " + e.inputs();
                case Step.Library(Equation e, var epilogue) ->
                    "library " + e.op() + " " + Lists.map(e.outputs(), v -> v + " at "
                            + (region.hasPlace(v) ? region.place(v) : "no place")) + " = " + e.inputs()
                            + epilogue.map(c -> ", by rows with " + c.stored()).orElse("");
                case Step.Copy(var from, var to, var type) -> "copy " + from + " to " + to;
                case Step.Fill(var value, var to) -> "fill " + to + " with " + value;
                case Step.Counted loop ->
                    "loop t" + loop.loop() + " " + loop.scan() + "\n" + groups(loop.body(), indent + "  | ")
                            + steps(loop.body(), indent + "  ");
                case Step.Conditional loop ->
                    "while\n" + steps(loop.condition(), indent + "  ? ") + steps(loop.body(), indent + "  ");
                case Step.Branch branch ->
                    "branch\n" + branch.branches().stream().map(b -> steps(b, indent + "  "))
                            .collect(Collectors.joining(indent + "or\n"));
            }).append('\n');
        }
        return text.toString();
    }

    private String memory() {
        long bytes = plan.slots().stream().filter(s -> s.role() == Slot.Role.WORK)
                .mapToLong(s -> (long) s.capacity() * s.type().bytes()).sum();
        return plan.slots().stream().map(s -> "  " + s + "\n")
                .collect(Collectors.joining()) + "  " + bytes + " bytes of work space\n";
    }
}
