"""Networks for texts, given as numbers of words."""

import keras
import numpy as np
from keras import layers

from .catalog import example, ids

WORDS = 50


@example
def review_pooling():
    model = keras.Sequential([
        keras.Input((20,)), layers.Embedding(WORDS, 16), layers.Dropout(0.2), layers.GlobalAveragePooling1D(), layers.Dropout(0.2),
        layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model, ids(20, below=WORDS)


@example
def review_masked_pooling():
    model = keras.Sequential([
        keras.Input((None,), dtype="int64"), layers.Embedding(WORDS, 8, mask_zero=True), layers.GlobalAveragePooling1D(), layers.Dense(4)])
    return model, ids(12, below=WORDS, padded=True)


@example
def review_convolutional():
    model = keras.Sequential([
        keras.Input((30,)), layers.Embedding(WORDS, 16), layers.Conv1D(12, 5, activation="relu"), layers.MaxPooling1D(3),
        layers.Conv1D(12, 5, activation="relu"), layers.GlobalMaxPooling1D(), layers.Dense(10, activation="relu"), layers.Dense(4, "softmax")])
    return model, ids(30, below=WORDS)


@example
def review_three_widths():
    inputs = keras.Input((24,), dtype="int32")
    x = layers.SpatialDropout1D(0.2)(layers.Embedding(WORDS, 12)(inputs))
    pooled = [layers.GlobalMaxPooling1D()(layers.Conv1D(8, width, activation="relu")(x)) for width in (3, 4, 5)]
    outputs = layers.Dense(1, "sigmoid")(layers.Dropout(0.5)(layers.Concatenate()(pooled)))
    return keras.Model(inputs, outputs), ids(24, below=WORDS)


@example(h5=True)
def review_lstm():
    model = keras.Sequential([
        keras.Input((20,)), layers.Embedding(WORDS, 16), layers.LSTM(12, dropout=0.2, recurrent_dropout=0.2), layers.Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    return model, ids(20, below=WORDS)


@example
def review_bidirectional():
    inputs = keras.Input((None,), dtype="int32")
    x = layers.Embedding(WORDS, 16)(inputs)
    x = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
    x = layers.Bidirectional(layers.LSTM(8))(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x)), ids(18, below=WORDS)


@example
def review_masked_bidirectional():
    model = keras.Sequential([
        keras.Input((None,)), layers.Embedding(WORDS, 12, mask_zero=True), layers.Bidirectional(layers.LSTM(8, return_sequences=True)),
        layers.Bidirectional(layers.GRU(6)), layers.Dense(12, activation="relu"), layers.Dense(1)])
    return model, ids(14, below=WORDS, padded=True)


@example
def stacked_gru():
    model = keras.Sequential([
        keras.Input((16,)), layers.Embedding(WORDS, 10), layers.GRU(12, return_sequences=True), layers.GRU(8), layers.Dense(6, "softmax")])
    return model, ids(16, below=WORDS)


@example
def convolution_then_lstm():
    model = keras.Sequential([
        keras.Input((28,)), layers.Embedding(WORDS, 16), layers.Dropout(0.25), layers.Conv1D(12, 5, activation="relu"),
        layers.MaxPooling1D(4), layers.LSTM(10), layers.Dense(1), layers.Activation("sigmoid")])
    return model, ids(28, below=WORDS)


@example
def character_generator():
    model = keras.Sequential([
        keras.Input((10, 27)), layers.LSTM(16, return_sequences=True), layers.Dropout(0.2), layers.LSTM(16), layers.Dense(27, "softmax")])
    return model, np.eye(27, dtype="float32")[ids(10, below=27)]


@example
def part_of_speech():
    model = keras.Sequential([
        keras.Input((12,)), layers.Embedding(WORDS, 12, mask_zero=True), layers.Bidirectional(layers.LSTM(8, return_sequences=True), "sum"),
        layers.TimeDistributed(layers.Dense(7, activation="softmax"))])
    return model, ids(12, below=WORDS, padded=True)


@example
def simple_recurrent():
    model = keras.Sequential([
        keras.Input((15,)), layers.Embedding(WORDS, 8), layers.SimpleRNN(10, return_sequences=True), layers.SimpleRNN(10, go_backwards=True),
        layers.Dense(2, "softmax")])
    return model, ids(15, below=WORDS)


@example
def tied_questions():
    left, right = keras.Input((10,), name="question_1"), keras.Input((10,), name="question_2")
    embedding, encoder = layers.Embedding(WORDS, 12, mask_zero=True), layers.LSTM(8)
    u, v = encoder(embedding(left)), encoder(embedding(right))
    distance = layers.Concatenate()([u, v, layers.Subtract()([u, v]), layers.Multiply()([u, v])])
    outputs = layers.Dense(1, activation="sigmoid")(layers.Dense(8, activation="relu")(distance))
    return keras.Model([left, right], outputs), ids(10, below=WORDS, padded=True), ids(10, below=WORDS, seed=9, padded=True)


@example(eager=True)
def looked_up_numbers():
    lookup = layers.IntegerLookup(vocabulary=[3, 7, 12, 25, 40])
    model = keras.Sequential([keras.Input((8,), dtype="int64"), lookup, layers.Embedding(6, 5), layers.Flatten(), layers.Dense(2)])
    return model, ids(8, below=WORDS).astype("int64")
