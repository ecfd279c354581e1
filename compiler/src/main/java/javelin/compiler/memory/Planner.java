package javelin.compiler.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javelin.compiler.memory.Slot.Role;
import javelin.compiler.schedule.Machine;
import javelin.core.Atom.Var;
import javelin.core.Program;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Fuses, schedules and places a program, region by region. A value's slot is free again after the last step that reads
 * it; a result is written straight into its own array, or into a donated argument's.
 */
public final class Planner {
    /** Loops of so many turns run in a method of their own, {@link #TURNS} at a time. */
    public static final int MANY_TURNS = 64, TURNS = 32;

    final List<Slot> slots = new ArrayList<>(), free = new ArrayList<>();
    final List<Boolean> donated;
    final Machine machine;
    final int methodBytes;
    int loops;

    /**
     * @param slots       every array of the program
     * @param methodBytes about how many bytes of bytecode a region may have to be one method
     */
    public record Plan(Region main, List<Slot> slots, List<Place> outputs, int methodBytes) {}

    private Planner(List<Boolean> donated, Machine machine, int methodBytes) {
        this.methodBytes = methodBytes;
        this.donated = donated;
        this.machine = machine;
    }

    public static Plan plan(Program program, List<Boolean> donated, Machine machine, int methodBytes) {
        var planner = new Planner(donated, machine, methodBytes);
        Map<Integer, Place> inputs = new HashMap<>();
        for (int i = 0; i < program.inputs().size(); i++) {
            Var v = program.inputs().get(i);
            inputs.put(v.index(), Place.at(planner.slot(v.type().dtype(), Role.INPUT, i, v.type().elements())));
        }
        List<Place> outputs = new ArrayList<>();
        var main = new Block(planner, program, inputs, 1).plan(outputs);
        return new Plan(main, planner.slots, outputs, methodBytes);
    }

    Slot slot(DType type, Role role, int index, int capacity) {
        Slot slot = new Slot(slots.size(), type, role, index, capacity);
        slots.add(slot);
        return slot;
    }

    /** A slot for {@code type}: the free one that fits best, else a new one. */
    Slot allocate(TensorType type) {
        int n = type.elements();
        Optional<Slot> best = free.stream().filter(s -> s.type() == type.dtype())
                .min(Comparator.comparingLong(
                        s -> s.capacity() >= n ? s.capacity() - n : (1L << 32) + n - s.capacity()));
        if (best.isEmpty() || best.get().capacity() > 8L * n + 64) return slot(type.dtype(), Role.WORK, -1, n);
        free.remove(best.get());
        best.get().hold(n);
        return best.get();
    }
}
