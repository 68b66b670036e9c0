#!/usr/bin/env python3
"""Makes the fixtures for .npz and safetensors with NumPy, PyTorch and safetensors:  python make_tensor_files.py

Every tensor's elements stand in manifest.json as hexadecimal digits of their little-endian bytes in row-major order.
Files whose names begin with bad_ are damaged or hostile; the manifest has the kind of the error and a part of its text.
"""

import io
import json
import pathlib
import struct
import zipfile
import zlib

import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

here = pathlib.Path(__file__).parent
npz = here / "npz"
tensors = here / "safetensors"
manifest = []

special = np.array([0x7FC00001, 0xFF800001, 0x7FFFFFFF, 0x80000000, 1, 0x7F800000, 0x3F800001], np.uint32).view(np.float32)
arrays = {
    "float32": special,
    "float64": np.array([0x7FF8000000000001, 0xFFF0000000000001, 1 << 63, 1], np.uint64).view(np.float64).reshape(2, 2),
    "float16": np.array([0x7E01, 0xFC01, 0x8000, 1, 0x3C00, 0x7C00], np.uint16).view(np.float16).reshape(3, 2),
    "int8": np.array([[-128, 127, 0]], np.int8),
    "int16": np.array([-32768, 32767], np.int16),
    "int32": np.array([-(2**31), 2**31 - 1], np.int32),
    "int64": np.array([-(2**63), 2**63 - 1], np.int64),
    "uint8": np.arange(6, dtype=np.uint8).reshape(1, 2, 3),
    "uint16": np.array([0, 65535], np.uint16),
    "uint32": np.array([0, 2**32 - 1], np.uint32),
    "uint64": np.array([0, 2**63 - 1], np.uint64),
    "bool": np.array([True, False, True]),
    "empty": np.zeros((2, 0, 3), np.float32),
    "scalar": np.array(-0.0, np.float32),
}


def listing(values):
    return [
        {
            "name": name,
            "type": value.dtype.newbyteorder("=").name,
            "shape": list(value.shape),
            "bytes": np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<")).tobytes().hex(),
        }
        for name, value in values.items()
    ]


def add(path, values=None, **more):
    entry = {"file": f"{path.parent.name}/{path.name}", **more}
    if values is not None:
        entry["tensors"] = values if isinstance(values, list) else listing(values)
    manifest.append(entry)


def bad(path, data, kind, text):
    path.write_bytes(data)
    add(path, error=kind, text=text)


