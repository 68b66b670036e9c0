"""Every table of coefficients and every constant in parts of the kernels, from its definition.

A row names a header and the functions, arrays or macros in it that hold the numbers, and says how these come about. `says` is
how the comment tells the error, {} being the number. Where `made` is false, the method is not known: the numbers stay, and
their error is measured like that of the others.
"""
import struct

from mpmath import atanh, cos, erfc, exp, floor, log, mpf, pi, sin, sinh, sqrt, tanh

from approximation import DOUBLE, FLOAT, Interpolation, Minimax, rounded, spacing
from headers import Place

ROWS = []


class Row:
    def __init__(self, file, names, bits, compute=None, measure=None, says=None, made=True):
        self.file, self.names, self.bits, self.says, self.made = file, names, bits, says, made
        self.compute, self.measure = compute, measure
        ROWS.append(self)

    @property
    def title(self):
        return f"{self.file} {', '.join(self.names)}"

    def places(self):
        """A name that occurs twice stands for the first and the second array."""
        return [Place(self.file, name, self.names[:i].count(name)) for i, name in enumerate(self.names)]

    def written(self):
        """The numbers in the header, as the kernel reads them."""
        return [[rounded(x, self.bits) for x in place.numbers()] for place in self.places()]

    def numbers(self):
        written = self.written()
        return self.compute(written) if self.made else written


def numbers(file, bits, **values):
    for name, value in values.items():
        exact = value if isinstance(value, list) else [value]
        Row(file, [name], bits, lambda _, exact=exact: [[rounded(x, bits) for x in exact]])


def polynomial(file, name, bits, approximation, says=None, made=True):
    def measure(lists):
        error, least = approximation.error(lists[0]), approximation.least_error(len(lists[0]))
        return error, error / least

    Row(file, [name], bits, lambda written: [approximation.coefficients(len(written[0]), bits)], measure, says, made)


def columns(file, names, bits, approximations, says=None, made=True):
    """A polynomial for each element of the arrays: how many of its first coefficients are 0, and what gives the others."""
    def compute(_):
        lists = [[mpf(0)] * zeros + a.coefficients(len(names) - zeros, bits) for zeros, a in approximations()]
        return [list(array) for array in zip(*lists)]

    def measure(lists):
        errors, ratios = [], []
        for (zeros, a), column in zip(approximations(), zip(*lists)):
            errors.append(a.error(column[zeros:]))
            ratios.append(errors[-1] / a.least_error(len(column) - zeros))
        return max(errors), max(ratios)

    Row(file, names, bits, compute, measure, says, made)


def quotient(numerator, power, limit):
    """numerator(x) / x^power, which tends to the limit at 0."""
    return lambda x: numerator(x) / x**power if abs(x) > mpf("1e-15") else mpf(limit)


def of_root(f):
    return lambda u: f(sqrt(u))


# MARK: Constants in parts, of which all but the last end in zeros

def parts(x, *bits):
    result = []
    for count in bits[:-1]:
        unit = spacing(x, count)
        result.append(floor(x / unit) * unit)
        x -= result[-1]
    return [*result, rounded(x, bits[-1])]


FLOATS, DOUBLES = "elementary/elementary_float.h", "elementary/elementary_double.h"
for file, bits, short, angle in (FLOATS, FLOAT, 16, 13), (DOUBLES, DOUBLE, 42, 34):
    for name, constant, high in (("LOG2", log(2), short), ("LOG10_2", log(2) / log(10), short),
                                 ("LOG2_E", 1 / log(2), bits), ("LOG10_E", 1 / log(10), bits)):
        high, low = parts(constant, high, bits)
        numbers(file, bits, **{f"{name}_HIGH": high, f"{name}_LOW": low})
    numbers(file, bits, **{f"HALF_PI_{i + 1}": part for i, part in enumerate(parts(pi / 2, angle, angle, angle, bits))})


def pair(x):
    return [rounded(x, DOUBLE), rounded(x - rounded(x, DOUBLE), DOUBLE)]


# The constants of Klambauer and others, "Self-Normalizing Neural Networks", 2017, equation 14.
TAIL, ROOT_E = erfc(1 / sqrt(mpf(2))), exp(mpf(1) / 2)
SELU_ALPHA = -sqrt(2 / pi) / (TAIL * ROOT_E - 1)
SELU = (1 - TAIL * ROOT_E) * sqrt(2 * pi) / sqrt(
    2 * erfc(sqrt(mpf(2))) * ROOT_E**4 + pi * TAIL**2 * ROOT_E**2 - 2 * (2 + pi) * TAIL * ROOT_E + pi + 2)
