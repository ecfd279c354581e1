package javelin.nn;

import javelin.core.Tensor;

/**
 * A layer of which reverse mode keeps only the input: what it computes within is computed again. Less memory for more
 * time. Named after the layer: {@code CheckpointBlock_0}. (nn.remat)
 */
public record Remat(Layer layer) implements Lifting.Wrapper {
    public static Remat of(Layer layer) { return new Remat(layer); }

    @Override public String prefix() { return "Checkpoint"; }

    @Override public Tensor call(Scope s, Tensor x) { return s.checkpoint(x, (inner, y) -> layer.call(inner, y)); }
}
