"""Writes network.json: the architecture of digits_snn.keras with dropout, compiled, as Keras's to_json() gives it.

    KERAS_BACKEND=torch python make_network.py
"""

import json
from pathlib import Path

import keras
from keras import layers


def without_identities(value):
    """Keras numbers shared objects by their place in memory, which is another one each time."""
    if isinstance(value, dict):
        return {key: without_identities(item) for key, item in value.items() if key != "shared_object_id"}
    return [without_identities(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    model = keras.Sequential(
        [
            layers.Input((64,)),
            layers.Dense(128, activation="selu", kernel_initializer="lecun_normal", name="hidden1"),
            layers.AlphaDropout(0.05),
            layers.Dense(64, activation="selu", kernel_initializer="lecun_normal", name="hidden2"),
            layers.AlphaDropout(0.05),
            layers.Dense(10, activation="softmax", kernel_initializer="lecun_normal", name="classes"),
        ],
        name="digits",
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    text = json.dumps(without_identities(json.loads(model.to_json())), indent=1)
    Path(__file__).with_name("network.json").write_text(text + "\n")
