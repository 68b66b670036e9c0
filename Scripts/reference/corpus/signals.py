"""Networks for signals and time series without recurrence."""

import keras
from keras import layers

from .catalog import example, numbers


@example
def human_activity():
    model = keras.Sequential([
        keras.Input((32, 9)), layers.Conv1D(16, 3, activation="relu"), layers.Conv1D(16, 3, activation="relu"), layers.Dropout(0.5),
        layers.MaxPooling1D(2), layers.Flatten(), layers.Dense(20, activation="relu"), layers.Dense(6, activation="softmax")])
    return model, numbers(32, 9)


@example
def fully_convolutional_series():
    inputs = keras.Input((50, 1))
    x = inputs
    for _ in range(3):
        x = layers.ReLU()(layers.BatchNormalization()(layers.Conv1D(12, 3, padding="same")(x)))
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling1D()(x))), numbers(50, 1)


@example
def dilated_causal():
    model = keras.Sequential([keras.Input((None, 1))])
    for rate in (1, 2, 4, 8) * 2:
        model.add(layers.Conv1D(8, 2, padding="causal", activation="relu", dilation_rate=rate))
    model.add(layers.Conv1D(10, 1))
    return model, numbers(40, 1)


@example
def gated_wavenet():
    inputs = keras.Input((32, 4))
    x, skips = layers.Conv1D(8, 1)(inputs), []
    for rate in (1, 2, 4):
        value = layers.Conv1D(8, 2, padding="causal", dilation_rate=rate, activation="tanh")(x)
        gate = layers.Conv1D(8, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(x)
        z = layers.Conv1D(8, 1)(layers.Multiply()([value, gate]))
        skips.append(z)
        x = layers.Add()([x, z])
    x = layers.Activation("relu")(layers.Add()(skips))
    return keras.Model(inputs, layers.Conv1D(1, 1)(layers.Conv1D(8, 1, activation="relu")(x))), numbers(32, 4)


@example
def signal_autoencoder():
    model = keras.Sequential([
        keras.Input((32, 1)), layers.Conv1D(16, 7, padding="same", strides=2, activation="relu"), layers.Dropout(0.2),
        layers.Conv1D(8, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1DTranspose(8, 7, padding="same", strides=2, activation="relu"), layers.Dropout(0.2),
        layers.Conv1DTranspose(16, 7, padding="same", strides=2, activation="relu"), layers.Conv1DTranspose(1, 7, padding="same")])
    return model, numbers(32, 1)


@example
def residual_speech():
    inputs = keras.Input((64, 1))
    x = inputs
    for filters in (8, 12):
        shortcut = layers.Conv1D(filters, 1, padding="same")(x)
        x = layers.Conv1D(filters, 3, padding="same")(layers.Activation("relu")(layers.Conv1D(filters, 3, padding="same")(x)))
        x = layers.MaxPool1D(2, strides=2)(layers.Activation("relu")(layers.Add()([x, shortcut])))
    x = layers.Flatten()(layers.AveragePooling1D(3, strides=3)(x))
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(layers.Dense(16, activation="relu")(x))), numbers(64, 1)


@example
def noisy_sensor():
    model = keras.Sequential([
        keras.Input((20, 3)), layers.GaussianNoise(0.1), layers.SeparableConv1D(8, 5, activation="relu"), layers.SpatialDropout1D(0.2),
        layers.DepthwiseConv1D(3, depth_multiplier=2), layers.GaussianDropout(0.1), layers.GlobalMaxPooling1D(),
        layers.ActivityRegularization(l2=1e-3), layers.Dense(2)])
    return model, numbers(20, 3)


@example
def linear_forecast():
    model = keras.Sequential([
        keras.Input((24, 5)), layers.Cropping1D((23, 0)), layers.Dense(12 * 5, kernel_initializer="zeros"), layers.Reshape((12, 5))])
    return model, numbers(24, 5)


@example
def distributed_over_time():
    model = keras.Sequential([
        keras.Input((5, 8, 8, 1)), layers.TimeDistributed(layers.Conv2D(4, 3, activation="relu")),
        layers.TimeDistributed(layers.MaxPooling2D()), layers.TimeDistributed(layers.Flatten()),
        layers.TimeDistributed(layers.Dense(6, activation="tanh")), layers.GlobalAveragePooling1D(), layers.Dense(3)])
    return model, numbers(5, 8, 8, 1)
