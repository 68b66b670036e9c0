"""Makes along_axes.json: lines and exact results (mpmath, 60 digits, rounded to double) of the activations along axes, with
the gradients for an upstream gradient.

usage: python make_along_axes.py
"""
import json
import random

import mpmath

mpmath.mp.dps = 60


def log_sum(x):
    """The logarithm of the sum of the exponentials, less the largest element; exact however small it is."""
    largest = max(x)
    at = x.index(largest)
    return largest, mpmath.log1p(mpmath.fsum(mpmath.exp(v - largest) for i, v in enumerate(x) if i != at))


def log_softmax(x):
    largest, rest = log_sum(x)
    return [(v - largest) - rest for v in x]


def softmax(x):
    return [mpmath.exp(v) for v in log_softmax(x)]


def sparsemax(x):
    ordered = sorted(x, reverse=True)
    support = max(k for k in range(1, len(x) + 1) if 1 + k * ordered[k - 1] > mpmath.fsum(ordered[:k]))
    threshold = (mpmath.fsum(ordered[:support]) - 1) / support
    return [max(v - threshold, mpmath.mpf(0)) for v in x]


def hardmax(x):
    return [mpmath.mpf(i == x.index(max(x))) for i in range(len(x))]


def sigmoid(x):
    return 1 / (1 + mpmath.exp(-x))


def glu(x):
    half = len(x) // 2
    return [a * sigmoid(b) for a, b in zip(x[:half], x[half:])]


def softmax_gradient(x, g):
    y = softmax(x)
    total = mpmath.fsum(a * b for a, b in zip(g, y))
    return [a * (b - total) for a, b in zip(y, g)]


def softmin_gradient(x, g):
    return [-v for v in softmax_gradient([-v for v in x], g)]


def log_softmax_gradient(x, g):
    total = mpmath.fsum(g)
    return [b - a * total for a, b in zip(softmax(x), g)]


def sparsemax_gradient(x, g):
    y = sparsemax(x)
    support = [b for a, b in zip(y, g) if a > 0]
    mean = mpmath.fsum(support) / len(support)
    return [b - mean if a > 0 else mpmath.mpf(0) for a, b in zip(y, g)]


def glu_gradient(x, g):
    half = len(x) // 2
    a, b = x[:half], x[half:]
    return [u * sigmoid(v) for u, v in zip(g, b)] + [u * w * sigmoid(v) * sigmoid(-v) for u, w, v in zip(g, a, b)]


ALL = [
    ("softmax", softmax, softmax_gradient),
    ("softmin", lambda x: softmax([-v for v in x]), softmin_gradient),
    ("log_softmax", log_softmax, log_softmax_gradient),
    ("sparsemax", sparsemax, sparsemax_gradient),
    ("hardmax", hardmax, lambda x, g: [mpmath.mpf(0)] * len(x)),
    ("glu", glu, glu_gradient),
]


def main():
    generator = random.Random(31)

    def line(length, spread, offset=0.0):
        return [offset + round(generator.gauss(0, spread) * 32) / 32 for _ in range(length)]

    lines = [
        [2.5], [0.0, 0.0], [3.0, -4.0], [20.0, -60.0], [0.5, -0.25, 88.0], [-100.0, 3.0], [0.0, -88.0, -95.0, -102.0],
        line(3, 0.5), line(10, 3), line(10, 1, 1000), line(16, 10), line(17, 10, -5000), line(40, 1), line(257, 10),
    ]
    cases = []
    for x in lines:
        for name, value, gradient in ALL:
            if name == "glu" and len(x) % 2:
                continue
            if len(x) > 40 and name in ("softmin", "sparsemax", "hardmax"):
                continue
            exact = [mpmath.mpf(v) for v in x]
            y = value(exact)
            g = line(len(y), 1)
            dx = gradient(exact, [mpmath.mpf(v) for v in g])
            cases.append({"activation": name, "x": x, "y": [float(v) for v in y], "upstream": g, "gradient": [float(v) for v in dx]})
    json.dump(cases, open("along_axes.json", "w"), separators=(",", ":"))


main()
