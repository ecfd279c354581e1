package javelin.nn;

import java.util.List;
import javelin.Control;
import javelin.core.Tensor;

/**
 * {@code length} copies of a layer with parameters of their own, one after the other, as one loop: compiled once,
 * whatever the length. The layer keeps the type of what it is given. Named after it: {@code ScanBlock_0/Dense_0/kernel}
 * [length, in, out]. (nn.scan; {@link Scope#scan} is the general form)
 */
public record Scan(Layer layer, Stacking stacking) implements Lifting.Wrapper {
    public static Scan of(Layer layer, int length) { return new Scan(layer, Stacking.of(length)); }

    public Scan withStacking(Stacking stacking) { return new Scan(layer, stacking); }

    @Override public String prefix() { return "Scan"; }

    @Override public Tensor call(Scope s, Tensor x) {
        return s.<Tensor, List<Tensor>, List<Tensor>>scan(stacking, x, List.of(),
                (step, carry, _) -> new Control.Step<>(layer.call(step, carry), List.of())).carry();
    }
}
