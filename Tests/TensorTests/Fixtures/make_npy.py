"""Makes npy/*.npy and npy/manifest.json, what is in them: `python make_npy.py` (NumPy 2)."""

import json
import pathlib
import warnings

import numpy as np

folder = pathlib.Path(__file__).parent / "npy"
folder.mkdir(exist_ok=True)
for old in folder.iterdir():
    old.unlink()
manifest = []


def text(value):
    return str(int(value)) if np.asarray(value).dtype.kind in "iub" else repr(float(value))


def note(name, array, saved, version=1):
    manifest.append(
        {
            "file": name,
            "type": array.dtype.name,
            "shape": list(array.shape),
            "swapped": not array.dtype.isnative,
            "fortran": bool(array.flags.f_contiguous and not array.flags.c_contiguous),
            "version": version,
            "values": [text(value) for value in array.reshape(-1)],
            "saved": saved,  # by numpy.save as it is, so that writing gives the same bytes
        }
    )


def save(name, array):
    np.save(folder / name, array)
    note(name, array, array.dtype.isnative)


def samples(name):
    kind = np.dtype(name)
    if kind.kind == "f":
        limits = np.finfo(kind)
        values = [0.0, -0.0, 1 / 3, -np.inf, np.nan, limits.max, limits.min, limits.tiny]
        values += [limits.smallest_subnormal, 1, -2.5, np.inf]
        return np.array([kind.type(value) for value in values]).reshape(3, 4)
    if kind.kind == "b":
        return np.array([[True, False, False, True], [False, True, True, True], [False] * 4])
    limits = np.iinfo(kind)
    values = [limits.min, limits.max, limits.max // 2, 0, 1, 2, 3, 100, 7, 8, 9, limits.max - 1]
    return np.array(values, dtype=kind).reshape(3, 4)


for name in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split():
    array = samples(name)
    save(f"{name}.npy", array)
    save(f"{name}_fortran.npy", np.asfortranarray(array))
    if array.dtype.itemsize > 1:
        save(f"{name}_swapped.npy", array.astype(array.dtype.newbyteorder(">")))

save("u8_fitting.npy", np.array([0, 2**63 - 1], dtype="u8"))
save("rank0.npy", np.float64(2.5))
save("rank0_bool.npy", np.bool_(True))
save("rank1.npy", np.arange(5, dtype="f4"))
save("rank3_fortran.npy", np.asfortranarray(np.arange(24, dtype="i4").reshape(2, 3, 4)))
save("rank4_swapped_fortran.npy", np.asfortranarray(np.arange(24, dtype=">f8").reshape(2, 1, 3, 4)))
save("rank32.npy", np.full((1,) * 30 + (2, 3), 7, dtype="u1"))
save("empty.npy", np.zeros((0,), dtype="f4"))
save("empty_middle.npy", np.zeros((123456, 0, 3), dtype="i8"))
save("column.npy", np.arange(3, dtype="f4").reshape(3, 1))
save("row_fortran.npy", np.asfortranarray(np.arange(3, dtype="f4").reshape(1, 3)))

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for version in (2, 3):
        array = samples("f4")
        name = f"version{version}.npy"
        with open(folder / name, "wb") as file:
            np.lib.format.write_array(file, array, version=(version, 0))
        note(name, array, False, version)


def handmade(name, header, data, array=None, align=64):
    """A header as somebody else might have written it."""
    header = header.encode("latin1")
    header += b" " * (-(10 + len(header) + 1) % align) + b"\n"
    (folder / name).write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data)
    if array is not None:
        note(name, array, False)


array = np.arange(6, dtype="f4").reshape(2, 3)
data = array.tobytes()
handmade("python2.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", data, array, 16)
handmade("reordered.npy", '{"shape":(2,3),"fortran_order":False,"descr":"<f4"}', data, array)
handmade("native.npy", "{'descr': '=f4', 'fortran_order': False, 'shape': (2, 3)}", data, array)
handmade("unaligned.npy", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", data, array, 1)
handmade("bool2.npy", "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }", bytes([0, 1, 2]))

# What tensors cannot hold.
np.save(folder / "bad_object.npy", np.array([None, 1], dtype=object))
np.save(folder / "bad_string.npy", np.array(["abc"]))
np.save(folder / "bad_bytes.npy", np.array([b"abc"]))
np.save(folder / "bad_record.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i8")]))
np.save(folder / "bad_complex.npy", np.zeros(2, dtype="c8"))
np.save(folder / "bad_date.npy", np.zeros(2, dtype="M8[s]"))
np.save(folder / "bad_void.npy", np.zeros(2, dtype="V2"))
np.save(folder / "bad_rank.npy", np.zeros((1,) * 40, dtype="f4"))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    np.save(folder / "bad_unicode_record.npy", np.zeros(2, dtype=[("größe€", "f4")]))

(folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
