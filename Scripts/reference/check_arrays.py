"""Writes arrays with NumPy, converts them with `activations convert`, and reads the results with NumPy and safetensors."""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import safetensors
import safetensors.numpy

tool = sys.argv[1]
folder = pathlib.Path(tempfile.mkdtemp())
random = np.random.default_rng(1)


def bits(dtype, shape):
    """Any bits, NaNs with payloads among them."""
    count = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.frombuffer(random.bytes(count), dtype).reshape(shape)


integers = ["i1", "i2", "i4", "i8", "u1", "u2", "u4"]
arrays = {f"x.{kind}": bits(kind, (7, 11)) for kind in ["f2", "f4", "f8", *integers]}
arrays["x.u8"] = bits("u8", (7, 11)) >> np.uint64(1)
arrays["flags"] = random.random((5, 3)) < 0.5
arrays["scalar"] = np.float32(-0.0).reshape(())
arrays["empty"] = np.zeros((2, 0, 3), np.float64)
arrays["fortran"] = np.asfortranarray(bits("f4", (9, 4)))
arrays["swapped"] = bits("f4", (9, 4)).astype(">f4")
arrays["größe/ä"] = bits("f4", (3,))
arrays["large"] = bits("f4", (300, 700))


def convert(source, target, *options):
    command = [tool, "convert", str(folder / source), str(folder / target), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / target


def same(name, found, expected):
    expected = expected.astype(expected.dtype.newbyteorder("="), copy=False)
    assert found.dtype == expected.dtype, (name, found.dtype, expected.dtype)
    assert found.shape == expected.shape, (name, found.shape, expected.shape)
    assert found.tobytes() == expected.tobytes(), f"{name}: other bits"


def compare(found, expected):
    assert set(found) == set(expected), set(found) ^ set(expected)
    for name in expected:
        same(name, np.ascontiguousarray(found[name]), np.ascontiguousarray(expected[name]))
    return len(expected)


np.savez(folder / "in.npz", **arrays)
checked = compare(dict(np.load(convert("in.npz", "out.npz"))), arrays)
checked += compare(dict(np.load(convert("in.npz", "small.npz", "--compressed"))), arrays)
checked += compare(safetensors.numpy.load_file(convert("in.npz", "out.safetensors")), arrays)
checked += compare(dict(np.load(convert("out.safetensors", "back.npz"))), arrays)
checked += compare({"x.i8": np.load(convert("in.npz", "one.npy", "--tensor", "x.i8"))}, {"x.i8": arrays["x.i8"]})

# Rounded to the nearest, ties to even; NaN apart, which NumPy makes quiet.
reals = {name: x for name, x in arrays.items() if x.dtype.kind == "f"}
np.savez(folder / "reals.npz", **reals)
halves = dict(np.load(convert("reals.npz", "halves.npz", "--dtype", "float16")))
with np.errstate(over="ignore", invalid="ignore"):
    for name, x in reals.items():
        expected, found = x.astype(np.float16), halves[name]
        assert found.dtype == np.float16 and (np.isnan(found) == np.isnan(expected)).all(), name
        number = ~np.isnan(expected)
        same(name, found[number], expected[number])
        checked += 1

single = {name: x for name, x in reals.items() if x.dtype.itemsize == 4}
np.savez(folder / "single.npz", **single)
convert("single.npz", "brain.safetensors", "--dtype", "bfloat16")
with safetensors.safe_open(folder / "brain.safetensors", "np") as file:
    assert all(file.get_slice(name).get_dtype() == "BF16" for name in single)
back = dict(np.load(convert("brain.safetensors", "brain.npz")))
for name, x in single.items():
    x = np.ascontiguousarray(x.astype("<f4"))
    found = back[name].reshape(x.shape)
    raw = x.view(np.uint32).astype(np.uint64).reshape(x.shape)
    rounded = ((raw + 0x7FFF + (raw >> 16 & 1)) >> 16 << 16).astype(np.uint32).view(np.float32).reshape(x.shape)
    number = ~np.isnan(x)
    assert (np.isnan(found) == np.isnan(x)).all(), name
    same(name, found[number], rounded[number])
    checked += 1

print(f"{checked} arrays are the same to the last bit")
