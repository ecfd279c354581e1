"""Points for javelin.conformance.Accuracy: arguments of all exponents, exact results by mpmath, and JAX's errors there.

Usage: accuracy.py [FUNCTION ...] > points.txt. A line is: function, type, bits of x (and y), bits of the result rounded
correctly, (exact - result) / ulp(result); or '# jax', function, type, JAX's largest error in ulp over the points at
which neither argument nor result is subnormal, since XLA flushes those to zero.
"""
import random, struct, sys
import jax, mpmath as mp, numpy as np

jax.config.update('jax_enable_x64', True)
lax, INF = jax.lax, float('inf')
# the exact function, JAX's, where it is defined, and where its interesting part is
UNARY = {
    'exp': (mp.exp, lax.exp, (-INF, INF), (-20, 20)),
    'exp2': (lambda x: mp.power(2, x), lax.exp2, (-INF, INF), (-20, 20)),
    'expm1': (mp.expm1, lax.expm1, (-INF, INF), (-2, 2)), 'log': (mp.log, lax.log, (0, INF), (0.4, 3)),
    'log1p': (mp.log1p, lax.log1p, (-1, INF), (-0.9, 2)), 'sqrt': (mp.sqrt, lax.sqrt, (0, INF), (0, 4)),
    'rsqrt': (lambda x: 1 / mp.sqrt(x), lax.rsqrt, (0, INF), (0.2, 4)), 'cbrt': (
        lambda x: mp.sign(x) * mp.cbrt(abs(x)), lax.cbrt, (-INF, INF), (-8, 8)),
    'sin': (mp.sin, lax.sin, (-INF, INF), (-9, 9)), 'cos': (mp.cos, lax.cos, (-INF, INF), (-9, 9)),
    'tan': (mp.tan, lax.tan, (-INF, INF), (-9, 9)), 'asin': (mp.asin, lax.asin, (-1, 1), (-1, 1)),
    'acos': (mp.acos, lax.acos, (-1, 1), (-1, 1)), 'atan': (mp.atan, lax.atan, (-INF, INF), (-3, 3)),
    'sinh': (mp.sinh, lax.sinh, (-INF, INF), (-4, 4)), 'cosh': (mp.cosh, lax.cosh, (-INF, INF), (-4, 4)),
    'tanh': (mp.tanh, lax.tanh, (-INF, INF), (-2, 2)), 'asinh': (mp.asinh, lax.asinh, (-INF, INF), (-3, 3)),
    'acosh': (mp.acosh, lax.acosh, (1, INF), (1, 4)), 'atanh': (mp.atanh, lax.atanh, (-1, 1), (-1, 1)),
    'logistic': (lambda x: 1 / (1 + mp.exp(-x)), lax.logistic, (-INF, INF), (-5, 5)),
    'erf': (mp.erf, lax.erf, (-INF, INF), (-3, 3)), 'erfc': (mp.erfc, lax.erfc, (-INF, INF), (-5, 28)),
    'erf_inv': (mp.erfinv, lax.erf_inv, (-1, 1), (-1, 1)),
    'lgamma': (lambda x: mp.log(abs(mp.gamma(x))) if abs(x) < 100 else mp.re(mp.loggamma(x)), lax.lgamma, (-1e4, INF),
               (-5, 20)),
    'digamma': (mp.digamma, lax.digamma, (-1e4, INF), (-5, 20)),
    'bessel_i0e': (lambda x: mp.besseli(0, x) * mp.exp(-abs(x)), lax.bessel_i0e, (-1e6, 1e6), (-20, 20)),
    'bessel_i1e': (lambda x: mp.besseli(1, x) * mp.exp(-abs(x)), lax.bessel_i1e, (-1e6, 1e6), (-20, 20)),
}
BINARY = {'pow': (mp.power, lax.pow, (0, INF)), 'atan2': (mp.atan2, lax.atan2, (-INF, INF))}
PERIODIC = ('sin', 'cos', 'tan')
TYPES = {'f32': (np.float32, '<f', '<I', 8, 23), 'f64': (np.float64, '<d', '<Q', 11, 52)}


def bits(x, t): return struct.unpack(TYPES[t][2], struct.pack(TYPES[t][1], x))[0]


def floating(b, t): return struct.unpack(TYPES[t][1], struct.pack(TYPES[t][2], b))[0]


def rounded(y, t):
    """y to the nearest number of the type, ties to even, and the rest in units of the last place."""
    least, digits, most = (-125, 24, 128) if t == 'f32' else (-1021, 53, 1024)
    if y == 0: return 0.0, 0.0
    unit = mp.mpf(2) ** (max(mp.frexp(y)[1], least) - digits)
    n = int(mp.nint(y / unit))
    if abs(n) * unit >= mp.mpf(2) ** most: return INF if y > 0 else -INF, 0.0
    return float(n * unit), float(y / unit - n)


def arguments(domain, middle, t, r):
    _, _, _, exponent, fraction = TYPES[t]
    for e in range(0, 2 ** exponent - 1, 1 if t == 'f32' else 2):
        for sign in (0, 1):
            for _ in range(2 if t == 'f32' else 1):
                x = floating(sign << (exponent + fraction) | e << fraction | r.getrandbits(fraction), t)
                if domain[0] < x < domain[1]: yield x
    for _ in range(1500):
        x = float(TYPES[t][0](r.uniform(*middle)))
        if domain[0] < x < domain[1]: yield x


def exact(f, name, x, t):
    size = max(abs(v) for v in x)
    tiny = min(abs(v) for v in x) < 1e-30
    with mp.workprec(2400 if tiny and name not in ('lgamma', 'digamma') or name in PERIODIC and size > 1e3 else 260):
        return rounded(f(*map(mp.mpf, x)), t)


def sweep(name, f, jaxf, points, t):
    number = TYPES[t][0]
    lines, results = [], jax.jit(jaxf)(*(np.array(c, number) for c in zip(*points)))
    worst, smallest = 0.0, 2.0 ** (-126 if t == 'f32' else -1022)
    for x, theirs in zip(points, np.asarray(results)):
        try: y, rest = exact(f, name, x, t)
        except (ValueError, ZeroDivisionError, OverflowError): continue
        lines.append(' '.join([name, t, *('%x' % bits(v, t) for v in x), '%x' % bits(y, t), '%.3f' % rest]))
        if all(abs(v) >= smallest for v in x) and INF > abs(y) >= smallest:
            error = abs((float(theirs) - y) / float(np.spacing(number(abs(y)))) - rest)
            worst = max(worst, error if error == error else INF)
    print('# jax', name, t, '%.3g' % worst)
    print('\n'.join(lines))


def main():
    r = random.Random(1)
    for t in TYPES:
        for name, (f, jaxf, domain, middle) in UNARY.items():
            if sys.argv[1:] and name not in sys.argv: continue
            sweep(name, f, jaxf, [(x,) for x in arguments(domain, middle, t, r)], t)
        for name, (f, jaxf, domain) in BINARY.items():
            if sys.argv[1:] and name not in sys.argv: continue
            first = list(arguments(domain, (0, 4), t, r))
            r.shuffle(first)
            second = [r.uniform(-1, 1) * 2 ** r.uniform(-8, 8) if name == 'pow' else r.choice(first) for _ in first]
            sweep(name, f, jaxf, [(x, float(TYPES[t][0](y))) for x, y in zip(first, second)][:2000], t)


main()
