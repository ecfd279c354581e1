package javelin.compiler.memory;

import java.util.List;
import java.util.Optional;
import javelin.compiler.schedule.Call;
import javelin.core.Atom;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.ops.Cond;
import javelin.core.ops.Scan;
import javelin.core.ops.While;
import javelin.core.type.TensorType;

/** One thing the driver does. */
public sealed interface Step {
    /** Calls a kernel. */
    record Run(Call call) implements Step {}

    /** Computes a tiny equation in scalars. */
    record Unrolled(Equation equation) implements Step {}

    /**
     * Calls a routine of the library: a matrix product, a sort; and a kernel for every part of the output it has
     * made. If only that kernel reads the output, it has no place.
     */
    record Library(Equation equation, Optional<Call> epilogue) implements Step {}

    /** Copies a value of {@code type} from one place to another. */
    record Copy(Place from, Place to, TensorType type) implements Step {}

    /** Writes a literal to a place. */
    record Fill(Literal value, Place to) implements Step {}

    /**
     * State passed from turn to turn of a loop.
     *
     * @param initial its first value, outside
     * @param in      the body's input
     * @param out     the body's output
     * @param result  the variable it ends in, outside
     * @param scalar  whether it is kept in locals
     * @param current where it lies at the start of every turn, unless it is kept in locals and nothing reads it from
     * memory
     * @param next    where the next turn's lies; its slot and {@code current}'s are exchanged after every turn if they
     * differ
     */
    record Carry(Atom initial, Var in, Atom out, Var result, boolean scalar, Place current, Place next) {}

    /**
     * A loop of a known number of turns. {@code body}'s inputs are constants, carries and rows; its ys are stored in
     * place.
     */
    record Counted(Equation equation, Scan scan, int loop, Region body, List<Carry> carries) implements Step {}

    /** A loop with a condition. */
    record Conditional(Equation equation, While loop, Region condition, Region body,
            List<Carry> carries) implements Step {}

    /** A choice: every branch leaves its outputs in the places of the equation's. */
    record Branch(Equation equation, Cond cond, List<Region> branches) implements Step {}
}
