package javelin.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javelin.Control;
import javelin.Function3;
import javelin.Key;
import javelin.Tensors;
import javelin.Transforms;
import javelin.core.JavelinException;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;

/**
 * Functions of a module's scope as pure functions, so that they can be transformed: variables with a row for each run
 * go in as arguments, what the function changes comes out as results, everything else it closes over. (flax.core.lift)
 */
final class Lifting {
    /** A layer that runs another one transformed, at its own place: {@code VmapDense_0/kernel}. */
    sealed interface Wrapper extends Layer permits Vmap, Scan, Remat {
        String prefix();

        Layer layer();
    }

    private final Session session;
    private final Scope scope;

    Lifting(Session session, Scope scope) {
        this.session = session;
        this.scope = scope;
    }

    /** What one run is given of its own. */
    private record Rows<A>(Variables variables, Map<String, Key> keys, Tensor number, A args) {}

    /** What one run computes, and the variables it made or changed. */
    private record Result<R>(R value, Variables changed) {}

    <A, R> R checkpoint(A args, BiFunction<Scope, A, R> body) {
        if (session.initializing) return body.apply(scope, args);
        Result<R> result = Transforms.checkpoint((A a) -> run(session.inner(Variables.empty(), Map.of(), session.calls),
                s -> body.apply(s, a))).apply(args);
        return changed(result);
    }

    <A, R> R vmap(Stacking how, A args, BiFunction<Scope, A, R> body) {
        Function<UnaryOperator<Supplier<Result<R>>>, Result<R>> all = counted -> Transforms.vmap((Rows<A> row) ->
                counted.apply(() -> run(inner(row, session.calls), s -> body.apply(s, row.args()))).get())
                .apply(rows(how, args));
        Result<R> result = session.calls.isPresent() ? session.calls.get().repeated(how.size(), all)
                : all.apply(UnaryOperator.identity());
        result.changed().flat().forEach((path, value) ->
                session.write(path, how.shared().contains(collection(path)) ? value.index(0) : value));
        return result.value();
    }

    <C, X, Y> Control.Scanned<C, Y> scan(Stacking how, C carry, X xs, Function3<Scope, C, X, Control.Step<C, Y>> body) {
        for (Tensor x : Trees.leaves(xs))
            if (x.rank() == 0 || x.size(0) != how.size())
                throw new JavelinException("a scan of " + how.size() + " steps in " + scope.path() + " takes "
                        + how.size() + " rows along axis 0 of every input, but one is " + x.type());
        if (session.initializing) return initial(how, carry, xs, body);
        if (!session.run.rngs().streams().isEmpty()) invariants(how, carry, xs, body);
        record State<C>(C carry, Variables carried) {}
        Variables start = Variables.of(session.below(scope.path(), how.carried()::contains));
        BiFunction<State<C>, Rows<X>, Control.Step<State<C>, Result<Y>>> step = (before, row) -> {
            Variables seen = row.variables().with(before.carried());
            Result<Control.Step<C, Y>> r = run(inner(new Rows<>(seen, row.keys(), row.number(), row.args()),
                    session.calls), s -> body.apply(s, before.carry(), row.args()));
            requireNoneShared(how, r.changed());
            Predicate<String> carried = path -> how.carried().contains(collection(path));
            State<C> after = new State<>(r.value().carry(), before.carried().with(r.changed().where(carried)));
            return new Control.Step<>(after, new Result<>(r.value().output(), r.changed().where(carried.negate())));
        };
        var out = Control.scan(step, new State<>(carry, start), rows(how, xs), how.reverse());
        out.carry().carried().flat().forEach(session::write);
        return new Control.Scanned<>(out.carry().carry(), changed(out.outputs()));
    }

    /** Only types matter of what a module computes while it makes variables: one step for the shared ones, then all. */
    private <C, X, Y> Control.Scanned<C, Y> initial(Stacking how, C carry, X xs,
            Function3<Scope, C, X, Control.Step<C, Y>> body) {
        Supplier<Result<C>> once = () -> run(session.inner(Variables.empty(), Map.of(), Optional.empty()),
                s -> body.apply(s, carry, Trees.map(xs, x -> x.index(0))).carry());
        Result<C> first = session.calls.isPresent() ? session.calls.get().uncounted(once) : once.get();
        first.changed().where(path -> how.shared().contains(collection(path)) || how.carried()
                .contains(collection(path)))
                .flat().forEach(session::write);
        Control.Step<C, Y> all = vmap(how.sharing(how.carried().toArray(String[]::new)), xs,
                (s, x) -> body.apply(s, carry, x));
        return new Control.Scanned<>(first.value(), all.output());
    }

    /** Counts the draws of one step, as the trace does by which Flax finds what does not change in a scan. */
    private <C, X, Y> void invariants(Stacking how, C carry, X xs,
            Function3<Scope, C, X, Control.Step<C, Y>> body) {
        Rows<X> first = Trees.map(rows(how, xs), row -> row.index(0));
        Recorder.trace(List.of(), _ -> {
            run(inner(first, Optional.empty()), s -> body.apply(s, carry, first.args()));
            return List.of();
        });
    }

    private static void requireNoneShared(Stacking how, Variables changed) {
        for (String path : changed.flat().keySet())
            if (how.shared().contains(collection(path)))
                throw new JavelinException("'" + path
                        + "' is shared by all steps of a scan, which therefore cannot change it;"
                        + " carry the collection from step to step with Stacking.carrying(\"" + collection(path)
                                + "\")");
    }

    private <A> Rows<A> rows(Stacking how, A args) {
        Predicate<String> stacked = c -> !how.shared().contains(c) && !how.carried().contains(c);
        Map<String, Key> keys = new HashMap<>();
        session.run.rngs().streams().forEach((stream, key) -> {
            if (!how.sameStream().contains(stream)) keys.put(stream, key.stack(how.size()));
        });
        return new Rows<>(Variables.of(session.below(scope.path(), stacked)), keys,
                Tensors.arange(how.size(), DType.I32), args);
    }

    private <A> Session inner(Rows<A> row,
            Optional<Calls> calls) { return session.inner(row.variables(), row.keys(), calls); }

    private <R> Result<R> run(Session inner, Function<Scope, R> body) {
        R value = body.apply(scope.in(inner));
        return new Result<>(value, Variables.of(inner.written()));
    }

    private <R> R changed(Result<R> result) {
        result.changed().flat().forEach(session::write);
        return result.value();
    }

    private static String collection(String path) { return path.substring(0, path.indexOf('/')); }
}
