"""Writes sequence_networks.json: networks of sequences that Keras trains for five steps with Adam, in float64.

    python make_sequence_networks.py        (Keras 3.15, JAX)
"""
import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
import keras
import numpy as np
from keras import layers
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(16)


def tensor(array):
    array = np.asarray(array, np.float64)
    return {"shape": list(array.shape), "scalars": array.ravel().tolist()}


def classifier():
    model = keras.Sequential([
        layers.Input((6, 4)), layers.Masking(), layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.GRU(4, reset_after=False), layers.Dense(3, activation="softmax")])
    x = random.normal(size=(8, 6, 4))
    for sample in range(8):
        x[sample, 2 + sample % 5:] = 0
    return model, [x], random.integers(0, 3, (8, 1)).astype(float), "sparse_categorical_crossentropy"


def encoder_decoder():
    question, answer = layers.Input((5, 3)), layers.Input((4, 2))
    _, state = layers.GRU(4, return_state=True)(question)
    decoded = layers.GRU(4, return_sequences=True)(answer, initial_state=state)
    model = keras.Model([question, answer], layers.TimeDistributed(layers.Dense(3, activation="tanh"))(decoded))
    x = [random.normal(size=(6, 5, 3)), random.normal(size=(6, 4, 2))]
    return model, x, random.normal(size=(6, 4, 3)), "mean_squared_error"


networks = []
for name, make in (("classifier", classifier), ("encoder-decoder", encoder_decoder)):
    model, x, y, loss = make()
    for variable in model.trainable_variables:
        variable.assign(random.normal(size=variable.shape) * 0.5)
    before = [tensor(weight) for weight in model.get_weights()]
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss)
    losses = [float(model.train_on_batch(x, y)) for _ in range(5)]
    networks.append({
        "name": name, "model": json.loads(model.to_json()), "loss": loss, "inputs": [tensor(part) for part in x],
        "targets": tensor(y), "before": before, "after": [tensor(weight) for weight in model.get_weights()],
        "losses": losses})
path = Path(__file__).with_name("sequence_networks.json")
path.write_text(json.dumps(networks, separators=(",", ":")) + "\n")
