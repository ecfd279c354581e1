package javelin.nn;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javelin.Control;
import javelin.Function3;
import javelin.Key;
import javelin.core.JavelinException;
import javelin.core.Lists;
import javelin.core.ShapeException;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * A module's place in the tree of variables during one call: names its submodules, makes or finds its parameters, and
 * draws its random keys. A submodule without a name is called {@code Class_i}, i counting its class's calls within the
 * one call of its parent, in the order they happen (linen counts constructions: {@code Dense(4)(Dense(3)(x))} names the
 * outer one first there, the inner one here). Flax: {@code self} of a linen module.
 */
public final class Scope {
    private final Session session;
    private final List<String> path;
    private final Map<String, Scope> children = new HashMap<>();
    // of the module's call that is running:
    private Map<String, Set<String>> taken = new HashMap<>();            // what uses a name: collections, or MODULE
    private Map<String, Integer> numbered = new HashMap<>();             // submodules so far, by class
    private List<TensorType> inputs = List.of();
    private static final String MODULE = "a module";

    Scope(Session session, List<String> path) {
        this.session = session;
        this.path = path;
    }

    /** This place in another session. */
    Scope in(Session other) { return new Scope(other, path); }

    // submodules

    /** Calls a layer as the next of its class: {@code Dense_0}, {@code Dense_1}, ... */
    public Tensor call(Layer layer, Tensor x) { return child(nextName(layer)).enter(layer, List.of(x), layer, x); }

    /** Calls a layer under a name of its own, which nothing else in this call may have. */
    public Tensor call(String name, Layer layer, Tensor x) { return child(name).enter(layer, List.of(x), layer, x); }

    /** Names a module, as {@link #call(Layer, Tensor)}, to be called by any of its methods and more than once. */
    public <M> Bound<M> bind(M module) { return new Bound<>(module, child(nextName(module))); }

    public <M> Bound<M> bind(String name, M module) { return new Bound<>(module, child(name)); }

    // variables

    /**
     * The parameter {@code name}: made by {@code initializer} in init, found in the collection {@code params} later.
     * Throws if it is not there or of another type. (self.param)
     *
     * @param asked the type it has here; see {@link #keepingParams}
     */
    public Tensor param(String name, Initializer initializer, TensorType asked) {
        boolean converted = session.kept.isPresent() && asked.dtype().isFloat();
        TensorType type = converted ? asked.withDType(session.kept.get()) : asked;
        take(name, Variables.PARAMS);
        String at = pathOf(Variables.PARAMS, name);
        Optional<Tensor> known = session.find(at);
        if (known.isEmpty() && !isInitializing()) throw missing(Variables.PARAMS, name);
        Tensor value = known.orElseGet(() -> uncounted(() -> initializer.apply(rng(Variables.PARAMS), type)));
        if (!value.type().equals(type))
            throw new ShapeException("parameter '" + name + "' of " + where(), inputs, known.isPresent()
                    ? "the variables hold " + value.type() + ", the module asks for " + type
                            + (inputs.isEmpty() ? "" : " because of its input")
                            + "; make new variables with init, or give the input and settings they were made for"
                    : "its initialiser gives " + value.type() + " where " + type + " is asked for");
        boolean again = isInitializing() && known.isPresent();           // it starts as what it is to be read as
        Tensor seen = again ? value : session.reading(path, name, value);
        if (known.isEmpty()) session.write(at, seen);
        return seen.astype(asked.dtype());
    }

    /**
     * The state {@code name} of a collection other than the parameters, such as {@code batch_stats}: starts as
     * {@code initial}, without a random key. (self.variable)
     */
    public Variable variable(String collection, String name, Supplier<Tensor> initial) {
        take(name, collection);
        String at = pathOf(collection, name);
        if (session.find(at).isEmpty()) {
            if (!isMutable(collection)) throw missing(collection, name);
            session.write(at, uncounted(initial));
        }
        return new Variable(session, at);
    }

    /** Whether this module has the variable already. */
    public boolean has(String collection, String name) { return session.find(pathOf(collection, name)).isPresent(); }

    /** Whether variables of the collection may be made and changed in this run. */
    public boolean isMutable(String collection) { return session.isMutable(collection); }

    /**
     * Keeps {@code value} in a collection, usually {@link Run#INTERMEDIATES}, if the run lets it change: the n-th value
     * of a name (from 0) is at {@code collection/.../name/n}. Init keeps nothing: it computes nothing. (self.sow, whose
     * tuple this is)
     *
     * @return whether it was kept
     */
    public boolean sow(String collection, String name, Tensor value) {
        if (!keeps(collection)) return false;
        String at = pathOf(collection, name);
        int n = 0;
        while (session.find(at + "/" + n).isPresent()) n++;
        session.write(at + "/" + n, value);
        return true;
    }

