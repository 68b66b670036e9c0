"""Makes the fixtures of the activations: exact results (mpmath, rounded to double).

lines.npy, curves.npy   [1 + 2 rows, points]: the inputs, then for each row the values and the slopes
activations.json        name and parameters of each row; rows of softmax

usage: python make_activations.py
"""
import json
import random
import struct

import mpmath
import numpy
from mpmath import mpf

mpmath.mp.dps = 60
SCALE = mpf("1.0507009873554804934193349852946")
ALPHA = mpf("1.6732632423543772848170429916717")
INF, NAN = float("inf"), float("nan")


def single(value):
    """The value that a Float holds."""
    return struct.unpack("f", struct.pack("f", value))[0]


def neighbours(value):
    """The value as a Float, and the Floats before and after it."""
    near = numpy.float32(value)
    return [float(numpy.nextafter(near, numpy.float32(-numpy.inf))), float(near),
            float(numpy.nextafter(near, numpy.float32(numpy.inf)))]


# Each is (value, slope) of a finite x as mpf, and the values and slopes at the infinities.


def relu(negative_slope=0, max_value=INF, threshold=0):
    s, m, t = mpf(negative_slope), mpf(max_value), mpf(threshold)

    least = -INF if max_value == INF else 0

    def value(x):
        return min(max(x, least), m) if x > t else s * (x - t)

    def slope(x):
        return s if x < t else 1 if least < x < m and x != t else 0

    ends = (-s * mpf(INF) if s else 0, max_value), (s, 1 if max_value == INF else 0)
    return value, slope, ends


def leaky_relu(negative_slope):
    s = mpf(negative_slope)
    return lambda x: x if x > 0 else s * x, lambda x: 1 if x > 0 else s, ((-INF, INF), (s, 1))


def rrelu(lower=1 / 8, upper=1 / 3):
    return leaky_relu((mpf(lower) + mpf(upper)) / 2)


def clamp(low, high, slope_at_ends):
    def slope(x):
        return 1 if low < x < high else slope_at_ends if low <= x <= high else 0

    return lambda x: min(max(x, mpf(low)), mpf(high)), slope, ((min(low, high), high), (0, 0))


def ramp(width):
    return (lambda x: min(max((x / width + 1) / 2, mpf(0)), mpf(1)),
            lambda x: 1 / mpf(2 * width) if abs(x) < width else 0, ((0, 1), (0, 0)))


def clamped_line(alpha, beta):
    a, b = mpf(alpha), mpf(beta)
    return (lambda x: min(max(a * x + b, mpf(0)), mpf(1)), lambda x: a if 0 < a * x + b < 1 else 0,
            ((float(a < 0), float(a > 0)), (0, 0)))


def hard_silu():
    return (lambda x: 0 if x <= -3 else x if x >= 3 else x * (x + 3) / 6,
            lambda x: 0 if x <= -3 else 1 if x >= 3 else (2 * x + 3) / 6, ((-0.0, INF), (0, 1)))


def hard_shrink(threshold=0.5):
    return (lambda x: x if abs(x) > threshold else 0, lambda x: 1 if abs(x) > threshold else 0, ((-INF, INF), (1, 1)))


def soft_shrink(threshold=0.5):
    return (lambda x: x - mpmath.sign(x) * mpf(threshold) if abs(x) > threshold else 0,
            lambda x: 1 if abs(x) > threshold else 0, ((-INF, INF), (1, 1)))


def threshold(threshold, default_value):
    return (lambda x: x if x > threshold else mpf(default_value), lambda x: 1 if x > threshold else 0,
            ((default_value, INF), (0, 1)))


def sparse_plus():
    return (lambda x: 0 if x <= -1 else x if x >= 1 else ((x + 1) / 2)**2,
            lambda x: 0 if x <= -1 else 1 if x >= 1 else (x + 1) / 2, ((0, INF), (0, 1)))


def logistic(x):
    return 1 / (1 + mpmath.exp(-x)) if x > 0 else mpmath.exp(x) / (1 + mpmath.exp(x))


def logistic_slope(x):
    return logistic(x) * logistic(-x)


def log_one_plus_exp(x):
    return max(x, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(x)))


def softsign():
    return lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x))**2, ((-1, 1), (0, 0))


def squareplus(b=4):
    def value(x):
        root = mpmath.sqrt(x * x + mpf(b))
        return (x + root) / 2 if x >= 0 else mpf(b) / (2 * (root - x))

    def slope(x):
        root = mpmath.sqrt(x * x + mpf(b))
        return (1 + x / root) / 2 if x >= 0 else mpf(b) / (2 * root * (root - x))

    return value, slope, ((0, INF), (0, 1))


def exponential():
    return mpmath.exp, mpmath.exp, ((0, INF), (0, INF))


