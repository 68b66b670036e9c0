"""Models that optimizers of Keras 3 have trained whose state differs from weight to weight, or has another's around it: k3_trained_NAME.keras,
and .npz with the input x0, the labels, the prediction y0 and y1 after two more steps; k3_trained_outputs has two outputs, with a loss, a weight
and metrics for each, predictions y0, y1 and after two more steps y2, y3, and what evaluate gives then.

    KERAS_BACKEND=jax python make-keras3-optimizers.py        # with keras 3.15 and jax
"""
import os

# Of ScheduleFreeAdamW that of JAX alone is the paper's.
os.environ.setdefault("KERAS_BACKEND", "jax")

import pathlib

import keras
import numpy as np
from keras import layers

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(9)
for name, optimizer in {
    "adafactor": keras.optimizers.Adafactor(0.05),
    "muon": keras.optimizers.Muon(0.02),
    "schedule_free": keras.optimizers.ScheduleFreeAdamW(0.02, warmup_steps=4),
    # The scale is doubled between the saving and the end.
    "loss_scale": keras.optimizers.LossScaleOptimizer(
        keras.optimizers.Adam(0.01), initial_scale=64.0, dynamic_growth_steps=4),
}.items():
    model = keras.Sequential([layers.Input((4,)), layers.Dense(5, activation="tanh"), layers.Dense(3, activation="softmax")])
    for w in model.weights:
        w.assign((random.normal(size=tuple(w.shape)) * 0.5).astype("float32"))
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    x, labels = random.normal(size=(6, 4)).astype("float32"), np.arange(6) % 3
    for _ in range(3):
        model.train_on_batch(x, labels)
    y0 = model.predict(x, verbose=0)
    model.save(folder / f"k3_trained_{name}.keras")
    model.fit(x, labels, batch_size=6, epochs=2, shuffle=False, verbose=0)
    np.savez(folder / f"k3_trained_{name}.npz", x0=x, y0=y0, y1=model.predict(x, verbose=0), labels=labels.astype("int64"))

inputs = layers.Input((4,), name="x")
hidden = layers.Dense(5, activation="tanh", name="hidden")(inputs)
outputs = [layers.Dense(3, activation="softmax", name="kind")(hidden), layers.Dense(2, name="size")(hidden)]
model = keras.Model(inputs, outputs)
for w in model.weights:
    w.assign((random.normal(size=tuple(w.shape)) * 0.5).astype("float32"))
model.compile(
    optimizer=keras.optimizers.Adam(0.01), loss={"kind": "sparse_categorical_crossentropy", "size": "mse"},
    loss_weights={"kind": 2.0, "size": 0.5}, metrics={"kind": ["accuracy"], "size": ["mae", "mse"]})
x, labels = random.normal(size=(6, 4)).astype("float32"), np.arange(6) % 3
sizes = random.normal(size=(6, 2)).astype("float32")
for _ in range(3):
    model.train_on_batch(x, [labels, sizes])
y0, y1 = model.predict(x, verbose=0)
model.save(folder / "k3_trained_outputs.keras")
model.fit(x, [labels, sizes], batch_size=6, epochs=2, shuffle=False, verbose=0)
y2, y3 = model.predict(x, verbose=0)
logs = model.evaluate(x, [labels, sizes], batch_size=6, verbose=0, return_dict=True)
print(logs)
np.savez(
    folder / "k3_trained_outputs.npz", x0=x, labels=labels.astype("int64"), sizes=sizes, y0=y0, y1=y1, y2=y2, y3=y3,
    logs=np.array([logs[name] for name in sorted(logs)], "float32"))
