"""Makes what `activations verify --double` compares with: exact values and slopes at hard and at random Doubles.

usage: make_double_fixture.py TOOL FOLDER     (mpmath 1, NumPy 2)

doubles.npy [n, 3]: input, value, slope, the results rounded to Double. rests.npy [n, 2]: what rounding took from them, in
254ths of the spacing of Doubles there. checks.json: which rows belong to which activation with its parameters.
"""
import json
import math
import sys

import numpy as np
from mpmath import log, mp

from activations import CURVES, exact, rounded, variants


def beside(x):
    return [x, math.nextafter(x, -math.inf), math.nextafter(x, math.inf)]


def hard(variant, is_first):
    result = [0.0, -0.0, math.inf, -math.inf, math.nan]
    for magnitude in (5e-324, 2.5e-310, 2.0**-1022, 1e-300, 1e-160, 1e-100, 1e-30, 2.0**-54, 2.0**-27, 1e-5, 1e-3, 0.1,
                      0.25, 4.0, 1e5, 1e8, 1e16, 1e100, 1.3e154, 1.4e154, 1e200, 1.7976931348623157e308):
        result += [magnitude, -magnitude]
    result += [v for kink in variant["kinks"] for v in beside(kink)]
    if variant["activation"] not in CURVES:
        return result
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


def inputs(variant, is_first, random):
    count = (240 if is_first else 80) if variant["activation"] in CURVES else 40
    small = np.exp2(random.uniform(-60, 1, count // 4)) * random.choice([-1, 1], count // 4)
    normal = random.standard_normal(count // 2) * 3
    wide = random.uniform(-40, 40, count // 8)
    tail = -random.uniform(40, 750, count - count // 4 - count // 2 - count // 8)
    return hard(variant, is_first) + [float(x) for part in (small, normal, wide, tail) for x in part]


def main():
    tool, folder = sys.argv[1:]
    random = np.random.default_rng(11)
    doubles, rests, checks = [], [], []
    seen = set()
    for variant in variants(tool):
        first = len(doubles)
        for x in inputs(variant, variant["name"] not in seen, random):
            results = [rounded(exact(variant["activation"], variant["double"], x, index)) for index in (0, 1)]
            doubles.append([x, *(nearest for nearest, _ in results)])
            rests.append([rest for _, rest in results])
        seen.add(variant["name"])
        checks.append({"title": variant["title"], "first": first, "count": len(doubles) - first})
    np.save(f"{folder}/doubles.npy", np.array(doubles))
    np.save(f"{folder}/rests.npy", np.array(rests, dtype=np.int8))
    with open(f"{folder}/checks.json", "w") as file:
        file.write("[\n" + ",\n".join("  " + json.dumps(check) for check in checks) + "\n]\n")


main()