numbers("activations/activation_pieces.h", DOUBLE, SIXTH=pair(mpf(1) / 6), FIFTH=pair(mpf(1) / 5))
numbers("activations/activation_normal.h", DOUBLE, DENSITY_AT_ZERO=pair(1 / sqrt(2 * pi)))
numbers("activations/activation_exponentials.h", DOUBLE, GELU_TANH_K=pair(2 * sqrt(2 / pi)),
        GELU_TANH_C=pair(2 * sqrt(2 / pi) * mpf("0.044715")), SELU_SCALE=pair(SELU), SELU_DEPTH=pair(SELU * SELU_ALPHA),
        THIRD=pair(mpf(1) / 3), MISH_SLOPE_AT_ZERO=pair(mpf("0.6")))

# MARK: The exponential

HALF_LOG2 = log(2) / 2
exponential_tail = quotient(lambda r: exp(r) - 1 - r, 2, 0.5)
cubic_tail = quotient(lambda r: exp(r) - 1 - r - r**2 / 2, 3, mpf(1) / 6)
polynomial(FLOATS, "exponential_tail", FLOAT,
           Minimax(exponential_tail, lambda r: r**2, -HALF_LOG2 * mpf("1.0005"), HALF_LOG2 * mpf("1.0005"),
                   refits=2), says="e^r to {}.", made=False)
polynomial(DOUBLES, "exponential_tail", DOUBLE,
           Minimax(exponential_tail, lambda r: r**2, -HALF_LOG2 * mpf("1.0005"), HALF_LOG2 * mpf("1.0005")),
           says="e^r to {}.")
polynomial(FLOATS, "exponential_cubic_tail", FLOAT,
           Minimax(cubic_tail, quotient(lambda r: r**3 / (exp(r) - 1), 0, 0), "-0.502", "0.502", refits=2),
           says="e^r - 1 to {} of itself")
polynomial(DOUBLES, "exponential_cubic_tail", DOUBLE, Minimax(cubic_tail, lambda r: r**2, "-0.502", "0.502", refits=0),
           says="e^r - 1 to {} of r")

# The table of 2^(i / 16): h is the number near 0.00628 for which the largest rounding error, in ulp, is smallest.
SIXTEENTHS = [2 ** (mpf(i) / 16) for i in range(16)]


def largest_rounding(h):
    return max(abs(rounded(x * (1 + h), FLOAT) - x * (1 + h)) / spacing(x * (1 + h), FLOAT) for x in SIXTEENTHS)


def smallest(f, low, high):
    """Where f, which falls and then rises, is smallest."""
    for _ in range(60):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, right) if f(left) < f(right) else (left, high)
    return (low + high) / 2


def less_index(power, i):
    """i is taken from the place where the exponent of 2 is added."""
    bits, = struct.unpack("i", struct.pack("f", float(power)))
    return mpf(struct.unpack("f", struct.pack("i", bits - (i << 19)))[0])


H = smallest(largest_rounding, mpf("0.00628017"), mpf("0.0062802"))
Row("elementary/elementary.h", ["powers"], FLOAT,
    lambda _: [[less_index(rounded(x * (1 + H), FLOAT), i) for i, x in enumerate(SIXTEENTHS)]])
polynomial("elementary/elementary.h", "power_tail", FLOAT,
           Minimax(lambda r: exp(r) / (1 + H) - 1, lambda r: 1, -HALF_LOG2 / 16, HALF_LOG2 / 16, refits=2),
           says="e^r / (1 + h) - 1, to {}.", made=False)

POWERS = [rounded(x, FLOAT) for x in SIXTEENTHS]
Row("elementary/powers_of_e.h", ["power_of_e.powers", "power_of_e.tau"], FLOAT, lambda _: [
    [less_index(x, i) for i, x in enumerate(POWERS)],
    [rounded(exact / x - 1, FLOAT) for exact, x in zip(SIXTEENTHS, POWERS)]])
