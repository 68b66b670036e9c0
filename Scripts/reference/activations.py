"""The activations and their slopes from their definitions, in as many digits as it takes, with mpmath.

Nothing here is shared with the package's kernels or with the references of `activations verify`.
"""
from mpmath import mp, mpf, erfc, exp, expm1, inf, isinf, isnan, log, log1p, nan, pi, sign, sqrt, tanh

SELU_SCALE = "1.0507009873554804934193349852946"
SELU_ALPHA = "1.6732632423543772848170429916717"


def number(text):
    return mpf(text)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def sigmoid_slope(x):
    e = exp(-abs(x))
    return e / (1 + e) ** 2


def cut(x, low, high):
    return low if x < low else high if x > high else x


def relu(x, alpha, largest, threshold):
    return min(x, largest) if x > threshold else mpf(0) if alpha == 0 else min(alpha * (x - threshold), largest)


def relu_slope(x, alpha, largest, threshold):
    if x > threshold:
        return mpf(x < largest or largest == inf)
    return alpha if x < threshold else mpf(0)


def exponential_unit(scale, depth, width):
    def value(x):
        return scale * x if x > 0 else depth * expm1(x / width)

    def slope(x):
        return scale if x > 0 else depth / width * exp(x / width)

    return value, slope


def selu_scale(alpha=None, scale=None):
    return number(SELU_SCALE) if scale is None else mpf(scale)


def selu_depth(alpha=None, scale=None):
    return selu_scale(alpha, scale) * (number(SELU_ALPHA) if alpha is None else mpf(alpha))


def silu_slope(x):
    return sigmoid(x) + x * sigmoid_slope(x)


def mish_tangent(x):
    return tanh(log1p(exp(x)))


def mish_slope(x):
    t = mish_tangent(x)
    return t + x * sigmoid(x) * (1 - t) * (1 + t)


