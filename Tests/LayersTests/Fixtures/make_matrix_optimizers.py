"""Writes matrix_optimizers.json and matrix_optimizers.npy: what optimizers of Keras that look at whole matrices, or keep the weight
itself, make of three weights in 20 steps, in float64; and what LossScaleOptimizer does with gradients of which some are infinite.

    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python make_matrix_optimizers.py        # with keras 3.15 and jax

matrix_optimizers.npy holds [case, step, element]: the elements of the weights one after another, and the loss scale, 1 where there is none.
"""
import json
import os

# Of ScheduleFreeAdamW that of JAX alone is the paper's: elsewhere the old base is the new one's memory.
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")

import keras
import numpy as np
from keras import ops, optimizers
from keras.optimizers import schedules
from keras.src.backend.common import dtypes

# Keras computes some results in single precision, whatever their operands are.
single = dtypes.result_type
dtypes.result_type = lambda *types: "float64" if any("float64" in str(t) for t in types) else single(*types)
keras.config.set_floatx("float64")
STEPS = 20
# Four rows: Keras takes the root of the larger length in single precision.
SHAPES = [(4, 3), (3,), (2, 2, 3)]
SIZES = [int(np.prod(s)) for s in SHAPES]

rng = np.random.default_rng(7)
initial = np.round(rng.normal(size=sum(SIZES)), 3)
gradients = np.round(rng.normal(size=(STEPS, sum(SIZES))) * np.exp(rng.normal(size=(STEPS, sum(SIZES)))), 3)
gradients[3, 2] = 0


def split(x):
    return [part.reshape(shape) for part, shape in zip(np.split(x, np.cumsum(SIZES)[:-1]), SHAPES)]


CASES = [
    ("Adafactor", [{}, dict(learning_rate=0.05, relative_step=False),
                   dict(learning_rate=0.5, beta_2_decay=-0.5, epsilon_1=1e-6, epsilon_2=0.1, clip_threshold=0.5),
                   dict(learning_rate=schedules.ExponentialDecay(0.1, 5, 0.5)),
                   dict(learning_rate=0.05, weight_decay=0.1, clipnorm=0.8, gradient_accumulation_steps=2)]),
    ("Muon", [{}, dict(learning_rate=0.02, nesterov=False, momentum=0.8, rms_rate=None),
              dict(learning_rate=0.05, ns_steps=3, adam_lr_ratio=0.5, adam_beta_1=0.8, adam_beta_2=0.9, epsilon=1e-3,
                   muon_a=3.0, muon_b=-4.0, muon_c=2.0),
              dict(learning_rate=0.02, weight_decay=0.2, adam_weight_decay=None, clipvalue=0.4),
              dict(learning_rate=0.02, weight_decay=None, use_ema=True, ema_momentum=0.8)]),
    ("ScheduleFreeAdamW", [{}, dict(learning_rate=0.05, beta_1=0.7, beta_2=0.9, epsilon=1e-3, warmup_steps=6),
                           dict(learning_rate=0.05, weight_decay=0.1, global_clipnorm=1.5)]),
]


def run(optimizer, infinite=()):
    weights = [keras.Variable(w, dtype="float64") for w in split(initial)]
    scales = isinstance(optimizer, optimizers.LossScaleOptimizer)
    optimizer.build(weights)
    rows = []

    def add():
        scale = float(np.array(optimizer.dynamic_scale.value)) if scales else 1.0
        rows.append(np.concatenate([np.array(w.value).ravel() for w in weights] + [[scale]]))

    for step in range(STEPS):
        g = gradients[step].copy()
        if step in infinite:
            g[5] = np.inf
        g = [ops.convert_to_tensor(x) for x in split(g)]
        if scales:  # with JAX, what depends on a condition keeps no state itself
            values, state = optimizer.stateless_apply(
                [v.value for v in optimizer.variables], g, [w.value for w in weights])
            for variable, value in zip(weights + optimizer.variables, list(values) + list(state)):
                variable.assign(value)
        else:
            optimizer.apply(g, weights)
        add()
    optimizer.finalize_variable_values(weights)
    add()
    return rows


cases, results = [], []


def add(optimizer, infinite=()):
    configuration = optimizers.serialize(optimizer)
    cases.append({
        "optimizer": {k: configuration[k] for k in ("module", "class_name", "config")}, "infinite": list(infinite)})
    results.append(run(optimizer, infinite))


for name, settings in CASES:
    for arguments in settings:
        add(getattr(optimizers, name)(**arguments))
for inner, infinite in [
    (optimizers.SGD(0.1, momentum=0.9), (4, 5, 11)),
    (optimizers.Adamax(0.05, global_clipnorm=0.05, weight_decay=0.1), (0, 9)),
    (optimizers.Adam(0.05, gradient_accumulation_steps=2, use_ema=True), (3, 12)),
]:
    add(optimizers.LossScaleOptimizer(inner, initial_scale=16.0, dynamic_growth_steps=3), infinite)

with open("matrix_optimizers.json", "w") as file:
    json.dump({
        "shapes": SHAPES, "initial": initial.tolist(), "gradients": gradients.ravel().tolist(), "cases": cases}, file)
np.save("matrix_optimizers.npy", np.array(results))
print(len(cases), "cases")
