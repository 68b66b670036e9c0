"""The list of the corpus's models, and samples for them."""

import zlib

import keras
import numpy as np

MODELS = {}
COUNT = 3


def example(function=None, **saving):
    """Adds a function that returns a model and its samples, in the order of the model's inputs.

    `h5=True` saves the model in the format of Keras 2; `eager=True` computes without compilation, which lookups do not
    support; `half=True` says that Keras computes in half precision, whose digits alone are compared.
    """
    if function is None:
        return lambda function: example(function, **saving)
    assert function.__name__ not in MODELS, function.__name__
    MODELS[function.__name__] = (function, saving)
    return function


def build(name):
    """The model with drawn weights, its samples and how it is saved; the same each time."""
    function, saving = MODELS[name]
    keras.backend.clear_session(free_memory=False)
    seed = zlib.crc32(name.encode())
    keras.utils.set_random_seed(seed)
    model, *samples = function()
    draw(model, np.random.default_rng(seed))
    return model, samples, saving


def draw(model, random):
    """Draws what initializers leave constant, such as biases, scales and moving statistics."""
    for variable in model.variables:
        name, value = variable.path.rsplit("/", 1)[-1], np.asarray(variable)
        # Those of Normalization are adapted to data.
        if name in ("mean", "variance", "count") or value.dtype.kind == "u" or value.min() != value.max():
            continue
        is_scale = name in ("moving_variance", "gamma", "scale")
        variable.assign(random.uniform(0.5, 1.5, value.shape) if is_scale else random.normal(0, 0.2, value.shape))


def numbers(*shape, count=COUNT, seed=1):
    return np.random.default_rng(seed).normal(0, 1, (count, *shape)).astype("float32")


def fractions(*shape, count=COUNT, seed=2):
    """Numbers from 0 to 1, such as the pixels of pictures."""
    return np.random.default_rng(seed).uniform(0, 1, (count, *shape)).astype("float32")


def pixels(*shape, count=COUNT, seed=3):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape)).astype("float32")


def ids(*shape, below, count=COUNT, seed=4, padded=False):
    """Integers from 1; `padded` rows end in zeros, each in another number of them."""
    values = np.random.default_rng(seed).integers(1, below, (count, *shape)).astype("int32")
    if padded:
        for row in range(count):
            values[row, shape[0] - row * shape[0] // (count + 1):] = 0
    return values
