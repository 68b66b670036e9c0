"""Generative networks, and networks of reinforcement learning."""

import keras
from keras import layers, ops

from .catalog import example, fractions, ids, numbers


@example
def gan_generator():
    model = keras.Sequential([
        keras.Input((16,)), layers.Dense(7 * 7 * 8, use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(), layers.Reshape((7, 7, 8)),
        layers.Conv2DTranspose(8, 5, padding="same", use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(0.2),
        layers.Conv2DTranspose(4, 4, strides=2, padding="same", use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(0.2),
        layers.Conv2DTranspose(1, 4, strides=2, padding="same", use_bias=False, activation="tanh")])
    return model, numbers(16)


@example
def gan_discriminator():
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(8, 5, strides=2, padding="same"), layers.LeakyReLU(0.2), layers.Dropout(0.3),
        layers.Conv2D(12, 5, strides=2, padding="same"), layers.LeakyReLU(0.2), layers.Dropout(0.3), layers.Flatten(), layers.Dense(1)])
    return model, fractions(28, 28, 1)


@example
def conditional_generator():
    noise, label = keras.Input((12,)), keras.Input((1,), dtype="int32")
    x = layers.Multiply()([noise, layers.Flatten()(layers.Embedding(10, 12)(label))])
    x = layers.Reshape((4, 4, 4))(layers.Dense(64, activation="relu")(x))
    x = layers.BatchNormalization(momentum=0.8)(layers.Conv2D(8, 3, padding="same")(layers.UpSampling2D()(x)))
    return keras.Model([noise, label], layers.Conv2D(1, 3, padding="same", activation="tanh")(layers.ReLU()(x))), numbers(12), ids(1, below=10)


@example
def variational_encoder():
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, activation="relu", strides=2, padding="same")(inputs)
    x = layers.Dense(16, activation="relu")(layers.Flatten()(layers.Conv2D(8, 3, activation="relu", strides=2, padding="same")(x)))
    mean, log_variance = layers.Dense(2, name="z_mean")(x), layers.Dense(2, name="z_log_var")(x)
    return keras.Model(inputs, [mean, log_variance, ops.exp(0.5 * log_variance)], name="encoder"), fractions(28, 28, 1)


@example
def variational_decoder():
    inputs = keras.Input((2,))
    x = layers.Reshape((7, 7, 4))(layers.Dense(7 * 7 * 4, activation="relu")(inputs))
    for filters in (8, 4):
        x = layers.Conv2DTranspose(filters, 3, activation="relu", strides=2, padding="same")(x)
    return keras.Model(inputs, layers.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x), name="decoder"), numbers(2)


@example
def deep_q_network():
    inputs = keras.Input((42, 42, 4))
    x = layers.Conv2D(8, 8, strides=4, activation="relu")(inputs)
    x = layers.Conv2D(8, 4, strides=2, activation="relu")(x)
    x = layers.Dense(32, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, layers.Dense(4, activation="linear")(x)), fractions(42, 42, 4)


@example
def dueling_q_network():
    inputs = keras.Input((8,))
    x = layers.Dense(32, activation="relu")(inputs)
    value, advantage = layers.Dense(1)(x), layers.Dense(4)(x)
    return keras.Model(inputs, value + (advantage - ops.mean(advantage, axis=1, keepdims=True))), numbers(8)


@example
def actor_critic():
    inputs = keras.Input((4,))
    common = layers.Dense(32, activation="relu")(inputs)
    return keras.Model(inputs, [layers.Dense(2, activation="softmax")(common), layers.Dense(1)(common)]), numbers(4)


@example
def continuous_actor():
    inputs = keras.Input((3,))
    x = layers.Dense(24, activation="relu")(layers.Dense(24, activation="relu")(inputs))
    x = layers.Dense(1, activation="tanh", kernel_initializer=keras.initializers.RandomUniform(-0.003, 0.003))(x)
    return keras.Model(inputs, x * 2.0), numbers(3)


@example
def state_and_action_critic():
    state, action = keras.Input((3,)), keras.Input((1,))
    x = layers.Dense(16, activation="relu")(layers.Dense(16, activation="relu")(state))
    x = layers.Concatenate()([x, layers.Dense(16, activation="relu")(action)])
    return keras.Model([state, action], layers.Dense(1)(layers.Dense(16, activation="relu")(x))), numbers(3), numbers(1, seed=6)