    /** As above, with one value for the name: {@code reduce} of the one before, at first {@code initial}, and this. */
    public boolean sow(String collection, String name, Tensor value, BinaryOperator<Tensor> reduce, Tensor initial) {
        if (!keeps(collection)) return false;
        String at = pathOf(collection, name);
        session.write(at, reduce.apply(session.find(at).orElse(initial), value));
        return true;
    }

    private boolean keeps(String collection) { return !isInitializing() && isMutable(collection); }

    /**
     * {@code value} plus the variable {@code name} of the collection {@code perturbations}, zeros from init, if that
     * collection is given: the gradient by it is the gradient by the value. (self.perturb)
     */
    public Tensor perturb(String name, Tensor value) {
        String collection = "perturbations";
        boolean given = isInitializing() || session.given().has(collection);
        return given ? value.add(variable(collection, name, () -> Tensor.zeros(value.type())).value()) : value;
    }

    // randomness and mode

    /**
     * The next key of a stream at this place; see {@link Rngs}. Throws if the stream was not given: in training, give
     * it to {@code train}. (self.make_rng)
     */
    public Key rng(String stream) {
        Rngs rngs = session.run.rngs();
        Set<String> streams = rngs.streams().keySet();
        String actual = !streams.contains(stream) && rngs.fallback() ? Variables.PARAMS : stream;
        if (!streams.contains(actual))
            throw new JavelinException(where() + " draws random numbers from the stream '" + stream
                    + "', which is not given; "
                    + (isInitializing() ? "call init(Rngs.of(\"params\", key).with(\"" + stream + "\", otherKey), ...)"
                            : "call train(variables, x, Rngs.of(\"" + stream + "\", key))")
                    + (streams.isEmpty() ? "" : Suggestions.of(stream, streams)));
        return session.draw(path, actual);
    }

    /** Whether there are keys for the stream. */
    public boolean hasRng(String stream) { return session.run.rngs().streams().containsKey(stream); }

    /** Whether layers behave as in training: drop values, normalise by the batch, update statistics. */
    public boolean isTraining() { return session.training; }

    /** What {@code body} computes with layers behaving as in evaluation, such as those of a frozen part of a model. */
    public <R> R evaluating(Supplier<R> body) {
        boolean before = session.training;
        session.training = false;
        try {
            return body.get();
        } finally {
            session.training = before;
        }
    }

    /**
     * What {@code body} computes with parameters that are kept in {@code dtype} and converted to what layers compute
     * in, which is the type of their input: {@code s.keepingParams(F32, () -> net.call(s, x.astype(BF16)))}.
     * (param_dtype and dtype of linen's layers)
     */
    public <R> R keepingParams(DType dtype, Supplier<R> body) {
        Optional<DType> before = session.kept;
        session.kept = Optional.of(dtype);
        try {
            return body.get();
        } finally {
            session.kept = before;
        }
    }

    /** Whether variables are being made; what the module computes is then thrown away. */
    public boolean isInitializing() { return session.initializing; }

    /** The names from the root to here, {@code "Encoder_0/Dense_1"}; empty at the root. */
    public String path() { return String.join("/", path); }

    /** The last of the names, empty at the root. */
    String name() { return path.isEmpty() ? "" : path.getLast(); }

    // transformed functions

    /**
     * {@code body} on every example of the batch that {@code args} is, in parallel, with its variables and random
     * streams laid out as {@code stacking} says. (nn.vmap)
     */
    public <A, R> R vmap(Stacking stacking, A args, BiFunction<Scope, A, R> body) {
        return new Lifting(session, this).vmap(stacking, args, body);
    }

    /**
     * {@code (carry, y[t]) = body(carry, x[t])} for every step of {@code stacking}, with its variables and random
     * streams laid out as that says; {@code xs} without tensors if there are no inputs. (nn.scan, counting draws as it
     * does with its default check of invariants, which traces twice)
     */
    public <C, X, Y> Control.Scanned<C, Y> scan(Stacking stacking, C carry, X xs,
            Function3<Scope, C, X, Control.Step<C, Y>> body) {
        return new Lifting(session, this).scan(stacking, carry, xs, body);
    }

    /** {@code body}, of which reverse mode keeps only the inputs and computes the rest again. (nn.remat) */
    public <A, R> R checkpoint(A args, BiFunction<Scope, A, R> body) {
        return new Lifting(session, this).checkpoint(args, body);
    }

    /**
     * {@code body} with every parameter below this place seen as {@code reading} of its path from here and its value;
     * in init it starts as that. (nn.map_variables)
     */
    <R> R reading(BiFunction<String, Tensor, Tensor> reading, Supplier<R> body) {
        session.read(path(), reading);
        try {
            return body.get();
        } finally {
            session.readPlainly(path());
        }
    }