def elu(alpha=1, scale=1, width=1):
    a, s, w = mpf(alpha), mpf(scale), mpf(width)
    return (lambda x: s * x if x > 0 else s * a * mpmath.expm1(x / w),
            lambda x: s if x > 0 else s * a / w * mpmath.exp(x / w), ((-s * a, INF), (0, s)))


def sigmoid():
    return logistic, logistic_slope, ((0, 1), (0, 0))


def silu():
    return (lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * logistic(-x)), ((-0.0, INF), (0, 1)))


def log_sigmoid():
    return lambda x: -log_one_plus_exp(-x), lambda x: logistic(-x), ((-INF, -0.0), (1, 0))


def softplus(beta=1):
    b = mpf(beta)
    return lambda x: log_one_plus_exp(b * x) / b, lambda x: logistic(b * x), ((0, INF), (0, 1))


def mish():
    def gate(x):  # tanh(softplus(x))
        e = mpmath.exp(-abs(x))
        return (1 + 2 * e) / (1 + 2 * e + 2 * e * e) if x > 0 else e * (e + 2) / (e * (e + 2) + 2)

    return (lambda x: x * gate(x), lambda x: gate(x) + x * logistic(x) * (1 - gate(x)**2), ((-0.0, INF), (0, 1)))


def tanh():
    return mpmath.tanh, lambda x: 4 * logistic_slope(2 * x), ((-1, 1), (0, 0))


def tanh_shrink():
    def value(x):  # below 1e-15 the digits cancel
        return x - mpmath.tanh(x) if abs(x) > 1e-15 else x**3 / 3 - 2 * x**5 / 15

    return value, lambda x: mpmath.tanh(x)**2, ((-INF, INF), (1, 1))


def gelu(approximate=False):
    def phi(x):
        return mpmath.erfc(-x / mpmath.sqrt(2)) / 2 if abs(x) < 1000 else mpf(x > 0)

    def density(x):
        return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi) if abs(x) < 1000 else mpf(0)

    c = 2 * mpmath.sqrt(2 / mpmath.pi)

    def inner(x):
        return c * (x + mpf("0.044715") * x**3)

    def inner_slope(x):
        return c * (1 + 3 * mpf("0.044715") * x**2)

    def approximate_value(x):
        return x * logistic(inner(x)) if abs(x) < 1000 else max(x, 0)

    def approximate_slope(x):
        if abs(x) >= 1000:
            return mpf(x > 0)
        return logistic(inner(x)) + x * logistic_slope(inner(x)) * inner_slope(x)

    ends = ((-0.0, INF), (0, 1))
    if approximate:
        return approximate_value, approximate_slope, ends
    return lambda x: x * phi(x), lambda x: phi(x) + x * density(x), ends


def rows_of(function, name, *settings):
    """A row for each setting; parameters are Floats."""
    for setting in settings or [{}]:
        parameters = {key: value if isinstance(value, bool) else single(value) for key, value in setting.items()}
        yield name, parameters, function(**parameters)


LINES = [
    *rows_of(relu, "relu", {}, {"negative_slope": 0.1, "max_value": 6.5, "threshold": 0.7},
             {"negative_slope": 0.3, "threshold": -1.3}),
    *rows_of(leaky_relu, "leaky_relu", {"negative_slope": 0.2}, {"negative_slope": 0.01}, {"negative_slope": 0.3}),
    *rows_of(rrelu, "rrelu", {"lower": 0.125, "upper": 0.375}, {"lower": 0.1, "upper": 0.3},
             {"lower": 0.05, "upper": 0.7}),
    *rows_of(lambda: clamp(0, 6, 0), "relu6"),
    *rows_of(lambda min_value=-1, max_value=1: clamp(min_value, max_value, 1), "hard_tanh", {},
             {"min_value": -0.7, "max_value": 1.3}, {"min_value": 0.1, "max_value": 6.5},
             {"min_value": 1.7, "max_value": -0.3}),
    *rows_of(lambda: ramp(3), "hard_sigmoid"),
    *rows_of(clamped_line, "hard_sigmoid", {"alpha": 0.3, "beta": 0.7}, {"alpha": -1.7, "beta": 0.1}),
    *rows_of(lambda: ramp(mpf(5) / 2), "hard_sigmoid_keras2"),
    *rows_of(hard_silu, "hard_silu"),
    *rows_of(hard_shrink, "hard_shrink", {}, {"threshold": 0.3}, {"threshold": 1.7}),
    *rows_of(soft_shrink, "soft_shrink", {}, {"threshold": 0.3}, {"threshold": 1.7}),
    *rows_of(threshold, "threshold", {"threshold": 0.5, "default_value": -7},
             {"threshold": 0.7, "default_value": 20.1}, {"threshold": -1.3, "default_value": 0.3}),
    *rows_of(sparse_plus, "sparse_plus"),
    *rows_of(lambda: ramp(1), "sparse_sigmoid"),
]

