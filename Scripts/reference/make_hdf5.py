"""HDF5 files in every layout that h5py and PyTables write: python make_hdf5.py FOLDER."""

import pathlib
import sys

import h5py
import numpy as np
import tables

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(1)
x = random.random((37, 23)).astype("f4")
EARLY = h5py.h5d.ALLOC_TIME_EARLY


def create(group, name, data, layout=None, early=False, **options):
    """A dataset with settings that h5py has no argument for."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    if layout == "compact":
        properties.set_layout(h5py.h5d.COMPACT)
    if "chunks" in options:
        properties.set_chunk(options["chunks"])
    if early:
        properties.set_alloc_time(EARLY)
    space = h5py.h5s.create_simple(data.shape, options.get("maxshape", data.shape))
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(data.dtype), space, properties).write(
        h5py.h5s.ALL, h5py.h5s.ALL, data)


versions = {"earliest": "earliest", "v108": ("earliest", "v108"), "v110": ("v108", "v110"), "latest": "latest"}
for version, libver in versions.items():
    for order in [False, True]:
        with h5py.File(folder / f"{version}{'_ordered' if order else ''}.h5", "w", libver=libver, track_order=order) as f:
            for kind in ["f2", "f4", "f8", ">f2", ">f4", ">f8", "i1", "i2", "i4", "i8", ">i4", "u1", "u2", "u4", "u8", ">u2"]:
                f[f"types/{kind.replace('>', 'big_')}"] = np.arange(6).reshape(2, 3).astype(kind)
            f["types/bool"] = np.array([True, False, True])
            f["types/scalar"] = np.float32(3)
            f["types/empty"] = np.zeros((3, 0, 2), "f4")
            f["types/null"] = h5py.Empty("f4")
            f["types/complex"] = np.array([1 + 2j])
            f["types/records"] = np.zeros(2, [("a", "f4"), ("b", "i4")])
            f["types/text"] = "hello"
            f["types/texts"] = np.array([b"a", b"bc"])
            f["types/long_double"] = np.arange(3, dtype=np.longdouble)
            f.create_dataset("types/lists", (2,), dtype=h5py.vlen_dtype("i4"))
            f.create_dataset("types/enumeration", (2,), dtype=h5py.enum_dtype({"a": 0, "b": 1}))
            f["types/references"] = np.array([f.ref], dtype=h5py.ref_dtype)
            f["types/opaque"] = np.array([b"abcd"], dtype="V4")
            f["named"] = np.dtype("f4")
            f.create_dataset("of_named_type", data=x, dtype=f["named"])
            f["second"] = f["types/f4"]
            f["types/again"] = f["types"]
            f["soft"] = h5py.SoftLink("/types/f4")
            f["external"] = h5py.ExternalLink("other.h5", "/x")
            f["скрытый/出力"] = x
            for number in range(30):
                f["скрытый"].attrs[f"attribute {number}"] = f"значение {number}"
            f["скрытый"].attrs["fixed"] = np.bytes_("fixed")
            if version in ["v110", "latest"]:
                f["скрытый"].attrs["huge"] = "h" * 70_000
                f["скрытый"].attrs["numbers"] = np.arange(20_000.0)
            for number in range(3000):
                f[f"many/a name of some length {number}"] = np.int32(number)
            create(f, "compact", x, layout="compact")
            f.create_dataset("written_nowhere", (4, 5), "f4")
            f.create_dataset("filled", (4, 5), "f4", fillvalue=7)
            chunked = f.create_group("chunked")
            chunked.create_dataset("single", data=x, chunks=x.shape)
            chunked.create_dataset("single_deflated", data=x, chunks=x.shape, compression="gzip")
            chunked.create_dataset("fixed", data=x, chunks=(5, 4))
            chunked.create_dataset("fixed_deflated", data=x, chunks=(5, 4), compression="gzip", shuffle=True)
            chunked.create_dataset("checked", data=x, chunks=(5, 4), compression="gzip", shuffle=True, fletcher32=True)
            chunked.create_dataset("checked_only", data=x, chunks=(5, 4), fletcher32=True)
            chunked.create_dataset("paged", data=np.arange(5000, dtype="i4"), chunks=(2,))
            chunked.create_dataset("paged_deflated", data=np.arange(5000, dtype="i4"), chunks=(2,), compression="gzip")
            chunked.create_dataset("growing", data=x, chunks=(5, 4), maxshape=(None, 23))
            chunked.create_dataset("growing_second", data=x, chunks=(5, 4), maxshape=(40, None))
            chunked.create_dataset("growing_deflated", data=x, chunks=(2, 3), maxshape=(None, 30), compression="gzip")
            chunked.create_dataset("growing_long", data=np.arange(9000, dtype="i4"), chunks=(1,), maxshape=(None,))
            chunked.create_dataset("both", data=x, chunks=(5, 4), maxshape=(None, None))
            chunked.create_dataset("both_deflated", data=x, chunks=(1, 2), maxshape=(None, None), compression="gzip")
            chunked.create_dataset("limited", data=x, chunks=(5, 4), maxshape=(50, 60))
            chunked.create_dataset("big", data=x.astype(">f8"), chunks=(8, 8), compression="gzip", shuffle=True)
            create(chunked, "implicit", x, chunks=(5, 4), early=True)
            sparse = chunked.create_dataset("sparse", (100, 100), "f4", chunks=(10, 10), fillvalue=-1, maxshape=(None, 100))
            sparse[35:42, 50:77] = 5
            shrunk = chunked.create_dataset("shrunk", data=x, chunks=(5, 4), maxshape=(None, None))
            shrunk.resize((11, 13))
            grown = chunked.create_dataset("grown", data=x, chunks=(5, 4), maxshape=(None, 23))
            grown.resize((60, 23))
            chunked.create_dataset("lzf", data=x, chunks=(5, 4), compression="lzf")
            chunked.create_dataset("scaled", data=np.arange(100), chunks=(10,), scaleoffset=True)

with h5py.File(folder / "pages_of_blocks.h5", "w", libver="latest") as f:
    f.create_dataset("x", data=np.arange(200_000, dtype="i1"), chunks=(1,), maxshape=(None,))
    sparse = f.create_dataset("sparse", (400_000,), "i1", chunks=(1,), maxshape=(None,), fillvalue=3)
    sparse[131_080] = 1
    sparse[250_000:250_010] = 2
with h5py.File(folder / "many_chunks.h5", "w") as f:
    f.create_dataset("x", data=np.arange(60_000, dtype="i4"), chunks=(1,))
with h5py.File(folder / "many_records.h5", "w", libver="latest") as f:
    f.create_dataset("x", data=np.arange(90_000, dtype="i2").reshape(300, 300), chunks=(1, 1), maxshape=(None, None))
    for number in range(20_000):
        f[f"many/{number}"] = np.int16(number)
with h5py.File(folder / "user_block.h5", "w", userblock_size=1024, libver="latest") as f:
    f.create_dataset("x", data=x, chunks=(5, 4), compression="gzip")
properties = h5py.h5p.create(h5py.h5p.FILE_CREATE)
properties.set_sizes(4, 4)
with h5py.File(h5py.h5f.create(str(folder / "narrow.h5").encode(), fcpl=properties)) as f:
    f.create_dataset("x", data=x, chunks=(5, 4), compression="gzip")
    f["y"] = x
    f.attrs["name"] = "narrow"
with tables.open_file(folder / "tables.h5", "w") as f:
    f.create_array("/", "array", x)
    f.create_carray("/", "zlib", obj=x, filters=tables.Filters(5, "zlib", shuffle=True, fletcher32=True), chunkshape=(5, 4))
    f.create_carray("/", "blosc", obj=x, filters=tables.Filters(5, "blosc"))
    growing = f.create_earray("/group", "growing", tables.Float64Atom(), (0, 3), createparents=True)
    growing.append(np.arange(12.0).reshape(4, 3))
    f.create_table("/", "table", np.zeros(3, [("a", "f4"), ("b", "i8")]))
    f.create_array("/", "texts", [b"a", b"b"])
    f.create_vlarray("/", "lists", tables.Int32Atom()).append([1, 2])
