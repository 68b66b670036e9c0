"""Makes the fixtures of the activations: exact results (mpmath, rounded to double).

lines.npy, curves.npy   [1 + 2 rows, points]: the inputs, then for each row the values and the slopes
activations.json        name and parameters of each row; rows of softmax

usage: python make_activations.py TOOL     (in this folder; TOOL is a built `activations`; mpmath 1, NumPy 2)
"""
import json
import math
import pathlib
import random
import struct
import sys

import mpmath
import numpy
from mpmath import mpf

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "Scripts/reference"))
from activations import CURVES, PIECES, exact, rounded, variants


def single(value):
    """The value that a Float holds."""
    return struct.unpack("f", struct.pack("f", value))[0]


def neighbours(value):
    """The value as a Float, and the Floats before and after it."""
    near = numpy.float32(value)
    return [float(numpy.nextafter(near, numpy.float32(-numpy.inf))), float(near),
            float(numpy.nextafter(near, numpy.float32(numpy.inf)))]


SPECIAL = [math.nan, math.inf, 0.0, single(2**-149), single(1e-40), single(2**-126), single(1e-30), single(1e-10), 1e30,
           single(3.4028234663852886e38)]
SMALL = [1e-20, 1e-8, 2**-24, 1e-5, 3.3e-4, 1e-3, 2**-6, 0.01, 0.1, 0.34, 0.5, 0.55, 0.9, 1, 1.6, 2.7, 4.2, 5.5]
SATURATION = [8.3, 9.4, 11.1, 12.5, 14.2, 16.6, 17, 18.5, 33, 37.5, 44.4, 60, 86.5, 87.4, 88.4, 89, 91, 103.9, 104.1, 150, 346, 708.5,
              709.7, 709.8, 744.5, 745.2, 1e3, 1e4, 4e6, 7.1e12, 1.8e19, 1.9e19]
# Where arguments are reduced: multiples of half of log 2.
EDGES = [k * 0.34657359 for k in (1, -1, 3, -3, 31, -31, 250, -250)]
# Not Floats: subnormals of Double, and squares that overflow.
DOUBLES = [5e-324, 1e-310, 1e-160, 1e-17, 38.4, 1.3e154, 1.4e154, 1.7976931348623157e308]


def both(points):
    return [sign * x for x in points for sign in (1, -1)]


def unique(points):
    return list({struct.pack("d", x): x for x in points}.values())


def write(file, points, rows):
    table = [points]
    for row in rows:
        for index in (0, 1):
            table.append([rounded(exact(row["activation"], row["float"], x, index))[0] for x in points])
    numpy.save(file, numpy.array(table))
    return [{"name": row["activation"], "parameters": row["float"]} for row in rows]


def softmax(row):
    exponentials = [mpmath.exp(x) for x in row]
    total = sum(exponentials)
    return [e / total for e in exponentials]


def kinks(rows):
    return sorted({abs(kink) for row in rows for kink in row["kinks"]})


def main():
    generator = random.Random(20)
    rows = variants(sys.argv[1])
    pieces, smooth = ([row for row in rows if row["activation"] in table] for table in (PIECES, CURVES))
    # NaN and the infinities once each.
    special = both(SPECIAL)[1:]
    lines = unique(special + [n for x in both(kinks(pieces)) for n in neighbours(x)]
                   + both(map(single, [0.01, 2, 17, 1e5])))
    spread = [generator.gauss(0, 3) for _ in range(60)] + [generator.uniform(-40, 40) for _ in range(40)]
    tiny = [generator.choice([1, -1]) * 10**generator.uniform(-20, 0) for _ in range(40)]
    edges = [-kink for kink in kinks(smooth)] + EDGES
    curves = unique(special + both(map(single, SMALL + SATURATION)) + [n for x in edges for n in neighbours(x)]
                    + both(DOUBLES) + spread + tiny)
    tables = {"lines": write("lines.npy", lines, pieces), "curves": write("curves.npy", curves, smooth)}
    rows = []
    for length in (1, 2, 3, 10, 33, 63, 64, 65, 200):
        row = [single(generator.gauss(0, 3)) for _ in range(length)]
        rows.append({"x": row, "y": [float(y) for y in softmax([mpf(x) for x in row])]})
    with open("activations.json", "w") as file:
        json.dump({**tables, "softmax": rows}, file)


main()
