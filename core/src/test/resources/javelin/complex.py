"""Writes complex.txt: functions of complex128 numbers as NumPy has them, at branch cuts, signed zeros and infinities.

Each line is a function, real and imaginary parts of its arguments, and those of the value (0 if that is real)."""
import numpy as np

inf = float("inf")
np.seterr(all="ignore")


def line(name, value, *arguments):
    parts = [p for z in (*arguments, complex(value)) for p in (z.real, z.imag)]
    print(name, *(repr(float(p)).replace("inf", "Infinity").replace("nan", "NaN") for p in parts))


points = [complex(a, b) for a, b in [
    (0., 0.), (-0., 0.), (0., -0.), (-1., 0.), (-1., -0.), (1., -0.), (-2., -0.), (inf, 0.), (-inf, 0.), (0., inf),
    (inf, inf), (-inf, inf), (3., 4.), (-3., -4.), (0.6, 0.8), (1e-3, 1.0000001), (0.3, -2.5), (1e200, 1e200),
    (-1e-200, 1e-200), (1.5, 1e-9), (-7.25, 30.), (-0.75, -0.25)]]
for name in ["abs", "angle", "sqrt", "log"]:
    for z in points:
        line(name, getattr(np, name)(np.complex128(z)), z)
for name in ["exp", "sin", "cos", "tan", "sinh", "cosh", "tanh"]:
    for z in points:
        if abs(z) < 1e100:
            line(name, getattr(np, name)(np.complex128(z)), z)
for z, w in [(1, 0), (1 + 1j, 0), (1 + 1j, inf), (complex(inf, 1), 1 + 1j), (1e300 + 1e300j, 1e300 + 1e300j),
             (1e-300 + 1e-300j, 2e-300 + 1e-300j), (1 + 2j, 3 - 4j), (1e300 + 1j, 1e-300)]:
    line("div", np.complex128(z) / np.complex128(w), complex(z), complex(w))
for z, w in [(0, 0), (0, 2), (0, 2 + 1j), (2 + 1j, 0), (0, -1), (1 + 2j, 3 - 0.5j), (-2, 0.5), (complex(-2, -0.0), 0.5)]:
    line("pow", np.complex128(z) ** np.complex128(w), complex(z), complex(w))
