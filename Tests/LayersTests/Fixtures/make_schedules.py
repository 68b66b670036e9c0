"""Writes schedules.json: the learning rates of Keras's schedules at many steps, in float64.

    KERAS_BACKEND=jax JAX_ENABLE_X64=1 python make_schedules.py
"""
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")
import keras
import numpy as np
from keras.optimizers import schedules as s

keras.config.set_floatx("float64")
STEPS = [0, 1, 2, 5, 9, 10, 11, 15, 20, 21, 29, 30, 31, 49, 70, 71, 99, 100, 101, 150, 1000]

CASES = [
    s.ExponentialDecay(0.1, 10, 0.5),
    s.ExponentialDecay(0.1, 10, 0.5, staircase=True),
    s.InverseTimeDecay(0.1, 10, 0.5),
    s.InverseTimeDecay(0.1, 10, 0.5, staircase=True),
    s.PiecewiseConstantDecay([10, 30, 100], [1.0, 0.5, 0.1, 0.01]),
    s.PolynomialDecay(0.1, 30),
    s.PolynomialDecay(0.1, 30, end_learning_rate=0.01, power=2.0, cycle=True),
    s.CosineDecay(0.1, 100),
    s.CosineDecay(0.1, 70, alpha=0.1, warmup_target=0.5, warmup_steps=20),
    s.CosineDecayRestarts(0.1, 10),
    s.CosineDecayRestarts(0.1, 10, t_mul=1.0, m_mul=0.9, alpha=0.1),
    s.CosineDecayRestarts(0.1, 7, t_mul=1.5, m_mul=0.5),
]

with open("schedules.json", "w") as file:
    json.dump({
        "steps": STEPS,
        "cases": [{
            "configuration": {k: v for k, v in s.serialize(case).items() if k != "build_config"},
            "rates": [float(np.array(case(step))) for step in STEPS],
        } for case in CASES],
    }, file)
