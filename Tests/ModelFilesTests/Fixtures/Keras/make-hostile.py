"""HDF5 files that are not to be trusted, and odd ones that are fine: python make-hostile.py (h5py)."""
import pathlib
import struct

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
# Headers that each claim the rest of the file.
data = bytearray((folder / "external-link-latest.h5").read_bytes())
data += 40 * (b"OHDR\x02\x02" + struct.pack("<I", 0xFFFF)) + bytes(400)
struct.pack_into("<Q", data, 28, len(data))
(folder / "overlapping-headers.h5").write_bytes(data)
