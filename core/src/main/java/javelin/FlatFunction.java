package javelin;

import java.util.List;
import java.util.function.Function;
import javelin.core.Lists;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.Tensor;
import javelin.core.tree.TreeDef;
import javelin.core.tree.Trees;
import javelin.core.type.TensorType;

/** A traced function over trees: its program takes what it closed over, then the tensors of its argument. */
record FlatFunction(Program program, List<Tensor> captured, TreeDef in, TreeDef out) {

    /** Traces {@code f} at a tree of structure {@code in} with tensors of {@code types}. */
    static <A> FlatFunction trace(Function<A, ?> f, TreeDef in, List<TensorType> types) {
        TreeDef[] out = new TreeDef[1];
        var traced = Recorder.trace(types, leaves -> {
            var flat = Trees.flatten(f.apply(Trees.unflatten(in, leaves)));
            out[0] = flat.def();
            return flat.leaves();
        });
        return new FlatFunction(traced.program(), traced.captured(), in, out[0]);
    }

    static <A> FlatFunction trace(Function<A, ?> f, Trees.Flat at) { return trace(f, at.def(), at.types()); }

    /** A list over all inputs of the program: {@code captured} for what was closed over, then {@code arguments}. */
    <T> List<T> inputs(T captured, List<T> arguments) {
        return Lists.concat(java.util.Collections.nCopies(this.captured.size(), captured), arguments);
    }

    List<Tensor> arguments(List<Tensor> leaves) { return Lists.concat(captured, leaves); }

    /** Which tensors of a tree can be differentiated. */
    static List<Boolean> floats(List<Tensor> leaves) { return Lists.map(leaves, t -> t.dtype().isFloat()); }
}
