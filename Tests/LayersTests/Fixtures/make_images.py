"""Layers of images as Keras computes them: outputs and gradients, in float64.

    python make_images.py        (Keras 3.15, JAX 0.10)

Each layer is given by the text of the configuration that Keras writes. What is drawn in training is given by numbers.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
import jax

jax.config.update("jax_enable_x64", True)
import keras
import numpy as np
from keras import layers
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(22)


def numbers(*shape):
    """Distinct numbers of few digits in random order."""
    count = int(np.prod(shape))
    return ((random.permutation(count) - count // 2) / 32 + 0.01).reshape(shape).round(5)


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.14g}") for value in array.ravel()]}


def case(layer, x, drawn=None, change=None, without=None):
    """The gradient is none of what `without` says of the output: there Keras's is a matter of rounding."""
    output, pullback = jax.vjp(change or layer, jax.numpy.array(x))
    upstream = (random.integers(-99, 99, output.shape) / 16).astype(np.float64)
    if without:
        upstream[without(np.asarray(output))] = 0
    serialized = keras.saving.serialize_keras_object(layer)
    for name in ["build_config", "registered_name", "name"]:
        serialized.pop(name, None)
    for name in ["name", "trainable", "dtype"]:
        serialized["config"].pop(name)
    return {
        "configuration": json.dumps(serialized),
        "input": listed(x),
        "drawn": listed([] if drawn is None else drawn),
        "upstream": listed(upstream),
        "output": listed(output),
        "gradient": listed(pullback(jax.numpy.array(upstream))[0]),
    }


LAST, FIRST = "channels_last", "channels_first"
METHODS = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]
cases = []

# Sizes.
for height, width in [(3, 4), (5, 13), (9, 4)]:
    for method in METHODS:
        for antialias in [False, True] if height == 3 and method != "nearest" else [False]:
            layer = layers.Resizing(height, width, interpolation=method, antialias=antialias)
            cases.append(case(layer, numbers(2, 5, 6, 2)))
