package javelin.core;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javelin.core.Atom.Literal;
import javelin.core.Atom.Var;
import javelin.core.type.TensorType;

/** Writes down, as a {@link Program}, every op applied while user code runs on tracers. */
public final class Recorder {
    private static final ScopedValue<Recorder> CURRENT = ScopedValue.newInstance();
    private static final SourceLine ARGUMENT = new SourceLine("<an argument of the traced function>");

    private final Recorder outer;                                        // of an outermost trace: null
    private final List<Equation> equations = new ArrayList<>();
    private final Map<Tensor, Tracer> captured = new IdentityHashMap<>();
    private final List<Tensor> captures = new ArrayList<>();             // the keys of captured, in order
    private int variables;

    private Recorder(Recorder outer) { this.outer = outer; }

    /** A program and the tensors its function closed over, which are the program's first inputs. */
    public record Traced(Program program, List<Tensor> captured) {
        public List<Tensor> apply(List<Tensor> inputs) { return program.apply(Lists.concat(captured, inputs)); }

        /** The program of a function that closes over nothing. */
        public Program closed() {
            if (!captured.isEmpty()) throw new IllegalStateException("closes over " + captured);
            return program;
        }
    }

    /** Runs {@code body} once on tracers of the given types and returns what it did. */
    public static Traced trace(List<TensorType> types, UnaryOperator<List<Tensor>> body) {
        Recorder recorder = new Recorder(isOpen() ? current() : null);
        List<Tracer> inputs = Lists.map(types, t -> recorder.fresh(t, ARGUMENT));
        List<Tensor> outputs = ScopedValue.where(CURRENT, recorder).call(() -> recorded(body, List.copyOf(inputs)));
        List<Atom> results = Lists.map(outputs, recorder::atom);
        List<Var> binders = Lists.map(Lists.<Tracer>concat(Lists.map(recorder.captures, recorder.captured::get),
                inputs), t -> t.variable);
        return new Traced(Program.of(binders, recorder.equations, results), List.copyOf(recorder.captures));
    }

    private static List<Tensor> recorded(UnaryOperator<List<Tensor>> body, List<Tensor> inputs) {
        try {
            return body.apply(inputs);
        } catch (ClassCastException e) {
            // javac makes a lambda's parameter an Array if the argument beside it is one
            if (!String.valueOf(e.getMessage())
                    .contains(Tracer.class.getName() + " cannot be cast to class " + Array.class.getName())) throw e;
            throw new JavelinException("the traced function takes an Array where a Tensor is wanted: while it is traced"
                    + " its arguments have"
                    + " no numbers; declare its parameter, or the argument it is called with, as Tensor");
        }
    }

    /** What the innermost open trace has written down so far; nothing if there is none. */
    public static List<Equation> written() {
        return isOpen() ? java.util.Collections.unmodifiableList(current().equations) : List.of();
    }

    static boolean isOpen() { return CURRENT.isBound(); }

    static Recorder current() { return CURRENT.get(); }

    List<Tensor> record(Op op, List<Tensor> inputs) {
        List<TensorType> types = op.outputTypes(Lists.map(inputs, Tensor::type));
        List<Atom> atoms = Lists.map(inputs, this::atom);
        SourceLine source = SourceLine.current();
        List<Tracer> outputs = Lists.map(types, t -> fresh(t, source));
        equations.add(new Equation(Lists.map(outputs, t -> t.variable), op, atoms, source));
        return List.copyOf(outputs);
    }

    private Tracer fresh(TensorType type, SourceLine madeAt) {
        return new Tracer(this, new Var(variables++, type), madeAt);
    }

    /** How this program refers to {@code x}: its variable, a literal, or a captured input. */
    private Atom atom(Tensor x) {
        return switch (x) {
            case Tracer t when t.recorder == this -> t.variable;
            case Array a when a.type().rank() == 0 -> new Literal(a.get(0), a.type());
            case Tracer t when !encloses(t.recorder) -> throw new EscapedTracerException(t);
            default -> {
                Tracer known = captured.get(x);
                if (known == null) {
                    known = fresh(x.type(), ARGUMENT);
                    captured.put(x, known);
                    captures.add(x);
                }
                yield known.variable;
            }
        };
    }

    private boolean encloses(Recorder other) {
        for (Recorder r = outer; r != null; r = r.outer) if (r == other) return true;
        return false;
    }
}
