"""The activations from their definitions, in as many digits as it takes, with mpmath: a function each.

A function has Keras's name, takes its parameters by Keras's names, and returns the value and the slope at a finite number and
what both are at -infinity and infinity: ((value, value), (slope, slope)). Nothing here is shared with the package's kernels
or with the references of `activations verify`.
"""
import inspect
import json
import math
import subprocess

from mpmath import erfc, exp, expm1, inf, isinf, isnan, log1p, mp, mpf, nan, pi, sqrt
from mpmath import tanh as hyperbolic_tangent

PIECES, CURVES = {}, {}


def piecewise(function):
    """Of pieces of lines and parabolas."""
    PIECES[function.__name__] = function
    return function


def curved(function):
    """Of roots, quotients and exponentials."""
    CURVES[function.__name__] = function
    return function


def clamped(x, low, high):
    return min(max(x, low), high)


@piecewise
def linear():
    return lambda x: x, 1, ((-inf, inf), (1, 1))


@piecewise
def relu(negative_slope=0, max_value=inf, threshold=0):
    low = -inf if max_value == inf else 0

    def value(x):
        return clamped(x, low, max_value) if x > threshold else negative_slope * (x - threshold) if negative_slope else 0

    def slope(x):
        return negative_slope if x < threshold else 1 if low < x < max_value and x != threshold else 0

    ends = (-negative_slope * inf if negative_slope else 0, max_value), (negative_slope, max_value == inf)
    return value, slope, ends


@piecewise
def leaky_relu(negative_slope=0.2):
    end = -inf * negative_slope if negative_slope else 0
    return (lambda x: x if x > 0 else negative_slope * x, lambda x: 1 if x > 0 else negative_slope,
            ((end, inf), (negative_slope, 1)))


@piecewise
def rrelu(lower="1/8", upper="1/3"):
    return leaky_relu((lower + upper) / 2)


def limited(low, high, slope_at_ends):
    def slope(x):
        return 1 if low < x < high else slope_at_ends if low <= x <= high else 0

    return lambda x: clamped(x, low, high), slope, ((min(low, high), high), (0, 0))


@piecewise
def relu6():
    return limited(0, 6, 0)


@piecewise
def hard_tanh(min_value=-1, max_value=1):
    return limited(min_value, max_value, 1)


@piecewise
def hard_sigmoid(alpha="1/6", beta="1/2"):
    def slope(x):
        return alpha if 0 < alpha * x + beta < 1 else 0

    return lambda x: clamped(alpha * x + beta, 0, 1), slope, ((alpha < 0, alpha > 0), (0, 0))


@piecewise
def hard_sigmoid_keras2():
    return hard_sigmoid(mpf(1) / 5, mpf(1) / 2)


@piecewise
def sparse_sigmoid():
    return hard_sigmoid(mpf(1) / 2, mpf(1) / 2)


@piecewise
def hard_silu():
    return (lambda x: x * clamped((x + 3) / 6, 0, 1), lambda x: 0 if x <= -3 else 1 if x >= 3 else (2 * x + 3) / 6,
            ((-0.0, inf), (0, 1)))


@piecewise
def hard_shrink(threshold="1/2"):
    return lambda x: x if abs(x) > threshold else 0, lambda x: abs(x) > threshold, ((-inf, inf), (1, 1))


@piecewise
def soft_shrink(threshold="1/2"):
    return (lambda x: x - clamped(x, -threshold, threshold), lambda x: abs(x) > threshold, ((-inf, inf), (1, 1)))


@piecewise
def threshold(threshold, default_value):
    return lambda x: x if x > threshold else default_value, lambda x: x > threshold, ((default_value, inf), (0, 1))


@piecewise
def sparse_plus():
    return (lambda x: 0 if x <= -1 else x if x >= 1 else (x + 1)**2 / 4, lambda x: clamped((x + 1) / 2, 0, 1),
            ((0, inf), (0, 1)))


@curved
def softsign():
    return lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x))**2, ((-1, 1), (0, 0))


@curved
def squareplus(b=4):
    return (lambda x: (x + sqrt(x * x + b)) / 2, lambda x: (1 + x / sqrt(x * x + b)) / 2, ((0, inf), (0, 1)))


@curved
def exponential():
    return exp, exp, ((0, inf), (0, inf))


@curved
def elu(alpha=1, scale=1, width=1):
    return (lambda x: scale * x if x > 0 else scale * alpha * expm1(x / width),
            lambda x: scale if x > 0 else scale * alpha / width * exp(x / width), ((-scale * alpha, inf), (0, scale)))


@curved
def selu(alpha="1.6732632423543772848170429916717", scale="1.0507009873554804934193349852946"):
    return elu(alpha, scale)


