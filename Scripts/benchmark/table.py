"""Prints a Markdown table of how many times as fast this package is as NumPy, case by case.

usage: table.py OURS.jsonl NUMPY.jsonl

Both hold lines {"peer", "what", "shape", "threads", "us"}. A case timed several times counts with its best.
"""
import json
import math
import sys


def read(path):
    figures = {}
    for line in open(path):
        if line.startswith("{"):
            case = json.loads(line)
            key = case["what"], case["shape"][-1]
            figures[key] = min(case["us"], figures.get(key, math.inf))
    return figures


ours, numpy = read(sys.argv[1]), read(sys.argv[2])
ratios = {key: numpy[key] / ours[key] for key in numpy if key in ours}
sizes = sorted({size for _, size in ratios})
names = list(dict.fromkeys(name for name, _ in numpy))
print("| NumPy's time / ours | " + " | ".join(map(str, sizes)) + " |")
print("|---|" + "---|" * len(sizes))
for name in names:
    cells = [f"{ratios[name, size]:.2f}" if (name, size) in ratios else "" for size in sizes]
    print(f"| {name} | " + " | ".join(cells) + " |")
mean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
lowest = min(ratios, key=ratios.get)
print(f"\nGeometric mean of {len(ratios)} cases: {mean:.2f}. Lowest: {ratios[lowest]:.2f} ({lowest[0]}, {lowest[1]}).")
print(f"Below 1: {sum(ratio < 1 for ratio in ratios.values())}. Missing: {sum(key not in ours for key in numpy)}.")
