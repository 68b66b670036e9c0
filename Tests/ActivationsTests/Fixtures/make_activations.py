"""Makes activations.json: inputs and exact results (mpmath, 50 digits, rounded to double) of relu, selu and softmax.

usage: python make_activations.py
"""
import json
import random

import mpmath

mpmath.mp.dps = 50
SCALE = mpmath.mpf("1.0507009873554804934193349852946")
ALPHA = mpmath.mpf("1.6732632423543772848170429916717")


def relu(x, alpha=0.0, maximum=None, threshold=0.0):
    if x > threshold:
        return x if maximum is None else min(x, mpmath.mpf(maximum))
    return mpmath.mpf(alpha) * (x - mpmath.mpf(threshold))


def selu(x):
    return SCALE * x if x > 0 else SCALE * ALPHA * mpmath.expm1(x)


def softmax(row):
    exponentials = [mpmath.exp(x) for x in row]
    total = sum(exponentials)
    return [e / total for e in exponentials]


def single(value):
    """The value that a Float holds."""
    import struct
    return struct.unpack("f", struct.pack("f", value))[0]


def main():
    generator = random.Random(20)
    near = [s * m * 10.0**e for e in range(-30, 2) for s in (1, -1) for m in (1, 3.7)]
    spread = [generator.uniform(-100, 100) for _ in range(200)]
    points = [single(x) for x in near + spread + [-0.5, 0.5, -1.0, 1.0, -17.0, -89.0, -104.0]]
    cases = []
    for parameters in ({}, {"alpha": 0.5}, {"maximum": 6.0}, {"threshold": 1.5}, {"alpha": 0.25, "maximum": 6.5, "threshold": 0.5}):
        cases.append({"name": "relu", "parameters": parameters, "x": points,
                      "y": [float(relu(mpmath.mpf(x), **parameters)) for x in points]})
    cases.append({"name": "selu", "parameters": {}, "x": points, "y": [float(selu(mpmath.mpf(x))) for x in points]})
    rows = []
    for length in (1, 2, 3, 10, 33, 63, 64, 65, 200):
        row = [single(generator.gauss(0, 3)) for _ in range(length)]
        rows.append({"x": row, "y": [float(y) for y in softmax([mpmath.mpf(x) for x in row])]})
    json.dump({"elementwise": cases, "softmax": rows}, open("activations.json", "w"))


main()
