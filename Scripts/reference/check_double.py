"""Holds activations in Double, values and slopes, against mpmath at many random inputs.

usage: check_double.py TOOL [POINTS] [NAME...]

What `activations verify --double` compares at few inputs, this compares at as many as wished, on the best instruction set.
Errors are in ulp; where a slope passes through zero, in ulp of 2^-8. The exit status is 1 beyond the
bounds of the activation.
"""
import math
import os
import subprocess
import sys
import tempfile

import numpy as np
from mpmath import isinf, isnan, mpf

from activations import exact, variants


def points(count, kinks):
    random = np.random.default_rng(13)
    quarter = count // 4
    small = np.exp2(random.uniform(-100, 2, quarter)) * random.choice([-1, 1], quarter)
    normal = random.standard_normal(quarter) * 3
    wide = random.uniform(-45, 45, quarter)
    far = random.uniform(-760, 760, count - 3 * quarter)
    beside = [np.nextafter(sign * k, end) for k in kinks for sign in (1, -1) for end in (-math.inf, math.inf)]
    return np.concatenate([small, normal, wide, far, beside])


def spacing(x):
    return mpf(2) ** (max(math.frexp(x)[1] - 1, -1022) - 52)


def error(variant, index, x, computed):
    expected = exact(variant["activation"], variant["double"], x, index)
    if isnan(expected) or math.isnan(computed):
        return 0.0 if isnan(expected) and math.isnan(computed) else math.inf
    rounded = math.copysign(math.inf, expected) if isinf(expected) or abs(expected) >= mpf(2) ** 1024 else float(expected)
    if math.isinf(rounded) or math.isinf(computed):
        return 0.0 if rounded == computed else math.inf
    unit = spacing(rounded)
    if index == 1 and "root" in variant and abs(x - variant["root"]) < 0.25:
        unit = max(unit, spacing(2.0**-8))
    return float(abs(mpf(computed) - expected) / unit)


def options(parameters):
    """As `activations apply` takes them."""
    for name, value in parameters.items():
        option = "--" + name.replace("_", "-")
        if value is not None:
            yield from [option] if value is True else [option, repr(value)]


def compute(tool, variant, inputs, folder):
    """Values and slopes as the tool computes them."""
    source, ones, result = (os.path.join(folder, file) for file in ("x.npy", "ones.npy", "y.npy"))
    np.save(source, inputs)
    np.save(ones, np.ones_like(inputs))
    for extra in ([], ["--gradient", ones]):
        command = [tool, "apply", variant["activation"], source, result, *options(variant["given"]), *extra]
        subprocess.run(command, check=True)
        yield np.load(result)


def main():
    tool = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for variant in variants(tool, sys.argv[3:]):
            inputs = points(count, variant["kinks"])
            texts = []
            for index, results in enumerate(compute(tool, variant, inputs, folder)):
                worst = max((error(variant, index, float(x), float(y)), float(x))
                            for x, y in zip(inputs, results, strict=True))
                bound = variant["bounds"][index]
                kept = kept and worst[0] <= bound
                text = f"{('value', 'slope')[index]} {worst[0]:.3f} ulp" + (f" at {worst[1]!r}" if worst[0] else "")
                texts.append(text + (f" BEYOND {bound}" if worst[0] > bound else ""))
            print(f"{variant['title']:56s} {texts[0]:48s} {texts[1]}", flush=True)
    sys.exit(0 if kept else 1)


main()
