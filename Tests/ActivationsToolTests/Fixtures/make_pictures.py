"""Makes small pictures of every kind, what Keras and Pillow read from them, and models of pictures with their outputs.

    KERAS_BACKEND=tensorflow python make_pictures.py      (Keras 3.15, TensorFlow, Pillow)
"""

import struct
import zlib
from pathlib import Path

import keras
import numpy as np
from keras import layers
from keras.applications.imagenet_utils import preprocess_input
from PIL import Image

here = Path(__file__).parent
pictures = here / "pictures"
digits = here / "digits"
examples = here / "../../../Examples/digits"
for folder in (pictures, digits):
    folder.mkdir(exist_ok=True)
random = np.random.default_rng(7)


def smooth(height, width, channels):
    """Waves of colour with some noise."""
    rows, columns, colours = np.mgrid[:height, :width, :channels]
    waves = 120 * np.sin(rows / 3 + colours) * np.cos(columns / 4 - colours) + 128
    return np.clip(waves + random.normal(0, 6, waves.shape), 0, 255).astype(np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(name, values, colour_type, *, interlaced=False, extra=b""):
    """A PNG of kinds that Pillow does not write: 16 bits, interlaced, or with more chunks."""
    height, width = values.shape[:2]
    depth = 8 * values.itemsize
    starts = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [values[r::dr, c::dc] for r, c, dr, dc in starts] if interlaced else [values]
    lines = [b"\0" + line.astype(f">u{values.itemsize}").tobytes() for part in parts if part.size for line in part]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlaced)
    data = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(b"".join(lines))) + chunk(b"IEND", b"")
    (pictures / name).write_bytes(b"\x89PNG\r\n\x1a\n" + data)


colour = smooth(11, 17, 4)
colour[..., 3] = np.linspace(0, 255, 17)
Image.fromarray(colour[..., 0]).save(pictures / "grey.png")
Image.fromarray(colour[..., 2:]).save(pictures / "grey_alpha.png")
Image.fromarray(colour[..., :3]).save(pictures / "rgb.png")
Image.fromarray(colour).save(pictures / "rgba.png")
Image.fromarray(colour[..., :3]).quantize(13).save(pictures / "palette.png")
Image.fromarray(colour[..., :3]).quantize(13).save(pictures / "palette_transparent.png", transparency=4)
Image.fromarray(colour[..., 0] > 128).save(pictures / "one_bit.png")
Image.fromarray(colour[:1, :1, :3]).save(pictures / "one_pixel.png")
write_png("interlaced.png", colour[..., :3], 2, interlaced=True)
# Gamma 1 and a text, which do not change the values.
extra = chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"tEXt", b"Comment\0by hand")
write_png("gamma.png", colour[..., :3], 2, extra=extra)
Image.fromarray(colour[..., :3]).save(pictures / "rgb.jpg", quality=90)
Image.fromarray(colour[..., :3]).save(pictures / "full_colour.jpg", quality=90, subsampling="4:4:4")
Image.fromarray(colour[..., :3]).save(pictures / "progressive.jpg", quality=90, progressive=True)
Image.fromarray(colour[..., 0]).save(pictures / "grey.jpg", quality=90)
Image.fromarray(colour, mode="CMYK").save(pictures / "cmyk.jpg", quality=90)

expected = {}
modes = {1: "grayscale", 3: "rgb", 4: "rgba"}
for path in sorted(pictures.glob("*.*")):
    if "16" in path.stem:
        continue
    for channels, mode in modes.items():
        array = keras.utils.img_to_array(keras.utils.load_img(path, color_mode=mode))
        expected[f"{path.name} {channels}"] = array.astype(np.uint8)

# Of 16 bits, Pillow keeps some and clips or cuts others: values are rounded to 8 bits.
deep = random.integers(0, 1 << 16, (5, 7, 4), dtype=np.uint16)
write_png("grey16.png", deep[..., 0], 0)
write_png("rgba16.png", deep, 6)
rounded = np.rint(deep / 257).astype(np.uint8)
expected["grey16.png 1"] = rounded[..., :1]
expected["grey16.png 3"] = rounded[..., [0, 0, 0]]
expected["rgba16.png 3"] = rounded[..., :3]
expected["rgba16.png 4"] = rounded

# Resized as by image_dataset_from_directory.
alone = here / "alone"
alone.mkdir(exist_ok=True)
(alone / "rgb.png").write_bytes((pictures / "rgb.png").read_bytes())
for size in ((6, 7), (20, 23), (4, 30)):
    for interpolation in ("bilinear", "nearest"):
        for fitting in ({}, {"crop_to_aspect_ratio": True}):
            images = keras.utils.image_dataset_from_directory(
                alone, labels=None, image_size=size, interpolation=interpolation, shuffle=False, verbose=False, **fitting
            )
            kind = next(iter(fitting), "stretch")
            expected[f"resized {size[0]} {size[1]} {interpolation} {kind}"] = next(iter(images)).numpy()[0]
(alone / "rgb.png").unlink()
alone.rmdir()
for name, mode in (("-1...1", "tf"), ("caffe", "caffe"), ("torch", "torch")):
    expected[f"values {name}"] = preprocess_input(colour[..., :3].astype(np.float32), mode=mode)

# A network for digits as pictures, and one for pictures of any size.
network = keras.saving.load_model(examples / "digits_cnn.keras", compile=False)
model = keras.Sequential([layers.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.Reshape((64,), name="pixels"), *network.layers])
model.save(here / "digits.keras")
images = np.load(examples / "x_test.npy")[:12].reshape(-1, 8, 8)
for number, image in enumerate(images):
    Image.fromarray(np.rint(255 * image).astype(np.uint8)).save(digits / f"{number:02}.png")
expected["digits"] = model.predict(np.rint(255 * images)[..., None], verbose=0)

keras.utils.set_random_seed(3)
free = keras.Sequential(
    [
        layers.Input((None, None, 3)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(4, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, activation="softmax"),
    ]
)
free.save(here / "free.keras")
for name in ("rgb.png", "rgba.png", "palette.png"):
    image = keras.utils.img_to_array(keras.utils.load_img(pictures / name))
    expected[f"free {name}"] = free.predict(image[None], verbose=0)[0]
image = keras.utils.img_to_array(keras.utils.load_img(digits / "00.png"))
expected["free 00.png"] = free.predict(image[None], verbose=0)[0]
np.savez_compressed(here / "pictures.npz", **expected)
