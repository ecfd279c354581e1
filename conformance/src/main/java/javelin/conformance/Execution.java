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
        @Override UnaryOperator<List<Array>> prepare(Program program) {
            return arguments -> Lists.map(Evaluator.evaluate(program, arguments), Tensor::array);
        }
    },
    /** By the compiler that is installed. */
    COMPILED {
        @Override UnaryOperator<List<Array>> prepare(Program program) {
            Backend backend = Backend.installed().orElseThrow(() -> Failure.unsupported("no compiler is installed"));
            var executable = backend.compile(program, Lists.falses(program.inputs().size()));
            List<TensorType> types = program.outputTypes();
            return arguments -> {
                Object[] outputs = new Object[types.size()];
                executable.run(arguments.stream().map(Array::storage).toArray(), outputs);
                return Lists.each(outputs.length, i -> Array.wrap(types.get(i), outputs[i]));
            };
        }
    };

    /** Makes {@code program} ready to be run any number of times. */
    abstract UnaryOperator<List<Array>> prepare(Program program);

    List<Array> run(Program program, List<? extends Tensor> arguments) {
        return prepare(program).apply(Lists.map(arguments, Tensor::array));
    }

    /** Traces {@code function} at the types of {@code arguments} and runs what it does. */
    List<Array> call(UnaryOperator<List<Tensor>> function, List<? extends Tensor> arguments) {
        var traced = Recorder.trace(Lists.map(arguments, Tensor::type), function);
        return run(traced.program(), Lists.concat(traced.captured(), arguments));
    }

    /** As {@link #call}, to be called any number of times with arguments of these types. */
    UnaryOperator<List<Array>> prepare(UnaryOperator<List<Tensor>> function, List<TensorType> types) {
        var traced = Recorder.trace(types, function);
        List<Array> captured = Lists.map(traced.captured(), Tensor::array);
        UnaryOperator<List<Array>> run = prepare(traced.program());
        return arguments -> run.apply(Lists.concat(captured, arguments));
    }
}
