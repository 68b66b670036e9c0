"""Polynomials for functions, with coefficients that a Float or a Double holds.

Coefficients stand from the constant one on. An error is weighted: with the weight 1 / f it is relative, and where a kernel uses
x^2 p(x), the weight is x^2.
"""
from mpmath import cos, fdot, frexp, ldexp, lu_solve, matrix, mp, mpf, nint, pi

mp.dps = 50
FLOAT, DOUBLE = 24, 53  # bits of a significand


def rounded(x, bits):
    if not x:
        return mpf(0)
    unit = spacing(x, bits)
    return nint(x / unit) * unit


def spacing(x, bits):
    """The unit in the last place of x."""
    return ldexp(mpf(1), int(frexp(abs(x))[1]) - bits)


def value(coefficients, x):
    result = mpf(0)
    for coefficient in reversed(coefficients):
        result = result * x + coefficient
    return result


def extremes(low, high, count):
    """The points where a Chebyshev polynomial is largest, denser towards the ends."""
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * i / count) for i in range(count + 1)]


def minimax(targets, rows):
    """The coefficients c and the least possible maximum of |target - c · row| over the points.

    The exchange algorithm: the error is levelled at one point more than there are coefficients, and the point where it is
    largest takes the place of one of them, until the levelled error is the largest. It stays valid where polynomials that
    vanish at a point are fitted, unlike Remez's, which takes for granted that signs alternate.
    """
    count = len(rows[0])
    scales = [max(abs(row[j]) for row in rows) for j in range(count)]
    rows = [[x / scale for x, scale in zip(row, scales)] for row in rows]
    usable = [i for i, row in enumerate(rows) if max(map(abs, row)) > mpf("1e-15")]
    points = [usable[int((len(usable) - 1) * (1 - cos(pi * (2 * i + 1) / (2 * count + 2))) / 2)] for i in range(count + 1)]
    system = matrix([[rows[i][j] for i in points[:-1]] for j in range(count)])
    weights = [*lu_solve(system, matrix([-x for x in rows[points[-1]]])), mpf(1)]  # Σ weight row = 0
    while True:
        if fdot(weights, [targets[i] for i in points]) < 0:
            weights = [-weight for weight in weights]
        system = matrix([[*rows[i], 1 if weight > 0 else -1] for i, weight in zip(points, weights)])
        *coefficients, level = lu_solve(system, matrix([targets[i] for i in points]))
        errors = [target - fdot(coefficients, row) for target, row in zip(targets, rows)]
        worst = max(range(len(errors)), key=lambda i: abs(errors[i]))
        if abs(errors[worst]) <= level * (1 + mpf("1e-12")):
            return [c / scale for c, scale in zip(coefficients, scales)], level
        sign = 1 if errors[worst] > 0 else -1
        shares = list(lu_solve(system.T, matrix([*(sign * x for x in rows[worst]), 0])))
        leaving = max(range(count + 1), key=lambda i: shares[i] / weights[i])
        ratio = shares[leaving] / weights[leaving]
        weights = [ratio * weight - share for weight, share in zip(weights, shares)]
        weights[leaving], points[leaving] = mpf(sign), worst


class Approximation:
    """A function on an interval, and how its error is weighted."""

    def __init__(self, function, weight, low, high):
        self.function, self.weight, self.low, self.high = function, weight, mpf(low), mpf(high)

    def fitted(self, count, known=(), points=400):
        """The best coefficients after the known ones, not rounded, and the error."""
        rows, targets = [], []
        for x in extremes(self.low, self.high, points):
            weight = self.weight(x)
            rows.append([weight * x**k for k in range(len(known), count)])
            targets.append(weight * (self.function(x) - value(known, x)))
        return minimax(targets, rows)

    def least_error(self, count):
        """Which no polynomial with so many coefficients is below, rounded or not."""
        return self.fitted(count)[1]

    def error(self, coefficients):
        return max(abs(self.weight(x) * (self.function(x) - value(coefficients, x)))
                   for x in extremes(self.low, self.high, 1000))


class Minimax(Approximation):
    """The smallest error. Each of the first coefficients, as many as `refits` says, is rounded before the rest is fitted anew."""

    def __init__(self, function, weight, low, high, refits=1):
        super().__init__(function, weight, low, high)
        self.refits = refits

    def coefficients(self, count, bits):
        known = []
        for _ in range(self.refits):
            known.append(rounded(self.fitted(count, known)[0][0], bits))
        return known + [rounded(c, bits) for c in self.fitted(count, known)[0]]


class Interpolation(Approximation):
    """Equal to the function at Chebyshev's nodes: less work, and almost as good where there are bits to spare."""

    def coefficients(self, count, bits):
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        nodes = [middle + half * cos(pi * (2 * i + 1) / (2 * count)) for i in range(count)]
        system = matrix([[x**k for k in range(count)] for x in nodes])
        return [rounded(c, bits) for c in lu_solve(system, matrix([self.function(x) for x in nodes]))]
