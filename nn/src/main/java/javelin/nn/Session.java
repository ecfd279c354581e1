package javelin.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/**
 * One run of a module: where its scopes find variables, and where what they make and change is kept. Within a lifted
 * function (see {@link Lifting}) there is a session for each trace, inside that of the module around it.
 */
final class Session {
    final boolean initializing;
    final Run run;
    /** Whether layers behave as in training now; {@link Scope#evaluating} changes it for a while. */
    boolean training;
    /** What parameters are kept in, if not in what modules ask for; {@link Scope#keepingParams} says so for a while. */
    Optional<DType> kept;
    private final Variables given;
    private final Optional<Session> outer;
    private final Map<String, Integer> draws;                            // keys drawn so far, by place and stream
    /** Of a run that is to be tabulated. */
    final Optional<Calls> calls;
    private final TreeMap<String, Tensor> written = new TreeMap<>();
    private final Map<String, BiFunction<String, Tensor, Tensor>> readings;   // what becomes of parameters, by place

    private Session(boolean initializing, Run run, Variables given, Optional<Session> outer,
            Optional<Calls> calls) {
        this.initializing = initializing;
        this.run = run;
        this.given = given;
        this.outer = outer;
        this.calls = calls;
        training = outer.map(o -> o.training).orElse(run.training());
        kept = outer.flatMap(o -> o.kept);
        draws = outer.map(o -> o.draws).orElseGet(HashMap::new);
        readings = outer.map(o -> o.readings).orElseGet(HashMap::new);
    }

    /** A run that makes variables. */
    static Session initial(Rngs rngs, Optional<Calls> calls) {
        Run run = new Run(rngs, c -> !c.equals(Run.INTERMEDIATES), false, _ -> false);
        return new Session(true, run, Variables.empty(), Optional.empty(), calls);
    }

    static Session of(Run run, Variables given) {
        return new Session(false, run, given, Optional.empty(), Optional.empty());
    }

    /** A session in a trace within this one, with slices of its variables and other keys for some streams. */
    Session inner(Variables slices, Map<String, Key> keys, Optional<Calls> calls) {
        Rngs all = run.rngs();
        for (var e : keys.entrySet()) all = all.with(e.getKey(), e.getValue());
        return new Session(initializing, run.withRngs(all), slices, Optional.of(this), calls);
    }

    Optional<Tensor> find(String path) {
        Tensor changed = written.get(path);
        if (changed != null) return Optional.of(changed);
        if (given.hasTensor(path)) return Optional.of(given.tensor(path));
        return outer.flatMap(o -> o.find(path));
    }

    void write(String path, Tensor value) { written.put(path, value); }

    /** What was made or changed, by path. */
    SortedMap<String, Tensor> written() { return written; }

    /** All variables at or below {@code place} in the collections wanted, by path. */
    SortedMap<String, Tensor> below(String place, Predicate<String> collections) {
        SortedMap<String, Tensor> all = outer.map(o -> o.below(place, collections)).orElseGet(TreeMap::new);
        for (var source : List.of(given.flat(), written))
            source.forEach((path, value) -> {
                int slash = path.indexOf('/');
                boolean here = place.isEmpty() || path.startsWith(place + "/", slash + 1);
                if (here && collections.test(path.substring(0, slash))) all.put(path, value);
            });
        return all;
    }

    /** The variables the outermost run was given. */
    Variables given() { return outer.map(Session::given).orElse(given); }

    boolean isMutable(String collection) { return run.mutable().test(collection); }

    /** The next key of {@code stream} at a place. */
    Key draw(List<String> place, String stream) {
        int count = draws.merge(String.join("/", place) + ":" + stream, 1, Integer::sum);
        int hash = PathHash.of(place, count, run.rngs().separated());
        Key root = run.rngs().streams().get(stream);
        if (!initializing) return root.foldIn(hash);
        // captured and not a literal, so that equal initialisers of different layers are equal programs, compiled once
        return root.foldIn(Array.wrap(TensorType.of(DType.U32, 1), new int[] {hash}).reshape(Shape.of()));
    }

    /** Applies {@code reading} to parameters below {@code place}, by path from there, until it is taken back. */
    void read(String place, BiFunction<String, Tensor, Tensor> reading) { readings.put(place, reading); }

    void readPlainly(String place) { readings.remove(place); }

    /** What the module at {@code place} is to see of its parameter {@code name}. */
    Tensor reading(List<String> place, String name, Tensor value) {
        Tensor seen = value;
        String below = name;
        for (int i = place.size(); i > 0; below = place.get(--i) + "/" + below) {
            var reading = readings.get(String.join("/", place.subList(0, i)));
            if (reading != null) seen = reading.apply(below, seen);
        }
        return seen;
    }
}
