package javelin;

import java.util.List;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.DType;
import javelin.core.type.TensorType;

/**
 * Random counts. Small means are drawn by adding up waiting times, large ones by W. Hormann's transformed rejection
 * ("The transformed rejection method for generating Poisson random variables", 1993; "The generation of binomial random
 * variates", 1993), as jax.random does: each over all elements until the last is done. Counts have no derivatives.
 */
final class CountDraws {
    private CountDraws() {}

    private record Waiting(Key key, Tensor count, Tensor sum) {}

    private record Rejection(Key key, Tensor count, Tensor accepted) {}

    static Tensor poisson(Key key, Tensor mean) {
        Tensor lam = mean.stopGradient(), small = lam.isNaN().or(lam.lt(10));
        Tensor count = small.where(waiting(key, small.where(lam, lam.like(0))).astype(lam.dtype()),
                rejected(key, small.where(lam.like(1e5), lam)));
        return lam.eq(0).where(lam.like(0), count).astype(DType.I32);
    }

    /** How many factors uniform on [0, 1), of f32, it takes to come below {@code exp(-lam)} (Knuth). */
    private static Tensor waiting(Key key, Tensor lam) {
        TensorType uniform = lam.type().withDType(DType.F32), counts = lam.type().withDType(DType.I32);
        Tensor least = lam.neg().astype(DType.F32);
        return Control.whileLoop((Waiting w) -> w.sum.gt(least).any(), w -> {
            List<Key> keys = w.key.split(2);
            Tensor count = w.sum.gt(least).where(w.count.add(1), w.count);
            return new Waiting(keys.get(0), count, w.sum.add(keys.get(1).uniform(uniform).log()));
        }, new Waiting(key, Tensor.zeros(counts), Tensor.zeros(uniform))).count.sub(1);
    }

    /** Algorithm PTRS. */
    private static Tensor rejected(Key key, Tensor lam) {
        Tensor logLam = lam.log(), b = lam.sqrt().mul(2.53).add(0.931), a = b.mul(0.02483).add(-0.059);
        Tensor inverseAlpha = b.sub(3.4).reciprocal().mul(1.1328).add(1.1239);
        Tensor surely = b.sub(2).reciprocal().mul(-3.6224).add(0.9277);
        return accepted(key, lam.type(), (u, us, v) -> {
            Tensor k = a.mul(2).div(us).add(b).mul(u).add(lam).add(0.43).floor();
            Tensor s = v.mul(inverseAlpha).div(a.div(us.square()).add(b)).log();
            Tensor t = k.mul(logLam).sub(lam).sub(k.add(1).lgamma());
            Tensor outside = k.lt(0).or(us.lt(0.013).and(v.gt(us)));
            return new Proposal(k, us.ge(0.07).and(v.le(surely)).or(outside.not().and(s.le(t))));
        });
    }

    private record Proposal(Tensor count, Tensor accepted) {}

    /** A count for u in [-1/2, 1/2), {@code us = 1/2 - |u|} and v in [0, 1). */
    private interface Proposing { Proposal of(Tensor u, Tensor us, Tensor v); }

    /** Every element's last accepted proposal: those that have one go on drawing while others wait, as in JAX. */
    private static Tensor accepted(Key key, TensorType type, Proposing proposing) {
        Tensor none = Tensor.full(type, -1L), no = Tensor.zeros(type.withDType(DType.BOOL));
        return Control.whileLoop((Rejection r) -> r.accepted.not().any(), r -> {
            List<Key> keys = r.key.split(3);
            Tensor u = keys.get(1).uniform(type).sub(0.5), v = keys.get(2).uniform(type);
            Proposal p = proposing.of(u, u.abs().neg().add(0.5), v);
            return new Rejection(keys.get(0), p.accepted.where(p.count, r.count), r.accepted.or(p.accepted));
        }, new Rejection(key, none, no)).count;
    }

    static Tensor geometric(Key key, Tensor probability) {
        Tensor p = probability.stopGradient(), u = key.uniform(p.type());
        Tensor log = u.eq(0).where(u.like(1), u).log();
        return log.div(p.neg().log1p()).floor().add(1).astype(DType.I32);
    }

