package javelin.core.transform;

import java.util.ArrayList;
import java.util.List;
import javelin.core.Batched;
import javelin.core.Lists;
import javelin.core.Op;
import javelin.core.Program;
import javelin.core.Recorder;
import javelin.core.type.TensorType;

/** Vectorisation: the program for one example becomes the program for a batch, on a new axis 0. */
public final class Vmap {
    private Vmap() {}

    /** @param mapped which outputs carry the batch */
    public record Mapped(Program program, List<Boolean> mapped) {}

    /** Maps the marked inputs; every output carries the batch. */
    public static Program of(Program program, List<Boolean> mapped, int size) {
        return of(program, mapped, size, Lists.each(program.outputs().size(), _ -> true)).program();
    }

    /** Maps the marked inputs; outputs carry the batch if they depend on it or are marked in {@code always}. */
    public static Mapped of(Program program, List<Boolean> mapped, int size, List<Boolean> always) {
        List<TensorType> types = Lists.each(mapped.size(), i -> {
            TensorType t = program.inputTypes().get(i);
            return mapped.get(i) ? t.withShape(t.shape().prepend(size)) : t;
        });
        List<List<Boolean>> has = new ArrayList<>();
        Program batched = Recorder.trace(types, in -> {
            List<Batched> out = run(program, Lists.each(in.size(), i -> new Batched(in.get(i), mapped.get(i))));
            List<Boolean> mask = Lists.each(out.size(), i -> always.get(i) || out.get(i).mapped());
            has.add(mask);
            return Lists.each(out.size(), i -> mask.get(i) ? out.get(i).spread(size) : out.get(i).value());
        }).closed();
        return new Mapped(batched, has.getFirst());
    }

    /** Interprets {@code program} on batches: equations no batch reaches are applied as they are. */
    public static List<Batched> run(Program program, List<Batched> inputs) {
        return program.interpret(inputs, Batched::same, (e, in) -> in.stream().anyMatch(Batched::mapped)
                ? e.op().batch(in)
                : Lists.map(Op.apply(e.op(), Lists.map(in, Batched::value)), Batched::same));
    }
}