polynomial("elementary/powers_of_e.h", "power_of_e_tail", FLOAT,
           Minimax(exponential_tail, lambda r: r**2, -HALF_LOG2 / 16 * mpf("1.02"), HALF_LOG2 / 16 * mpf("1.02")),
           says="e^r - 1 to {}.")

# MARK: Hyperbolic functions

relative_to_sinh = of_root(quotient(lambda a: a**3 / sinh(a), 0, 0))
for file, bits in (FLOATS, FLOAT), (DOUBLES, DOUBLE):
    polynomial(file, "hyperbolic_sine_tail", bits,
               Minimax(of_root(quotient(lambda a: sinh(a) - a, 3, mpf(1) / 6)), relative_to_sinh, 0, "1.001"),
               says="sinh a to {} of itself")


# A center is a float whose function value is nearly a float: it was chosen, the value follows.
TANGENTS = Row(FLOATS, ["tangent_terms.centers", "tangent_terms.values"], FLOAT,
               lambda written: [written[0], [rounded(tanh(c), FLOAT) for c in written[0]]])


def tangents():
    """Below 1/2 a polynomial in a^2, relative to tanh a / a; beyond, one in the distance from the center."""
    yield 1, Minimax(of_root(quotient(lambda a: tanh(a) / a - 1, 2, -mpf(1) / 3)),
                     of_root(quotient(lambda a: a**3 / tanh(a), 0, 0)), 0, "0.25")
    ends = [mpf(x) / 8 for x in (4, 5, 6, 7, 9, 11, 13, 15, 19, 23, 27, 31, 39, 47, 55)] + [mpf("9.02")]
    for center, low, high in zip(TANGENTS.written()[0][1:], ends, ends[1:]):
        yield 0, about(tanh, center, low, high, abs)


def about(f, center, low, high, weight, refits=1):
    """(f(center + d) - value) / d, where the value is f(center) rounded."""
    return Minimax(quotient(lambda d: f(center + d) - rounded(f(center), FLOAT), 1, 0), weight, low - center, high - center,
                   refits)


columns(FLOATS, ["tangent_terms.slopes", *(f"tangent_terms.c{i}" for i in range(2, 6))], FLOAT, tangents, says="float, to {};")

tanh_tail = of_root(quotient(lambda a: a - a**3 / 3 - tanh(a), 5, -mpf(2) / 15))
polynomial("activations/activation_float.h", "tanh_shrink_tail", FLOAT,
           Minimax(tanh_tail, lambda u: u / (mpf(1) / 3 + u * tanh_tail(u)), 0, 1, refits=2), says="u = x^2 <= 1, to {}.")
polynomial("activations/activation_double.h", "tanh_shrink_tail", DOUBLE,
           Interpolation(tanh_tail, lambda u: u / (mpf(1) / 3 + u * tanh_tail(u)), 0, "0.5626"),
           says="u = x^2 <= 9/16, to {}.")

# MARK: Sine and cosine

sine_tail = of_root(quotient(lambda r: sin(r) - r, 3, -mpf(1) / 6))
cosine_tail = of_root(quotient(lambda r: cos(r) - 1 + r**2 / 2, 4, mpf(1) / 24))
REDUCED = (pi / 4 * mpf("1.002")) ** 2
for file, bits in (FLOATS, FLOAT), (DOUBLES, DOUBLE):
    polynomial(file, "sine_tail", bits, Minimax(sine_tail, lambda u: u, 0, REDUCED), says="sin r to {} of r")
    polynomial(file, "cosine_tail", bits, Minimax(cosine_tail, lambda u: u**2, 0, REDUCED), says="cos r to {}.")

# MARK: Logarithms

logarithm_tail = quotient(lambda r: log(1 + r) - r, 2, -0.5)
inverse_tangent_tail = of_root(quotient(lambda s: 2 * atanh(s) - 2 * s, 3, mpf(2) / 3))
# The points were chosen: their logarithms are nearly multiples of 2^-17.
Row(FLOATS, ["reduce_logarithm.points", "reduce_logarithm.logarithms"] * 2, FLOAT, lambda written: [
    written[0], [floor(-log(x) * 2**17 + 0.5) for x in written[0]],
    written[2], [floor(log(x) * 2**17 + 0.5) for x in written[2]]])
polynomial(FLOATS, "logarithm_tail", FLOAT, Minimax(logarithm_tail, abs, "-0.0272", "0.0454", refits=2),
           says="log(1 + r) to {} of r", made=False)
