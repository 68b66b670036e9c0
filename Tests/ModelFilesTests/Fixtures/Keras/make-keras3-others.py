"""Files of Keras 3 that are written otherwise: python make-keras3-others.py (Keras 3.15, TensorFlow).

k3_no_optimizer    a compile_config without an optimizer
k3_unknown_length  a functional model with an axis of any length
"""
import json, os, pathlib, zipfile
os.environ["KERAS_BACKEND"], os.environ["TF_CPP_MIN_LOG_LEVEL"] = "tensorflow", "3"
import keras
import numpy as np
from keras import layers

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(29)


def write(name, model, x, change=lambda config: None):
    for w in model.weights:
        w.assign(random.normal(size=tuple(w.shape)) * 0.5)
    np.savez(folder / f"{name}.npz", x0=x, y0=model.predict(x, verbose=0))
    path = folder / f"{name}.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    change(config)
    members["config.json"] = json.dumps(config)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def data(*shape):
    return random.normal(size=shape).astype("float32")


model = keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="tanh"), layers.Dense(2)])
model.compile("sgd", "mse", metrics=["mae"])
write("k3_no_optimizer", model, data(5, 4), lambda config: config["compile_config"].pop("optimizer"))
x = keras.Input((None, 4))
y = layers.Concatenate(axis=1)([layers.Dense(4, activation="relu")(x), x])
write("k3_unknown_length", keras.Model(x, layers.LayerNormalization()(layers.Dense(3)(y))), data(2, 5, 4))
