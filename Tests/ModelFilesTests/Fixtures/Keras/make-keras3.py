"""Files of Keras 3 with inputs and Keras's predictions: KERAS_BACKEND=torch python make-keras3.py (Keras 3.15, PyTorch).

For every model: NAME.keras, NAME.weights.h5 where it says so, and NAME.npz with the inputs x0, x1, … and the outputs y0, y1, …
Predictions of half-precision models are those of the same weights computed in float32.
"""
import os
os.environ.setdefault("KERAS_BACKEND", "torch")
import json, pathlib, zipfile
import numpy as np
import keras
from keras import layers

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(7)


def randomize(model):
    """Weights that are all different, so that none can stand in another's place."""
    for w in model.weights:
        shape = tuple(w.shape)
        value = random.normal(size=shape) * 0.5
        if "variance" in w.name:
            value = np.abs(value) + 0.5
        w.assign(value.astype("float32"))


def arrays(x):
    return x if isinstance(x, (list, tuple)) else [x]


def write(name, model, inputs, weights=False, reference=None, h5=False):
    outputs = arrays((reference or model).predict(inputs if len(inputs) > 1 else inputs[0], verbose=0))
    save(name, inputs, outputs)
    model.save(folder / f"{name}.keras")
    if weights:
        model.save_weights(folder / f"{name}.weights.h5")
    if h5:
        model.save(folder / f"{name}.h5")


def save(name, inputs, outputs, **more):
    np.savez(folder / f"{name}.npz", **{f"x{i}": np.asarray(x, "float32") for i, x in enumerate(inputs)},
             **{f"y{i}": np.asarray(y, "float32") for i, y in enumerate(outputs)}, **more)


def data(*shape):
    return random.normal(size=shape).astype("float32")


def sequential():
    return keras.Sequential([
        layers.Input((6,)), layers.Dense(5, activation="gelu", name="first"), layers.LeakyReLU(0.1), layers.PReLU(),
        layers.BatchNormalization(), layers.Dropout(0.3), layers.Dense(4, use_bias=False), layers.ELU(0.5),
        layers.Dense(3, activation="softmax", kernel_regularizer="l2", name="last")], name="three")


model = sequential()
randomize(model)
write("k3_sequential", model, [data(5, 6)], weights=True, h5=True)

model = keras.Sequential([
    layers.Input((3, 4)), layers.Normalization(axis=-1), layers.LayerNormalization(), layers.RMSNormalization(),
    layers.UnitNormalization(), layers.EinsumDense("abc,cd->abd", output_shape=(3, 5), bias_axes="d"),
    layers.BatchNormalization(axis=1, scale=False), layers.Permute((2, 1)), layers.Reshape((15,)), layers.GaussianNoise(0.1),
    layers.Rescaling(0.5, 1.0), layers.GaussianDropout(0.2), layers.AlphaDropout(0.1), layers.Activation("swish"),
    layers.RepeatVector(2), layers.Flatten(), layers.ActivityRegularization(0.1), layers.ReLU(2.0, 0.1, 0.0),
    layers.Softmax(), layers.Identity()])
model.layers[0].adapt(data(20, 3, 4))
count = [np.array(v) for v in model.layers[0].weights]
randomize(model)
for v, value in zip(model.layers[0].weights, count):
    v.assign(value)
model.layers[0].finalize_state()
write("k3_kinds", model, [data(4, 3, 4)])

# Two inputs, two outputs, a shared layer, the order of the layers not that of their making.
a, b = keras.Input((4,), name="left"), keras.Input((4,), name="right")
shared = layers.Dense(5, activation="tanh", name="shared")
late = layers.Dense(3, name="late")
u, v = shared(b), shared(a)
total = layers.Add()([u, v])
joined = layers.Concatenate()([total, layers.Multiply()([u, v]), layers.Dense(2, name="early")(b)])
model = keras.Model([a, b], [late(joined), layers.Dense(1, activation="sigmoid")(layers.Subtract()([u, v]))], name="branches")
randomize(model)
write("k3_functional", model, [data(3, 4), data(3, 4)], weights=True, h5=True)

# Models within models.
inner = keras.Sequential([layers.Input((5,)), layers.Dense(4, activation="relu"), layers.Dense(5)], name="inner")
x = keras.Input((5,))
twin = keras.Model(x, layers.Average()([layers.Dense(5, name="d")(x), inner(x)]), name="twin")
y = keras.Input((5,))
z = twin(layers.Dense(5)(y))
model = keras.Model(y, layers.Dense(2)(keras.Sequential([layers.Dense(3), layers.PReLU()], name="tail")(z)), name="outer")
randomize(model)
write("k3_nested", model, [data(3, 5)], weights=True, h5=True)

# Layers as activations.
model = keras.Sequential([
    layers.Input((4,)), layers.Dense(6, activation=layers.LeakyReLU(negative_slope=0.2)),
    layers.Dense(5, activation=layers.PReLU()), layers.Dense(3, activation=layers.ReLU(max_value=1.0)),
    layers.Activation(layers.ELU(alpha=0.3))])
