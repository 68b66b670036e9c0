"""Models with several inputs and outputs, shared layers, nested models, recommendations, mixed policies."""

import keras
from keras import layers

from .catalog import example, fractions, ids, numbers


@example
def issue_tickets():
    title, body = keras.Input((None,), name="title"), keras.Input((None,), name="body")
    tags = keras.Input((6,), name="tags")
    x = layers.LSTM(12)(layers.Embedding(50, 8)(title))
    y = layers.LSTM(8)(layers.Embedding(50, 8)(body))
    x = layers.concatenate([x, y, tags])
    outputs = [layers.Dense(1, name="priority")(x), layers.Dense(4, name="department")(x)]
    return keras.Model([title, body, tags], outputs), ids(6, below=50), ids(9, below=50, seed=9), numbers(6)


@example
def multi_task():
    inputs = keras.Input((20, 20, 1), name="picture")
    x = layers.Flatten()(layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(inputs)))
    x = layers.Dense(16, activation="relu")(x)
    outputs = {"age": layers.Dense(1, activation="linear", name="age")(x), "gender": layers.Dense(1, activation="sigmoid", name="gender")(x)}
    model = keras.Model(inputs, outputs)
    model.compile("adam", {"age": "mse", "gender": "binary_crossentropy"})
    return model, fractions(20, 20, 1)


@example
def siamese():
    base = keras.Sequential([keras.Input((14, 14, 1)), layers.Conv2D(6, 3, activation="relu"), layers.Flatten(), layers.Dense(8)], name="tower")
    left, right = keras.Input((14, 14, 1)), keras.Input((14, 14, 1))
    u, v = base(left), base(right)
    similarity = layers.Dot(axes=1, normalize=True)([u, v])
    outputs = layers.Dense(1, activation="sigmoid")(similarity)
    return keras.Model([left, right], outputs), fractions(14, 14, 1), fractions(14, 14, 1, seed=7)


@example
def ensemble():
    members = [
        keras.Sequential([keras.Input((8,)), layers.Dense(width, activation="relu"), layers.Dense(3, activation="softmax")], name=f"member_{width}")
        for width in (4, 8, 12)]
    inputs = keras.Input((8,))
    return keras.Model(inputs, layers.Average()([member(inputs) for member in members])), numbers(8)


@example
def nested_of_several():
    u, v = keras.Input((6,), name="u"), keras.Input((4,), name="v")
    joined = layers.Concatenate()([layers.Dense(5, "tanh")(u), layers.Dense(5, "tanh")(v)])
    inner = keras.Model([u, v], [layers.Dense(3)(joined), layers.Dense(2)(joined)], name="inner")
    a, b = keras.Input((6,)), keras.Input((4,))
    first, second = inner([a, b])
    return keras.Model([a, b], [layers.Dense(1)(first), layers.Activation("softmax")(second)]), numbers(6), numbers(4, seed=6)


@example
def movie_dot():
    user, movie = keras.Input((1,), name="user"), keras.Input((1,), name="movie")
    u = layers.Flatten()(layers.Embedding(30, 6, embeddings_regularizer=keras.regularizers.L2(1e-6))(user))
    m = layers.Flatten()(layers.Embedding(40, 6, embeddings_initializer="he_normal")(movie))
    bias = layers.Flatten()(layers.Embedding(30, 1)(user))
    x = layers.Add()([layers.Dot(axes=1)([u, m]), bias])
    return keras.Model([user, movie], layers.Activation("sigmoid")(x)), ids(1, below=30), ids(1, below=40, seed=9)


@example
def neural_collaborative():
    user, item = keras.Input((1,), dtype="int32"), keras.Input((1,), dtype="int32")
    general = layers.Multiply()([layers.Flatten()(layers.Embedding(30, 4)(user)), layers.Flatten()(layers.Embedding(40, 4)(item))])
    x = layers.Concatenate()([layers.Flatten()(layers.Embedding(30, 6)(user)), layers.Flatten()(layers.Embedding(40, 6)(item))])
    for units in (12, 6):
        x = layers.Dropout(0.2)(layers.BatchNormalization()(layers.Dense(units, activation="relu")(x)))
    outputs = layers.Dense(1, activation="sigmoid")(layers.Concatenate()([general, x]))
    return keras.Model([user, item], outputs), ids(1, below=30), ids(1, below=40, seed=9)


@example
def categories_and_numbers():
    category, amounts = keras.Input((1,), dtype="int32", name="category"), keras.Input((3,), name="amounts")
    encoded = layers.CategoryEncoding(num_tokens=6, output_mode="one_hot")(category)
    buckets = layers.Discretization(bin_boundaries=[-0.5, 0.0, 0.5])(amounts)
    counted = layers.CategoryEncoding(num_tokens=4, output_mode="multi_hot")(buckets)
    x = layers.Concatenate()([encoded, counted, amounts])
    return keras.Model([category, amounts], layers.Dense(1)(layers.Dense(8, activation="relu")(x))), ids(1, below=6), numbers(3)


@example
def picture_and_question():
    picture, question = keras.Input((16, 16, 3)), keras.Input((8,), dtype="int32")
    vision = keras.Sequential([keras.Input((16, 16, 3)), layers.Conv2D(6, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()])
    words = layers.LSTM(10)(layers.Embedding(40, 8)(question))
    outputs = layers.Dense(7, activation="softmax")(layers.concatenate([words, vision(picture)]))
    return keras.Model([picture, question], outputs), fractions(16, 16, 3), ids(8, below=40)


@example(half=True)
def mixed_precision():
    policy = keras.DTypePolicy("mixed_bfloat16")
    model = keras.Sequential([
        keras.Input((10,)), layers.Dense(16, activation="relu", dtype=policy), layers.LayerNormalization(dtype=policy),
        layers.Dense(4, dtype=policy), layers.Activation("softmax", dtype="float32")])
    return model, numbers(10)