polynomial(DOUBLES, "inverse_tangent_tail", DOUBLE, Minimax(inverse_tangent_tail, lambda u: u, 0, "0.029459"),
           says="2 artanh s to {} of 2 s")

# The points were chosen: their logarithms are nearly floats.
Row("activations/activation_exponentials.h", ["decay.points", "decay.centers"], FLOAT,
    lambda written: [written[0], [rounded(-log(x), FLOAT) for x in written[0]]])
# Beside r = 0 the error counts relative to log(1 + r), in the other intervals relative to the smallest center.
polynomial("activations/activation_exponentials.h", "decay_tail", FLOAT,
           Minimax(logarithm_tail, lambda r: r**2 / (log(1 + r) if r > mpf("1e-15") else mpf("0.0897") + log(1 + r)),
                   "-0.0287", "0.0625", refits=2), says="the result to {} of itself", made=False)

# MARK: The normal distribution


def mills(a):
    """e^(a^2 / 2) Phi(-a)"""
    return exp(a**2 / 2) * erfc(a / sqrt(mpf(2))) / 2


MILLS = Row("activations/activation_float.h", ["mills_ratio.centers", "mills_ratio.values"], FLOAT,
            lambda written: [written[0], [rounded(mills(c), FLOAT) for c in written[0]]])


def mills_ratios():
    ends = [mpf(x) / 8 for x in (0, 1, 3, 5, 7, 9, 13, 17, 21, 25, 33, 41, 49, 57, 73, 89)] + [mpf("14.3")]
    for center, low, high in zip(MILLS.written()[0], ends, ends[1:]):
        yield 0, about(mills, center, low, high, lambda d: abs(d) / mills(center + d), refits=2)


columns("activations/activation_float.h", [f"mills_ratio.c{i}" for i in range(1, 7)], FLOAT, mills_ratios,
        says="float, to {} up to 14.3", made=False)


def fractions(name, center, low, high, count, says):
    """(a + 3) e^(a^2 / 2) Phi(-a) for low <= a <= high as g(t), t = (a - center) / (a + 3)."""
    def g(t):
        a = (center + 3 * t) / (1 - t)
        return (a + 3) * mills(a)

    value = g(mpf(0))
    tail = Interpolation(quotient(lambda t: g(t) - value, 1, 0), lambda t: t / g(t), (low - center) / (low + 3),
                         (high - center) / (high + 3))
    file = "activations/activation_double.h"
    numbers(file, DOUBLE, **{f"MILLS_{name.upper()}": pair(value)})
    Row(file, [f"mills_ratio.{name}"], DOUBLE,
        lambda written: [tail.coefficients(count, DOUBLE) + [mpf(0)] * (len(written[0]) - count)],
        lambda lists: (tail.error(lists[0]), tail.error(lists[0]) / tail.least_error(count)), says=says)


fractions("near", mpf("0.75"), mpf(0), mpf(3), 18, "to\n// {} and")
fractions("far", mpf(6), mpf(3), mpf("39.5"), 20, "and {}.")

# MARK: Random numbers

RANDOM, ROOT = "random/random_loops.h", sqrt(mpf(2))
polynomial(RANDOM, "logarithm_polynomial", FLOAT,
           Interpolation(quotient(lambda t: log(1 + t) - t + t**2 / 2, 3, mpf(1) / 3),
                         quotient(lambda t: t**3 / log(1 + t), 0, 0), 1 / ROOT - 1, ROOT - 1),
           says="log(1 + t) to {} of itself")
polynomial(RANDOM, "inverse_tangent_polynomial", DOUBLE,
           Interpolation(inverse_tangent_tail, lambda u: u, 0, ((ROOT - 1) / (ROOT + 1)) ** 2), says="2 artanh s to {} of 2 s")
for kind, bits in ("floats32", FLOAT), ("floats64", DOUBLE):
    polynomial(RANDOM, f"{kind} sine_polynomial", bits, Interpolation(sine_tail, lambda u: u, 0, (pi / 4) ** 2),
               says="sin x to {} of x")
    polynomial(RANDOM, f"{kind} cosine_polynomial", bits, Interpolation(cosine_tail, lambda u: u**2, 0, (pi / 4) ** 2),
               says="cos x to {}.")
