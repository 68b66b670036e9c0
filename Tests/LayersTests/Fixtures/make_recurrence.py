"""Writes recurrence.json: recurrent layers as Keras computes them, in float64, with states, masks, directions, and the gradients of
a weighted sum of all outputs.

usage: KERAS_BACKEND=jax python make_recurrence.py
"""
import json
import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
generator = np.random.default_rng(16)
BATCH, STEPS, FEATURES = 3, 5, 4
cases = []


def tensor(x):
    x = np.asarray(x, "float64")
    return {"shape": list(x.shape), "scalars": [float(f"{v:.14g}") for v in x.ravel()]}


def case(name, layer, shape=(STEPS, FEATURES), mask=None, states=0, state_shape=None):
    """A layer on normal numbers, with normal initial states where there are to be some."""
    x = generator.standard_normal((BATCH,) + shape)
    layer.build((BATCH,) + shape)
    for variable in layer.trainable_variables:
        variable.assign(generator.standard_normal(variable.shape) * 0.5)
    cell = getattr(layer, "cell", None)
    units = getattr(cell, "units", 3)
    initial = [generator.standard_normal((BATCH,) + (state_shape or (units,))) for _ in range(states)]
    kwargs = {}
    if mask is not None:
        kwargs["mask"] = jnp.asarray(mask)

    def outputs(values, x, initial):
        given = {"initial_state": list(initial)} if states else {}
        result, _ = layer.stateless_call(values, [v.value for v in layer.non_trainable_variables], x, **kwargs, **given)
        return [result] if not isinstance(result, (list, tuple)) else list(jax.tree_util.tree_leaves(result))

    values = [jnp.asarray(v.value) for v in layer.trainable_variables]
    found = outputs(values, jnp.asarray(x), initial)
    upstream = [generator.standard_normal(o.shape) for o in found]

    def loss(values, x, initial):
        return sum(jnp.sum(o * u) for o, u in zip(outputs(values, x, initial), upstream))

    by_values, by_x, by_states = jax.grad(loss, (0, 1, 2))(values, jnp.asarray(x), [jnp.asarray(s) for s in initial])
    cases.append({
        "name": name,
        "configuration": json.dumps(keras.saving.serialize_keras_object(layer)),
        "mask": mask.tolist() if mask is not None and mask.ndim == 2 else None,
        "words": mask.tolist() if mask is not None and mask.ndim == 3 else None,
        "weights": [tensor(v) for v in values],
        "inputs": [tensor(x)] + [tensor(s) for s in initial],
        "outputs": [tensor(o) for o in found],
        "upstream": [tensor(u) for u in upstream],
        "inputGradients": [tensor(by_x)] + [tensor(g) for g in by_states],
        "weightGradients": [tensor(g) for g in by_values],
    })


mixed = np.array([[True] * 5, [True, True, False, False, False], [False, True, True, False, True]])
lefts = np.array([[False, False, True, True, True], [True] * 5, [False, True, True, True, True]])

for kind, states in ((layers.SimpleRNN, 1), (layers.LSTM, 2), (layers.GRU, 1)):
    n = kind.__name__
    case(f"{n}", kind(3))
    case(f"{n} sequences", kind(3, return_sequences=True))
    case(f"{n} states", kind(6, return_sequences=True, return_state=True), states=states)
    case(f"{n} backwards", kind(3, return_sequences=True, return_state=True, go_backwards=True), states=states)
    case(f"{n} mask", kind(3, return_sequences=True, return_state=True), mask=mixed, states=states)
    case(f"{n} left mask backwards", kind(5, return_state=True, go_backwards=True), mask=lefts, states=states)
    case(f"{n} zero output", kind(3, return_sequences=True, zero_output_for_mask=True), mask=mixed)
    case(f"{n} zero last output", kind(3, zero_output_for_mask=True), mask=mixed)
    case(f"{n} without bias", kind(3, use_bias=False, return_sequences=True))
    case(f"{n} relu", kind(3, activation="relu", return_sequences=True))
    case(f"{n} gelu", kind(3, activation="gelu", return_sequences=True, return_state=True), mask=mixed, states=states)
    case(f"{n} one step", kind(3, return_sequences=True), shape=(1, FEATURES))
    case(f"{n} wide", kind(37, return_sequences=True), shape=(3, 2))
