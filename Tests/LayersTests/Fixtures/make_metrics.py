"""Writes metrics.json: results of Keras's metrics over two batches.

    python make_metrics.py        # with keras 3.15 and torch
"""
import json
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

random = np.random.default_rng(4)
CLASSES = 4
SIZES = (6, 5)


def probabilities(n):
    e = np.exp(random.normal(size=(n, CLASSES)))
    return e / e.sum(-1, keepdims=True)


def batches(make):
    return [make(n) for n in SIZES]


def one_hot(labels):
    return [np.eye(CLASSES)[b] for b in labels]


labels = batches(lambda n: random.integers(0, CLASSES, n))
found = batches(lambda n: random.integers(0, CLASSES, n))
predictions = {
    "probabilities": batches(probabilities),
    "unit": batches(lambda n: random.uniform(0, 1, (n, 3))),
    "column": batches(lambda n: random.uniform(0, 1, (n, 1))),
    "real": batches(lambda n: random.normal(size=(n, 3))),
    "positive": batches(lambda n: random.uniform(0.1, 2, (n, 3))),
    "classes": found,
    "whole": batches(lambda n: random.integers(0, 3, (n, 3)).astype(float)),
}
targets = {
    "classes": labels,
    "one-hot": one_hot(labels),
    "binary": batches(lambda n: random.integers(0, 2, (n, 3)).astype(float)),
    "binary column": batches(lambda n: random.integers(0, 2, (n, 1)).astype(float)),
    "signs": batches(lambda n: random.integers(0, 2, (n, 3)) * 2.0 - 1),
    "real": batches(lambda n: random.normal(size=(n, 3))),
    "positive": batches(lambda n: random.uniform(0.1, 2, (n, 3))),
    "whole": batches(lambda n: random.integers(0, 3, (n, 3)).astype(float)),
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
        cases.append({
            "metric": cls.__name__, "name": metric.name, "parameters": parameters, "prediction": prediction,
            "target": target, "weighted": with_weights, "results": [float(v) for v in result],
        })


for cls in (M.MeanSquaredError, M.RootMeanSquaredError, M.MeanAbsoluteError, M.MeanAbsolutePercentageError,
            M.LogCoshError, M.CosineSimilarity):
    case(cls, "real", "real")
case(M.MeanSquaredLogarithmicError, "positive", "positive")
case(M.Poisson, "positive", "positive")
case(M.Hinge, "real", "signs")
case(M.SquaredHinge, "real", "signs")
case(M.CategoricalHinge, "probabilities", "one-hot")
case(M.KLDivergence, "probabilities", "one-hot")
case(M.BinaryCrossentropy, "unit", "binary", label_smoothing=0.1)
case(M.CategoricalCrossentropy, "probabilities", "one-hot", from_logits=True)
case(M.SparseCategoricalCrossentropy, "probabilities", "classes")
case(M.BinaryAccuracy, "unit", "binary", weighted=False)
case(M.BinaryAccuracy, "column", "binary column", threshold=0.3)
case(M.CategoricalAccuracy, "probabilities", "one-hot")
case(M.SparseCategoricalAccuracy, "probabilities", "classes")
case(M.TopKCategoricalAccuracy, "probabilities", "one-hot", k=2)
case(M.SparseTopKCategoricalAccuracy, "probabilities", "classes", k=3)
for cls in (M.TruePositives, M.TrueNegatives, M.FalsePositives, M.FalseNegatives):
    case(cls, "unit", "binary", thresholds=[0.2, 0.5, 0.8])
for cls in (M.Precision, M.Recall):
    case(cls, "unit", "binary")
    case(cls, "column", "binary column", thresholds=0.3)
    case(cls, "probabilities", "one-hot", top_k=2)
    case(cls, "probabilities", "one-hot", class_id=1, thresholds=[0.1, 0.4])
for average in (None, "micro", "macro", "weighted"):
    case(M.F1Score, "probabilities", "one-hot", average=average)
case(M.FBetaScore, "unit", "binary", average="macro", beta=2.0, threshold=0.4)
for curve in ("ROC", "PR"):
    for method in ("interpolation", "minoring", "majoring"):
        case(M.AUC, "column", "binary column", curve=curve, summation_method=method)
case(M.AUC, "real", "binary", from_logits=True, num_thresholds=50)
case(M.R2Score, "real", "real")
case(M.R2Score, "real", "real", class_aggregation="variance_weighted_average", num_regressors=2)
case(M.R2Score, "real", "real", class_aggregation=None)
case(M.MeanIoU, "classes", "classes", weighted=False, num_classes=CLASSES)
case(M.MeanIoU, "classes", "classes", weighted=False, num_classes=CLASSES, ignore_class=2)
case(M.IoU, "classes", "classes", weighted=False, num_classes=CLASSES, target_class_ids=[0, 3])
case(M.OneHotMeanIoU, "probabilities", "one-hot", weighted=False, num_classes=CLASSES)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.json"), "w") as file:
    json.dump({
        "predictions": {k: [tensor(b) for b in v] for k, v in predictions.items()},
        "targets": {k: [tensor(b) for b in v] for k, v in targets.items()},
        "weights": [tensor(b) for b in weights],
        "cases": cases,
    }, file, separators=(",", ":"))
    file.write("\n")
