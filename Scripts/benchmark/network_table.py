"""Prints what `Scripts/compare-networks` or `Scripts/compare-layers` measured, as Markdown.

usage: network_table.py OURS.jsonl PEERS.jsonl

Both hold lines {"peer", "what", "shape", "threads", "us"}. A case timed several times counts with its best.
"""
import collections
import json
import math
import sys

TITLES = {"infer": "Inference", "train_sgd": "Training step"}
LAYER_TITLES = {False: "Inference", True: "Forward computation and gradients"}


def read(path):
    figures = collections.defaultdict(dict)
    for line in open(path):
        if line.startswith("{"):
            case = json.loads(line)
            key = case["what"], tuple(case["shape"]), case["threads"]
            figures[key][case["peer"]] = min(case["us"], figures[key].get(case["peer"], math.inf))
    return figures


def figure(microseconds):
    return f"{microseconds:.2f}" if microseconds < 10 else f"{microseconds:,.0f}"


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def print_section(what, threads, ours, peers):
    names = sorted({name for key, figures in peers.items() if key[0] == what for name in figures})
    print(f"\n## {TITLES[what]}, {threads} thread{'s' if threads > 1 else ''}\n")
    print("| inputs-width-classes, batch | ours | " + " | ".join(names) + " | the fastest one's time / ours |")
    print("|---|" + "---|" * (len(names) + 2))
    ratios = []
    for key in peers:
        if key[0] != what or key[2] != threads:
            continue
        own, shape = min(ours[key].values()), key[1]
        ratios.append((min(peers[key].values()) / own, shape[3]))
        cells = [figure(peers[key][name]) if name in peers[key] else "" for name in names]
        print(f"| {'-'.join(map(str, shape[:3]))}, {shape[3]} | {figure(own)} | " + " | ".join(cells)
              + f" | {ratios[-1][0]:.2f} |")
    larger = [ratio for ratio, batch in ratios if batch > 1]
    print(f"\nMicroseconds. Geometric mean {mean([ratio for ratio, _ in ratios]):.2f}, of batches above 1 {mean(larger):.2f}; "
          f"lowest {min(ratios)[0]:.2f}.")


def print_layers(trains, threads, ours, peers):
    keys = [key for key in peers if key[2] == threads and key[0].startswith("train:") == trains]
    names = sorted({name for key in keys for name in peers[key]})
    print(f"\n## {LAYER_TITLES[trains]}, {threads} thread{'s' if threads > 1 else ''}\n")
    print("| case | ours | " + " | ".join(names) + " | the fastest one's time / ours |")
    print("|---|" + "---|" * (len(names) + 2))
    ratios = []
    for key in keys:
        own = min(ours[key].values())
        ratios.append(min(peers[key].values()) / own)
        cells = [figure(peers[key][name]) if name in peers[key] else "" for name in names]
        title = f"{key[0].removeprefix('train:')} {'-'.join(map(str, key[1]))}"
        print(f"| {title} | {figure(own)} | " + " | ".join(cells) + f" | {ratios[-1]:.2f} |")
    print(f"\nMicroseconds. Geometric mean {mean(ratios):.2f}; lowest {min(ratios):.2f}.")


ours, peers = read(sys.argv[1]), read(sys.argv[2])
for threads in sorted({key[2] for key in peers}):
    if any(key[0] in TITLES for key in peers):
        for what in TITLES:
            print_section(what, threads, ours, peers)
    else:
        for trains in [False, True]:
            print_layers(trains, threads, ours, peers)
