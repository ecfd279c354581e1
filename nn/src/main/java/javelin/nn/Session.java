package javelin.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javelin.Key;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.tree.Trees;
import javelin.core.type.DType;
import javelin.core.type.Shape;
import javelin.core.type.TensorType;

/** One run of a module: where its scopes find variables, and where what they make and change is kept. */
final class Session {
    /** What the run is for. */
    enum Mode { INIT, APPLY, TRAIN }

    /** A module that was called, for {@link Summary}; types of what is known of its inputs and outputs. */
    record Call(String path, String module, List<TensorType> inputs, List<TensorType> outputs) {}

    final Mode mode;
    final Rngs rngs;
    final Variables given;
    private final TreeMap<String, Tensor> written = new TreeMap<>();
    private final List<Call> calls = new ArrayList<>();

    Session(Mode mode, Rngs rngs, Variables given) {
        this.mode = mode;
        this.rngs = rngs;
        this.given = given;
    }

    Optional<Tensor> find(String path) {
        Tensor changed = written.get(path);
        if (changed != null) return Optional.of(changed);
        return given.has(path) ? Optional.of(given.tensor(path)) : Optional.empty();
    }

    void write(String path, Tensor value) { written.put(path, value); }

    /** What was made or changed, by path. */
    TreeMap<String, Tensor> written() { return written; }

    /** The key of {@code stream} for one place and count. */
    Key fold(String stream, int hash) {
        Key root = rngs.streams().get(stream);
        if (mode != Mode.INIT) return root.foldIn(hash);
        // captured and not a literal, so that equal initialisers of different layers are equal programs, compiled once
        return root.foldIn(Array.wrap(TensorType.of(DType.U32, 1), new int[] {hash}).reshape(Shape.of()));
    }

    /** Notes a call that begins; the place to give to {@link #end}. */
    int begin(String path, String module, List<TensorType> inputs) {
        if (mode == Mode.INIT) calls.add(new Call(path, module, inputs, List.of()));
        return calls.size() - 1;
    }

    void end(int place, Object output) {
        if (mode != Mode.INIT) return;
        Call call = calls.get(place);
        calls.set(place, new Call(call.path(), call.module(), call.inputs(), Trees.flatten(output).types()));
    }

    List<Call> calls() { return calls; }
}
