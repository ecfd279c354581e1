package javelin.compiler;

import java.util.List;
import javelin.compiler.emit.Driver;
import javelin.compiler.emit.KernelLoader;
import javelin.compiler.emit.Kernels;
import javelin.compiler.memory.Planner;
import javelin.compiler.run.Workspaces;
import javelin.compiler.schedule.Machine;
import javelin.compiler.simplify.Simplify;
import javelin.core.Backend;
import javelin.core.Executable;
import javelin.core.Lists;
import javelin.core.Program;

/** The compiler: the passes from a program to bytecode, top to bottom. */
public final class JvmBackend implements Backend {
    /** Bytes of bytecode, by estimate, that one method may have. */
    private static final int METHOD = 6000;

    private final Machine machine;
    private final KernelLoader loader = new KernelLoader();

    /** For this machine. */
    public JvmBackend() { this(ThisMachine.machine()); }

    /** As if for {@code machine}: for tests, and to choose the number of threads. */
    public JvmBackend(Machine machine) { this.machine = machine; }

    @Override public Executable compile(Program program, List<Boolean> donated) {
        Program simplified = Simplify.run(program);                      // Program -> Program
        var kernels = new Kernels(loader, machine, () -> ThisMachine.missesVectors(machine));
        for (int methodBytes = METHOD; ; methodBytes /= 2) {
            // fused, scheduled, every value in its place
            var plan = Planner.plan(simplified, donated, machine, methodBytes);
            var driver = Driver.emit(plan, machine, loader, kernels);
            if (driver.isPresent()) return new Workspaces(driver.get());
        }
    }

    @Override public String explain(Program program) {
        Program simplified = Simplify.run(program);
        return new Explanation(program, simplified,
                Planner.plan(simplified, Lists.falses(program.inputs().size()), machine, METHOD), machine).text();
    }
}
