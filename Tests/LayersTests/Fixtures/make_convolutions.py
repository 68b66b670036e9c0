"""Convolutions as Keras computes them: outputs and gradients over a grid of arguments, in float64.

    python make_convolutions.py        (Keras 3.15, JAX)

convolutions.json has the configurations and shapes; convolutions.npy the numbers, one after another.
"""

import itertools
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(15)
numbers = []


def drawn(shape):
    return random.normal(size=shape)


def kept(array):
    array = np.asarray(array, dtype=np.float64)
    numbers.append(array.ravel())
    return list(array.shape)


def case(layer, shape):
    model = keras.Sequential([layers.Input(shape[1:]), layer])
    x = drawn(shape)
    weights = [drawn(v.shape) for v in layer.trainable_variables]

    def output(x, weights):
        return layer.stateless_call(weights, [], x)[0]

    y, pullback = jax.vjp(output, jnp.asarray(x), [jnp.asarray(w) for w in weights])
    upstream = drawn(y.shape)
    slopes = pullback(jnp.asarray(upstream))
    arguments = {k: v for k, v in layer.get_config().items() if k in ARGUMENTS}
    return {
        "name": f"{type(layer).__name__} of {list(shape)}: {arguments}",
        "model": {"class_name": "Sequential", "config": model.get_config()},
        "input": kept(x),
        "weights": [kept(w) for w in weights],
        "output": kept(y),
        "upstream": kept(upstream),
        "inputGradient": kept(slopes[0]),
        "weightGradients": [kept(g) for g in slopes[1]],
    }


ARGUMENTS = ["kernel_size", "strides", "padding", "dilation_rate", "groups", "depth_multiplier", "output_padding", "data_format"]
LENGTHS = {1: (7,), 2: (6, 5), 3: (4, 3, 5)}


def shape_of(rank, channels, data_format, batch=2):
    spatial = LENGTHS[rank]
    return (batch, *spatial, channels) if data_format == "channels_last" else (batch, channels, *spatial)


def grid(rank, paddings, kernels, steps):
    """Every padding with every kernel, and strides and dilations in turn."""
    every = itertools.cycle(steps)
    formats = itertools.cycle(["channels_last", "channels_last", "channels_first"])
    for padding, kernel in itertools.product(paddings, kernels):
        for _ in range(2):
            strides, dilation = next(every)
            yield dict(kernel_size=kernel, strides=strides, dilation_rate=dilation, padding=padding, data_format=next(formats))


STEPS = [(1, 1), (2, 1), (1, 2), (3, 1)]
KERNELS = {1: [1, 2, 3], 2: [1, 2, 3, (3, 2), (1, 4)], 3: [1, 2, (2, 3, 1)]}
activations = itertools.cycle(["linear", "relu", "tanh", "gelu", "softmax"])
groups = itertools.cycle([1, 1, 2, 1, 4])
cases = []
for rank, name in itertools.product([1, 2, 3], ["Conv{}D", "Conv{}DTranspose"]):
    is_transposed = "Transpose" in name
    paddings = ["valid", "same"] + (["causal"] if rank == 1 and not is_transposed else [])
    for arguments in grid(rank, paddings, KERNELS[rank], STEPS):
        if not is_transposed:
            arguments["groups"] = next(groups)
        layer = getattr(layers, name.format(rank))(4, activation=next(activations), **arguments)
        cases.append(case(layer, shape_of(rank, 4, arguments["data_format"])))
for rank, padding, strides in itertools.product([1, 2], ["valid", "same"], [2, 3]):
    for added in range(strides):
        layer = getattr(layers, f"Conv{rank}DTranspose")(3, kernel_size=3, strides=strides, padding=padding, output_padding=added)
        cases.append(case(layer, shape_of(rank, 2, "channels_last", batch=1)))
multipliers = itertools.cycle([1, 1, 3])
for rank in [1, 2]:
    for arguments in grid(rank, ["valid", "same"], KERNELS[rank], STEPS):
        layer = getattr(layers, f"DepthwiseConv{rank}D")(depth_multiplier=next(multipliers), activation=next(activations), **arguments)
        cases.append(case(layer, shape_of(rank, 3, arguments["data_format"])))
    for arguments in grid(rank, ["valid", "same"], [2, 3], STEPS):
        layer = getattr(layers, f"SeparableConv{rank}D")(4, depth_multiplier=next(multipliers), activation=next(activations), **arguments)
        cases.append(case(layer, shape_of(rank, 3, arguments["data_format"])))

here = Path(__file__).parent
(here / "convolutions.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
np.save(here / "convolutions.npy", np.concatenate(numbers))
print(len(cases), "cases,", sum(map(len, numbers)), "numbers")
