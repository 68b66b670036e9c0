"""Compares what the package has read of HDF5 files with h5py, and reads what it has written: python check_hdf5.py FOLDER."""

import json
import pathlib
import sys

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
problems, same, refused, texts = [], 0, {}, 0


def readable(dataset):
    """Numbers that the package has types for."""
    try:
        kind, size = dataset.dtype.kind, dataset.dtype.itemsize
    except (TypeError, ValueError):
        return False
    return kind == "b" or kind in "iu" or (kind == "f" and size <= 8)


def names(file):
    """Every path of a dataset along hard links, once through each group."""
    found, met = {}, set()

    def visit(group, path):
        met.add(h5py.h5o.get_info(group.id).addr)
        for name in sorted(name for name in group if isinstance(name, str)):
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                continue
            try:
                item = group[name]
            except (KeyError, OSError):
                continue
            child = f"{path}/{name}" if path else name
            if isinstance(item, h5py.Dataset):
                found[child] = item
            elif isinstance(item, h5py.Group) and h5py.h5o.get_info(item.id).addr not in met:
                visit(item, child)
                texts_of(item, child)

    def texts_of(item, path):
        for name in item.attrs:
            try:
                value = item.attrs[name]
            except (OSError, TypeError, ValueError):
                continue
            if isinstance(value, (str, np.bytes_)):
                attributes[f"{path}@{name}"] = value if isinstance(value, str) else value.decode()

    attributes = {}
    visit(file, "")
    texts_of(file, "")
    return found, attributes


for path in sorted(folder.glob("*.h5")):
    told = json.loads((folder / f"{path.stem}.read.json").read_text())
    if "" in told:
        problems.append(f"{path.name}: {told['']}")
        continue
    arrays = dict(np.load(folder / f"{path.stem}.read.npz"))
    try:
        opened = h5py.File(path)
    except OSError as error:
        problems.append(f"{path.name} is read, but not by h5py: {error}")
        continue
    with opened as file:
        datasets, attributes = names(file)
        for name, text in attributes.items():
            if told.get(name) != text:
                problems.append(f"{path.name}, {name}: {told.get(name)!r} instead of {text!r}")
            texts += 1
        for name, dataset in datasets.items():
            if name in arrays:
                expected = np.zeros(0, dataset.dtype) if dataset.shape is None else dataset[()]
                expected = np.asarray(expected)
                if h5py.check_enum_dtype(expected.dtype) is not None:
                    expected = expected.view(np.dtype(expected.dtype.str))
                expected = expected.astype(expected.dtype.newbyteorder("="))
                found = arrays[name]
                if found.dtype != expected.dtype or found.shape != expected.shape or found.tobytes() != expected.tobytes():
                    problems.append(f"{path.name}, {name}: other elements")
                same += 1
            else:
                reason = told.get(name, "not listed").split("expected")[-1]
                refused.setdefault(reason, []).append(f"{path.name} {name}")
                if readable(dataset) and "filter" not in reason and "other files" not in reason and "virtual" not in reason:
                    problems.append(f"{path.name}, {name} ({dataset.dtype}): {reason}")

with h5py.File(folder / "written.hdf5") as file:
    assert dict(file.attrs) == {"name": "größe", "empty": "", "long": "x" * 100_000}
    for name in ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]:
        value = file["types"][name][()]
        assert value.dtype == name and value.tolist() == [0, 1, 100], name
    assert file["types/bool"][()].tolist() == [True, False] and file["types/bool"].dtype == bool
    assert file["types/scalar"][()] == 2 and file["types/empty"].shape == (2, 0, 3)
    assert file["types/bfloat16"].attrs["dtype"] == "bfloat16"
    for count in [0, 1, 8, 9, 255, 256, 257, 9000]:
        group = file[f"many/{count}"]
        assert sorted(group) == sorted(f"出力 {number}" for number in range(count))
        for number in range(count):
            assert group[f"出力 {number}"][()] == number
    for number in range(3000):
        group = file[f"texts/{number}"]
        assert group.attrs["number"] == str(number) and group.attrs["text"] == "é" * number
with h5py.File(folder / "written.hdf5", "r+") as file:
    file["many/9000/new"] = np.float32(1)
    file["types"].attrs["more"] = 1

for reason, places in sorted(refused.items()):
    print(f"refused {len(places):5d}: {reason.strip()}   ({places[0]})")
print("\n".join(problems[:40]))
print(f"{same} datasets and {texts} texts of {len(list(folder.glob('*.h5')))} files compared, {len(problems)} differ")
sys.exit(1 if problems else 0)
