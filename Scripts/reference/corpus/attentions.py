"""Attention: over recurrent layers, transformer blocks for texts, series and pictures."""

import keras
from keras import layers, ops

from .catalog import example, fractions, ids, numbers


@example
def attention_over_lstm():
    inputs = keras.Input((12,))
    x = layers.LSTM(8, return_sequences=True)(layers.Embedding(40, 10)(inputs))
    scores = layers.Dense(1, activation="tanh")(x)
    weights = layers.Softmax(axis=1)(scores)
    context = layers.Dot(axes=(1, 1))([weights, x])
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(layers.Flatten()(context))), ids(12, below=40)


@example
def query_and_value():
    query, value = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    embedding = layers.Embedding(40, 12)
    convolution = layers.Conv1D(10, 4, padding="same")
    q, v = convolution(embedding(query)), convolution(embedding(value))
    attended = layers.Attention()([q, v])
    joined = layers.Concatenate()([layers.GlobalAveragePooling1D()(q), layers.GlobalAveragePooling1D()(attended)])
    return keras.Model([query, value], layers.Dense(1)(joined)), ids(7, below=40), ids(9, below=40, seed=8)


@example
def additive_translation():
    source, target = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    x, state = layers.GRU(10, return_sequences=True, return_state=True)(layers.Embedding(40, 8, mask_zero=True)(source))
    y = layers.GRU(10, return_sequences=True)(layers.Embedding(30, 8)(target), initial_state=state)
    context = layers.AdditiveAttention()([y, x])
    return (keras.Model([source, target], layers.Dense(30, "softmax")(layers.Concatenate()([y, context]))),
            ids(8, below=40, padded=True), ids(6, below=30, seed=8))


def encoder_block(x, heads, size, hidden):
    attended = layers.Dropout(0.1)(layers.MultiHeadAttention(heads, size)(x, x))
    x = layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, attended]))
    y = layers.Dense(x.shape[-1])(layers.Dense(hidden, activation="relu")(x))
    return layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, layers.Dropout(0.1)(y)]))


@example
def transformer_classifier():
    inputs = keras.Input((16,))
    x = encoder_block(layers.Embedding(50, 16)(inputs), heads=2, size=8, hidden=24)
    x = layers.Dense(12, activation="relu")(layers.Dropout(0.1)(layers.GlobalAveragePooling1D()(x)))
    return keras.Model(inputs, layers.Dense(2, activation="softmax")(x)), ids(16, below=50)


@example
def transformer_of_masked_words():
    inputs = keras.Input((None,), dtype="int32")
    x = layers.Embedding(50, 16, mask_zero=True)(inputs)
    x = encoder_block(x, heads=4, size=4, hidden=20)
    return keras.Model(inputs, layers.Dense(3)(layers.GlobalAveragePooling1D()(x))), ids(11, below=50, padded=True)


@example
def transformer_of_series():
    inputs = keras.Input((20, 2))
    x = inputs
    for _ in range(2):
        y = layers.MultiHeadAttention(key_dim=6, num_heads=2, dropout=0.25)(x, x)
        y = residual = layers.LayerNormalization(epsilon=1e-6)(layers.Dropout(0.25)(y)) + x
        y = layers.Conv1D(2, 1)(layers.Dropout(0.25)(layers.Conv1D(4, 1, activation="relu")(y)))
        x = layers.LayerNormalization(epsilon=1e-6)(y) + residual
    x = layers.GlobalAveragePooling1D(data_format="channels_first")(x)
    return keras.Model(inputs, layers.Dense(4, activation="softmax")(layers.Dense(8, activation="relu")(x))), numbers(20, 2)


@example
def causal_language_model():
    inputs = keras.Input((12,), dtype="int32")
    positions = layers.Embedding(12, 16)(ops.arange(12))
    x = layers.Embedding(60, 16)(inputs) + positions
    for _ in range(2):
        y = layers.LayerNormalization()(x)
        x = x + layers.MultiHeadAttention(2, 8)(y, y, use_causal_mask=True)
        x = x + layers.Dense(16)(layers.Dense(32, activation="gelu")(layers.LayerNormalization()(x)))
    return keras.Model(inputs, layers.Dense(60)(layers.LayerNormalization()(x))), ids(12, below=60)


@example
def transformer_translation():
    source, target = keras.Input((None, 12), name="encoder"), keras.Input((None, 12), name="decoder")
    encoded = encoder_block(source, heads=2, size=6, hidden=24)
    x = layers.LayerNormalization()(target + layers.MultiHeadAttention(2, 6)(target, target, use_causal_mask=True))
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 6)(x, encoded, encoded))
    x = layers.LayerNormalization()(x + layers.Dense(12)(layers.Dense(24, activation="relu")(x)))
    return keras.Model([source, target], layers.Dense(20, activation="softmax")(x)), numbers(9, 12), numbers(7, 12, seed=6)


@example
def grouped_queries():
    inputs = keras.Input((10, 16))
    x = layers.RMSNormalization()(inputs)
    x = inputs + layers.GroupQueryAttention(head_dim=4, num_query_heads=4, num_key_value_heads=2)(x, x)
    return keras.Model(inputs, layers.Dense(3)(x)), numbers(10, 16)


@example
def vision_transformer():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(16, 4, strides=4)(inputs)
    x = layers.Reshape((16, 16))(x)
    x = x + layers.Embedding(16, 16)(ops.arange(16))
    for _ in range(2):
        y = layers.LayerNormalization(epsilon=1e-6)(x)
        x = layers.Add()([layers.MultiHeadAttention(num_heads=2, key_dim=8, dropout=0.1)(y, y), x])
        y = layers.Dense(32, activation=keras.activations.gelu)(layers.LayerNormalization(epsilon=1e-6)(x))
        x = layers.Add()([layers.Dropout(0.1)(layers.Dense(16)(y)), x])
    x = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x))
    return keras.Model(inputs, layers.Dense(10)(layers.Dropout(0.5)(x))), fractions(16, 16, 3)


@example
def mixer():
    inputs = keras.Input((12, 12, 3))
    x = layers.Reshape((9, 12))(layers.Conv2D(12, 4, strides=4)(inputs))
    for _ in range(2):
        y = layers.Permute((2, 1))(layers.LayerNormalization()(x))
        y = layers.Permute((2, 1))(layers.Dense(9)(layers.Dense(16, activation="gelu")(y)))
        x = layers.Add()([x, y])
        x = layers.Add()([x, layers.Dense(12)(layers.Dense(24, activation="gelu")(layers.LayerNormalization()(x)))])
    return keras.Model(inputs, layers.Dense(5)(layers.GlobalAveragePooling1D()(x))), fractions(12, 12, 3)
