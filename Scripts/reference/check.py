"""Holds the references of `activations verify` against mpmath.

usage: check.py TOOL [POINTS] [NAME...]

Errors are in ulp of a Float, of which they must stay far below one. The exit status is 1 where one does not.
"""
import math
import struct
import subprocess
import sys

import numpy as np
from mpmath import isinf, isnan, mpf

from activations import exact, variants

BOUND = 1e-5


def points(count, kinks):
    random = np.random.default_rng(7)
    bits = random.integers(0, 2**32, count // 4, dtype=np.uint64).astype(np.uint32).view(np.float32)
    small = np.exp2(random.uniform(-40, 2, count // 4)) * random.choice([-1, 1], count // 4)
    normal = random.standard_normal(count // 4) * 3
    wide = random.uniform(-120, 120, count - 3 * (count // 4) - 40)
    special = [0, -0.0, math.inf, -math.inf, 1e-45, -1e-45, 3.4028235e38, -3.4028235e38, 1, -1]
    beside = [sign * k for k in kinks for sign in (1, -1)]
    with np.errstate(invalid="ignore"):  # some of the bits are those of signalling NaN
        rest = np.concatenate([bits, small, normal, wide, special, beside]).astype(np.float32)
    return rest[:count]


def spacing(x):
    return 2.0 ** (max(math.frexp(abs(x))[1] - 1, -126) - 23)


def error(variant, index, x, computed):
    expected = exact(variant["activation"], variant["float"], x, index)
    if isnan(expected) or isinf(expected) or abs(expected) >= mpf(2) ** 1000:
        same = isnan(computed) if isnan(expected) else computed == expected or abs(computed) > 1e300
        return 0.0 if same else math.inf
    if math.isnan(computed) or math.isinf(computed):
        return math.inf
    size = float(expected)
    if index == 1 and "root" in variant and abs(x - variant["root"]) < 0.25:
        size = max(abs(size), 2.0**-8)
    return float(abs(mpf(computed) - expected) / mpf(spacing(size)))


def main():
    tool = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    kept = True
    for variant in variants(tool, sys.argv[3:]):
        inputs = points(count, variant["kinks"])
        text = "\n".join(f"{bits:08x}" for bits in inputs.view(np.uint32)) + "\n"
        command = [tool, "reference", variant["title"]]
        output = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
        worst = [(0.0, 0.0), (0.0, 0.0)]
        for x, results in zip(inputs, output.splitlines(), strict=True):
            for index, bits in enumerate(results.split()):
                computed = struct.unpack("<d", struct.pack("<Q", int(bits, 16)))[0]
                worst[index] = max(worst[index], (error(variant, index, float(x), computed), float(x)))
        ok = all(e <= BOUND for e, _ in worst)
        kept = kept and ok
        figures = [f"{word} {e:.1e} ulp" + (f" at {x:.8g}" if e else "") for word, (e, x) in zip(("value", "slope"), worst)]
        print(f"{variant['title']:56s} {figures[0]:36s} {figures[1]:36s} {'' if ok else 'BEYOND ' + str(BOUND)}", flush=True)
    sys.exit(0 if kept else 1)


main()