    // how

    /** Runs one call of the module at this place: its names are free again, also if it calls itself. */
    <R> R enter(Object module, List<Tensor> in, Supplier<R> body) {
        var outerTaken = taken;
        var outerNumbered = numbered;
        var outerInputs = inputs;
        taken = new HashMap<>();
        numbered = new HashMap<>();
        inputs = Lists.map(in, Tensor::type);
        try {
            R out = session.calls.isEmpty() ? body.get()
                    : session.calls.get().note(path(), displayName(module), inputs, body);
            if (session.run.captured().test(module)) capture(out);
            return out;
        } finally {
            taken = outerTaken;
            numbered = outerNumbered;
            inputs = outerInputs;
        }
    }

    /** Each tensor of a result that is not one tensor is kept by its place in it. */
    private void capture(Object out) {
        if (out instanceof Tensor t) {
            sow(Run.INTERMEDIATES, "__call__", t);
            return;
        }
        List<Tensor> leaves = Trees.leaves(out);
        for (int i = 0; i < leaves.size(); i++) sow(Run.INTERMEDIATES, "__call__/" + i, leaves.get(i));
    }

    private <R> R uncounted(Supplier<R> initial) {
        return session.calls.isEmpty() ? initial.get() : session.calls.get().uncounted(initial);
    }

    private Tensor enter(Object module, List<Tensor> in, Layer layer, Tensor x) {
        return enter(module, in, () -> layer.call(this, x));
    }

    private Scope child(String name) {
        if (name.isEmpty() || name.contains("/"))
            throw new JavelinException("'" + name + "' cannot name a module: it is empty or has a slash");
        take(name, MODULE);
        return children.computeIfAbsent(name, n -> new Scope(session, Lists.concat(path, List.of(n))));
    }

    private String nextName(Object module) {
        String name = className(module);
        return name + "_" + (numbered.merge(name, 1, Integer::sum) - 1);
    }

    /** A wrapped module's is its own after that of the wrapper: {@code VmapDense}. */
    private String className(Object module) {
        if (module instanceof Lifting.Wrapper w) return w.prefix() + className(w.layer());
        Class<?> type = module.getClass();
        ModuleName given = type.getAnnotation(ModuleName.class);
        if (given == null && (type.isHidden() || type.isAnonymousClass()))
            throw new JavelinException("a layer in " + where()
                    + " is a lambda or an anonymous class, which has no name to be numbered under;"
                    + " make it a record, or name it: s.call(\"name\", layer, x)");
        return given == null ? type.getSimpleName() : given.value();
    }

    private static String displayName(Object module) {
        Class<?> type = module.getClass();
        return type.isHidden() || type.isAnonymousClass() ? "function" : type.getSimpleName();
    }

    /**
     * Reserves a name for this call: a module's may not be anything else's, a variable's only that of one in another
     * collection.
     */
    private void take(String name, String use) {
        Set<String> uses = taken.computeIfAbsent(name, _ -> new HashSet<>());
        boolean clash = uses.contains(use) || !uses.isEmpty() && (use.equals(MODULE) || uses.contains(MODULE));
        if (clash)
            throw new JavelinException("the name '" + name + "' is used twice in " + where() + ", for " + what(use)
                    + " and before for "
                    + String.join(" and ", Lists.map(List.copyOf(uses), Scope::what))
                    + "; give one of them another name, or use bind to call the same module twice");
        uses.add(use);
    }

    private static String what(String use) { return use.equals(MODULE) ? use : "a variable in " + use; }

    private String pathOf(String collection, String name) {
        return String.join("/", Stream.of(List.of(collection), path, List.of(name)).flatMap(List::stream).toList());
    }

    private String where() { return path.isEmpty() ? "the root module" : path(); }

    private JavelinException missing(String collection, String name) {
        boolean isParam = collection.equals(Variables.PARAMS);
        String what = where() + " has no " + (isParam ? "parameter '" : collection + " variable '") + name + "'";
        if (!session.given().has(collection))
            return new JavelinException(what + ": the variables have no collection '" + collection + "'"
                    + Suggestions.of(collection, session.given().names()) + " Pass everything that init gave"
                    + (isParam ? "; parameters alone are passed as Variables.ofParams(params)" : ""));
        Variables here = session.given().at(collection);
        String deepest = collection;
        for (String step : path) {
            if (!here.has(step))
                return new JavelinException(what + ": there is no '" + step + "' in '" + deepest + "'"
                        + Suggestions.of(step, here.names()));
            here = here.at(step);
            deepest += "/" + step;
        }
        return new JavelinException(what + " among the variables" + Suggestions.of(name, here.names()));
    }
}
