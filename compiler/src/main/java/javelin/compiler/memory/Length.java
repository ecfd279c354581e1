package javelin.compiler.memory;

import java.util.List;
import javelin.compiler.fuse.Fuser;
import javelin.compiler.fuse.Group;
import javelin.core.ControlOp;
import javelin.core.Equation;
import javelin.core.Program;
import javelin.core.ops.DotGeneral;

/** About how many bytes of bytecode steps take in a driver, of which no method may be long. */
final class Length {
    private Length() {}

    /**
     * Of {@code groups}; bodies of loops, whose tensors of {@code tiny} elements are scalars, get methods of {@code
     * methodBytes}.
     */
    static int of(List<Group> groups, int tiny, int methodBytes) {
        int bytes = 0;
        for (Group g : groups) {
            bytes += switch (g) {
                case Group.Unrolled(Equation e) -> unrolled(e);
                case Group.Control(Equation e) -> 60 + ((ControlOp) e.op()).bodies().stream()
                        .mapToInt(b -> body(b, tiny, methodBytes)).sum();
                case Group.Reshape _ -> 0;
                default -> 60 + 6 * g.reads().size();
            };
        }
        return bytes;
    }

    private static int body(Program b, int tiny, int methodBytes) {
        return Math.min(methodBytes, of(Fuser.fuse(b, tiny), tiny, methodBytes) + 40 * b.outputs().size());
    }

    private static int unrolled(Equation e) {
        int n = e.outputs().stream().mapToInt(v -> v.type().elements()).sum(),
                in = e.inputs().isEmpty() ? 0 : e.inputs().getFirst().type().elements();
        boolean sums = e.op() instanceof DotGeneral || e.inputs().size() == 1 && in > n;
        return 14 * n * (sums ? Math.max(1, in / Math.max(1, e.output().type().elements())) : 1);
    }
}