def distribution(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def gelu_slope(x):
    return distribution(x) + x * exp(-x * x / 2) / sqrt(2 * pi)


def gelu_tanh_argument(x):
    return 2 * sqrt(2 / pi) * (x + number("0.044715") * x**3)


def gelu_tanh_slope(x):
    u = gelu_tanh_argument(x)
    return sigmoid(u) + x * sigmoid_slope(u) * 2 * sqrt(2 / pi) * (1 + 3 * number("0.044715") * x * x)


def squareplus_slope(x, b):
    return (1 + x / sqrt(x * x + b)) / 2


def ramp(end):
    def value(x):
        return mpf(0) if x <= -end else mpf(1) if x >= end else (x + end) / (2 * end)

    def slope(x):
        return 1 / (2 * end) if abs(x) < end else mpf(0)

    return value, slope


def clamped_line(alpha, beta):
    def slope(x):
        return alpha if 0 < alpha * x + beta < 1 else mpf(0)

    return lambda x: cut(alpha * x + beta, mpf(0), mpf(1)), slope


def soft_shrink(x, a):
    return x - a if x > a else x + a if x < -a else mpf(0)


def definition(name, parameters=()):
    """The value and the slope at finite numbers, as functions of an mpf. Call it again for another precision."""
    p = [mpf(q) for q in parameters]
    pairs = {
        "linear": lambda: (lambda x: x, lambda x: mpf(1)),
        "relu": lambda: (lambda x: relu(x, *p), lambda x: relu_slope(x, *p)),
        "leaky_relu": lambda: (lambda x: p[0] * x if x < 0 else x, lambda x: mpf(1) if x > 0 else p[0]),
        "rrelu": lambda: (lambda x: (p[0] + p[1]) / 2 * x if x < 0 else x, lambda x: mpf(1) if x > 0 else (p[0] + p[1]) / 2),
        "relu6": lambda: (lambda x: cut(x, mpf(0), mpf(6)), lambda x: mpf(0 < x < 6)),
        "elu": lambda: exponential_unit(mpf(1), p[0], mpf(1)),
        "selu": lambda: exponential_unit(selu_scale(*p), selu_depth(*p), mpf(1)),
        "celu": lambda: exponential_unit(mpf(1), p[0], p[0]),
        "gelu": lambda: (lambda x: x * distribution(x), gelu_slope),
        "gelu_tanh": lambda: (lambda x: x * sigmoid(gelu_tanh_argument(x)), gelu_tanh_slope),
        "sigmoid": lambda: (sigmoid, sigmoid_slope),
        "silu": lambda: (lambda x: x * sigmoid(x), silu_slope),
        "tanh": lambda: (tanh, lambda x: 4 * sigmoid_slope(2 * x)),
        "softplus": lambda: (lambda x: log1p(exp(p[0] * x)) / p[0], lambda x: sigmoid(p[0] * x)),
        "softsign": lambda: (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
        "exponential": lambda: (exp, exp),
        "hard_sigmoid": lambda: clamped_line(*p) if p else ramp(mpf(3)),
        "hard_sigmoid_keras2": lambda: ramp(mpf(5) / 2),
        "sparse_sigmoid": lambda: ramp(mpf(1)),
        "hard_silu": lambda: (
            lambda x: mpf(0) if x <= -3 else x if x >= 3 else x * (x + 3) / 6,
            lambda x: mpf(0) if x <= -3 else mpf(1) if x >= 3 else (2 * x + 3) / 6,
        ),
        "mish": lambda: (lambda x: x * mish_tangent(x), mish_slope),
        "log_sigmoid": lambda: (lambda x: -log1p(exp(-x)), lambda x: sigmoid(-x)),
        "hard_tanh": lambda: (lambda x: cut(x, p[0], p[1]), lambda x: mpf(p[0] <= x <= p[1])),
        "hard_shrink": lambda: (lambda x: x if abs(x) > p[0] else mpf(0), lambda x: mpf(abs(x) > p[0])),
        "soft_shrink": lambda: (lambda x: soft_shrink(x, p[0]), lambda x: mpf(abs(x) > p[0])),
        "tanh_shrink": lambda: (lambda x: x - tanh(x), lambda x: tanh(x) ** 2),
        "threshold": lambda: (lambda x: x if x > p[0] else p[1], lambda x: mpf(x > p[0])),
        "squareplus": lambda: (lambda x: (x + sqrt(x * x + p[0])) / 2, lambda x: squareplus_slope(x, p[0])),
        "sparse_plus": lambda: (
            lambda x: mpf(0) if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4,
            lambda x: mpf(0) if x <= -1 else mpf(1) if x >= 1 else (x + 1) / 2,
        ),
    }
    return pairs[name]()


# Limits at -infinity and infinity: value and slope. Where they depend on parameters: functions of them.
LIMITS = {
    "relu": lambda a, largest, t: ((-inf if a else mpf(0), mpf(a)), (mpf(largest), mpf(largest == inf))),
    "leaky_relu": lambda a: ((-inf, mpf(a)), (inf, mpf(1))),
    "rrelu": lambda l, u: ((-inf, (mpf(l) + mpf(u)) / 2), (inf, mpf(1))),
    "elu": lambda a: ((-mpf(a), mpf(0)), (inf, mpf(1))),
    "celu": lambda a: ((-mpf(a), mpf(0)), (inf, mpf(1))),
    "selu": lambda *p: ((-selu_depth(*p), mpf(0)), (inf, selu_scale(*p))),
    "exponential": lambda: ((mpf(0), mpf(0)), (inf, inf)),
    "log_sigmoid": lambda: ((-inf, mpf(1)), (mpf(0), mpf(0))),
    "tanh": lambda: ((mpf(-1), mpf(0)), (mpf(1), mpf(0))),
    "softsign": lambda: ((mpf(-1), mpf(0)), (mpf(1), mpf(0))),
    "tanh_shrink": lambda: ((-inf, mpf(1)), (inf, mpf(1))),
    "linear": lambda: ((-inf, mpf(1)), (inf, mpf(1))),
    "hard_shrink": lambda a: ((-inf, mpf(1)), (inf, mpf(1))),
    "soft_shrink": lambda a: ((-inf, mpf(1)), (inf, mpf(1))),
    "hard_tanh": lambda low, high: ((mpf(low), mpf(0)), (mpf(high), mpf(0))),
    "relu6": lambda: ((mpf(0), mpf(0)), (mpf(6), mpf(0))),
    "threshold": lambda t, v: ((mpf(v), mpf(0)), (inf, mpf(1))),
    "sigmoid": lambda: ((mpf(0), mpf(0)), (mpf(1), mpf(0))),
    "hard_sigmoid": lambda alpha=1, _=None: ((mpf(alpha < 0), mpf(0)), (mpf(alpha > 0), mpf(0))),
    "hard_sigmoid_keras2": lambda: ((mpf(0), mpf(0)), (mpf(1), mpf(0))),
    "sparse_sigmoid": lambda: ((mpf(0), mpf(0)), (mpf(1), mpf(0))),
}
TO_THE_IDENTITY = ((mpf(0), mpf(0)), (inf, mpf(1)))  # gelu, silu, softplus and their like

# From here on exponentials of them are nothing beside any other number, whatever its precision in this file.
FAR = 10**6
EXPONENTIAL = {"gelu", "gelu_tanh", "sigmoid", "silu", "tanh", "softplus", "mish", "log_sigmoid", "tanh_shrink",
               "exponential", "elu", "selu", "celu"}


def exact(name, parameters, x, index):
    """Value (index 0) or slope (1) at a float x, to more than 120 bits."""
    if isnan(x):
        return mpf(1) if (name, index) == ("linear", 1) else nan
    if isinf(x) or (name in EXPONENTIAL and abs(x) > FAR):
        low, high = LIMITS.get(name, lambda *_: TO_THE_IDENTITY)(*parameters)
        limit = (low if x < 0 else high)[index]
        if not (isinf(limit) and not isinf(x)):
            return limit
        if name == "selu":
            return selu_scale(*parameters) * mpf(x)
        # Beyond all exponentials the functions that grow are the identity, but for tanh_shrink, which is one off.
        return inf if name == "exponential" else mpf(x) - sign(mpf(x)) if name == "tanh_shrink" else mpf(x)
    precision, last = 160, None
    while True:
        mp.prec = precision
        result = +definition(name, parameters)[index](mpf(x))
        if last is not None and result == 0 == last and precision > 4000:
            return result
        if last is not None and result != 0 and abs(result - last) <= abs(result) * mpf(2) ** -125:
            return result
        last = result
        precision *= 2
