"""Prints what `Scripts/compare-with-peers` measured, as Markdown.

usage: activation_table.py OURS.jsonl PEERS.jsonl FORMS.jsonl

The last one holds this package in place and strided. All hold lines {"peer", "op", "size", "threads", "ns"}. A case timed
several times counts with its best.
"""
import collections
import json
import math
import sys


def read(path):
    figures = collections.defaultdict(dict)
    for line in open(path):
        if line.startswith("{"):
            case = json.loads(line)
            key = case["op"], case["size"], case["threads"]
            figures[key][case["peer"]] = min(case["ns"], figures[key].get(case["peer"], math.inf))
    return figures


def direction(operation):
    *prefixes, _ = operation.split(":")
    words = ["Double" if "double" in prefixes else "Float", "pullback" if "grad" in prefixes else "value"]
    return ", ".join(words)


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def print_section(title, threads, sizes, operations, ours, peers):
    print(f"\n## {title}, {threads} thread{'s' if threads > 1 else ''}\n")
    print("| nanoseconds per element: ours, the fastest peer's (how many times as fast) | "
          + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    ratios = collections.defaultdict(list)
    lowest = (math.inf, "", 0)
    for operation in operations:
        cells = []
        for size in sizes:
            key = operation, size, threads
            if key not in ours or key not in peers:
                cells.append("")
                continue
            own = min(ours[key].values())
            peer = min(peers[key], key=peers[key].get)
            ratio = peers[key][peer] / own
            ratios[size].append(ratio)
            lowest = min(lowest, (ratio, operation, size))
            cells.append(f"{own:.3f}, {peer} {peers[key][peer]:.3f} ({ratio:.2f})")
        print(f"| {operation.split(':')[-1]} | " + " | ".join(cells) + " |")
    print("| geometric mean | " + " | ".join(f"({mean(ratios[size]):.2f})" if ratios[size] else "" for size in sizes) + " |")
    below = sum(ratio < 1 for all in ratios.values() for ratio in all)
    count = sum(map(len, ratios.values()))
    print(f"\nLowest: {lowest[0]:.2f} ({lowest[1]}, {lowest[2]:,}). Below 1: {below} of {count}.")


def print_forms(figures):
    prefixes = {"returning": "", "in place": "inplace:", "every second element": "strided:"}
    sizes = {size: threads for _, size, threads in figures}
    for size, threads in sizes.items():
        print(f"\n## In place and strided, Float, {size:,} elements, {threads} thread{'s' if threads > 1 else ''}\n")
        print("| nanoseconds per element | " + " | ".join(prefixes) + " |")
        print("|---|" + "---|" * len(prefixes))
        for name in [operation for operation, *_ in figures if ":" not in operation and operation != "memcpy"]:
            times = [figures.get((prefix + name, size, threads)) for prefix in prefixes.values()]
            print(f"| {name} | " + " | ".join(f"{min(time.values()):.3f}" if time else "" for time in times) + " |")


ours, peers = read(sys.argv[1]), read(sys.argv[2])
sizes = sorted({size for _, size, _ in peers})
groups = collections.defaultdict(dict)
for operation, _, threads in peers:
    groups[direction(operation), threads][operation] = None
for (title, threads), operations in groups.items():
    print_section(title, threads, sizes, operations, ours, peers)
copies = {key: min(figures.values()) for key, figures in ours.items() if key[0].split(":")[-1] == "memcpy"}
if copies:
    print("\nmemcpy between buffers already touched: " + "; ".join(
        f"{'Double' if 'double' in operation else 'Float'}, {size:,}, {threads} thread{'s' if threads > 1 else ''}: {ns:.3f}"
        for (operation, size, threads), ns in copies.items()) + " ns per element.")
missing = sorted({key[0] for key in peers if key not in ours})
if missing:
    print(f"\nMissing in ours: {', '.join(missing)}.")
print_forms(read(sys.argv[3]))
