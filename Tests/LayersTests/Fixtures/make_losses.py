"""Writes losses.json: values and gradients of Keras's losses, in double.

    python make_losses.py        # with keras 3.15 and torch
"""
import json
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras.src.backend.common import dtypes

# Keras takes means in single precision, whatever its operands are.
single = dtypes.result_type
dtypes.result_type = lambda *types: "float64" if any("float64" in str(t) for t in types) else single(*types)
keras.config.set_floatx("float64")
random = np.random.default_rng(3)
BATCH, CLASSES = 5, 4
SHAPE = (BATCH, CLASSES)


def probabilities(shape):
    e = np.exp(random.normal(size=shape))
    return e / e.sum(-1, keepdims=True)


classes = np.array([2, 0, 3, 3, 1])
predictions = {
    "real": random.normal(size=SHAPE) * 2,
    "positive": random.uniform(0.1, 3, size=SHAPE),
    "unit": random.uniform(0.02, 0.98, size=SHAPE),
    "probabilities": probabilities(SHAPE),
    "scores": random.uniform(0.1, 3, size=SHAPE),  # rows that do not sum to 1
    "column": random.normal(size=(BATCH, 1)),
    "unit column": random.uniform(0.02, 0.98, size=(BATCH, 1)),
    "deep": random.normal(size=(2, 3, CLASSES)),
}
targets = {
    "real": random.normal(size=SHAPE) * 2,
    "positive": random.uniform(0.1, 3, size=SHAPE),
    "binary": random.integers(0, 2, size=SHAPE).astype(float),
    "signs": random.integers(0, 2, size=SHAPE) * 2.0 - 1,
    "distribution": probabilities(SHAPE),
    "one-hot": np.eye(CLASSES)[classes],
    "classes": classes,
    "some ignored": np.array([2, -1, 3, -1, 1]),
    "flat": random.normal(size=BATCH),
    "binary column": random.integers(0, 2, size=(BATCH, 1)).astype(float),
    "deep classes": random.integers(0, CLASSES, size=(2, 3)),
    "deep": random.normal(size=(2, 3, CLASSES)),
}
weights = {
    "batch": random.uniform(0, 2, size=BATCH),
    "deep": random.uniform(0, 2, size=(2, 3)),
}

K = keras.losses
SUM, MEAN, WEIGHTED = "sum", "sum_over_batch_size", "mean_with_sample_weight"
cases = []


def case(cls, prediction, target, parameters={}, reduction=MEAN, weight=None):
    p = torch.tensor(predictions[prediction], dtype=torch.float64, requires_grad=True)
    y = targets[target]
    w = None if weight is None else weights[weight]
    per_sample = cls(reduction="none", dtype="float64", **parameters)(y, p)
    value = cls(reduction=reduction, dtype="float64", **parameters)(y, p, sample_weight=w)
    value.sum().backward()
    cases.append({
        "loss": cls.__name__, "parameters": {**parameters, "reduction": reduction}, "prediction": prediction,
        "target": target, "weights": weight, "value": value.sum().item(), "perSample": tensor(per_sample.detach().numpy()),
        "gradient": tensor(p.grad.numpy()),
    })


def tensor(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "scalars": [float(f"{v:.15g}") for v in x.ravel()]}


for cls, p, y in [
    (K.MeanSquaredError, "real", "real"), (K.MeanAbsoluteError, "real", "real"),
    (K.MeanAbsolutePercentageError, "real", "real"), (K.MeanSquaredLogarithmicError, "positive", "positive"),
    (K.Huber, "real", "real"), (K.LogCosh, "real", "real"), (K.CosineSimilarity, "real", "real"),
    (K.Hinge, "real", "signs"), (K.Hinge, "real", "binary"), (K.SquaredHinge, "real", "binary"),
    (K.CategoricalHinge, "real", "one-hot"), (K.KLDivergence, "probabilities", "distribution"),
    (K.Poisson, "positive", "positive"), (K.BinaryCrossentropy, "unit", "binary"),
    (K.BinaryFocalCrossentropy, "unit", "binary"), (K.CategoricalCrossentropy, "probabilities", "one-hot"),
    (K.CategoricalCrossentropy, "scores", "distribution"), (K.CategoricalFocalCrossentropy, "scores", "one-hot"),
    (K.SparseCategoricalCrossentropy, "scores", "classes"),
    (K.CategoricalGeneralizedCrossEntropy, "probabilities", "classes"), (K.Dice, "unit", "binary"),
    (K.Tversky, "unit", "binary"),
]:
    case(cls, p, y)
    if cls not in (K.Dice, K.Tversky):
        case(cls, p, y, reduction=WEIGHTED, weight="batch")

case(K.Huber, "real", "real", {"delta": 0.4}, SUM)
case(K.BinaryCrossentropy, "unit", "binary", {"label_smoothing": 0.1})
case(K.BinaryCrossentropy, "real", "binary", {"from_logits": True})
case(K.BinaryCrossentropy, "real", "binary", {"from_logits": True, "label_smoothing": 0.1}, weight="batch")
case(K.BinaryCrossentropy, "unit column", "binary column")
case(K.BinaryFocalCrossentropy, "unit", "binary",
     {"apply_class_balancing": True, "alpha": 0.3, "gamma": 1.5, "label_smoothing": 0.1})
case(K.BinaryFocalCrossentropy, "real", "binary", {"from_logits": True}, weight="batch")
case(K.CategoricalCrossentropy, "scores", "one-hot", {"label_smoothing": 0.1})
case(K.CategoricalCrossentropy, "real", "one-hot", {"from_logits": True})
case(K.CategoricalCrossentropy, "real", "distribution", {"from_logits": True, "label_smoothing": 0.1}, weight="batch")
case(K.CategoricalFocalCrossentropy, "scores", "distribution", {"alpha": 0.5, "gamma": 1.5, "label_smoothing": 0.1})
case(K.CategoricalFocalCrossentropy, "real", "one-hot", {"from_logits": True}, weight="batch")
case(K.SparseCategoricalCrossentropy, "real", "classes", {"from_logits": True}, SUM, "batch")
case(K.SparseCategoricalCrossentropy, "scores", "some ignored", {"ignore_class": -1})
case(K.SparseCategoricalCrossentropy, "real", "some ignored", {"from_logits": True, "ignore_class": -1}, weight="batch")
case(K.SparseCategoricalCrossentropy, "deep", "deep classes", {"from_logits": True}, weight="deep")
case(K.CategoricalGeneralizedCrossEntropy, "probabilities", "classes", {"q": 0.8})
case(K.Tversky, "unit", "binary", {"alpha": 0.3, "beta": 0.9})
case(K.Tversky, "unit", "binary", {"alpha": 0.3, "beta": 0.9, "axis": [1]})
case(K.Dice, "unit", "binary", {"axis": [1]}, weight="batch")
case(K.MeanSquaredError, "deep", "deep", reduction=SUM, weight="deep")
case(K.MeanSquaredError, "column", "flat", weight="batch")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "losses.json"), "w") as file:
    json.dump({
        "predictions": {k: tensor(v) for k, v in predictions.items()},
        "targets": {k: tensor(v) for k, v in targets.items()},
        "weights": {k: tensor(v) for k, v in weights.items()},
        "cases": cases,
    }, file, separators=(",", ":"))
    file.write("\n")
