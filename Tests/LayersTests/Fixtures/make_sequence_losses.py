"""Writes sequence_losses.json: values and gradients of Keras's losses of sequences (CTC) and of distances (Circle).

    python make_sequence_losses.py        # with keras 3.15 and tensorflow

TensorFlow computes CTC in single precision, Circle is in double.
"""
import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common import dtypes

# Keras takes means in single precision, whatever its operands are.
single = dtypes.result_type
dtypes.result_type = lambda *types: "float64" if any("float64" in str(t) for t in types) else single(*types)
keras.config.set_floatx("float64")
random = np.random.default_rng(6)
cases = []


def tensor(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "scalars": [float(f"{v:.15g}") for v in x.ravel()]}


def case(cls, prediction, target, parameters={}, reduction="sum_over_batch_size", weights=None):
    p = tf.Variable(prediction, dtype=tf.float64)
    y = tf.constant(target)
    per_sample = cls(reduction="none", dtype="float64", **parameters)(y, p)
    with tf.GradientTape() as tape:
        value = cls(reduction=reduction, dtype="float64", **parameters)(y, p, sample_weight=weights)
    cases.append({
        "loss": cls.__name__, "parameters": {**parameters, "reduction": reduction}, "prediction": tensor(prediction),
        "target": tensor(target), "weights": None if weights is None else tensor(weights), "value": float(value),
        "perSample": tensor(per_sample), "gradient": tensor(tape.gradient(value, p)),
    })


CTC, Circle = keras.losses.CTC, keras.losses.Circle
logits = random.normal(size=(4, 7, 5)) * 2
labels = np.array([[1, 2, 3], [2, 2, 0], [4, 0, 0], [0, 0, 0]])
case(CTC, logits, labels)
case(CTC, logits, labels, reduction="sum", weights=random.uniform(0, 2, size=4))
case(CTC, random.normal(size=(2, 3, 3)), np.array([[1, 1], [1, 2]]))

embeddings = random.normal(size=(6, 4))
embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
classes = np.array([0, 1, 0, 2, 1, 0])
case(Circle, embeddings, classes)
case(Circle, embeddings, classes[:, None], {"gamma": 3.0, "margin": 0.25}, reduction="sum")
case(Circle, embeddings, classes, {"gamma": 2.0, "remove_diagonal": False}, weights=random.uniform(0, 2, size=6))
case(Circle, embeddings, np.array([0, 1, 0, 2, 1, 0]), {"gamma": 1.0}, reduction="mean_with_sample_weight",
     weights=random.uniform(0, 2, size=6))

with open("sequence_losses.json", "w") as file:
    json.dump({"cases": cases}, file, separators=(",", ":"))
    file.write("\n")
print(len(cases), [c["value"] for c in cases], [c["perSample"]["scalars"] for c in cases])
