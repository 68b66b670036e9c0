"""Trains a small convolutional network on the digits, and writes it, what it predicts, and its untrained architecture.

    KERAS_BACKEND=torch python make_convolutional_network.py      (Keras 3.15)
"""

import json
from pathlib import Path

import keras
import numpy as np
from keras import layers
from make_network import without_identities

here = Path(__file__).parent
x_train, y_train, x_test, y_test = (np.load(here / f"{name}.npy") for name in ("x_train", "y_train", "x_test", "y_test"))
keras.utils.set_random_seed(8)
model = keras.Sequential(
    [
        layers.Input((64,)),
        layers.Reshape((8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu", name="edges"),
        layers.BatchNormalization(name="normal"),
        layers.Conv2D(32, 3, activation="relu", name="strokes"),
        layers.MaxPooling2D(2, name="pool"),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(10, activation="softmax", name="classes"),
    ],
    name="digits_cnn",
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
text = json.dumps(without_identities(json.loads(model.to_json())), indent=1)
(here / "convolutional_network.json").write_text(text + "\n")
model.fit(x_train, y_train, batch_size=32, epochs=30, verbose=0)
model.save(here / "digits_cnn.keras")
probabilities = model.predict(x_test, verbose=0)
np.save(here / "digits_cnn_probabilities.npy", probabilities)
print("accuracy", (probabilities.argmax(1) == y_test).mean())
