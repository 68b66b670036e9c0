"""Writes penalties.json: Keras's regularizers with their gradients, and its constraints, in float64.

    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python make_penalties.py
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")
import jax
import keras
import numpy as np
from keras import constraints, regularizers

keras.config.set_floatx("float64")
rng = np.random.default_rng(5)


def tensor(x):
    x = np.asarray(x)
    return {"shape": list(x.shape), "scalars": [float(v) for v in x.ravel()]}


def configuration(value):
    return {"class_name": type(value).__name__, "config": value.get_config()}


matrix = np.round(rng.normal(size=(3, 4)), 3)
cube = np.round(rng.normal(size=(2, 3, 2)), 3)
short = matrix.copy()
short[1] = 0
penalties, limits = [], []
for x in [matrix, cube, short]:
    for regularizer in [
        regularizers.L1(0.02), regularizers.L2(0.03), regularizers.L1L2(l1=0.1, l2=0.2),
        regularizers.OrthogonalRegularizer(0.5), regularizers.OrthogonalRegularizer(0.5, mode="columns"),
    ]:
        if x.ndim != 2 and isinstance(regularizer, regularizers.OrthogonalRegularizer):
            continue
        if x is short and isinstance(regularizer, (regularizers.L1, regularizers.L1L2)):
            continue  # jax takes 1 for the slope of |x| at 0, torch and this package 0
        penalty, gradient = jax.value_and_grad(regularizer)(jax.numpy.array(x))
        penalties.append({
            "configuration": configuration(regularizer), "x": tensor(x), "penalty": penalty.item(),
            "gradient": tensor(np.nan_to_num(gradient)),  # NaN where a row is 0, which has no direction
        })
for x in [matrix * 3, cube, short]:
    for constraint in [
        constraints.MaxNorm(1.5), constraints.MaxNorm(1.2, axis=1), constraints.MaxNorm(2, axis=[0, 1]),
        constraints.MinMaxNorm(0.5, 1.5), constraints.MinMaxNorm(1.0, 2.0, rate=0.3, axis=-1), constraints.UnitNorm(),
        constraints.NonNeg(),
    ]:
        limits.append({
            "configuration": configuration(constraint), "x": tensor(x),
            "result": tensor(constraint(jax.numpy.array(x))),
        })
with open("penalties.json", "w") as file:
    json.dump({"regularizers": penalties, "constraints": limits}, file)
