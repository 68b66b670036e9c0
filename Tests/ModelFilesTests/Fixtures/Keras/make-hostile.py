"""HDF5 files that are not to be trusted, and odd ones that are fine: python make-hostile.py (h5py).

float128, zero, single-later-header and the .keras files beside them come from mutations, as do global-heap, virtual-selection
and virtual-endless-heap: they have no recipe here."""
import pathlib

import h5py
import numpy as np

folder = pathlib.Path(__file__).parent / "Hostile"
folder.mkdir(exist_ok=True)
x = np.arange(6, dtype="float32").reshape(2, 3)


def file(name, **options):
    return h5py.File(folder / f"{name}.h5", "w", **options)


with file("soft-link") as f:
    f["x"] = x
    f["y"] = h5py.SoftLink("/x")
with file("external-link") as f:
    f["x"] = h5py.ExternalLink("/etc/passwd", "/")
with file("external-storage") as f:
    f.create_dataset("x", shape=(2, 3), dtype="f4", external=[("/etc/passwd", 0, 24)])
with file("virtual", libver="v110") as f:
    layout = h5py.VirtualLayout(shape=(2, 3), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(2, 3))
    f.create_virtual_dataset("x", layout)
with file("cycle") as f:
    group = f.create_group("a/b")
    group["c"] = f["a"]
with file("two-links") as f:
    f["x"] = x
    f["y"] = f["x"]
with file("filter") as f:
    f.create_dataset("x", data=np.zeros((64, 64), "f4"), compression="lzf")
with file("bomb") as f:
    f.create_dataset("x", shape=(1 << 20, 1 << 20), dtype="f4", chunks=(1024, 1024), compression="gzip")
with file("contiguous-bomb") as f:
    f.create_dataset("x", shape=(1 << 20, 1 << 20), dtype="f4")
with file("records") as f:
    f.create_dataset("x", data=np.zeros(2, [("a", "f4"), ("b", "i4")]))
with file("text") as f:
    f["x"] = "hello"
    f["y"] = x
with file("deep") as f:
    f.create_group("/".join("a" * 70))
with file("named-type") as f:
    f["type"] = np.dtype("f4")
    f.create_dataset("x", data=x, dtype=f["type"])
with file("user-block", userblock_size=512) as f:
    f["x"] = x
with file("name") as f:
    f[b"\xff\xfe"] = x
with file("latest", libver="latest") as f:
    f["group/x"] = x
    f["group"].attrs["name"] = "dense"
with file("many") as f:
    for i in range(200):
        f[f"v{i}"] = np.float32(i)
with file("compressed") as f:
    f.create_dataset("x", data=x, chunks=(1, 2), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("y", data=x.astype(">f8"))
    f.create_dataset("z", data=x.astype("f2"))
    f.create_dataset("flags", data=np.array([True, False, True]))
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((2, 3)), dcpl).write(
        h5py.h5s.ALL, h5py.h5s.ALL, x)
with file("latest-compressed", libver="latest") as f:
    f.create_dataset("x", data=x, chunks=(1, 2), compression="gzip", shuffle=True)
with file("virtual-first-layout") as f:
    layout = h5py.VirtualLayout(shape=(2, 3), dtype="f4")
    layout[:] = h5py.VirtualSource("other.h5", "x", shape=(2, 3))
    f.create_virtual_dataset("x", layout)
with file("external-link-latest", libver="latest") as f:
    f["x"] = h5py.ExternalLink("/etc/passwd", "/")
for size in [1024, 4096]:
    with file(f"user-block-{size}", userblock_size=size, libver="latest" if size > 1024 else "earliest") as f:
        f.create_dataset("x", data=x, chunks=(1, 2), compression=None if size > 1024 else "gzip")
        f["x"].attrs["name"] = "dense"
        f["y"] = x

# Every way to keep groups, attributes and chunks, in the first layout and in the latest. Elements count up.
for name, options in {"first": {}, "latest": {"libver": "latest"}}.items():
    with file(f"every-layout-{name}", **options) as f:
        grid = np.arange(35, dtype="i2").reshape(7, 5)
        settings = {
            "single": dict(chunks=(7, 5)),
            "single_deflated": dict(chunks=(7, 5), compression="gzip"),
            "fixed": dict(chunks=(3, 2)),
            "fixed_checked": dict(chunks=(3, 2), compression="gzip", shuffle=True, fletcher32=True),
            "growing": dict(chunks=(3, 2), maxshape=(None, 5)),
            "growing_second": dict(chunks=(3, 2), maxshape=(8, None)),
            "growing_deflated": dict(chunks=(1, 2), maxshape=(None, 9), compression="gzip"),
            "both": dict(chunks=(3, 2), maxshape=(None, None)),
            "both_deflated": dict(chunks=(1, 1), maxshape=(None, None), compression="gzip"),
        }
        for key, setting in settings.items():
            f.create_dataset(f"grid/{key}", data=grid, **setting)
        dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        dcpl.set_chunk((3, 2))
        dcpl.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        h5py.h5d.create(f["grid"].id, b"implicit", h5py.h5t.STD_I16LE, h5py.h5s.create_simple((7, 5)), dcpl).write(
            h5py.h5s.ALL, h5py.h5s.ALL, grid)
        f.create_dataset("line/pages", data=np.arange(1100, dtype="u1"), chunks=(1,))
        f.create_dataset("line/growing", data=np.arange(300, dtype="u1"), chunks=(1,), maxshape=(None,))
        f.create_dataset("filled", (2, 2), "f4", fillvalue=7)
        f.create_dataset("partly", (4,), "f4", chunks=(2,), fillvalue=7)[1] = 1
        f["named"] = np.dtype("i2")
        f.create_dataset("of_named_type", data=grid, dtype=f["named"])
        f.create_dataset("enumeration", data=np.array([1, 0]), dtype=h5py.enum_dtype({"a": 0, "b": 1}, "i2"))
        for number in range(300):
            f[f"many/a name of some length, {number}"] = np.uint8(number % 256)
        for number in range(20):
            f["many"].attrs[f"attribute {number}"] = f"text {number}"
        if name != "first":
            f["many"].attrs["long"] = np.bytes_("x" * 70_000)
        f["many"].attrs["fixed"] = np.bytes_("fixed")
        f["скрытый/出力"] = grid
properties = h5py.h5p.create(h5py.h5p.FILE_CREATE)
properties.set_sizes(4, 4)
with h5py.File(h5py.h5f.create(str(folder / "narrow.h5").encode(), fcpl=properties)) as f:
    f.create_dataset("x", data=x, chunks=(1, 2), compression="gzip")
    f.attrs["name"] = "narrow"
properties = h5py.h5p.create(h5py.h5p.FILE_CREATE)
properties.set_sizes(4, 8)
with h5py.File(h5py.h5f.create(str(folder / "unequal-widths.h5").encode(), fcpl=properties)) as f:
    f.create_dataset("x", data=x, chunks=(1, 2), compression="gzip")
with file("odd-names") as f:
    f["\u00e9"] = np.float32(1)
    f["e\u0301"] = np.float32(2)
    f["z"] = np.float32(3)
    h5py.h5a.create(f["z"].id, b"\xe9", h5py.h5t.py_create(np.dtype("S7")), h5py.h5s.create(h5py.h5s.SCALAR)).write(
        np.array(b"Latin-1"))
    f[b"\xff"] = np.float32(4)
    f[b"\xfe"] = np.float32(5)
with file("unclosed", libver="latest") as f:
    f["x"] = x
    f.flush()
    unclosed = (folder / "unclosed.h5").read_bytes()
(folder / "unclosed.h5").write_bytes(unclosed)
