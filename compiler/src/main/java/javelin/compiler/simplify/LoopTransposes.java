package javelin.compiler.simplify;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Atom.Var;
import javelin.core.Equation;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.ops.DotGeneral;
import javelin.core.ops.Scan;
import javelin.core.ops.Transpose;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * A right factor that is the same in every turn of a loop and is read across its rows is transposed once, before the
 * loop.
 */
final class LoopTransposes {
    private static final int FEWEST_ELEMENTS = 256, FEWEST_TURNS = 4;

    private LoopTransposes() {}

    static Program run(Program program) {
        var names = new Loop.Naming(program);
        List<Equation> all = new ArrayList<>();
        for (Equation e : program.equations())
            all.add(e.op() instanceof Scan scan && scan.length() >= FEWEST_TURNS
                    ? moved(new Loop(scan, e, names), names, all) : e);
        return Program.of(program.inputs(), all, program.outputs());
    }

    private static Equation moved(Loop loop, Loop.Naming names, List<Equation> before) {
        for (int i = 0; i < loop.body.size(); i++) {
            Equation e = loop.body.get(i);
            if (!(e.op() instanceof DotGeneral dot) || !(e.inputs().get(1) instanceof Var right)
                    || !loop.constants.contains(right) || !readsAcross(dot, e)) continue;
            DotGeneral.Side side = dot.rhs();
            int batch = side.batch().size();
            var transpose = new Transpose(Lists.concat(side.batch(), side.contract(), side.free(right.type().rank())));
            Var whole = names.fresh(transpose.outputType(List.of(right.type())));
            before.add(new Equation(List.of(whole), transpose,
                    List.of(loop.constantsOutside.get(loop.constants.indexOf(right))), e.source()));
            var byRows = new DotGeneral.Side(Lists.range(0, batch), Lists.range(batch, side.contract().size()));
            loop.body.set(i, new Equation(e.outputs(), dot.withSides(dot.lhs(), byRows),
                    List.of(e.inputs().getFirst(), loop.addConstant(whole)), e.source()));
        }
        return loop.equation();
    }

    /**
     * Whether neighbours in the right factor are of different rows; a product with one row or column reads it well
     * anyway.
     */
    private static boolean readsAcross(DotGeneral dot, Equation e) {
        TensorType left = e.inputs().get(0).type(), right = e.inputs().get(1).type();
        Shape rows = left.shape().select(dot.lhs().free(left.rank())),
                columns = right.shape().select(dot.rhs().free(right.rank()));
        return right.elements() >= FEWEST_ELEMENTS && rows.elements() > 1 && columns.elements() > 1 && dot.rhs()
                .contract().contains(right.rank() - 1);
    }
}