for height, width in [(3, 4), (8, 3), (3, 9)]:
    for options in [{"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 0.5}]:
        cases.append(case(layers.Resizing(height, width, **options), numbers(2, 5, 6, 2)))
    cases.append(case(layers.Resizing(height, width, data_format=FIRST, pad_to_aspect_ratio=True), numbers(2, 2, 5, 6)))
    for format in [LAST, FIRST]:
        cases.append(case(layers.CenterCrop(height, width, data_format=format), numbers(2, 5, 6, 5)))
for height, width in [(5, 6), (8, 3), (3, 9), (5, 4)]:
    layer = layers.RandomCrop(height, width, seed=1)
    cases.append(case(layer, numbers(2, 5, 6, 2), change=lambda x: layer(x, training=True)))


# Places.
def warp(layer, drawn, transformation, shape=(3, 4, 5, 2)):
    """Each image with numbers of its own."""
    change = lambda x: layer.transform_images(x, transformation, training=True)
    cases.append(case(layer, numbers(*shape), drawn, change))


angles = np.array([20.0, -77.5, 141.0])
shifts = np.array([[1.25, -0.5], [-7.125, 3.75], [0.625, 12.5]])
zooms = np.array([[0.75, 0.75], [1.625, 0.875], [0.4375, 1.9375]])
shears = np.array([[0.25, 0.0], [-0.625, 0.375], [0.75, -0.875]])
for interpolation in ["nearest", "bilinear"]:
    for fill_mode in ["reflect", "wrap", "constant", "nearest"]:
        options = {"fill_mode": fill_mode, "interpolation": interpolation, "fill_value": 0.5}
        layer = layers.RandomRotation(0.5, **options)
        zeros, ones = np.zeros(3), np.ones(3)
        matrix = layer._compute_affine_matrix(0.5, 0.5, angles, zeros, zeros, ones, zeros, zeros, 4, 5)
        warp(layer, angles[:, None], {"rotation_matrix": matrix})
        warp(layers.RandomTranslation(1.0, 1.0, **options), shifts, {"translations": shifts})
        if fill_mode in ["reflect", "constant"]:
            zoom = {"width_zoom": zooms[:, :1], "height_zoom": zooms[:, 1:]}
            warp(layers.RandomZoom(0.9, 0.9, **options), zooms, zoom)
            warp(layers.RandomShear((0.0, 1.0), (0.0, 1.0), **options), shears, {"shear_factor": shears})
for mode in ["horizontal", "vertical", "horizontal_and_vertical"]:
    flips = np.array([1.0, 0.0, 1.0])
    warp(layers.RandomFlip(mode), flips[:, None], {"flips": flips.reshape(3, 1, 1, 1) > 0})



# Keras solves for the map in float32, whatever it computes in.
image = keras.src.backend.jax.image
solve = image.compute_homography_matrix
image.compute_homography_matrix = lambda *points: solve(*(x.astype("float64") for x in points))
corners = random.integers(-24, 25, (3, 4, 2)) / 64
corners[1] = 0
for interpolation in ["nearest", "bilinear"]:
    layer = layers.RandomPerspective(interpolation=interpolation, fill_value=0.5)
    start = np.repeat([[[0.0, 0.0], [4.0, 0.0], [0.0, 3.0], [4.0, 3.0]]], 3, axis=0)
    points = {"start_points": start, "end_points": start * (1 + corners)}
    warp(layer, (1 + corners).reshape(3, 8), points | {"apply_perspective": np.array([True] * 3)})

# Colours.
def colors(layer, drawn, transformation, shape=(3, 4, 5, 3)):
    change = lambda x: layer.transform_images(x, transformation, training=True)
    cases.append(case(layer, numbers(*shape) / 2, np.reshape(drawn, (3, 1, 1, -1)), change))


wide = (-1.0, 2.0)
some = np.array([0.0, 1.0, 1.0])
for channels in [1, 3]:
    shape = (3, 4, 5, channels)
    factors = np.array([0.625, 1.25, 1.75]).reshape(3, 1, 1, 1)
    colors(layers.RandomContrast(0.9, value_range=wide), factors, {"contrast_factor": factors}, shape)
    colors(layers.RandomBrightness(0.9, value_range=wide), factors, {"rgb_delta": factors}, shape)
    colors(layers.RandomInvert(value_range=wide), some, {"apply_inversion": some > 0}, shape)
    colors(layers.RandomGrayscale(), some, some.reshape(3, 1, 1, 1) > 0, shape)
    colors(layers.RandomColorDegeneration(0.9, value_range=wide), factors - 1, {"factor": factors - 1}, shape)

    colors(layers.RandomSharpness(0.9, value_range=wide), factors / 2, {"factor": factors.ravel() / 2}, shape)
    layer = layers.RandomGaussianBlur(kernel_size=(3, 5), value_range=wide)
    blur = {"should_apply_blur": some > 0, "blur_factor": np.array([0.75, 0.5]) + 1e-6}
    colors(layer, some, blur, shape)
    layer = layers.Solarization(0.5, 0.5, value_range=wide)
    solar = {"additions": factors * 30, "thresholds": factors * 60}
    colors(layer, np.concatenate(list(solar.values()), axis=-1), solar, shape)
    for fill_value in [0.25] if channels == 1 else [0.25, (-2.0, 0.5, 4.0)]:
        layer = layers.RandomErasing(fill_value=fill_value, value_range=wide)
        ends = np.array([[0.5, 3.25, 1.0, 2.0], [0.0, 4.0, 0.0, 5.0], [0.0, 0.0, 0.0, 0.0]])
        erasing = {
            "apply_erasing": np.array([True, True, False]),
            "batch_masks": layer._generate_batch_mask(shape, tuple(ends[:, i] for i in [2, 3, 0, 1])),
            # Keras does not do this with JAX for three values.
            "fill_value": jax.numpy.clip(jax.numpy.full(shape, jax.numpy.array(fill_value)), *wide),
        }
        colors(layer, ends, erasing, shape)

# Hues and tones. Keras changes the range of values in float32, whatever it computes in.
layers.RandomHue._transform_value_range.__defaults__ = ("float64",)
values = numbers(3, 4, 5, 3) / 2
angles = np.array([0.125, -0.3125, 0.4375])
colors(layers.RandomHue(0.9, value_range=wide), angles, {"factor": angles})
multiples = np.array([0.0, 0.5, 3.0])
colors(layers.RandomSaturation(0.9, value_range=wide), multiples, {"factor": multiples})
shifts = np.array([1, 4, 7], dtype="uint8")
colors(layers.RandomPosterization((2, 5), value_range=(-2, 2)), 2.0**shifts, {"shift_factor": shifts})
for bins in [256, 16]:
    layer = layers.Equalization(value_range=(-2, 2), bins=bins)
    cases.append(case(layer, values, change=lambda x: layer.transform_images(x, None, training=True)))
layer = layers.AutoContrast(value_range=wide)
cases.append(case(layer, values, without=lambda y: np.isin(y, [y.min((1, 2), keepdims=True), y.max((1, 2), keepdims=True)])))

path = Path(__file__).with_suffix("").name.removeprefix("make_")
text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
Path(__file__).with_name(f"{path}.json").write_text(f"[\n{text}\n]\n")
