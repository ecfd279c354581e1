package javelin.compiler.library;

import java.util.List;
import javelin.compiler.schedule.Machine;
import javelin.compiler.simplify.ConvLayouts;
import javelin.compiler.simplify.DotLayouts;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.linalg.Batch;
import javelin.core.lowering.Lowering;
import javelin.core.lowering.Routine;
import javelin.core.ops.ConvGeneral;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.Fft;
import javelin.core.ops.Prefix;
import javelin.core.ops.Sort;
import javelin.core.ops.TopK;
import javelin.core.type.Shape;

/** Which algorithm runs an op that is not a loop nest of the compiler's own. */
public final class Routines {
    private Routines() {}

    /** The routine for {@code e}, the fastest there is for {@code machine}. */
    public static Routine of(Equation e, Machine machine) {
        return switch (e.op()) {
            case DotGeneral dot -> product(dot, e, machine);
            case ConvGeneral conv -> switch (ConvLayouts.form(e).orElseThrow()) {
                case IMAGES -> new ImageConvolution(ConvShape.of(conv, e), machine.vectorBits(), machine.threads());
                case KERNELS -> new KernelConvolution(ConvShape.of(conv, e), machine.vectorBits(), machine.threads());
            };
            default -> faster(((Lowering.Library) e.op().lower(Lists.map(e.inputs(), a -> a.type()))).routine(),
                    machine);
        };
    }

    private static Routine faster(Routine plain, Machine machine) {
        return switch (plain) {
            case Prefix prefix -> new PrefixSums(prefix, machine.threads());
            case Sort.Sorted sorted -> new Sorting(sorted, machine.threads());
            case TopK.Largest largest -> new LargestElements(largest, machine.threads());
            case Batch batch -> Blocked.of(batch, machine);
            case Fft.OfLines lines -> new Fourier(lines, machine);
            default -> plain;
        };
    }

    /** A product of two tensors whose axes can be walked (see {@link DotLayouts}) as a product of matrices. */
    private static Product product(DotGeneral dot, Equation e, Machine machine) {
        Shape a = e.inputs().get(0).type().shape(), b = e.inputs().get(1).type().shape();
        List<Integer> rows = dot.lhs().free(a.rank()), columns = dot.rhs().free(b.rank());
        int batch = a.select(dot.lhs().batch()).elements(), m = a.select(rows).elements(),
                n = b.select(columns).elements();
        var spec = new Gemm.Spec(e.output().type().dtype(), m, n, a.select(dot.lhs().contract()).elements(),
                DotLayouts.stride(a, rows), DotLayouts.stride(a, dot.lhs().contract()),
                DotLayouts.stride(b, dot.rhs().contract()), DotLayouts.stride(b, columns));
        return new Product(Gemm.of(spec, machine), batch, DotLayouts.stride(a, dot.lhs().batch()),
                DotLayouts.stride(b, dot.rhs().batch()), m * n, machine.threads());
    }
}
