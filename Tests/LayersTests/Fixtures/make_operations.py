"""Operations as nodes of functional models as Keras writes and computes them, in float64: outputs and gradients.

    python make_operations.py        (Keras 3.15, JAX)
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import activations, ops
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(41)


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.15g}") for value in array.ravel()]}


def case(name, function, *shapes, offset=0.0):
    """Numbers between the offset and one more, without ties."""
    keras.backend.clear_session()
    shapes = shapes or ((2, 3),)
    inputs = [keras.Input(shape[1:], name=f"x{index}") for index, shape in enumerate(shapes)]
    model = keras.Model(inputs, function(*inputs), name="m")
    arrays = [jnp.asarray(np.round(random.uniform(0.05, 0.95, shape), 3) + offset) for shape in shapes]
    # Keras's own node of a norm fails on JAX, where its axes are a list.
    output, pullback = jax.vjp(function if "norm" in name else lambda *x: model(list(x)), *arrays)
    upstream = jnp.asarray(np.round(random.normal(size=output.shape), 3))
    configuration = json.loads(model.to_json())
    return {
        "name": name,
        "model": {key: configuration[key] for key in ["module", "class_name", "config"]},
        "inputs": [listed(x) for x in arrays],
        "output": listed(output),
        "upstream": listed(upstream),
        "gradients": [listed(x) for x in pullback(upstream)],
    }


pair = ((2, 3), (2, 3))
array = np.array([0.5, -2, 3])
cases = [
    case("x + 3", lambda x: x + 3),
    case("3 + x", lambda x: 3 + x),
    case("x - 0.5", lambda x: x - 0.5),
    case("0.5 - x", lambda x: 0.5 - x),
    case("x * (1 / 6)", lambda x: x * (1 / 6)),
    case("2 * x", lambda x: 2 * x),
    case("x / 4", lambda x: x / 4),
    case("4 / x", lambda x: 4 / x),
    case("x ** 2", lambda x: x**2),
    case("2 ** x", lambda x: 2**x),
    case("-x", lambda x: -x, offset=-0.5),
    case("abs(x)", lambda x: abs(x), offset=-0.5),
    case("x + y", lambda x, y: x + y, *pair),
    case("x - y", lambda x, y: x - y, *pair),
    case("x * y", lambda x, y: x * y, *pair),
    case("x / y", lambda x, y: x / y, *pair),
    case("x ** y", lambda x, y: x**y, *pair),
    case("x * x", lambda x: x * x),
    case("divide", ops.divide, *pair),
    case("maximum", ops.maximum, *pair),
    case("minimum", ops.minimum, *pair),
    case("maximum of a number", lambda x: ops.maximum(x, 0.5)),
    case("broadcasting", lambda x, y: x * y, (2, 3, 1), (2, 1, 4)),
    case("array", lambda x: x + array),
    case("array before", lambda x: ops.multiply(array, x)),
    case("array with the batch axis", lambda x: x / ops.convert_to_tensor(array.reshape(1, 3))),
    case("array that is wider", lambda x: x - array, (2, 2, 1)),
    case("clip", lambda x: ops.clip(x, 0.3, 0.7)),
    case("hard swish", lambda x: x * (activations.relu6(x + 3) * (1 / 6)), offset=-0.5),
    case("rectifier", lambda x: activations.relu(x), offset=-0.5),
    case("rectifier with parameters", lambda x: activations.relu(x, negative_slope=0.25, max_value=0.4, threshold=0.125),
         offset=-0.5),
    case("arccosh", ops.arccosh, offset=1.0),
    case("glu", ops.glu, (2, 4)),
    case("threshold", lambda x: ops.threshold(x, 0.5, 0.25)),
    case("softmax along axis 1", lambda x: ops.softmax(x, axis=1), (2, 3, 2)),
    case("squareplus", lambda x: ops.squareplus(x, b=2)),
    case("exact gelu", lambda x: activations.gelu(x), offset=-0.5),
]
plain = ("square sqrt rsqrt reciprocal exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh"
         " arcsinh arctanh sign floor ceil")
functions = ("relu relu6 sigmoid sparse_sigmoid softplus softsign soft_shrink sparse_plus silu log_sigmoid leaky_relu"
             " hard_sigmoid hard_silu elu selu gelu celu tanh_shrink hard_tanh hard_shrink softmax log_softmax")
cases += [case(name, getattr(ops, name)) for name in plain.split()]
cases += [case(name, getattr(ops, name), offset=-0.5) for name in functions.split()]
samples = (2, 4, 6)
two = (samples, samples)
shapes = {
    "x[:, 0]": lambda x: x[:, 0],
    "x[:, -1, :]": lambda x: x[:, -1, :],
    "x[..., None]": lambda x: x[..., None],
    "x[:, None]": lambda x: x[:, None],
    "x[:, 1:, ::2]": lambda x: x[:, 1:, ::2],
    "x[:, ::-2]": lambda x: x[:, ::-2],
    "x[:, :, -2:]": lambda x: x[:, :, -2:],
    "x[:, 3:0:-1, 5]": lambda x: x[:, 3:0:-1, 5],
    "x[..., 0]": lambda x: x[..., 0],
    "x[:, 0, 1]": lambda x: x[:, 0, 1],
    "take": lambda x: ops.take(x, [0, 2, 0], axis=1),
    "take one": lambda x: ops.take(x, 3, axis=-1),
    "reshape": lambda x: ops.reshape(x, (-1, 3, 8)),
    "reshape flat": lambda x: ops.reshape(x, (-1, 24)),
    "squeeze": lambda x: ops.squeeze(ops.expand_dims(x, (1, -1)), 1),
    "squeeze all": lambda x: ops.squeeze(x[:, :1]),
    "expand_dims": lambda x: ops.expand_dims(x, -1),
    "transpose": lambda x: ops.transpose(x, (0, 2, 1)),
    "swapaxes": lambda x: ops.swapaxes(x, 1, -1),
    "moveaxis": lambda x: ops.moveaxis(x[..., None], (1, 2), (-1, 1)),
    "moveaxis of one": lambda x: ops.moveaxis(x[:, None], 1, -1),
    "flip": lambda x: ops.flip(x, 1),
    "flip both": lambda x: ops.flip(x, (1, 2)),
    "roll": lambda x: ops.roll(x, 5, axis=1),
    "roll two": lambda x: ops.roll(x, (1, -2), axis=(1, 2)),
    "tile": lambda x: ops.tile(x, (1, 2, 3)),
    "tile the last": lambda x: ops.tile(x, [2]),
    "repeat": lambda x: ops.repeat(x, 3, axis=1),
    "pad": lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1))),
    "pad with a number": lambda x: ops.pad(x, ((0, 0), (1, 0), (2, 1)), constant_values=0.5),
    "pad by reflection": lambda x: ops.pad(x, ((0, 0), (3, 2), (0, 1)), mode="reflect"),
    "pad by symmetry": lambda x: ops.pad(x, ((0, 0), (4, 2), (0, 1)), mode="symmetric"),
    "split": lambda x: ops.multiply(*ops.split(x, 2, axis=-1)),
    "split at places": lambda x: ops.concatenate(ops.split(x, [1, 3], axis=1)[::-1], axis=1),
    "split unused": lambda x: ops.split(x, 3, axis=-1)[1],
    "array_split": lambda x: ops.concatenate(ops.array_split(x, 4, axis=2)[1:], axis=-1),
    "unstack": lambda x: ops.stack(ops.unstack(x, axis=1)[1:], axis=-1),
    "unstack with a number": lambda x: ops.unstack(x, 4, axis=1)[2],
    "cumsum": lambda x: ops.cumsum(x, axis=1),
}
for name in "sum mean max min prod var std logsumexp".split():
    function = getattr(ops, name)
    shapes[name] = lambda x, function=function: function(x, axis=1)
    shapes[f"{name} of axes"] = lambda x, function=function: function(x, axis=(-1, 1), keepdims=True)
shapes |= {
    "max with a number": lambda x: ops.max(x, axis=1, initial=0.7),
    "min with a number": lambda x: ops.min(x, axis=1, initial=0.1),
    "prod of zeros": lambda x: ops.prod(x * ops.cast(ops.greater(x, 0.2), "float64"), axis=1),
    "norm": lambda x: ops.norm(x, axis=-1),
    "norm 1": lambda x: ops.norm(x, ord=1, axis=-1, keepdims=True),
    "norm 3": lambda x: ops.norm(x, ord=3, axis=1),
    "norm of two axes": lambda x: ops.norm(x, axis=(1, 2)),
    "normalize": lambda x: ops.normalize(x, axis=-1),
    "normalize 1": lambda x: ops.normalize(x, axis=1, order=1, epsilon=0.25),
    "argmax": lambda x: x[:, 0] * ops.cast(ops.argmax(x, axis=1), "float64"),
    "argmin": lambda x: x[:, :1] * ops.cast(ops.argmin(x, axis=1, keepdims=True), "float64"),
    "any": lambda x: x[:, 0] * ops.cast(ops.any(ops.greater(x, 0.8), axis=1), "float64"),
    "all": lambda x: x[:, :1] * ops.cast(ops.all(ops.less(x, 0.8), axis=1, keepdims=True), "float64"),
    "cast": lambda x: x * ops.cast(x * 3, "int32"),
    "cast to truth values": lambda x: ops.where(ops.cast(x - 0.5, "bool"), x, 2.0),
    "round": lambda x: x * ops.round(x, 1),
    "round whole": lambda x: x * ops.round(x * 7),
    "one_hot": lambda x: x[..., None] * ops.one_hot(ops.cast(x * 4, "int32"), 3),
    "trunc": lambda x: x + ops.trunc(x * 5),
    "zeros_like": lambda x: ops.maximum(x, ops.zeros_like(x)),
    "ones_like": lambda x: x - ops.ones_like(x),
    "full_like": lambda x: x - ops.full_like(x, 0.5),
    "stop_gradient": lambda x: x * ops.stop_gradient(x),
    "isfinite": lambda x: ops.where(ops.isfinite(x), x, 0.0),
    "isnan": lambda x: ops.where(ops.isnan(x), 0.0, x),
    "isinf": lambda x: ops.where(ops.isinf(x), 0.0, x),
    "matmul of a constant": lambda x: ops.matmul(x, np.array([[1.0, 2], [3, 4], [5, 6], [0.5, 0], [0, 1], [2, 2]])),
    "matmul of a vector": lambda x: ops.matmul(x, np.array([1.0, 2, 3, 0.5, -1, 4])),
    "matmul before": lambda x: ops.matmul(np.array([[1.0, 2, 3, 4], [0.5, 0, -1, 1]]), x),
    "dot": lambda x: ops.dot(x, np.array([[1.0, 2], [3, 4], [5, 6], [0.5, 0], [0, 1], [2, 2]])),
    "einsum of one": lambda x: ops.einsum("bij->bji", x),
    "einsum that sums": lambda x: ops.einsum("bij->bj", x),
    "einsum of a constant": lambda x: ops.einsum("...i,ij->...j", x, np.arange(12.0).reshape(6, 2)),
    "einsum of constants": lambda x: ops.einsum("ik,kj,bti->btj", np.arange(12.0).reshape(6, 2), np.eye(2) + 1, x),
}
cases += [case(name, function, samples) for name, function in shapes.items()]
cases += [
    case("matmul", lambda x, y: ops.matmul(x, ops.swapaxes(y, 1, 2)), *two),
    case("@", lambda x, y: x @ y, (2, 3, 4, 2), (2, 1, 2, 5)),
    case("einsum", lambda x, y: ops.einsum("bij,bkj->bik", x, y), *two),
    case("einsum of matrices", lambda x, y: ops.einsum("bij,bjk->bik", x, y), (2, 3, 4), (2, 4, 2)),
    case("einsum of ranks", lambda x, y: ops.einsum("bij,bj->bi", x, y), (2, 3, 4), (2, 4)),
    case("einsum of three", lambda x, y: ops.einsum("bij,bjk,bi->bk", x, y, x[..., 0]), (2, 3, 4), (2, 4, 2)),
    case("concatenate", lambda x, y: ops.concatenate([x, y, x], axis=-1), *two),
    case("concatenate before", lambda x, y: ops.concatenate([x, y], axis=1), (2, 1, 6), samples),
    case("stack", lambda x, y: ops.stack([x, y], axis=1), *two),
    case("stack behind", lambda x, y: ops.stack([x, y], axis=-1), *two),
    case("where", lambda x, y: ops.where(ops.greater(x, 0.5), x, y), *two),
    case("where of a number", lambda x, y: ops.where(ops.less_equal(x, y), 0.0, x), *two),
    case("where that broadcasts", lambda x, y: ops.where(ops.greater(y, 0.5), x, y), samples, (2, 4, 1)),
    case("comparisons", lambda x, y: sum(x * ops.cast(compare(x, y), "float64") for compare in [
        ops.equal, ops.not_equal, ops.less, ops.greater_equal]), *two),
    case("logic", lambda x, y: sum(x * ops.cast(combine(x > 0.5, y > 0.5), "float64") for combine in [
        ops.logical_and, ops.logical_or, ops.logical_xor]) + ops.cast(ops.logical_not(x > 0.5), "float64"), *two),
    case("floor_divide", lambda x, y: x + 7 * x // y, *two),
    case("mod", lambda x, y: ops.mod(x * 7, y), *two),
    case("mod of a number", lambda x: (x * 7) % 2, samples, offset=-0.5),
    case("arctan2", ops.arctan2, *two, offset=-0.5),
]
text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(Path(__file__).parent / "operations.json").write_text(f"[{text}]\n")
