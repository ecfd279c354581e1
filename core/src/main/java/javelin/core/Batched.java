package javelin.core;

import java.util.List;

/** A value under vmap: mapped values carry the batch as axis 0, the others are the same for every example. */
public record Batched(Tensor value, boolean mapped) {
    public static Batched mapped(Tensor value) { return new Batched(value, true); }

    public static Batched same(Tensor value) { return new Batched(value, false); }

    /** This value with the batch axis present, copied along it if need be. */
    public Tensor spread(int size) { return mapped ? value : value.broadcastLeading(size); }

    /** The batch size all mapped inputs share. */
    public static int size(List<Batched> in) {
        return in.stream().filter(Batched::mapped).findFirst().orElseThrow().value().shape().size(0);
    }
}
