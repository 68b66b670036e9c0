"""Pooling, padding, cropping and upsampling as Keras computes them: outputs and gradients, in float64.

    python make_spatial.py        (Keras 3.15, JAX 0.10)

Each layer is given by the text of the configuration that Keras writes.
"""

import itertools
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
random = np.random.default_rng(21)


def numbers(*shape):
    """Distinct numbers of few digits, in random order: no two elements of a window are equal."""
    count = int(np.prod(shape))
    return ((random.permutation(count) - count // 2) / 32 + 0.01).reshape(shape).round(5)


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.14g}") for value in array.ravel()]}


def case(layer, *shape, mask=None):
    x = numbers(*shape)
    call = (lambda x: layer(x, mask=mask)) if mask is not None else layer
    output, pullback = jax.vjp(call, jax.numpy.array(x))
    upstream = (random.integers(-99, 99, output.shape) / 16).astype(np.float64)
    serialized = keras.saving.serialize_keras_object(layer)
    for name in ["build_config", "registered_name", "name"]:
        serialized.pop(name, None)
    for name in ["name", "trainable", "dtype"]:
        serialized["config"].pop(name)
    return {
        "configuration": json.dumps(serialized),
        "input": listed(x),
        "upstream": listed(upstream),
        "output": listed(output),
        "gradient": listed(pullback(jax.numpy.array(upstream))[0]),
    } | ({"mask": np.asarray(mask).tolist()} if mask is not None else {})


LAST, FIRST = "channels_last", "channels_first"
samples = {1: (7,), 2: (5, 6), 3: (3, 4, 4)}


def shape(rank, data_format, channels, lengths=None):
    lengths = lengths or samples[rank]
    return (2, *lengths, channels) if data_format == LAST else (2, channels, *lengths)


cases = []
for kind in ["Max", "Average"]:
    for rank in [1, 2, 3]:
        pooling = getattr(layers, f"{kind}Pooling{rank}D")
        cases.append(case(pooling(2), *shape(rank, LAST, 3)))
        arguments = [(3, 1), (2, 3), (3, 2)] if rank < 3 else [(2, 1)]
        for (size, strides), padding in itertools.product(arguments, ["valid", "same"]):
            cases.append(case(pooling(size, strides=strides, padding=padding), *shape(rank, LAST, 2)))
        cases.append(case(pooling(2, padding="same", data_format=FIRST), *shape(rank, FIRST, 2)))
    pooling = getattr(layers, f"{kind}Pooling2D")
    cases.append(case(pooling((1, 3), strides=(2, 1), padding="same"), *shape(2, LAST, 1)))
    cases.append(case(pooling((3, 2), strides=(1, 2)), *shape(2, LAST, 17, (4, 4))))
    cases.append(case(pooling(3, strides=1, padding="same"), *shape(2, LAST, 1, (2, 2))))
    for rank in [1, 2, 3]:
        pooling = getattr(layers, f"Global{kind}Pooling{rank}D")
        for data_format, keepdims in [(LAST, False), (LAST, True), (FIRST, False), (FIRST, True)]:
            cases.append(case(pooling(data_format=data_format, keepdims=keepdims), *shape(rank, data_format, 2)))
        pooling = getattr(layers, f"Adaptive{kind}Pooling{rank}D")
        for size, data_format in [(2, LAST), (3, FIRST), (5, LAST)] if rank < 3 else [(2, FIRST), ((1, 3, 2), LAST)]:
            cases.append(case(pooling(size, data_format=data_format), *shape(rank, data_format, 2)))
for data_format in [LAST, FIRST]:
    for keepdims in [False, True]:
        mask = np.array([[1, 1, 0], [0, 1, 0]], dtype=bool)
        pooling = layers.GlobalAveragePooling1D(data_format=data_format, keepdims=keepdims)
        cases.append(case(pooling, *shape(1, data_format, 3, (3,)), mask=mask))

for data_format in [LAST, FIRST]:
    for rank in [1, 2, 3]:
        padding = getattr(layers, f"ZeroPadding{rank}D")
        cropping = getattr(layers, f"Cropping{rank}D")
        form = {"data_format": data_format}
        widths = [(2, 0), (0, 1), (1, 0)][:rank]
        cases.append(case(padding(data_format=data_format), *shape(rank, data_format, 2)))
        cases.append(case(padding(widths if rank > 1 else widths[0], **form), *shape(rank, data_format, 2)))
        if rank == 1 and data_format == FIRST:
            continue
        form = form if rank > 1 else {}
        cases.append(case(cropping(widths if rank > 1 else widths[0], **form), *shape(rank, data_format, 2)))
        cases.append(case(cropping(1, **form), *shape(rank, data_format, 2)))
cases.append(case(layers.ZeroPadding2D((2, 1)), *shape(2, LAST, 2)))
cases.append(case(layers.Cropping2D((0, 2)), *shape(2, LAST, 2)))

cases.append(case(layers.UpSampling1D(), *shape(1, LAST, 2)))
cases.append(case(layers.UpSampling1D(3), *shape(1, LAST, 1)))
cases.append(case(layers.UpSampling3D((1, 2, 2)), *shape(3, LAST, 1, (2, 2, 3))))
cases.append(case(layers.UpSampling3D(2, data_format=FIRST), *shape(3, FIRST, 2, (1, 2, 2))))
for interpolation in ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"]:
    upsampling = lambda *size, **form: layers.UpSampling2D(*size, interpolation=interpolation, **form)
    cases.append(case(upsampling(), *shape(2, LAST, 2, (2, 3))))
    cases.append(case(upsampling((3, 1)), *shape(2, LAST, 1, (4, 2))))
    cases.append(case(upsampling(2, data_format=FIRST), *shape(2, FIRST, 2, (3, 2))))
    cases.append(case(upsampling((2, 5)), *shape(2, LAST, 1, (1, 3))))

target = Path(__file__).with_name("spatial.json")
target.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(len(cases), target.stat().st_size)