class Unseekable(io.RawIOBase):
    """A pipe: zip files are written with data descriptors behind the members."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, piece):
        self.data += piece
        return len(piece)


# npz

np.savez(npz / "all.npz", **arrays)
add(npz / "all.npz", arrays)
np.savez_compressed(npz / "compressed.npz", **arrays)
add(npz / "compressed.npz", arrays)

layouts = {
    "swapped": np.arange(6, dtype=">f4").reshape(2, 3),
    "fortran": np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)),
    "swapped_fortran": np.asfortranarray(np.arange(6, dtype=">i8").reshape(3, 2)),
    "gewicht/schräg 重み": np.ones(1, np.float32),
}
np.savez(npz / "layouts.npz", **layouts)
add(npz / "layouts.npz", layouts)

large = {"zeros": np.zeros((300, 70), np.float32), "ramp": np.arange(30_000, dtype=np.float32).reshape(100, 300) % 7}
stream = Unseekable()
np.savez_compressed(stream, **large)
(npz / "stream.npz").write_bytes(stream.data)
add(npz / "stream.npz", [{**entry, "bytes": None} for entry in listing(large)])

unnamed = {"arr_0": np.arange(3.0), "arr_1": np.arange(2)}
stream = Unseekable()
np.savez(stream, *unnamed.values())
(npz / "unnamed.npz").write_bytes(stream.data)
add(npz / "unnamed.npz", unnamed)

np.savez(npz / "none.npz")
add(npz / "none.npz", {})

pair = {"a": np.arange(3, dtype=np.float32), "b": np.array([[1, 2]], np.int64)}
limits = (zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 10, 1
np.savez(npz / "zip64.npz", **pair)
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
assert b"PK\x06\x06" in (npz / "zip64.npz").read_bytes()
add(npz / "zip64.npz", pair)

np.savez(npz / "comment.npz", **pair)
with zipfile.ZipFile(npz / "comment.npz", "a") as archive:
    archive.comment = b"a comment"
    archive.writestr(zipfile.ZipInfo("readme.txt"), "not an array")
add(npz / "comment.npz", pair)

objects = {"objects": np.array([None, {}], object), "names": np.array(["a", "bc"]), "complex": np.zeros(2, np.complex64)}
np.savez(npz / "unsupported.npz", x=np.ones(2, np.float32), **objects)
add(
    npz / "unsupported.npz",
    listing({"x": np.ones(2, np.float32)}) + [{"name": name, "type": None, "shape": [], "bytes": ""} for name in objects],
)

# Damaged and hostile archives.

good = io.BytesIO()
np.savez(good, **pair)
good = good.getvalue()


def entry_of(data, name):
    """Where the directory has a member."""
    position = data.index(b"PK\x01\x02")
    while data[position + 46 : position + 46 + len(name)] != name:
        position = data.index(b"PK\x01\x02", position + 1)
    return position


def patched(data, *changes):
    data = bytearray(data)
    for offset, piece in changes:
        data[offset : offset + len(piece)] = piece
    return bytes(data)


a, b = entry_of(good, b"a.npy"), entry_of(good, b"b.npy")
end = good.index(b"PK\x05\x06")
second = struct.unpack_from("<I", good, b + 42)[0]
bad(npz / "bad_truncated.npz", good[:-30], "format", "the end record of a zip archive")
bad(npz / "bad_trailing.npz", good + b"\0", "format", "the end record of a zip archive")
bad(npz / "bad_prepended.npz", b"#!/bin/sh\n" + good, "format", "a directory that ends at byte")
shifted = patched(b"#!/bin/sh\n" + good, (a + 10 + 42, struct.pack("<I", 10)), (b + 10 + 42, struct.pack("<I", second + 10)),
                  (end + 10 + 16, struct.pack("<I", a + 10)))
bad(npz / "bad_shifted.npz", shifted, "format", "the first member at byte 0")
bad(npz / "bad_checksum.npz", patched(good, (second - 1, b"\x01")), "checksum", "member a.npy: expected data with the directory's checksum")
bad(npz / "bad_encrypted.npz", patched(good, (a + 8, b"\x01")), "unsupported", "member a.npy: expected a member without encryption")
bad(npz / "bad_method.npz", patched(good, (b + 10, b"\x0c")), "unsupported", "member b.npy: expected the method 0 (stored) or 8 (deflated), found 12")
bad(npz / "bad_local_method.npz", patched(good, (second + 8, b"\x08")), "format", "member b.npy: expected name, method and flags in its header")
bad(npz / "bad_local_name.npz", patched(good, (30, b"c")), "format", "member a.npy: expected name, method and flags")
bad(npz / "bad_overlap.npz", patched(good, (b + 42, struct.pack("<I", 0))), "format", "member b.npy: expected a member after byte")
bad(npz / "bad_stored_size.npz", patched(good, (a + 24, struct.pack("<I", 1000))), "format", "member a.npy: expected 140 bytes, as are stored, found 1000")
bad(npz / "bad_place.npz", patched(good, (b + 42, b"\xf0\xff\xff\x7f")), "format", "member b.npy: expected sizes and a place")
bad(npz / "bad_count.npz", patched(good, (end + 8, b"\xff\x7f\xff\x7f")), "format", "at most 2 members")
bad(npz / "bad_fewer.npz", patched(good, (end + 8, b"\x01\0\x01\0")), "format", "the end of the directory after 1 members")
bad(npz / "bad_disk.npz", patched(good, (end + 4, b"\x01")), "unsupported", "an archive in one file")
bad(npz / "bad_entry.npz", patched(good, (b, b"XX")), "format", "an entry of the archive's directory")
bad(npz / "bad_name_length.npz", patched(good, (b + 28, b"\xff\xff")), "format", "an entry that ends with the directory")
bad(npz / "bad_utf8.npz", patched(good, (b + 46, b"\xff")), "format", "the name of a member in UTF-8")
bad(npz / "bad_header.npz", patched(good, (0, b"XX")), "format", "member a.npy: expected a header at byte 0")
long = io.BytesIO()
np.savez_compressed(long, zeros=np.zeros(100_000, np.uint8))
long = long.getvalue()
entry = entry_of(long, b"zeros.npy")
bad(npz / "bad_bomb.npz", patched(long, (entry + 24, struct.pack("<I", 1 << 30))), "limit", "member zeros.npy: expected at most")
bad(npz / "bad_inflated.npz", patched(long, (entry + 24, struct.pack("<I", 100_127))), "format", "member zeros.npy")
bad(npz / "bad_deflated.npz", patched(long, (90, b"\xff\xff\xff")), "format", "member zeros.npy")


def archive(*members):
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data)
    return result.getvalue()


array = io.BytesIO()
np.save(array, np.arange(2, dtype=np.float32))
array = array.getvalue()
import warnings

warnings.simplefilter("ignore")
bad(npz / "bad_twice.npz", archive(("x.npy", array), ("x.npy", array)), "format", "member x.npy: expected each name once")
bad(npz / "bad_absolute.npz", archive(("/x.npy", array)), "limit", "a relative path")
bad(npz / "bad_parent.npz", archive(("a/../../x.npy", array)), "limit", "a relative path")
bad(npz / "bad_others.npz", archive(("x.txt", b"text")), "format", "members that end in .npy")
bad(npz / "bad_array.npz", archive(("x.npy", array[:-1])), "format", "member x.npy, byte 135: expected 8 bytes of data")
bad(npz / "bad_magic.npz", archive(("x.npy", b"text")), "format", "member x.npy, byte 0: expected the signature")
bad(npz / "bad_shape.npz", archive(("x.npy", array.replace(b"(2,), }          ", b"(2000000000000,),"))), "format", "member x.npy")
bad(npz / "bad_long_record.npz", patched((npz / "zip64.npz").read_bytes(), ((npz / "zip64.npz").read_bytes().index(b"PK\x06\x07") + 8, b"\xff" * 8)), "format", "the place of a zip64 end record")
bad(npz / "bad_empty.npz", b"", "format", "the end record of a zip archive")

# safetensors

types = {**{name: value for name, value in arrays.items()}, 'with "quotes", \\ and\n\x01 é': np.zeros(1, np.float32)}
metadata = {"zweite": "ä\"\n/"}  # of several, the writer has any order
safetensors.numpy.save_file(types, tensors / "all.safetensors", metadata=metadata)
add(tensors / "all.safetensors", types, metadata=metadata)
safetensors.numpy.save_file({}, tensors / "none.safetensors")
add(tensors / "none.safetensors", {})
brain = torch.tensor([0x7FC1, -0x7F, -0x8000, 1, 0x3F80, 0x7F80], dtype=torch.int16).view(torch.bfloat16).reshape(2, 3)
safetensors.torch.save_file({"brain": brain}, tensors / "bfloat16.safetensors")
add(
    tensors / "bfloat16.safetensors",
    [{"name": "brain", "type": "bfloat16", "shape": [2, 3], "bytes": brain.view(torch.int16).numpy().tobytes().hex()}],
)
small = {"x": torch.ones(2), "f8": torch.ones(3, dtype=torch.float8_e4m3fn), "c": torch.ones(1, dtype=torch.complex64)}
safetensors.torch.save_file(small, tensors / "unsupported.safetensors")
add(
    tensors / "unsupported.safetensors",
    [
        {"name": "c", "type": None, "shape": [1], "bytes": ""},
        {"name": "x", "type": "float32", "shape": [2], "bytes": "0000803f" * 2},
        {"name": "f8", "type": None, "shape": [3], "bytes": ""},
    ],
)
unpadded = b'{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
(tensors / "unaligned.safetensors").write_bytes(struct.pack("<Q", len(unpadded)) + unpadded + b"\0\0\x80\x3f")
add(tensors / "unaligned.safetensors", {"x": np.ones(1, np.float32)})

(here / "manifest.json").write_text(json.dumps(manifest, indent=1))
