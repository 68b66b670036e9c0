"""Recurrent networks: forecasters, sequence to sequence, states, pictures over time."""

import keras
from keras import layers

from .catalog import example, ids, numbers


@example
def lstm_forecast():
    model = keras.Sequential([keras.Input((12, 1)), layers.LSTM(16, activation="relu"), layers.Dense(1)])
    model.compile("adam", "mse")
    return model, numbers(12, 1)


@example
def weather_gru():
    inputs = keras.Input((24, 7))
    x = layers.GRU(12, recurrent_dropout=0.25, return_sequences=True)(inputs)
    x = layers.Dropout(0.5)(layers.GRU(12, reset_after=False)(x))
    return keras.Model(inputs, layers.Dense(1)(x)), numbers(24, 7)


@example
def stateful_forecast():
    model = keras.Sequential([keras.Input(batch_shape=(3, 6, 2)), layers.LSTM(8, stateful=True), layers.Dense(1)])
    return model, numbers(6, 2)


@example
def masked_series():
    model = keras.Sequential([
        keras.Input((10, 4)), layers.Masking(mask_value=-1.0), layers.LSTM(8, return_sequences=True), layers.LSTM(6), layers.Dense(1)])
    x = numbers(10, 4)
    for row in range(len(x)):
        x[row, 10 - 3 * row:] = -1
    return model, x


@example
def additions():
    model = keras.Sequential([
        keras.Input((7, 12)), layers.LSTM(16), layers.RepeatVector(4), layers.LSTM(16, return_sequences=True),
        layers.TimeDistributed(layers.Dense(12, activation="softmax"))])
    return model, numbers(7, 12)


@example
def lstm_autoencoder():
    inputs = keras.Input((9, 3))
    encoded = layers.LSTM(6)(layers.LSTM(10, return_sequences=True)(inputs))
    x = layers.LSTM(10, return_sequences=True)(layers.LSTM(6, return_sequences=True)(layers.RepeatVector(9)(encoded)))
    return keras.Model(inputs, layers.TimeDistributed(layers.Dense(3))(x)), numbers(9, 3)


@example
def translation_with_states():
    source, target = keras.Input((None, 20)), keras.Input((None, 25))
    _, h, c = layers.LSTM(16, return_state=True)(source)
    x, _, _ = layers.LSTM(16, return_sequences=True, return_state=True)(target, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(25, activation="softmax")(x)), numbers(8, 20), numbers(6, 25, seed=6)


@example
def translation_of_words():
    source, target = keras.Input((None,), dtype="int32", name="source"), keras.Input((None,), dtype="int32", name="target")
    x = layers.Embedding(40, 12, mask_zero=True)(source)
    state = layers.Bidirectional(layers.GRU(16), merge_mode="sum")(x)
    x = layers.GRU(16, return_sequences=True)(layers.Embedding(30, 12, mask_zero=True)(target), initial_state=state)
    outputs = layers.Dense(30, activation="softmax")(layers.Dropout(0.5)(x))
    return keras.Model([source, target], outputs), ids(9, below=40, padded=True), ids(7, below=30, seed=7, padded=True)


@example
def decoder_of_one_step():
    inputs, h, c = keras.Input((1, 10)), keras.Input((8,)), keras.Input((8,))
    x, new_h, new_c = layers.LSTM(8, return_sequences=True, return_state=True)(inputs, initial_state=[h, c])
    return keras.Model([inputs, h, c], [layers.Dense(10, "softmax")(x), new_h, new_c]), numbers(1, 10), numbers(8), numbers(8, seed=6)


@example
def recurrent_cells():
    cells = layers.StackedRNNCells([layers.LSTMCell(8), layers.GRUCell(6)])
    model = keras.Sequential([keras.Input((9, 4)), layers.RNN(cells, return_sequences=True), layers.RNN(layers.SimpleRNNCell(5)), layers.Dense(1)])
    return model, numbers(9, 4)


@example
def convolutional_lstm():
    model = keras.Sequential([
        keras.Input((4, 10, 10, 1)), layers.BatchNormalization(), layers.ConvLSTM2D(4, 3, padding="same", return_sequences=True, activation="relu"),
        layers.BatchNormalization(), layers.ConvLSTM2D(4, 1, padding="same", return_sequences=True, activation="relu"),
        layers.Conv3D(1, 3, activation="sigmoid", padding="same")])
    return model, numbers(4, 10, 10, 1)


@example
def video_classifier():
    cnn = keras.Sequential([keras.Input((12, 12, 3)), layers.Conv2D(6, 3, activation="relu"), layers.GlobalMaxPooling2D()])
    inputs = keras.Input((5, 12, 12, 3))
    x = layers.Dense(8, "relu")(layers.GRU(10)(layers.TimeDistributed(cnn)(inputs)))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(x)), numbers(5, 12, 12, 3)


@example
def speech_recognition():
    inputs = keras.Input((None, 20))
    x = layers.Reshape((-1, 20, 1))(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(4, (5, 4), strides=(2, 2), padding="same", use_bias=False)(x)))
    x = layers.Reshape((-1, 10 * 4))(x)
    for _ in range(2):
        x = layers.Bidirectional(layers.GRU(6, return_sequences=True, reset_after=True))(x)
    return keras.Model(inputs, layers.Dense(12, activation="softmax")(x)), numbers(24, 20)
