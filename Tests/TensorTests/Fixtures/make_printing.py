"""Makes printing.json, arrays and NumPy's text of them: `python make_printing.py` (NumPy 2.4)."""

import json
import pathlib

import numpy as np

cases = []


def add(array, **options):
    """Options: precision, threshold, edgeitems, linewidth."""
    array = np.asarray(array)
    with np.printoptions(**options):
        text = np.array2string(array) if options else str(array)
    case = {"type": array.dtype.name, "shape": list(array.shape), "text": text, "options": options}
    flat = array.reshape(-1)
    if array.size > 300:  # only what can be told by a start and a step
        step = flat[1] - flat[0]
        assert (np.arange(array.size, dtype=array.dtype) * step + flat[0] == flat).all()
        case["start"], case["step"] = float(flat[0]), float(step)
    elif array.dtype.kind == "f":
        case["values"] = [repr(float(value)) for value in flat]
    else:
        case["values"] = [str(int(value)) for value in flat]
    cases.append(case)


for kind in ("f4", "f8"):
    nan, inf = np.nan, np.inf
    limits = np.finfo(kind)
    rows = [
        [], [0.0], [-0.0], [1.0], [1.5, -2.25], [1 / 3, 2 / 3], [100, 0.5, -3], [0.0, -0.0, 0.0],
        [nan], [inf], [-inf], [nan, inf], [nan, -inf], [nan, 1.0], [inf, 1.5], [-inf, 1.5], [nan, -inf, 1e-10],
        [-1.0, nan], [nan, 123456.0], [1e-3, 1], [1e-3, 1.5], [1e-4, 0.01], [9.9e-5, 1e-3], [1e-4, 0.1],
        [0.1, 100.0], [0.1, 100.1], [0.1, 99.9], [999999.0, 1e5], [1000000.0, 999999.0], [1e7, 1e6],
        [99999999.0], [100000000.0], [1e8, 1e7], [1e10], [1e15, 1e16], [1e16, 1e17], [123456789.0, 1.0],
        [limits.max], [limits.min], [limits.tiny], [limits.smallest_subnormal], [limits.max, limits.tiny],
        [limits.smallest_subnormal, nan, -inf], [1e-10, 1], [1e-10, 1.23456789012345], [-1e-10, 1e20],
        [0.1 + 0.2], [0.30000000000000004, 1], [1.123456789, 2.0], [1.000000005, 2.0], [0.000123456789, 0.1],
        [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125], [0.00390625, 0.001953125],
        [2.5, 1234.5], [2.5, 2499.0], [2.5, 2501.0], [1 / 512 + 1 / 1024 + 1 / 2 ** 9 + 1],
        [5e-324 if kind == "f8" else 1e-45], [3.14159265358979, 2.71828182845905, 1.41421356237310],
        [16777216.0, 16777215.0], [0.999999999, 1], [9.99999999, 1], [99.999999999, 1e3], [1e22, 1e21], [1e23],
    ]
    for row in rows:
        add(np.array(row, dtype=kind))
    for value in [0.0, -0.0, 1.0, 1 / 3, 1e-4, 9.9e-5, 1e15, 1e16, 1.5e16, 1e-300, nan, -inf, inf, -2.5e22, 123456.789, 999999.9, 1e6, 12345678.0, 1.0001e-4]:
        with np.errstate(all="ignore"):
            add(np.array(value, dtype=kind))
    add(np.arange(12, dtype=kind).reshape(3, 4) / 4)
    add(np.arange(24, dtype=kind).reshape(2, 3, 4) / 8)
    add(np.arange(16, dtype=kind).reshape(2, 2, 2, 2) - 7)
    add(np.arange(100, dtype=kind))
    add(np.arange(100, dtype=kind).reshape(2, 50) * 1024)
    add(np.arange(1000, dtype=kind))
    add(np.arange(1001, dtype=kind))
    add(np.arange(1001, dtype=kind) * -0.5)
    add(np.arange(2000, dtype=kind).reshape(40, 50))
    add(np.arange(2000, dtype=kind).reshape(5, 400))
    add(np.arange(2000, dtype=kind).reshape(400, 5))
    add(np.arange(6000, dtype=kind).reshape(10, 20, 30))
    add(np.arange(4096, dtype=kind).reshape(8, 8, 8, 8))
    add(np.arange(1200, dtype=kind).reshape(1200, 1))
    add(np.arange(1200, dtype=kind).reshape(1, 1200))
    add(np.zeros((0, 3), dtype=kind))
    add(np.zeros((3, 0), dtype=kind))
    add(np.ones((1, 1, 1), dtype=kind))
    generator = np.random.default_rng(7)
    for scale in [1, 1e-3, 1e5, 1e-8, 1e12]:
        add((generator.standard_normal((3, 5)) * scale).astype(kind))
    add(np.exp(generator.standard_normal((4, 4)) * 5).astype(kind))
    for _ in range(20):
        add(np.exp(generator.standard_normal(5) * generator.uniform(0, 20)).astype(kind))
    sample = generator.standard_normal((3, 4)).astype(kind)
    for precision in [0, 1, 2, 3, 5, 12, 20]:
        add(sample, precision=precision)
        add(sample * 1e9, precision=precision)
        add(np.array([0.125, 0.375, 2.5, 3.5, 0.5, -0.5], dtype=kind), precision=precision)
    add(np.array([2.0**-24, 1], dtype=kind), precision=20)  # an exact half behind its shortest digits
    add(np.array(2.5, dtype=kind), precision=3)
    add(np.array(nan, dtype=kind), precision=3)
    add(sample, threshold=5, edgeitems=1)
    add(np.arange(64, dtype=kind).reshape(4, 4, 4), threshold=10, edgeitems=1)
    add(np.arange(64, dtype=kind).reshape(8, 8), threshold=10, edgeitems=2)
    add(np.arange(10, dtype=kind), threshold=0, edgeitems=5)
    add(sample, linewidth=30)
    add(sample, linewidth=4)
    add(np.arange(40, dtype=kind), linewidth=20)
    add(np.arange(3000, dtype=kind), linewidth=20)

for kind in ("i4", "i8", "u1"):
    add(np.array([], dtype=kind))
    add(np.array(7, dtype=kind))
    add(np.array([1, 20, 255 if kind == "u1" else -300], dtype=kind))
    limits = np.iinfo(kind)
    add(np.array([limits.min, limits.max, 0], dtype=kind))
    add(np.arange(60, dtype=kind).reshape(3, 20))
    add(np.arange(120, dtype=kind).reshape(2, 60))
    add(np.arange(24, dtype=kind).reshape(2, 3, 4))
    add(np.arange(24, dtype=kind).reshape(2, 3, 4), threshold=3, edgeitems=1)
for kind in ("i4", "i8"):
    add(np.arange(2000, dtype=kind).reshape(2, 1000) * -3)
    add(np.arange(5000, dtype=kind))

add(np.array(True))
add(np.array(False))
add(np.array([True]))
add(np.array([True, False]))
add(np.array([[True, False], [False, False]]))
add(np.array([], dtype=bool))
add(np.arange(40) % 3 == 0)
add(np.arange(40) % 3 == 0, threshold=10, edgeitems=2)

path = pathlib.Path(__file__).parent / "printing.json"
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