case("LSTM hard sigmoid", layers.LSTM(3, recurrent_activation="hard_sigmoid", activation="softsign", return_sequences=True))
case("LSTM linear", layers.LSTM(3, recurrent_activation="linear", activation="linear", return_sequences=True))
case("GRU early reset", layers.GRU(3, reset_after=False, return_sequences=True, return_state=True), states=1, mask=mixed)
case("GRU early reset backwards", layers.GRU(3, reset_after=False, go_backwards=True, use_bias=False))
case("GRU early reset silu", layers.GRU(3, reset_after=False, activation="silu", return_sequences=True))
case("GRU hard sigmoid", layers.GRU(3, recurrent_activation="hard_sigmoid", activation="elu", return_sequences=True))
case("RNN of an LSTMCell", layers.RNN(layers.LSTMCell(3), return_sequences=True, return_state=True), states=2)
case("RNN stacked", layers.RNN([layers.LSTMCell(3), layers.GRUCell(4), layers.SimpleRNNCell(2)], return_sequences=True))
case("RNN stacked mask", layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(4)], return_sequences=True), mask=mixed)
case("RNN stacked states", layers.RNN([layers.GRUCell(3), layers.LSTMCell(4)], return_state=True, go_backwards=True))
for mode in ("concat", "sum", "mul", "ave", None):
    case(f"Bidirectional {mode}", layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode=mode))
case("Bidirectional last", layers.Bidirectional(layers.GRU(3)))
case("Bidirectional mask", layers.Bidirectional(layers.LSTM(3, return_sequences=True)), mask=mixed)
case("Bidirectional last mask", layers.Bidirectional(layers.LSTM(3), merge_mode="sum"), mask=lefts)
case("Bidirectional states", layers.Bidirectional(layers.GRU(3, return_sequences=True, return_state=True)), states=2)
case("Bidirectional two kinds", layers.Bidirectional(layers.LSTM(3), backward_layer=layers.GRU(3, go_backwards=True), merge_mode="ave"))
case("TimeDistributed Dense", layers.TimeDistributed(layers.Dense(3, activation="tanh")))
case("TimeDistributed Conv2D", layers.TimeDistributed(layers.Conv2D(2, 2, activation="relu")), shape=(3, 4, 4, 2))
case("TimeDistributed LSTM", layers.TimeDistributed(layers.LSTM(2)), shape=(3, 4, 2))
case("ConvLSTM1D", layers.ConvLSTM1D(2, 3, return_sequences=True, return_state=True), shape=(3, 6, 2), states=2, state_shape=(4, 2))
case("ConvLSTM1D same", layers.ConvLSTM1D(2, 2, padding="same", strides=2, go_backwards=True), shape=(3, 5, 2))
case("ConvLSTM2D", layers.ConvLSTM2D(2, 2, return_sequences=True, activation="relu", recurrent_activation="hard_sigmoid"), shape=(3, 4, 5, 2))
case("ConvLSTM2D dilation", layers.ConvLSTM2D(2, 2, dilation_rate=2, use_bias=False), shape=(2, 4, 4, 1))
case("ConvLSTM3D", layers.ConvLSTM3D(2, 2, padding="same"), shape=(2, 3, 2, 3, 2))
case("Bidirectional turned round", layers.Bidirectional(
    layers.LSTM(3, return_sequences=True, go_backwards=True), backward_layer=layers.GRU(3, return_sequences=True)))
words = np.array([[[True, True, False, False], [True] * 4, [False] * 4]] * BATCH)
words[1, 0] = [False, True, True, False]
case("TimeDistributed LSTM mask", layers.TimeDistributed(layers.LSTM(2)), shape=(3, 4, 2), mask=words)
print(len(cases), "cases")
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "recurrence.json"), "w") as file:
    json.dump(cases, file, separators=(",", ":"))
