package javelin;

import java.util.List;
import javelin.core.ShapeException;
import javelin.core.Tensor;

/** Random numbers made of gamma random numbers. */
final class GammaDraws {
    private GammaDraws() {}

    static Tensor gamma(Key key, Tensor a, boolean logarithm) {
        if (!a.dtype().isFloat())
            throw new ShapeException("gamma", List.of(a.type()), "its parameter is a floating-point tensor");
        Tensor words = key.stack(a.type().elements()).data();
        return new RandomGamma(logarithm, key.mode()).apply(words.index(1, 0).reshape(a.shape()),
                words.index(1, 1).reshape(a.shape()), a);
    }

    /** The share of the first of two gammas, from their logarithms: small ones underflow. */
    static Tensor beta(Key key, Tensor a, Tensor b) {
        List<Key> keys = key.split(2);
        List<Tensor> parameters = Tensor.broadcastArrays("beta", a, b);
        Tensor first = keys.get(0).logGamma(parameters.get(0)), second = keys.get(1).logGamma(parameters.get(1));
        Tensor most = first.maximum(second), x = first.sub(most).exp();
        return x.div(x.add(second.sub(most).exp()));
    }

    static Tensor dirichlet(Key key, Tensor alpha) {
        Tensor log = key.logGamma(alpha);
        Tensor e = log.sub(log.keep(log.max(-1), -1).stopGradient()).exp();
        return e.div(e.keep(e.sum(-1), -1));
    }

    static Tensor chisquare(Key key, Tensor df) { return key.logGamma(df.div(2)).exp().mul(2); }

    static Tensor t(Key key, Tensor df) {
        List<Key> keys = key.split(2);
        Tensor half = df.div(2);
        return keys.get(0).normal(df.type()).mul(half.div(keys.get(1).gamma(half)).sqrt());
    }

    static Tensor f(Key key, Tensor numerator, Tensor denominator) {
        List<Key> keys = key.split(2);
        List<Tensor> df = Tensor.broadcastArrays("f", numerator, denominator);
        Tensor above = keys.get(1).chisquare(df.get(0)).div(df.get(0));
        return above.div(keys.get(0).chisquare(df.get(1)).div(df.get(1)));
    }
}
