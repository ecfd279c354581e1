"""Points for ApproximationsTest: f64 arguments, the correctly rounded results and what rounding left, by mpmath.

Usage: approximations-f64.py COUNT SEED [FUNCTION ...]. A line is: function, bits of x, bits of y, (exact - y) / ulp(y).
approximations-f64.txt holds 270 such points per function, and the 100 with the largest errors of 100,000 or more.
"""
import random, struct, sys
import mpmath as mp

mp.mp.prec = 150
FUNCTIONS = {'EXP': mp.exp, 'EXPM1': mp.expm1, 'LOG': mp.log, 'LOG1P': mp.log1p, 'SIN': mp.sin, 'COS': mp.cos,
             'TAN': mp.tan, 'TANH': mp.tanh, 'LOGISTIC': lambda x: 1 / (1 + mp.exp(-x)), 'ERF': mp.erf,
             'RSQRT': lambda x: 1 / mp.sqrt(x)}
WIDE = {'EXP': [(-746, 710)], 'EXPM1': [(-40, 710), (-2, 2)], 'LOG': [(0.4, 3)], 'LOG1P': [(-1, 2), (-0.6, 0.6)],
        'SIN': [(-9, 9)], 'COS': [(-9, 9)], 'TAN': [(-9, 9)],
        'TANH': [(-20, 20), (-1, 1)], 'LOGISTIC': [(-746, 40), (-5, 5)],
        'ERF': [(-6, 6), (-1.2, 1.2)], 'RSQRT': [(0.5, 4)]}
LEAST = {'LOG': 0, 'RSQRT': 0, 'LOG1P': -1, 'SIN': -2.0 ** 40, 'COS': -2.0 ** 40, 'TAN': -2.0 ** 40}
GREATEST = {'SIN': 2.0 ** 40, 'COS': 2.0 ** 40, 'TAN': 2.0 ** 40, 'EXP': 720, 'EXPM1': 720, 'TANH': 40,
            'LOGISTIC': 800, 'ERF': 8}


def bits(x): return struct.unpack('<q', struct.pack('<d', x))[0]


def floating(b): return struct.unpack('<d', struct.pack('<q', b))[0]


def rounded(y):
    """y to the nearest double, ties to even, and the rest in units of the last place."""
    if y == 0: return 0.0, 0.0
    unit = mp.mpf(2) ** (max(mp.frexp(y)[1], -1021) - 53)
    n = int(mp.nint(y / unit))
    if abs(n) * unit >= mp.mpf(2) ** 1024: return float('inf') if y > 0 else float('-inf'), 0.0
    return float(n * unit), float(y / unit - n)


def argument(function, kind, r):
    least, greatest = LEAST.get(function, -1e999), GREATEST.get(function, 1e999)
    while True:
        if kind % 27 == 0: x = floating(r.getrandbits(r.randint(1, 52))) * r.choice((-1, 1))   # subnormal
        elif kind % 3 == 0: x = floating(r.getrandbits(63)) * (-1 if r.random() < 0.5 else 1)
        elif kind % 3 == 1: x = r.uniform(*r.choice(WIDE[function]))
        elif function in ('SIN', 'COS', 'TAN') and r.random() < 0.5: x = float(round(2 ** r.uniform(0, 40)) * mp.pi / 2)
        elif function in ('SIN', 'COS', 'TAN'): x = r.uniform(-1, 1) * 2 ** r.uniform(0, 40)
        elif function == 'LOG': x = 1 + r.uniform(-1, 1) * 2 ** r.uniform(-52, -1)
        else: x = r.choice((-1, 1)) * 2 ** r.uniform(-30, 7)
        if x == x and least < x < greatest and abs(x) > (0 if kind % 9 == 0 else 1e-20): return x


def main():
    count, r = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    for function in sys.argv[3:] or FUNCTIONS:
        for kind in range(count):
            x = argument(function, kind, r)
            with mp.workprec(150 if abs(x) > 1e-40 or function in ('EXP', 'COS', 'LOGISTIC', 'RSQRT', 'LOG') else 2300):
                y, rest = rounded(FUNCTIONS[function](mp.mpf(x)))
            print(function, '%016x %016x %.3f' % (bits(x) % 2 ** 64, bits(y) % 2 ** 64, rest))


main()
