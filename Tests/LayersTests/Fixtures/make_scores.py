"""Writes scores.json: results over two batches of Keras's metrics at a constraint, of correlation, and of chosen classes.

    python make_scores.py        # with keras 3.15 and tensorflow
"""
import json
import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np

random = np.random.default_rng(8)
CLASSES = 4
SIZES = (12, 9)


def batches(make):
    return [make(n) for n in SIZES]


def probabilities(n):
    e = np.exp(random.normal(size=(n, CLASSES)))
    return e / e.sum(-1, keepdims=True)


binary = batches(lambda n: random.integers(0, 2, (n, 3)).astype(float))
labels = batches(lambda n: random.integers(0, CLASSES, n))
predictions = {
    "probabilities": batches(probabilities),
    "unit": [np.clip(0.6 * b + random.uniform(-0.2, 0.6, b.shape), 0, 1) for b in binary],
    "real": batches(lambda n: random.normal(size=(n, 5))),
}
targets = {
    "one-hot": [np.eye(CLASSES)[b] for b in labels],
    "binary": binary,
    "real": [0.5 * p + random.normal(size=p.shape) for p in predictions["real"]],
}
weights = batches(lambda n: random.uniform(0, 2, n))
M = keras.metrics
cases = []


def tensor(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "scalars": [float(f"{v:.9g}") for v in x.ravel()]}


def case(cls, prediction, target, weighted=True, **parameters):
    for with_weights in (False, True) if weighted else (False,):
        metric = cls(**parameters)
        for i in range(2):
            metric.update_state(
                targets[target][i], predictions[prediction][i], weights[i] if with_weights else None)
        result = np.atleast_1d(keras.ops.convert_to_numpy(metric.result()))
        configuration = metric.get_config()
        cases.append({
            "metric": cls.__name__, "name": metric.name, "parameters": parameters, "prediction": prediction,
            "target": target, "weighted": with_weights, "results": [float(v) for v in result],
        })


for cls, name in [(M.PrecisionAtRecall, "recall"), (M.RecallAtPrecision, "precision"),
                  (M.SensitivityAtSpecificity, "specificity"), (M.SpecificityAtSensitivity, "sensitivity")]:
    for value in (0.3, 0.8):
        case(cls, "unit", "binary", **{name: value})
    case(cls, "unit", "binary", num_thresholds=5, **{name: 0.6})
    case(cls, "unit", "binary", num_thresholds=1, **{name: 0.5})
    case(cls, "unit", "binary", class_id=1, **{name: 0.7})
    case(cls, "unit", "binary", **{name: 1.0})
case(M.PearsonCorrelation, "real", "real")
case(M.ConcordanceCorrelation, "real", "real")
case(M.BinaryIoU, "unit", "binary", weighted=False)
case(M.BinaryIoU, "unit", "binary", weighted=False, target_class_ids=[1], threshold=0.3)
case(M.OneHotIoU, "probabilities", "one-hot", weighted=False, num_classes=CLASSES, target_class_ids=[0, 2])
case(M.OneHotIoU, "probabilities", "one-hot", weighted=False, num_classes=CLASSES, target_class_ids=[1, 3], ignore_class=3)

with open("scores.json", "w") as file:
    json.dump({
        "predictions": {k: [tensor(b) for b in v] for k, v in predictions.items()},
        "targets": {k: [tensor(b) for b in v] for k, v in targets.items()},
        "weights": [tensor(b) for b in weights],
        "cases": cases,
    }, file, separators=(",", ":"))
    file.write("\n")
print(len(cases))
