package javelin.compiler.emit;

import java.util.List;
import javelin.compiler.library.Gemm;
import javelin.compiler.library.ProductCall;
import javelin.compiler.schedule.Machine;
import javelin.compiler.simplify.DotLayouts;
import javelin.core.Equation;
import javelin.core.ops.DotGeneral;
import javelin.core.type.Shape;

/** From a product of two tensors, whose axes can be walked (see {@link DotLayouts}), to the library's matrix product. */
final class Products {
    private Products() {}

    static ProductCall.Plan plan(Equation e, Machine machine) {
        var dot = (DotGeneral) e.op();
        Shape a = e.inputs().get(0).type().shape(), b = e.inputs().get(1).type().shape();
        List<Integer> rows = dot.lhs().free(a.rank()), columns = dot.rhs().free(b.rank());
        int batch = a.select(dot.lhs().batch()).elements(), m = a.select(rows).elements(), n = b.select(columns).elements(), k = a.select(dot.lhs().contract()).elements();
        var spec = new Gemm.Spec(e.output().type().dtype(), m, n, k, DotLayouts.stride(a, rows), DotLayouts.stride(a, dot.lhs().contract()),
                DotLayouts.stride(b, dot.rhs().contract()), DotLayouts.stride(b, columns));
        return new ProductCall.Plan(Gemm.of(spec, machine), batch, DotLayouts.stride(a, dot.lhs().batch()), DotLayouts.stride(b, dot.rhs().batch()), m * n, machine.threads());
    }
}
