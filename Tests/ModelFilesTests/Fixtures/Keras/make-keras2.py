"""Files of Keras 2 with inputs and Keras's predictions: python make-keras2.py (TensorFlow 2.15, tf.keras 2.15).

For every model: NAME.keras, NAME.h5 (whole model), NAME.weights.h5, NAME_legacy.h5 (weights alone) and NAME.npz.
"""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import json, pathlib
import h5py
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(11)


def data(*shape):
    return random.normal(size=shape).astype("float32")


def randomize(model):
    for w in model.weights:
        value = random.normal(size=tuple(w.shape)) * 0.5
        w.assign(np.abs(value) + 0.5 if "variance" in w.name else value)


def save(name, inputs, outputs, **more):
    np.savez(folder / f"{name}.npz", **{f"x{i}": x for i, x in enumerate(inputs)},
             **{f"y{i}": y for i, y in enumerate(outputs)}, **more)


def write(name, model, inputs):
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    save(name, inputs, outputs if isinstance(outputs, list) else [outputs])
    model.save(folder / f"{name}.keras")
    model.save(folder / f"{name}.h5")
    model.save_weights(folder / f"{name}.weights.h5")
    model.save_weights(folder / f"{name}_legacy.h5")


model = keras.Sequential([
    layers.Input((6,)), layers.Dense(5, activation="hard_sigmoid", name="d1"), layers.LeakyReLU(alpha=0.1),
    layers.PReLU(), layers.BatchNormalization(), layers.Dropout(0.3), layers.Dense(4, use_bias=False),
    layers.ReLU(max_value=1.0, negative_slope=0.1), layers.ELU(0.5), layers.ThresholdedReLU(0.05),
    layers.LayerNormalization(), layers.AlphaDropout(0.1), layers.GaussianNoise(0.1),
    layers.Dense(3, activation="softmax", name="last")], name="three")
randomize(model)
write("k2_sequential", model, [data(5, 6)])

a, b = keras.Input((4,), name="left"), keras.Input((4,), name="right")
shared = layers.Dense(5, activation="tanh", name="shared")
late = layers.Dense(3, name="late", activation="hard_sigmoid")
inner = keras.Sequential([layers.Dense(5, activation="selu"), layers.PReLU()], name="inner")
u, v = shared(b), inner(shared(a))
joined = layers.Concatenate()([layers.Add()([u, v]), layers.Multiply()([u, v]), layers.Dense(2, name="early")(b)])
model = keras.Model([a, b], [late(joined), layers.Dense(1, activation="sigmoid")(layers.Subtract()([u, v]))], name="branches")
randomize(model)
write("k2_functional", model, [data(3, 4), data(3, 4)])

model = keras.Sequential([
    layers.Input((4,)), layers.Dense(6, activation=layers.LeakyReLU(alpha=0.2)), layers.Dense(5, activation=layers.PReLU()),
    layers.Dense(3)])
randomize(model)
write("k2_layer_activations", model, [data(4, 4)])

optimizers = {"adam": keras.optimizers.Adam(0.01), "sgd": keras.optimizers.SGD(0.05),
              "rmsprop": keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True)}
for name, optimizer in optimizers.items():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(3, activation="softmax")])
    randomize(model)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, labels = data(6, 4), np.arange(6) % 3
    for _ in range(3):
        model.train_on_batch(x, labels)
    y0 = model.predict(x, verbose=0)
    model.save(folder / f"k2_trained_{name}.keras")
    model.save(folder / f"k2_trained_{name}.h5")
    model.fit(x, labels, batch_size=6, epochs=2, shuffle=False, verbose=0)
    save(f"k2_trained_{name}", [x], [y0, model.predict(x, verbose=0)], labels=labels.astype("int64"))

# Older styles: no InputLayer, the shape in the first layer; before 2.2.3 the configuration is a list.
for name, isList in [("k2_no_input_layer", False), ("k2_bare_list", True)]:
    path = folder / f"{name}.h5"
    path.write_bytes((folder / "k2_sequential.h5").read_bytes())
    with h5py.File(path, "r+") as f:
        config = json.loads(f.attrs["model_config"])
        stages = config["config"]["layers"]
        shape = stages.pop(0)["config"]["batch_input_shape"]
        stages[0]["config"]["batch_input_shape"] = shape
        for stage in stages:
            stage.pop("module", None), stage.pop("registered_name", None), stage.pop("build_config", None)
        f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": stages} if isList else config)
        f.attrs["keras_version"] = "2.2.2" if isList else "2.2.4"
    save(name, [np.load(folder / "k2_sequential.npz")["x0"]], [np.load(folder / "k2_sequential.npz")["y0"]])

# Lists of names split over several attributes, compressed datasets, big-endian numbers.
with h5py.File(folder / "k2_sequential_legacy.h5") as f, h5py.File(folder / "k2_odd_legacy.h5", "w") as out:
    names = f.attrs["layer_names"]
    out.attrs["layer_names0"], out.attrs["layer_names1"] = names[:3], names[3:]
    for name in names:
        name = name.decode() if isinstance(name, bytes) else name
        group = out.create_group(name)
        weights = f[name].attrs["weight_names"]
        group.attrs["weight_names"] = weights
        for index, weight in enumerate(weights):
            weight = weight.decode() if isinstance(weight, bytes) else weight
            value = f[name][weight][()]
            if value.ndim == 2:
                group.create_dataset(weight, data=value, chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)
            else:
                group.create_dataset(weight, data=value.astype(">f4"))
