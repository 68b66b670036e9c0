"""Models whose graph has operations besides layers."""

import keras
from keras import layers, ops

from .catalog import example, fractions, numbers


@example
def arithmetic_nodes():
    inputs = keras.Input((6,))
    x = layers.Dense(8)(inputs * 0.5 + 1)
    x = keras.activations.relu(x) - x / 3
    return keras.Model(inputs, layers.Dense(2)(1 - x ** 2)), numbers(6)


@example
def sliced_nodes():
    inputs = keras.Input((9, 4))
    first, rest = inputs[:, 0], inputs[:, 1:, :2]
    x = layers.Concatenate()([layers.Dense(5)(first), layers.Flatten()(rest), inputs[:, -1, ::2]])
    return keras.Model(inputs, layers.Dense(3)(x)), numbers(9, 4)


@example
def class_token():
    inputs = keras.Input((5, 6))
    x = layers.Dense(6, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(2)(x[:, 0, :][..., None])), numbers(5, 6)


@example
def reductions_and_shapes():
    inputs = keras.Input((4, 6))
    x = ops.reshape(inputs, (-1, 2, 12))
    x = ops.concatenate([ops.mean(x, axis=1), ops.max(x, axis=1), ops.sum(ops.square(x), axis=1)], axis=-1)
    x = ops.expand_dims(layers.Dense(4)(x), 1)
    return keras.Model(inputs, ops.squeeze(ops.transpose(x, (0, 2, 1)), -1)), numbers(4, 6)


@example
def scaled_products():
    q, k = keras.Input((5, 8)), keras.Input((7, 8))
    scores = ops.softmax(ops.matmul(layers.Dense(8)(q), ops.transpose(layers.Dense(8)(k), (0, 2, 1))) / 8 ** 0.5, axis=-1)
    return keras.Model([q, k], ops.einsum("bij,bjd->bid", scores, k)), numbers(5, 8), numbers(7, 8, seed=6)


@example
def normalized_embeddings():
    inputs = keras.Input((12, 12, 3))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3, activation="relu")(inputs))
    x = layers.Dense(6)(x)
    return keras.Model(inputs, x / (ops.sqrt(ops.sum(x * x, axis=-1, keepdims=True)) + 1e-6)), fractions(12, 12, 3)


@example
def absolute_distance():
    encoder = keras.Sequential([keras.Input((10,)), layers.Dense(8, activation="relu"), layers.Dense(4)], name="encoder")
    left, right = keras.Input((10,)), keras.Input((10,))
    distance = ops.abs(encoder(left) - encoder(right))
    return keras.Model([left, right], layers.Dense(1, activation="sigmoid")(distance)), numbers(10), numbers(10, seed=6)
