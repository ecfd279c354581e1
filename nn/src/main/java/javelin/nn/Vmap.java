package javelin.nn;

import java.util.List;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/**
 * {@code size} copies of a layer with parameters of their own, side by side: {@code [size, ...] -> [size, ...]}, or the
 * same input for all. Named after the layer: {@code VmapDense_0/kernel} [size, in, out]. (nn.vmap; {@link Scope#vmap}
 * is the general form)
 *
 * @param sameInput whether every copy is given the whole input, and not its row
 */
public record Vmap(Layer layer, Stacking stacking, boolean sameInput) implements Lifting.Wrapper {
    public static Vmap of(Layer layer, int size) { return new Vmap(layer, Stacking.of(size), false); }

    public Vmap withStacking(Stacking stacking) { return new Vmap(layer, stacking, sameInput); }

    public Vmap withSameInput(boolean same) { return new Vmap(layer, stacking, same); }

    @Override public String prefix() { return "Vmap"; }

    @Override public Tensor call(Scope s, Tensor x) {
        if (sameInput) return s.vmap(stacking, List.of(), (copy, _) -> layer.call(copy, x));
        if (x.rank() == 0 || x.size(0) != stacking.size())
            throw new ShapeException("Vmap", List.of(x.type()), "axis 0 must have a row for each of the "
                    + stacking.size() + " copies; for the same input to all of them use withSameInput(true)");
        return s.vmap(stacking, x, (copy, row) -> layer.call(copy, row));
    }
}
