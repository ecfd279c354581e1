package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Atom;
import javelin.core.Atom.Var;
import javelin.core.ControlOp;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.ops.Convert;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.Transpose;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * Puts a transpose before every product whose factors cannot be read where they lie: afterwards the batch axes, the
 * free axes and the contracted axes of each factor can each be walked with one stride. And converts the factors of
 * products that are computed in another type, and the result: afterwards all have one, f32 or f64.
 */
public final class DotLayouts {
    private DotLayouts() {}

    static Program run(Program program) {
        List<Equation> equations = new ArrayList<>();
        int[] fresh = {program.variables()};
        for (Equation e : program.equations()) {
            switch (e.op()) {
                case DotGeneral dot -> equations.add(walkable(dot, e, equations, fresh));
                case ControlOp control ->
                    equations.add(new Equation(e.outputs(),
                            control.withBodies(Lists.map(control.bodies(), DotLayouts::run)), e.inputs(), e.source()));
                default -> equations.add(e);
            }
        }
        return Program.of(program.inputs(), equations, program.outputs());
    }

    private static Equation walkable(DotGeneral dot, Equation e, List<Equation> equations, int[] fresh) {
        DType out = e.output().type().dtype(), wide = dot.computation(e.inputs().getFirst().type().dtype());
        // computed as a reduction, which reads anything
        if (!out.isFloat()) return e;
        List<Atom> inputs = new ArrayList<>();
        List<DotGeneral.Side> sides = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Atom x = converted(e.inputs().get(i), wide, e, equations, fresh);
            DotGeneral.Side side = dot.side(i);
            Shape shape = x.type().shape();
            List<Integer> free = side.free(shape.rank());
            if (isWalkable(shape, side.batch()) && isWalkable(shape, free) && isWalkable(shape, side.contract())) {
                inputs.add(x);
                sides.add(side);
                continue;
            }
            List<Integer> order = Lists.concat(side.batch(), free, side.contract());
            var transpose = new Transpose(order);
            TensorType type = transpose.outputType(List.of(x.type()));
            Var moved = new Var(fresh[0]++, type);
            equations.add(new Equation(List.of(moved), transpose, List.of(x), e.source()));
            inputs.add(moved);
            int b = side.batch().size();
            sides.add(new DotGeneral.Side(Lists.range(0, b), Lists.range(b + free.size(), side.contract().size())));
        }
        var product = new DotGeneral(sides.get(0), sides.get(1));
        if (out == wide) return new Equation(e.outputs(), product, inputs, e.source());
        Var sum = new Var(fresh[0]++, e.output().type().withDType(wide));
        equations.add(new Equation(List.of(sum), product, inputs, e.source()));
        return new Equation(e.outputs(), new Convert(out), List.of(sum), e.source());
    }

    private static Atom converted(Atom x, DType to, Equation e, List<Equation> equations, int[] fresh) {
        if (x.type().dtype() == to) return x;
        Var y = new Var(fresh[0]++, x.type().withDType(to));
        equations.add(new Equation(List.of(y), new Convert(to), List.of(x), e.source()));
        return y;
    }

    /** Whether {@code axes} of a row-major array, in this order, are walked by one stride. */
    static boolean isWalkable(Shape shape, List<Integer> axes) {
        int[] strides = shape.strides();
        List<Integer> wide = axes.stream().filter(a -> shape.size(a) != 1).toList();
        for (int i = 1; i < wide.size(); i++)
            if (strides[wide.get(i - 1)] != strides[wide.get(i)] * shape.size(wide.get(i))) return false;
        return true;
    }

    /** That stride; 0 if there is nothing to walk. */
    public static int stride(Shape shape, List<Integer> axes) {
        int[] strides = shape.strides();
        return axes.reversed().stream().filter(a -> shape.size(a) != 1).findFirst().map(a -> strides[a]).orElse(0);
    }
}
