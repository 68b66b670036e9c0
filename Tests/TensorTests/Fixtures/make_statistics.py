"""Writes statistics.json and joining.json: what NumPy gives for the inputs that the tests build. Run in this folder."""
import json

import numpy as np


def plain(x):
    x = np.asarray(x)
    if x.dtype.kind == "f":
        special = {"nan": "nan", "inf": "inf", "-inf": "-inf"}
        return {"shape": x.shape, "scalars": [special.get(repr(float(v)), float(v)) for v in x.ravel()]}
    return {"shape": x.shape, "scalars": [int(v) for v in x.ravel()]}


def write(name, cases):
    with open(name, "w") as file:
        json.dump(cases, file, default=int, separators=(",", ":"))
        file.write("\n")


# The same input in Swift: (i * 37 % 101) / 8 - 6, of the shape [4, 5, 6].
x = ((np.arange(120) * 37 % 101) / 8 - 6).reshape(4, 5, 6)
holes = x.copy()
holes.ravel()[[3, 50, 51]] = np.nan
infinite = x.copy()
infinite.ravel()[[7, 8, 60]] = [np.inf, np.inf, -np.inf]
statistics = {}
AXES = {"all": None, "0": 0, "1": 1, "-1": -1, "0,2": (0, 2), "-2,-1": (-2, -1)}
METHODS = ["linear", "lower", "higher", "midpoint", "nearest"]
for name, axis in AXES.items():
    for key, array in [("plain", x), ("holes", holes)]:
        statistics[f"median {key} {name}"] = plain(np.median(array, axis=axis))
        for method in METHODS:
            for q in [0, 0.1, 0.25, 0.37, 0.5, 0.9, 1]:
                statistics[f"quantile {key} {name} {method} {q:g}"] = plain(np.quantile(array, q, axis=axis, method=method))
for name, axis in [("0", 0), ("1", 1), ("-1", -1)]:
    for key, array in [("plain", x), ("holes", holes), ("infinite", infinite)]:
        statistics[f"sorted {key} {name}"] = plain(np.sort(array, axis=axis))
        statistics[f"argSorted {key} {name}"] = plain(np.argsort(array, axis=axis, kind="stable"))
sorted_values = np.array([-6, -2, -2, 0, 0, 0, 1.5, 6.375, np.inf, np.nan])
for side in ["left", "right"]:
    statistics[f"searchSorted {side}"] = plain(np.searchsorted(sorted_values, np.append(holes.ravel(), [-7, 0, -2]), side))
integers = (np.arange(120) * 37 % 101 // 9).reshape(4, 5, 6)
values, inverse, counts = np.unique(integers, return_inverse=True, return_counts=True)
statistics["unique values"], statistics["unique inverse"] = plain(values), plain(inverse.reshape(4, 5, 6))
statistics["unique counts"], statistics["binCounts"] = plain(counts), plain(np.bincount(integers.ravel(), minlength=15))
values, inverse, counts = np.unique(holes, return_inverse=True, return_counts=True)
statistics["unique holes values"] = plain(values)
statistics["unique holes inverse"], statistics["unique holes counts"] = plain(inverse.reshape(4, 5, 6)), plain(counts)
counts, edges = np.histogram(x, bins=7)
statistics["histogram counts"], statistics["histogram edges"] = plain(counts), plain(edges)
counts, edges = np.histogram(x, bins=8, range=(-2, 2))
statistics["histogram range counts"], statistics["histogram range edges"] = plain(counts), plain(edges)
write("statistics.json", statistics)

joining = {}
small = np.arange(12).reshape(3, 4)
for repetitions in [[], [2], [1, 3], [2, 3], [2, 1, 3], [0, 2], [2, 0]]:
    joining[f"tiled {repetitions}"] = plain(np.tile(small, repetitions))
    joining[f"tiled transposed {repetitions}"] = plain(np.tile(small.T, repetitions))
for axis in [0, 1, -1]:
    for count in [0, 1, 3]:
        joining[f"repeated {count} {axis}"] = plain(np.repeat(small, count, axis=axis))
joining["repeated counts 0"] = plain(np.repeat(small, [2, 0, 1], axis=0))
joining["repeated counts -1"] = plain(np.repeat(small, [0, 1, 2, 3], axis=-1))
for shift in [-9, -1, 0, 1, 2, 7]:
    for axis in [0, 1, -1]:
        joining[f"rolled {shift} {axis}"] = plain(np.roll(small, shift, axis))
    joining[f"rolled {shift} both"] = plain(np.roll(small, [shift, 1], [0, 1]))
for offset in range(-4, 6):
    cube = np.arange(24).reshape(2, 3, 4) + 1
    joining[f"upper {offset}"], joining[f"lower {offset}"] = plain(np.triu(cube, offset)), plain(np.tril(cube, offset))
for mode in ["constant", "edge", "reflect", "symmetric", "wrap"]:
    for a, b, c, d in [(0, 0, 0, 0), (1, 2, 0, 3), (2, 0, 1, 1), (5, 7, 9, 11)]:
        joining[f"padded {mode} {a} {b} {c} {d}"] = plain(np.pad(small, [(a, b), (c, d)], mode=mode))
        joining[f"padded row {mode} {a} {b} {c} {d}"] = plain(np.pad(small[:1], [(a, b), (c, d)], mode=mode))
for i, grid in enumerate(np.meshgrid([1, 2], [3, 4, 5], [6, 7], indexing="ij")):
    joining[f"meshgrid {i}"] = plain(grid)
for start, end, step in [(0, 10, 3), (10, 0, -3), (5, 5, 1), (3, 7, -1), (-4, 5, 2), (0, 256, 1)]:
    joining[f"arange {start} {end} {step}"] = plain(np.arange(start, end, step))
for start, end, count in [(0, 1, 5), (2, -3, 7), (1, 1, 4), (0, 1, 1), (0, 1, 0), (-1e-3, 1e5, 64), (0.1, 0.7, 50)]:
    for type in ["float32", "float64"]:
        joining[f"linspace {type} {start:g} {end:g} {count}"] = plain(np.linspace(start, end, count, dtype=type))
        joining[f"linspace {type} open {start:g} {end:g} {count}"] = plain(
            np.linspace(start, end, count, endpoint=False, dtype=type))
write("joining.json", joining)
