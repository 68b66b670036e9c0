"""Makes what `activations verify --double` compares with: exact values and slopes at hard and at random Doubles.

usage: make_double_fixture.py TOOL FOLDER

doubles.npy [n, 3]: input, value, slope, the results rounded to Double. rests.npy [n, 2]: what rounding took from them, in
254ths of the spacing of Doubles there. checks.json: which rows belong to which activation and parameters.
"""
import json
import math
import subprocess
import sys

import numpy as np
from mpmath import isinf, isnan, log, mp, mpf

from activations import EXPONENTIAL, exact

TRANSCENDENTAL = EXPONENTIAL | {"softsign", "squareplus"}
ROOTS = {"gelu": -0.7517915246935645, "gelu_tanh": -0.7524614220710162, "silu": -1.2784645427610738,
         "mish": -1.1924312145154952}


def beside(x):
    return [x, math.nextafter(x, -math.inf), math.nextafter(x, math.inf)]


def hard(name, parameters, is_first):
    kinks = [p for p in parameters if math.isfinite(p)] + [0.5, 1, 2.5, 3, 6]
    result = [0.0, -0.0, math.inf, -math.inf, math.nan]
    for magnitude in (5e-324, 2.5e-310, 2.0**-1022, 1e-300, 1e-160, 1e-100, 1e-30, 2.0**-54, 2.0**-27, 1e-5, 1e-3, 0.1,
                      0.25, 4.0, 1e5, 1e8, 1e16, 1e100, 1.3e154, 1.4e154, 1e200, 1.7976931348623157e308):
        result += [magnitude, -magnitude]
    if name in ROOTS:
        result += beside(ROOTS[name])
    if name not in TRANSCENDENTAL:
        return result + [v for k in kinks for v in beside(k) + beside(-k)]
    # Where arguments are reduced: halves of multiples of log 2, also after scaling by a parameter or by two.
    mp.prec = 160
    for k in (1, 2, 3, 4, 5, 7, 10, 15, 25, 52, 53, 54, 100, 1000, 1021, 1022, 1074, 2000, 2040):
        edge = float(k * log(2) / 2)
        result += [edge, -edge] if is_first else [-edge]
    # Saturation, overflow and underflow of exponentials, their squares and the Gaussian.
    for edge in (0.55, 8.3, 9.2, 17.5, 18.0, 19.1, 22.0, 26.5, 33.0, 36.8, 37.5, 38.4, 38.6, 354.9, 372.5, 708.4, 709.78,
                 709.79, 744.5, 745.14, 745.9, 751.9):
        result += [edge, -edge]
    return result


def inputs(name, parameters, is_first, random):
    count = (240 if is_first else 80) if name in TRANSCENDENTAL else 40
    small = np.exp2(random.uniform(-60, 1, count // 4)) * random.choice([-1, 1], count // 4)
    normal = random.standard_normal(count // 2) * 3
    wide = random.uniform(-40, 40, count // 8)
    tail = -random.uniform(40, 750, count - count // 4 - count // 2 - count // 8)
    return hard(name, parameters, is_first) + [float(x) for part in (small, normal, wide, tail) for x in part]


def rounded(result):
    """The nearest Double and the rest in 254ths of the spacing there."""
    if isnan(result):
        return math.nan, 0
    # mpmath does not round to subnormal numbers by itself.
    with mp.workprec(200):
        exponent = max(int(mp.floor(log(abs(result), 2))) if result != 0 and not isinf(result) else -1100, -1022) - 52
        if isinf(result) or exponent > 1023 - 52:
            return math.copysign(math.inf, result), 0
        spacing = mpf(2) ** exponent
        units = result / spacing
        whole = mp.nint(units)
        try:
            nearest = math.ldexp(float(whole), exponent)
        except OverflowError:
            nearest = math.copysign(math.inf, result)
        rest = int(mp.nint((units - whole) * 254))
    if math.isinf(nearest):
        return nearest, 0
    if nearest == 0 and result < 0:
        nearest = -0.0
    return nearest, rest


def main():
    tool, folder = sys.argv[1:]
    random = np.random.default_rng(11)
    doubles, rests, checks = [], [], []
    settings = subprocess.run([tool, "reference", "--list"], capture_output=True, text=True, check=True).stdout
    seen = set()
    for line in settings.splitlines():
        name, *words = line.split()
        parameters = [float(word) for word in words]
        first = len(doubles)
        for x in inputs(name, parameters, name not in seen, random):
            value, value_rest = rounded(exact(name, parameters, x, 0))
            slope, slope_rest = rounded(exact(name, parameters, x, 1))
            doubles.append([x, value, slope])
            rests.append([value_rest, slope_rest])
        seen.add(name)
        checks.append({"activation": name, "parameters": words, "first": first, "count": len(doubles) - first})
    np.save(f"{folder}/doubles.npy", np.array(doubles))
    np.save(f"{folder}/rests.npy", np.array(rests, dtype=np.int8))
    with open(f"{folder}/checks.json", "w") as file:
        file.write("[\n" + ",\n".join("  " + json.dumps(check) for check in checks) + "\n]\n")


main()
