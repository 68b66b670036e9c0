"""Writes random.json: the first numbers of each distribution, from an implementation of Philox and of the documented
algorithms in Python and mpmath. Run in this folder."""
import json

from mpmath import cos, log, mp, mpf, pi, sin, sqrt

mp.prec = 120

SEED, STREAM = 0x0123456789ABCDEF, 0xFEDCBA9876543210


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & 0xFFFFFFFF, (first >> 32) ^ c[3] ^ k[1], first & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def halves(number):
    return [number & 0xFFFFFFFF, number >> 32]


def group(index):
    return [philox(halves(16 * index + lane) + halves(STREAM), halves(SEED)) for lane in range(16)]


def words(count):
    result = []
    for index in range(count // 64 + 1):
        blocks = group(index)
        result += [block[j] for j in range(4) for block in blocks]
    return result


def numbers(count):
    result = []
    for index in range(count // 32 + 1):
        blocks = group(index)
        result += [block[j] | block[j + 1] << 32 for j in (0, 2) for block in blocks]
    return result


def normals(values, lanes, distance, direction):
    result = []
    for start in range(0, len(values) // (2 * lanes) * 2 * lanes, 2 * lanes):
        u = [distance(value) for value in values[start : start + lanes]]
        angle = [direction(value) for value in values[start + lanes : start + 2 * lanes]]
        result += [float(sqrt(-2 * log(x)) * cos(a)) for x, a in zip(u, angle)]
        result += [float(sqrt(-2 * log(x)) * sin(a)) for x, a in zip(u, angle)]
    return result


def integers(values, bits, low, span, count):
    refused = (1 << bits) % span
    products = [value * span for value in values]
    return [low + (p >> bits) for p in products if p % (1 << bits) >= refused][:count]


def permutation(count):
    values = iter(numbers(4 * count))
    result = list(range(count))
    for i in range(count - 1, 0, -1):
        while True:
            product = next(values) * (i + 1)
            if product % (1 << 64) >= (1 << 64) % (i + 1):
                break
        chosen = product >> 64
        result[i], result[chosen] = result[chosen], result[i]
    return result


COUNT = 100
w, n = words(4 * COUNT), numbers(4 * COUNT)
normal_float = normals(w, 16, lambda x: ((x >> 1) + mpf(0.5)) / 2**31, lambda x: 2 * pi * (x + mpf(0.5)) / 2**32)
normal_double = normals(n, 16, lambda x: ((x >> 12) + mpf(0.5)) / 2**52, lambda x: 2 * pi * ((x >> 10) + mpf(0.5)) / 2**54)
fixture = {
    "uniformFloat": [(x >> 8) / 2**24 for x in w[:COUNT]],
    "uniformDouble": [(x >> 11) / 2**53 for x in n[:COUNT]],
    "normalFloat": normal_float[:COUNT],
    "normalDouble": normal_double[:COUNT],
    "truncatedFloat": [x for x in normal_float if abs(x) <= 2][:COUNT],
    "truncatedDouble": [x for x in normal_double if abs(x) <= 2][:COUNT],
    "bernoulli": [x < 0.3 * 2**32 for x in w[:COUNT]],
    "dice": integers(w, 32, 1, 6, COUNT),
    "narrow": integers(w, 32, -5, 3_000_000_000, COUNT),
    "wide": [str(x) for x in integers(n, 64, -(3 << 61), 3 << 62, COUNT)],
    "permutation": permutation(COUNT),
}
with open("random.json", "w") as file:
    json.dump(fixture, file, indent=0)
    file.write("\n")
