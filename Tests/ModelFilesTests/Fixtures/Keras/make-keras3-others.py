"""Files of Keras 3 that are written otherwise: python make-keras3-others.py (Keras 3.15, TensorFlow).

k3_no_optimizer    a compile_config without an optimizer
k3_unknown_length  a functional model with an axis of any length
k3_operations      operations among layers, and layers of keras.applications (by KERAS_BACKEND=torch)
"""
import json, os, pathlib, zipfile
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy as np
from keras import activations, layers, ops
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

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

x = keras.Input((4,))
h = layers.Dense(6)(x)
h = h * ops.relu6(h + 3.0) * (1 / 6)
gate = activations.sigmoid(layers.Dense(6)(x))
h = layers.Add()([2 / (1 + ops.exp(-h)), h * gate - np.array([1, -2, 3, 0, 0.5, 0.25], "float32")])
h = CustomScaleLayer(0.17)([StochasticDepth(0.2)(LayerScale(1e-6, 6)(h)), activations.relu(h, max_value=0.5)])
write("k3_operations", keras.Model(x, layers.Dense(2)(ops.clip(h, -1, 1) ** 3)), data(5, 4))
