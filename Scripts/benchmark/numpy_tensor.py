"""Times NumPy's side of `activations bench --tensor`: one JSON line per case, microseconds, best of many runs.

usage: numpy_tensor.py [--threads N]
"""
import argparse
import json
import os
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
arguments = parser.parse_args()
os.environ["OPENBLAS_NUM_THREADS"] = str(arguments.threads)
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
if arguments.threads == 1:
    os.sched_setaffinity(0, {1 if os.cpu_count() > 1 else 0})

import numpy as np  # after the environment is set

generator = np.random.default_rng(0)


def normal(*shape):
    return generator.standard_normal(shape).astype(np.float32)


def best(function, budget=0.3, least=5):
    function()
    function()
    end = time.perf_counter() + budget
    shortest = float("inf")
    runs = 0
    while runs < least or time.perf_counter() < end:
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
        runs += 1
    return shortest


def report(size, cases):
    for name, function in cases.items():
        line = {"peer": "numpy", "what": name, "shape": [size, size], "threads": arguments.threads,
                "us": round(best(function) * 1e6, 3)}
        print(json.dumps(line), flush=True)


def elements_and_axes(size):
    x, y = normal(size, size), normal(size, size)
    row, column = y[0].copy(), y[:, :1].copy()
    mask, rows = x > 0, generator.integers(0, size, size)
    cases = {
        "add": lambda: x + y,
        "multiply_scalar": lambda: x * np.float32(2),
        "add_row": lambda: x + row,
        "add_column": lambda: x + column,
        "add_transposed": lambda: x + y.T,
        "divide": lambda: x / y,
        "sqrt": lambda: np.sqrt(np.abs(x)),
        "log": lambda: np.log(np.abs(x)),
        "greater": lambda: x > y,
        "where": lambda: np.where(mask, x, y),
        "clip": lambda: np.clip(x, -1, 1),
        "sum": lambda: x.sum(),
        "sum_axis0": lambda: x.sum(0),
        "sum_axis1": lambda: x.sum(1),
        "mean_axis1": lambda: x.mean(1),
        "variance_axis1": lambda: x.var(1),
        "max_axis0": lambda: x.max(0),
        "max_axis1": lambda: x.max(1),
        "argmax_axis1": lambda: x.argmax(1),
        "cumsum_axis1": lambda: x.cumsum(1),
        "norm": lambda: np.linalg.norm(x),
        "transpose_copy": lambda: np.ascontiguousarray(x.T),
        "strided_copy": lambda: np.ascontiguousarray(x[::2, ::2]),
        "take_rows": lambda: x[rows],
        "concatenate_axis1": lambda: np.concatenate((x, y), 1),
    }
    if size <= 1024:
        cases["sort_axis1"] = lambda: np.sort(x, 1)
    report(size, cases)


def linear_algebra(size):
    x, y = normal(size, size), normal(size, size)
    definite = x @ x.T + size * np.eye(size, dtype=np.float32)
    right, batch = normal(size, 4), normal(16, size, size)
    cases = {
        "matmul": lambda: x @ y,
        "matmul_transposed": lambda: x.T @ y,
        "matvec": lambda: x @ y[:, 0],
        "matmul_batched16": lambda: batch @ y,
        "solve": lambda: np.linalg.solve(x, right),
        "inverse": lambda: np.linalg.inv(x),
        "cholesky": lambda: np.linalg.cholesky(definite),
        "qr": lambda: np.linalg.qr(x),
        "eigh": lambda: np.linalg.eigh(definite),
        "svd": lambda: np.linalg.svd(x),
    }
    if size == 1024:
        for name in ("matmul_batched16", "eigh", "svd"):
            del cases[name]
    report(size, cases)


for size in (32, 256, 1024, 4096):
    elements_and_axes(size)
for size in (8, 64, 256, 1024):
    linear_algebra(size)
