package javelin.conformance;

import java.util.List;
import java.util.function.UnaryOperator;
import javelin.core.Array;
import javelin.core.Backend;
import javelin.core.Evaluator;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** How programs are run. */
public enum Execution {
    /** By the reference evaluator. */
    EVALUATED {
        @Override List<Array> run(Program program, List<? extends Tensor> arguments) {
            return Lists.map(Evaluator.evaluate(program, arguments), Tensor::array);
        }
    },
    /** By the compiler that is installed. */
    COMPILED {
        @Override List<Array> run(Program program, List<? extends Tensor> arguments) {
            Backend backend = Backend.installed().orElseThrow(() -> Failure.unsupported("no compiler is installed"));
            List<TensorType> types = program.outputTypes();
            Object[] outputs = new Object[types.size()];
            backend.compile(program, Lists.falses(program.inputs().size())).run(arguments.stream().map(a -> a.array().storage()).toArray(), outputs);
            return Lists.each(outputs.length, i -> Array.wrap(types.get(i), outputs[i]));
        }
    };

    abstract List<Array> run(Program program, List<? extends Tensor> arguments);

    /** Traces {@code function} at the types of {@code arguments} and runs what it does. */
    List<Array> call(UnaryOperator<List<Tensor>> function, List<? extends Tensor> arguments) {
        var traced = Recorder.trace(Lists.map(arguments, Tensor::type), function);
        return run(traced.program(), Lists.concat(traced.captured(), arguments));
    }
}