CURVES = [
    *rows_of(softsign, "softsign"),
    *rows_of(squareplus, "squareplus", {}, {"b": 0.3}, {"b": 1.7}),
    *rows_of(exponential, "exponential"),
    *rows_of(elu, "elu", {}, {"alpha": 0.3}, {"alpha": 1.7}),
    *rows_of(lambda: elu(ALPHA, SCALE), "selu"),
    *rows_of(elu, "selu", {"alpha": 1.7, "scale": 1.3}, {"alpha": 0.3, "scale": 0.7}),
    *rows_of(lambda alpha=1: elu(alpha, 1, alpha), "celu", {}, {"alpha": 0.3}, {"alpha": 1.7}),
    *rows_of(sigmoid, "sigmoid"),
    *rows_of(silu, "silu"),
    *rows_of(log_sigmoid, "log_sigmoid"),
    *rows_of(softplus, "softplus", {}, {"beta": 0.3}, {"beta": 1.7}),
    *rows_of(mish, "mish"),
    *rows_of(tanh, "tanh"),
    *rows_of(tanh_shrink, "tanh_shrink"),
    *rows_of(gelu, "gelu", {}, {"approximate": True}),
]

SPECIAL = [NAN, INF, 0.0, single(2**-149), single(1e-40), single(2**-126), single(1e-30), single(1e-10), 1e30,
           single(3.4028234663852886e38)]
KINKS = [0.1 / 1.7, 0.1, 0.3, 0.5, 0.9 / 1.7, 0.7, 1, 1.3, 1.7, 7 / 3, 2.5, 3, 6, 6.5]
SMALL = [1e-20, 1e-8, 2**-24, 1e-5, 3.3e-4, 1e-3, 2**-6, 0.01, 0.1, 0.34, 0.5, 0.55, 0.9, 1, 1.6, 2.7, 4.2, 5.5]
SATURATION = [8.3, 9.4, 11.1, 12.5, 14.2, 16.6, 17, 18.5, 33, 37.5, 44.4, 60, 86.5, 87.4, 88.4, 89, 91, 103.9, 104.1, 150, 346, 708.5,
              709.7, 709.8, 744.5, 745.2, 1e3, 1e4, 4e6, 7.1e12, 1.8e19, 1.9e19]
# Roots of the slopes of gelu, its approximation, silu and mish; where arguments are reduced: multiples of half of log 2.
EDGES = [-0.7517916, -0.75246142, -1.2784645, -1.1924387] + [k * 0.34657359 for k in (1, -1, 3, -3, 31, -31, 250, -250)]
# Not Floats: subnormals of Double, and squares that overflow.
DOUBLES = [5e-324, 1e-310, 1e-160, 1e-17, 38.4, 1.3e154, 1.4e154, 1.7976931348623157e308]


def both(points):
    return [sign * x for x in points for sign in (1, -1)]


def unique(points):
    return list({struct.pack("d", x): x for x in points}.values())


def exact(x, function, ends):
    if x != x:
        return NAN
    if abs(x) == INF:
        return float(ends[x > 0])
    return float(function(mpf(x)))


def write(file, points, rows):
    table = [points]
    for name, _, (value, slope, ends) in rows:
        table += [[exact(x, value, ends[0]) for x in points], [exact(x, slope, ends[1]) for x in points]]
    numpy.save(file, numpy.array(table))
    return [{"name": name, "parameters": parameters} for name, parameters, _ in rows]


def softmax(row):
    exponentials = [mpmath.exp(x) for x in row]
    total = sum(exponentials)
    return [e / total for e in exponentials]


def main():
    generator = random.Random(20)
    # NaN and the infinities once each.
    special = both(SPECIAL)[1:]
    lines = unique(special + [n for x in both(KINKS) for n in neighbours(x)] + both(map(single, [0.01, 2, 17, 1e5])))
    spread = [generator.gauss(0, 3) for _ in range(60)] + [generator.uniform(-40, 40) for _ in range(40)]
    tiny = [generator.choice([1, -1]) * 10**generator.uniform(-20, 0) for _ in range(40)]
    curves = unique(special + both(map(single, SMALL + SATURATION)) + [n for x in EDGES for n in neighbours(x)]
                    + both(DOUBLES) + spread + tiny)
    tables = {"lines": write("lines.npy", lines, LINES), "curves": write("curves.npy", curves, CURVES)}
    rows = []
    for length in (1, 2, 3, 10, 33, 63, 64, 65, 200):
        row = [single(generator.gauss(0, 3)) for _ in range(length)]
        rows.append({"x": row, "y": [float(y) for y in softmax([mpf(x) for x in row])]})
    with open("activations.json", "w") as file:
        json.dump({**tables, "softmax": rows}, file)


main()