    /** For p up to a half; above it failures are counted. Invalid parameters give NaN. */
    static Tensor binomial(Key key, Tensor trials, Tensor probability) {
        List<Tensor> in = Tensor.broadcastArrays("binomial", trials, probability);
        Tensor n = in.get(0).stopGradient(), p = in.get(1).stopGradient();
        Tensor below = p.lt(0.5), q = below.where(p, p.neg().add(1));
        Tensor badCount = n.isNaN().or(n.lt(0)), badQ = q.isNaN().or(q.lt(0)), invalid = badCount.or(badQ);
        Tensor infinite = n.eq(Double.POSITIVE_INFINITY);
        q = badQ.where(q.like(0.01), q);
        Tensor few = badCount.or(n.mul(q).le(10)), whole = n.floor();
        Tensor count = few.where(inverted(key, few.where(whole, n.like(0)), q),
                transformed(key, few.where(n.like(1e4), whole), few.where(q.like(0.5), q)));
        count = invalid.where(n.like(Double.NaN), count);
        count = infinite.and(invalid.not()).where(n.like(Double.POSITIVE_INFINITY), count);
        return below.or(badCount).or(p.isNaN()).or(infinite).where(count, whole.sub(count));
    }

    /** How many geometric waiting times fit into n. */
    private static Tensor inverted(Key key, Tensor n, Tensor q) {
        Tensor log = q.neg().log1p(), zero = Tensor.zeros(q.type());
        return Control.whileLoop((Waiting w) -> w.sum.le(n).any(), w -> {
            List<Key> keys = w.key.split(2);
            Tensor count = w.sum.le(n).where(w.count.add(1), w.count);
            return new Waiting(keys.get(1), count, w.sum.add(keys.get(0).uniform(q.type()).log().div(log).ceil()));
        }, new Waiting(key, zero, zero)).count.sub(1);
    }

    /** Algorithm BTRS. */
    private static Tensor transformed(Key key, Tensor n, Tensor q) {
        Tensor one = q.like(1), deviation = n.mul(q).mul(one.sub(q)).sqrt(), b = deviation.mul(2.53).add(1.15);
        Tensor a = b.mul(0.0248).sub(0.0873).add(q.mul(0.01)), c = n.mul(q).add(0.5);
        Tensor surely = b.reciprocal().mul(-4.2).add(0.92), r = q.div(one.sub(q));
        Tensor alpha = b.reciprocal().mul(5.1).add(2.83).mul(deviation), m = n.add(1).mul(q).floor();
        Tensor rest = n.sub(m).add(1);
        Tensor atMode = m.add(0.5).mul(m.add(1).div(r.mul(rest)).log()).add(tail(m)).add(tail(n.sub(m)));
        return accepted(key, q.type(), (u, us, v) -> {
            Tensor k = a.mul(2).div(us).add(b).mul(u).add(c).floor(), left = n.sub(k).add(1);
            Tensor bound = atMode.add(n.add(1).mul(rest.div(left).log()))
                    .add(k.add(0.5).mul(r.mul(left).div(k.add(1)).log())).sub(tail(k)).sub(tail(n.sub(k)));
            Tensor height = v.mul(alpha).div(a.div(us.square()).add(b)).log();
            Tensor inside = k.ge(0).and(k.le(n));
            return new Proposal(k, us.ge(0.07).and(v.le(surely)).or(inside.and(height.le(bound))));
        });
    }

    /** What Stirling's formula leaves of {@code log k!}, for k = 0..9. */
    private static final double[] TAIL = {0.0810614667953272, 0.0413406959554092, 0.0276779256849983,
        0.02079067210376509, 0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.010411265261972,
        0.00925546218271273, 0.00833056343336287};

    private static Tensor tail(Tensor k) {
        Tensor next = k.clip(0, 9).add(1), square = next.square();
        Tensor series = square.reciprocal().mul(1.0 / 1260).neg().add(1.0 / 360).div(square).neg().add(1.0 / 12);
        Tensor table = Array.f64(TAIL).astype(k.dtype()).take(k.clip(0, 9).floor().astype(DType.I32), 0);
        return k.le(9).where(table, series.div(next));
    }

    /** One category after the other takes its share of what is left. */
    static Tensor multinomial(Key key, Tensor trials, Tensor probabilities) {
        Tensor p = probabilities.stopGradient().moveAxis(-1, 0);
        Tensor n = trials.astype(p.dtype()).broadcastTo(p.shape().dropFirst());
        record Category(Tensor ratio, Key key) {}
        Tensor left = Control.scan((Tensor sum, Tensor share) -> {
            Tensor total = sum.add(share);
            return new Control.Step<>(total, total);
        }, Tensor.zeros(n.type()), p, true).outputs();
        var categories = new Category(p.div(left.eq(0).where(left.like(1), left)), key.stack(p.size(0)));
        return Control.scan((Tensor rest, Category c) -> {
            Tensor count = binomial(c.key, rest, c.ratio.clip(0, 1));
            return new Control.Step<>(rest.sub(count), count);
        }, n, categories).outputs().moveAxis(0, -1);
    }
}
