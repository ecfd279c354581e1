package javelin.bench;

import static javelin.Transforms.grad;
import static javelin.Transforms.hessian;
import static javelin.Transforms.jit;
import static javelin.Transforms.valueAndGrad;
import static javelin.Transforms.vmap;

import java.util.List;
import java.util.function.Supplier;
import javelin.Control;
import javelin.Tensors;
import javelin.bench.Workload.Repeated;
import javelin.core.Array;
import javelin.core.Tensor;
import javelin.core.type.TensorType;

/** Prices and their sensitivities, and other derivatives of many independent things. */
final class Finance {
    static final List<Workload> ALL = List.of(
            new Repeated("black_scholes_greeks_1m", Finance::blackScholesGreeks),
            new Repeated("monte_carlo_heston_gradient_f64", Finance::hestonGradient),
            new Repeated("hessian_64_f64", Finance::hessianOf64));

    private Finance() {}

    // Black and Scholes' price of a call, without interest

    /** What the price moves with: spot, volatility, time to expiry. */
    record Market(Tensor spot, Tensor volatility, Tensor time) {
        Tensor price(Tensor strike) {
            Tensor deviation = volatility.mul(time.sqrt());
            Tensor d1 = spot.div(strike).log().add(volatility.mul(volatility).div(2).mul(time)).div(deviation);
            return spot.mul(0.5).mul(erf(d1).add(1)).sub(strike.mul(0.5).mul(erf(d1.sub(deviation)).add(1)));
        }

        private static Tensor erf(Tensor x) { return x.div(Math.sqrt(2)).erf(); }
    }

    static Supplier<?> blackScholesGreeks(Inputs in) {
        var f = jit(vmap(grad(Market::price)));
        TensorType million = TensorType.f32(1_000_000);
        Tensor spot = in.uniform(80, 120, million), strike = in.uniform(80, 120, million);
        var market = new Market(spot, in.uniform(.1, .5, million), in.uniform(.2, 2, million));
        return () -> f.apply(market, strike);
    }

    // 20,000 paths of Heston's model, 50 steps by Euler, a call's price and its gradient with respect to the five
    // parameters

    private static Tensor hestonPrice(Tensor p, Tensor z) {
        record Path(Tensor x, Tensor v) {}
        Tensor kappa = p.index(0), theta = p.index(1), xi = p.index(2), rho = p.index(3), v0 = p.index(4);
        double dt = 1 / 50.0;
        TensorType paths = TensorType.f64(20_000);
        Path end = Control.scan((Path path, Tensor noise) -> {
            Tensor vp = path.v().maximum(1e-8), root = vp.mul(dt).sqrt();
            Tensor w = rho.mul(noise.index(0)).add(rho.square().neg().add(1).sqrt().mul(noise.index(1)));
            Tensor x = path.x().sub(vp.div(2).mul(dt)).add(root.mul(noise.index(0)));
            return new Control.Step<>(new Path(x,
                    path.v().add(kappa.mul(theta.sub(vp)).mul(dt)).add(xi.mul(root).mul(w))), List.of());
        }, new Path(Tensors.zeros(paths), v0.broadcastTo(paths.shape())), z).carry();
        return end.x().exp().sub(1).maximum(0).mean();
    }

    static Supplier<?> hestonGradient(Inputs in) {
        Tensor z = in.f64(50, 2, 20_000), p = Array.f64(2, .04, .3, -.7, .04);
        var f = jit((Tensor q) -> valueAndGrad(Finance::hestonPrice).apply(q, z));
        return () -> f.apply(p);
    }

    /** All second derivatives of Rosenbrock's function of 64 numbers. */
    static Supplier<?> hessianOf64(Inputs in) {
        var f = jit(hessian(x -> {
            Tensor head = x.slice(0, 0, -1), tail = x.slice(0, 1, x.size(0));
            return tail.sub(head.square()).square().mul(100).add(head.neg().add(1).square()).sum();
        }));
        Tensor x = in.f64(64);
        return () -> f.apply(x);
    }
}