randomize(model)
write("k3_layer_activations", model, [data(4, 4)], weights=True)

# Half precision.
for policy in ["float16", "bfloat16", "mixed_float16", "mixed_bfloat16", "float64"]:
    keras.config.set_dtype_policy(policy)
    model = keras.Sequential([layers.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(2)])
    randomize(model)
    keras.config.set_dtype_policy("float32")
    same = keras.Sequential([layers.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(2)])
    for to, of in zip(same.weights, model.weights):
        to.assign(of.value.detach().to(dtype=to.value.dtype))
    write(f"k3_{policy}", model, [data(3, 4)], reference=same)

# Compiled and trained; y1 is the prediction after two more steps on the same batch.
optimizers = {
    "adam": keras.optimizers.Adam(0.01),
    "adamw_amsgrad": keras.optimizers.AdamW(0.01, amsgrad=True, clipnorm=0.5),
    "sgd_momentum": keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "rmsprop": keras.optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "nadam": keras.optimizers.Nadam(0.01),
    "schedule": keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.02, 2, 0.8)),
    "ema": keras.optimizers.SGD(0.05, use_ema=True, ema_momentum=0.9),
}
for name, optimizer in optimizers.items():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(3, activation="softmax")])
    # The frozen layer has no variables in the optimizer.
    if name == "adam":
        a = keras.Input((4,))
        frozen = layers.Dense(4, trainable=False, name="frozen")
        model = keras.Model(a, layers.Dense(3, activation="softmax", name="top")(
            layers.Add()([layers.Dense(5, name="one")(frozen(a)), layers.Dense(5, name="two")(a)])))
    randomize(model)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, labels = data(6, 4), np.arange(6) % 3
    for _ in range(3):
        model.train_on_batch(x, labels)
    y0 = model.predict(x, verbose=0)
    model.save(folder / f"k3_trained_{name}.keras")
    model.fit(x, labels, batch_size=6, epochs=2, shuffle=False, verbose=0)
    save(f"k3_trained_{name}", [x], [y0, model.predict(x, verbose=0)], labels=labels.astype("int64"))

# Weights in several files.
model = sequential()
randomize(model)
model.save_weights(folder / "k3_sharded.weights.json", max_shard_size=1.5e-7)
save("k3_sharded", [x := data(5, 6)], [model.predict(x, verbose=0)])

# An older Keras 3: types as names, no build_config.
def older(value):
    if isinstance(value, dict):
        if value.get("class_name") == "DTypePolicy":
            return value["config"]["name"]
        return {k: older(v) for k, v in value.items() if k not in ("build_config", "quantization_config", "optional", "ragged")}
    return [older(v) for v in value] if isinstance(value, list) else value

with zipfile.ZipFile(folder / "k3_sequential.keras") as z, zipfile.ZipFile(folder / "k3_older.keras", "w") as out:
    out.writestr("metadata.json", json.dumps({"keras_version": "3.0.5", "date_saved": "2024-02-01@00:00:00"}))
    out.writestr("config.json", json.dumps(older(json.loads(z.read("config.json")))))
    out.writestr("model.weights.h5", z.read("model.weights.h5"))

# Functional models say in their nodes that dropout was called with training=False, or with nothing.
random = np.random.default_rng(11)
x = keras.Input((4,), name="x")
h = layers.Dense(6, activation="silu")(x)
h = layers.Dropout(0.4)(h)
h = layers.Dense(5)(layers.GaussianDropout(0.3)(h, training=False))
h = layers.Add()([layers.AlphaDropout(0.2, seed=3)(h, training=None), h])
model = keras.Model(x, layers.Dense(3, activation="softmax")(h))
randomize(model)
write("k3_functional_dropout", model, [data(5, 4)])

# An activation with weights that is saved before the first call has none yet: whoever loads the model makes them anew.
model = keras.Sequential([layers.Input((3,)), layers.Dense(4, activation=layers.PReLU()), layers.Dense(2)])
randomize(model)
for ending in ["keras", "h5", "weights.h5"]:
    path = str(folder / f"k3_unbuilt_activation.{ending}")
    model.save_weights(path) if "weights" in ending else model.save(path)
inputs = [data(5, 3)]
save("k3_unbuilt_activation", inputs,
     arrays(keras.models.load_model(folder / "k3_unbuilt_activation.keras").predict(inputs[0], verbose=0)))

# Masks: Keras writes the functions that make them, and gives their results to layers that ask for a mask.
random = np.random.default_rng(13)
sequence = keras.Input((3, 4), name="sequence")
first = layers.BatchNormalization()(layers.Dense(3, activation="tanh")(layers.Masking()(sequence)))
second = layers.Dense(3)(layers.Masking(0.5)(sequence))
joined = layers.Concatenate(axis=1, name="joined")([layers.Maximum()([first, second]), first, layers.Multiply()([first, second])])
model = keras.Model(sequence, layers.Dense(2)(layers.BatchNormalization()(joined)))
randomize(model)
x = data(5, 3, 4)
x[0, 1:], x[1, 0], x[2, 2], x[3] = 0, 0.5, 0.5, 0
write("k3_masks", model, [x])
