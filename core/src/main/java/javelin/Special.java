package javelin;

import javelin.core.Tensor;
import javelin.core.ops.BesselI0e;
import javelin.core.ops.BesselI1e;
import javelin.core.ops.Igamma;
import javelin.core.ops.Igammac;
import javelin.core.ops.IncompleteBeta;
import javelin.core.ops.Polygamma;
import javelin.core.ops.Zeta;

/** Special functions that are not methods of a tensor (jax.scipy.special). Arguments broadcast. */
public final class Special {
    private Special() {}

    /** {@code exp(-|x|) I0(x)}, I0 the modified Bessel function of the first kind. */
    public static Tensor i0e(Tensor x) { return new BesselI0e().apply(x); }

    /** {@code exp(-|x|) I1(x)} */
    public static Tensor i1e(Tensor x) { return new BesselI1e().apply(x); }

    /** The regularised lower incomplete gamma function P(a, x). */
    public static Tensor igamma(Tensor a, Tensor x) { return Tensor.broadcasting(new Igamma(), a, x); }

    /** The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), accurate where that is next to 0. */
    public static Tensor igammac(Tensor a, Tensor x) { return Tensor.broadcasting(new Igammac(), a, x); }

    /** The regularised incomplete beta function; only x may be differentiated. */
    public static Tensor betainc(Tensor a, Tensor b, Tensor x) {
        return Tensor.broadcasting(new IncompleteBeta(), a, b, x);
    }

    /** {@code log B(a, b)} */
    public static Tensor betaln(Tensor a, Tensor b) { return a.lgamma().add(b.lgamma()).sub(a.add(b).lgamma()); }

    /** Hurwitz's zeta: the sum over k = 0, 1, ... of {@code (q + k)^-s}; Riemann's for q = 1. */
    public static Tensor zeta(Tensor s, Tensor q) { return Tensor.broadcasting(new Zeta(), s, q); }

    /** The m-th derivative of digamma. */
    public static Tensor polygamma(int m, Tensor x) { return Tensor.broadcasting(new Polygamma(), x.like(m), x); }
}
