package javelin.check;

import java.util.List;
import javelin.core.Array;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Tensor;

/** A way to run programs: the reference evaluator here, a compiler in its own tests. */
@FunctionalInterface
public interface Runner {
    List<? extends Tensor> run(Program program, List<? extends Tensor> arguments);

    Runner EVALUATOR = Evaluator::evaluate;

    default List<Array> arrays(Program program, List<? extends Tensor> arguments) {
        return Lists.map(List.<Tensor>copyOf(run(program, arguments)), Tensor::array);
    }
}
