"""Layers as Keras computes them: outputs, gradients and weights, in float64.

    KERAS_BACKEND=torch python make_layers.py        (Keras 3.15, PyTorch 2)
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch
from keras import layers
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(20)


def numbers(*shape):
    """Few digits, no ties, away from kinks."""
    return np.round(random.normal(size=shape), 2) + 0.001


def listed(array):
    array = np.asarray(array.detach().cpu() if torch.is_tensor(array) else array, dtype=np.float64)
    return {"shape": list(array.shape), "values": [float(f"{value:.15g}") for value in array.ravel()]}


def case(name, layer, *shapes, training=True, prepare=None):
    inputs = [torch.tensor(numbers(*shape), requires_grad=True) for shape in shapes]
    argument = inputs if len(inputs) > 1 else inputs[0]
    layer.build([tuple(shape) for shape in shapes] if len(inputs) > 1 else shapes[0])
    for variable in layer.variables:
        if variable.dtype == "float64":
            values = numbers(*variable.shape)
            variable.assign(np.abs(values) + 0.5 if "variance" in variable.name else values)
    if prepare:
        prepare(layer)
    before = [listed(variable.value) for variable in layer.variables]
    accepts_training = "training" in layer.call.__code__.co_varnames
    output = layer(argument, **({"training": training} if accepts_training else {}))
    upstream = torch.tensor(numbers(*output.shape))
    (output * upstream).sum().backward()
    gradients = {id(v): v.value.grad for v in layer.trainable_variables}
    return {
        "name": name,
        "training": training,
        "inputs": [listed(x) for x in inputs],
        "upstream": listed(upstream),
        "output": listed(output),
        "gradients": [listed(x.grad) for x in inputs],
        "weights": [
            # Keras's LayerScale gives its weight no name.
            {"name": "gamma" if v.name == "variable" else v.name, "before": old, "after": listed(v.value)}
            | ({"gradient": listed(gradients[id(v)])} if id(v) in gradients else {})
            for v, old in zip(layer.variables, before)
        ],
    }


def adapted(layer):
    layer.adapt(np.array([[1.0, 5.0, -2.0], [3.0, 4.0, 0.5], [2.0, 8.0, 7.0]]))


cases = [
    case("ReLU", layers.ReLU(), (3, 4)),
    case("ReLU with parameters", layers.ReLU(max_value=1.2, negative_slope=0.1, threshold=0.3), (3, 4)),
    case("LeakyReLU", layers.LeakyReLU(), (2, 3, 2)),
    case("ELU", layers.ELU(alpha=0.3), (3, 4)),
    case("PReLU", layers.PReLU(), (4, 3)),
    case("PReLU with shared axes", layers.PReLU(shared_axes=[1, 2]), (2, 3, 2, 2)),
    case("Softmax", layers.Softmax(), (3, 4)),
    case("Softmax over axes", layers.Softmax(axis=[1, 2]), (2, 3, 2)),
    case("BatchNormalization", layers.BatchNormalization(), (5, 3)),
    case("BatchNormalization in use", layers.BatchNormalization(), (4, 3), training=False),
    case(
        "BatchNormalization along axis 1",
        layers.BatchNormalization(axis=1, momentum=0.7, epsilon=1e-2, scale=False),
        (2, 3, 2, 2),
    ),
    case("BatchNormalization without weights", layers.BatchNormalization(center=False, scale=False), (3, 2, 3)),
    case("LayerNormalization", layers.LayerNormalization(), (3, 5)),
    case("LayerNormalization over axes", layers.LayerNormalization(axis=[1, 2], epsilon=1e-2), (2, 3, 2)),
    case("GroupNormalization", layers.GroupNormalization(groups=2), (3, 2, 4)),
    case("GroupNormalization along axis 1", layers.GroupNormalization(groups=3, axis=1, epsilon=1e-2), (2, 6, 2, 2)),
    case("GroupNormalization of single channels", layers.GroupNormalization(groups=-1, scale=False), (2, 3, 2)),
    case("RMSNormalization", layers.RMSNormalization(), (3, 4)),
    case("RMSNormalization over axes", layers.RMSNormalization(axis=[1, 2], epsilon=1e-2), (2, 3, 2)),
    case("UnitNormalization", layers.UnitNormalization(), (3, 4)),
    case("UnitNormalization over axes", layers.UnitNormalization(axis=[1, 2]), (2, 3, 2)),
    case("EinsumDense", layers.EinsumDense("ab,bc->ac", 3, activation="tanh", bias_axes="c"), (4, 2)),
    case("EinsumDense of the last axis", layers.EinsumDense("...x,xy->...y", 3, bias_axes="y"), (2, 3, 2)),
    case("EinsumDense with an ellipsis on the right", layers.EinsumDense("ab...,bc->ac...", 2, bias_axes="c"), (2, 3, 2)),
    case("EinsumDense into heads", layers.EinsumDense("abc,cde->abde", (None, 2, 3), activation="silu", bias_axes="de"), (2, 3, 4)),
    case("EinsumDense out of heads", layers.EinsumDense("abde,dec->abc", (None, 2), bias_axes="c"), (2, 2, 2, 3)),
    case("EinsumDense that sums", layers.EinsumDense("abc,cd->ad", 2), (2, 3, 2)),
    case("Flatten", layers.Flatten(), (2, 3, 2)),
    case("Flatten with channels first", layers.Flatten(data_format="channels_first"), (2, 3, 2, 2)),
    case("Reshape", layers.Reshape((-1, 2)), (2, 3, 2)),
    case("Permute", layers.Permute((3, 1, 2)), (2, 3, 2, 2)),
    case("RepeatVector", layers.RepeatVector(3), (2, 2)),
    case("Identity", layers.Identity(), (2, 2)),
    case("Rescaling", layers.Rescaling(0.5, offset=-1.5), (2, 3)),
    case("Normalization", layers.Normalization(), (2, 3), prepare=adapted),
    case("Normalization with given numbers", layers.Normalization(axis=(1, 2), mean=[1.0, -2.0], variance=[4.0, 0.25], invert=True), (2, 3, 2)),
    case("Add", layers.Add(), (2, 3), (2, 3), (2, 3)),
    case("Add of several ranks", layers.Add(), (2, 3, 2), (2, 2)),
    case("Subtract", layers.Subtract(), (2, 1, 2), (2, 3, 2)),
    case("Multiply", layers.Multiply(), (2, 3), (2, 3), (2, 1)),
    case("Average", layers.Average(), (2, 3), (2, 3), (2, 3)),
    case("Maximum", layers.Maximum(), (2, 3), (2, 3), (2, 3)),
    case("Minimum", layers.Minimum(), (2, 3), (2, 3)),
    case("Concatenate", layers.Concatenate(), (2, 3), (2, 1), (2, 2)),
    case("Concatenate along axis 1", layers.Concatenate(axis=1), (2, 1, 2), (2, 2, 2)),
    case("Dot", layers.Dot(axes=1), (3, 4), (3, 4)),
    case("Dot of matrices", layers.Dot(axes=(2, 1)), (2, 3, 2), (2, 2, 2)),
    case("Dot of unit vectors", layers.Dot(axes=-1, normalize=True), (2, 2, 3), (2, 2, 3)),
    case("BatchNormalization of volumes", layers.BatchNormalization(axis=1), (2, 3, 2, 2, 2)),
    case("BatchNormalization of volumes along axis -2", layers.BatchNormalization(axis=-2), (2, 2, 2, 3, 2)),
    case("BatchNormalization of images in use", layers.BatchNormalization(axis=1), (2, 3, 2, 4), training=False),
    case("LayerScale", LayerScale(0.5, 3), (2, 2, 3)),
    case("StochasticDepth in use", StochasticDepth(0.25), (2, 3), training=False),
    case("CustomScaleLayer", CustomScaleLayer(0.17), (2, 2, 3), (2, 2, 3)),
]

target = Path(__file__).with_name("layers.json")
target.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
