"""Writes optimizers.json and optimizers.npy: what the optimizers of Keras make of two weights in 20 steps, in float64.

    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python make_optimizers.py

optimizers.npy holds [case, step, element], the elements of the [2, 2] weight before those of the [3] one.
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")
import keras
import numpy as np
from keras import optimizers, ops
from keras.optimizers import schedules

keras.config.set_floatx("float64")
STEPS = 20
SHAPES = [(2, 2), (3,)]

rng = np.random.default_rng(4)
initial = np.round(rng.normal(size=7), 3)
gradients = np.round(rng.normal(size=(STEPS, 7)) * np.exp(rng.normal(size=(STEPS, 7))), 3)
gradients[3, 2] = 0


def split(x):
    return [x[:4].reshape(2, 2), x[4:]]


SHARED = {
    "weight_decay": dict(weight_decay=0.1),
    "clipnorm": dict(clipnorm=0.8),
    "clipvalue": dict(clipvalue=0.4),
    "global_clipnorm": dict(global_clipnorm=1.5),
    "use_ema": dict(use_ema=True, ema_momentum=0.8),
    "ema_overwrite": dict(use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=3),
    "loss_scale": dict(loss_scale_factor=8.0),
    "accumulation": dict(gradient_accumulation_steps=3),
    "all": dict(weight_decay=0.05, global_clipnorm=0.5, use_ema=True, ema_overwrite_frequency=2, loss_scale_factor=2.0,
                gradient_accumulation_steps=4),
}

CASES = [
    ("SGD", [{}, dict(learning_rate=0.1, momentum=0.9), dict(learning_rate=0.1, momentum=0.9, nesterov=True)]),
    ("RMSprop", [{}, dict(momentum=0.5), dict(centered=True, rho=0.8, epsilon=1e-3),
                 dict(centered=True, momentum=0.9, learning_rate=0.02)]),
    ("Adagrad", [{}, dict(learning_rate=0.1, initial_accumulator_value=0.0, epsilon=1e-4)]),
    ("Adadelta", [{}, dict(learning_rate=1.0, rho=0.9, epsilon=1e-3)]),
    ("Adam", [{}, dict(amsgrad=True, beta_2=0.8, learning_rate=0.05), dict(beta_1=0.5, epsilon=0.1)]),
    ("AdamW", [{}, dict(weight_decay=0.2, learning_rate=0.02), dict(amsgrad=True)]),
    ("Adamax", [{}, dict(learning_rate=0.05, beta_1=0.7, beta_2=0.9)]),
    ("Nadam", [{}, dict(learning_rate=0.05, beta_1=0.7, beta_2=0.9, epsilon=1e-3)]),
    ("Lion", [{}, dict(learning_rate=0.01, beta_1=0.5, beta_2=0.7)]),
    ("Ftrl", [{}, dict(learning_rate=0.1, l1_regularization_strength=0.5, l2_regularization_strength=0.1,
                       l2_shrinkage_regularization_strength=0.05, beta=0.2),
              dict(learning_rate=0.1, learning_rate_power=-0.3, initial_accumulator_value=0.3)]),
    ("Lamb", [{}, dict(learning_rate=0.1, beta_1=0.7)]),
]


def run(optimizer):
    weights = [keras.Variable(w, dtype="float64") for w in split(initial)]
    rows = []
    for step in range(STEPS):
        optimizer.apply([ops.convert_to_tensor(g) for g in split(gradients[step])], weights)
        rows.append(np.concatenate([np.array(w.value).ravel() for w in weights]))
    optimizer.finalize_variable_values(weights)
    rows.append(np.concatenate([np.array(w.value).ravel() for w in weights]))
    return rows


cases, results = [], []


def add(name, arguments):
    optimizer = getattr(optimizers, name)(**arguments)
    configuration = optimizers.serialize(optimizer)
    cases.append({k: configuration[k] for k in ("module", "class_name", "config")})
    results.append(run(optimizer))


for name, settings in CASES:
    for arguments in settings:
        add(name, arguments)
for shared in SHARED.values():
    add("SGD", dict(learning_rate=0.1, momentum=0.9, **shared))
    add("Adam", dict(learning_rate=0.05, **shared))
add("Nadam", dict(learning_rate=0.05, **SHARED["all"]))
add("Lamb", dict(learning_rate=0.05, **SHARED["all"]))
add("Adam", dict(learning_rate=schedules.CosineDecay(0.1, 12, warmup_target=0.2, warmup_steps=4)))
add("SGD", dict(learning_rate=schedules.ExponentialDecay(0.1, 5, 0.5), gradient_accumulation_steps=2))

with open("optimizers.json", "w") as file:
    json.dump({"initial": initial.tolist(), "gradients": gradients.ravel().tolist(), "cases": cases}, file)
np.save("optimizers.npy", np.array(results))
print(len(cases), "cases")
