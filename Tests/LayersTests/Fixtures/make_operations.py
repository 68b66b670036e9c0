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
    output, pullback = jax.vjp(lambda *x: model(list(x)), *arrays)
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
text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(Path(__file__).parent / "operations.json").write_text(f"[{text}]\n")
