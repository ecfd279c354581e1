package javelin.core;

import java.util.Optional;

/** A value and its tangent; no tangent means the tangent is zero, and no work is done for it. */
public record Dual(Tensor primal, Optional<Tensor> tangent) {
    public static Dual constant(Tensor primal) { return new Dual(primal, Optional.empty()); }

    public static Dual of(Tensor primal, Tensor tangent) { return new Dual(primal, Optional.of(tangent)); }

    public boolean hasTangent() { return tangent.isPresent(); }

    public Dual plus(Tensor more) { return of(primal, tangent.map(t -> t.add(more)).orElse(more)); }

    public Tensor tangentOrZero() { return tangent.orElseGet(() -> Tensor.zeros(primal.type())); }
}
