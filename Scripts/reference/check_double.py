"""Holds activations in Double, values and slopes, against mpmath at many random inputs.

usage: check_double.py TOOL [POINTS] [NAME...]

What `activations verify --double` compares at few inputs, this compares at as many as wished, on the best instruction set.
Errors are in ulp; where a slope passes through zero, in ulp of 2^-8. The exit status is 1 beyond 2 (values) or 4 (slopes).
"""
import math
import os
import subprocess
import sys
import tempfile

import numpy as np
from mpmath import isinf, isnan, mpf

from activations import exact

BOUNDS = (2, 4)
ROOTS = {"gelu": -0.7518, "gelu_tanh": -0.7525, "silu": -1.2785, "mish": -1.1924}
OPTIONS = {"relu": ["alpha", "max-value", "threshold"], "leaky_relu": ["negative-slope"], "rrelu": ["lower", "upper"],
           "hard_tanh": ["min-value", "max-value"], "threshold": ["threshold", "value"], "softplus": ["beta"],
           "squareplus": ["b"], "hard_shrink": ["threshold"], "soft_shrink": ["threshold"]}


def points(count, parameters):
    random = np.random.default_rng(13)
    quarter = count // 4
    small = np.exp2(random.uniform(-100, 2, quarter)) * random.choice([-1, 1], quarter)
    normal = random.standard_normal(quarter) * 3
    wide = random.uniform(-45, 45, quarter)
    far = random.uniform(-760, 760, count - 3 * quarter)
    kinks = [float(word) for word in parameters if math.isfinite(float(word))]
    beside = [np.nextafter(sign * k, end) for k in kinks for sign in (1, -1) for end in (-math.inf, math.inf)]
    return np.concatenate([small, normal, wide, far, beside])


def spacing(x):
    return mpf(2) ** (max(math.frexp(x)[1] - 1, -1022) - 52)


def error(name, index, x, computed, parameters):
    expected = exact(name, parameters, x, index)
    if isnan(expected) or math.isnan(computed):
        return 0.0 if isnan(expected) and math.isnan(computed) else math.inf
    rounded = math.copysign(math.inf, expected) if isinf(expected) or abs(expected) >= mpf(2) ** 1024 else float(expected)
    if math.isinf(rounded) or math.isinf(computed):
        return 0.0 if rounded == computed else math.inf
    unit = spacing(rounded)
    if index == 1 and name in ROOTS and abs(x - ROOTS[name]) < 0.25:
        unit = max(unit, spacing(2.0**-8))
    return float(abs(mpf(computed) - expected) / unit)


def compute(tool, name, words, inputs, folder):
    """Values and slopes as the tool computes them."""
    source, ones, result = (os.path.join(folder, file) for file in ("x.npy", "ones.npy", "y.npy"))
    np.save(source, inputs)
    np.save(ones, np.ones_like(inputs))
    identifier, options = (name, []) if name != "gelu_tanh" else ("gelu", ["--approximate"])
    for option, word in zip(OPTIONS.get(name, ["alpha"]), words):
        if math.isfinite(float(word)):
            options += ["--" + option, word]
    for extra in ([], ["--gradient", ones]):
        subprocess.run([tool, "apply", identifier, source, result, *options, *extra], check=True)
        yield np.load(result)


def main():
    tool = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    names = sys.argv[3:]
    kept = True
    settings = subprocess.run([tool, "reference", "--list"], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        for line in settings.splitlines():
            name, *words = line.split()
            if names and name not in names:
                continue
            parameters = [float(word) for word in words]
            inputs = points(count, words)
            texts = []
            for index, results in enumerate(compute(tool, name, words, inputs, folder)):
                worst = max((error(name, index, float(x), float(y), parameters), float(x))
                            for x, y in zip(inputs, results, strict=True))
                beyond = worst[0] > BOUNDS[index]
                kept = kept and not beyond
                text = f"{('value', 'slope')[index]} {worst[0]:.3f} ulp" + (f" at {worst[1]!r}" if worst[0] else "")
                texts.append(text + (f" BEYOND {BOUNDS[index]}" if beyond else ""))
            print(f"{line:32s} {texts[0]:48s} {texts[1]}", flush=True)
    sys.exit(0 if kept else 1)


main()