@curved
def celu(alpha=1):
    return elu(alpha, 1, alpha)


def logistic(x):
    return 1 / (1 + exp(-x))


def logistic_slope(x):
    return exp(-abs(x)) / (1 + exp(-abs(x)))**2


@curved
def sigmoid():
    return logistic, logistic_slope, ((0, 1), (0, 0))


@curved
def log_sigmoid():
    return lambda x: -log1p(exp(-x)), lambda x: logistic(-x), ((-inf, -0.0), (1, 0))


@curved
def softplus(beta=1):
    return lambda x: log1p(exp(beta * x)) / beta, lambda x: logistic(beta * x), ((0, inf), (0, 1))


@curved
def tanh():
    return hyperbolic_tangent, lambda x: 4 * logistic_slope(2 * x), ((-1, 1), (0, 0))


@curved
def tanh_shrink():
    return lambda x: x - hyperbolic_tangent(x), lambda x: hyperbolic_tangent(x)**2, ((-inf, inf), (1, 1))


@curved
def silu():
    return lambda x: x * logistic(x), lambda x: logistic(x) + x * logistic_slope(x), ((-0.0, inf), (0, 1))


@curved
def mish():
    def gate(x):
        return hyperbolic_tangent(log1p(exp(x)))

    return (lambda x: x * gate(x), lambda x: gate(x) + x * logistic(x) * (1 - gate(x)) * (1 + gate(x)),
            ((-0.0, inf), (0, 1)))


@curved
def gelu(approximate=False):
    def distribution(x):
        if abs(x) > 10**6:  # where erfc of mpmath ends
            return density(x) / -x if x < 0 else mpf(1)
        return erfc(-x / sqrt(2)) / 2

    def density(x):
        return exp(-x * x / 2) / sqrt(2 * pi)

    def inner(x):
        return 2 * sqrt(2 / pi) * (x + mpf("0.044715") * x**3)

    def inner_slope(x):
        return 2 * sqrt(2 / pi) * (1 + 3 * mpf("0.044715") * x * x)

    ends = (-0.0, inf), (0, 1)
    if approximate:
        return (lambda x: x * logistic(inner(x)),
                lambda x: logistic(inner(x)) + x * logistic_slope(inner(x)) * inner_slope(x), ends)
    return lambda x: x * distribution(x), lambda x: distribution(x) + x * density(x), ends


def definition(name, parameters):
    """Value, slope and ends with these parameters and the defaults of the others, in the present precision."""
    function = (PIECES | CURVES)[name]
    defaults = {key: parameter.default for key, parameter in inspect.signature(function).parameters.items()}
    return function(**{key: inf if number is None else mpf(number) for key, number in (defaults | parameters).items()})


def exact(name, parameters, x, index):
    """Value (index 0) or slope (1) at a float x, to more than 120 bits. A zero at an infinity is a float, since mpf has no -0."""
    mp.prec = 160
    *functions, ends = definition(name, parameters)
    if not callable(functions[index]):
        return mpf(functions[index])
    if isnan(x):
        return nan
    if isinf(x):
        end = ends[index][x > 0]
        return mpf(end) if end else float(end)
    precision, last = 160, None
    while True:
        mp.prec = precision
        result = +mpf(definition(name, parameters)[index](mpf(x)))
        if last is not None and result == 0 == last and (name in PIECES or precision > 4000):
            return result
        if last is not None and result != 0 and abs(result - last) <= abs(result) * mpf(2) ** -125:
            return result
        last = result
        precision *= 2


def rounded(result):
    """The nearest Double of what `exact` gives, and what rounding took from it in 254ths of the spacing there."""
    if isnan(result) or isinf(result) or isinstance(result, float):
        return float(result), 0
    # mpmath does not round to subnormal numbers by itself.
    with mp.workprec(200):
        exponent = max(int(mp.floor(mp.log(abs(result), 2))) if result else -1100, -1022) - 52
        if exponent > 1023 - 52:
            return math.copysign(math.inf, result), 0
        units = result / mpf(2) ** exponent
        whole = mp.nint(units)
        rest = int(mp.nint((units - whole) * 254))
    try:
        nearest = math.ldexp(float(whole), exponent)
    except OverflowError:
        return math.copysign(math.inf, result), 0
    return math.copysign(nearest, result) if result else nearest, rest


def variants(tool, names=()):
    """What the package checks, or that of these names: a dictionary each, see `activations reference --list`."""
    output = subprocess.run([tool, "reference", "--list"], capture_output=True, text=True, check=True).stdout
    return [entry for entry in json.loads(output) if not names or entry["name"] in names]
