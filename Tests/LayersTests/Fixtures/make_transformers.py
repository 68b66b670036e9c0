"""Five training steps of small transformers in float64: weights and losses.

    python make_transformers.py        (Keras 3.15, JAX)
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
from keras import layers
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


def dot_product_attention(query, key, value, bias=None, mask=None, *, scale, is_causal=False, **_):
    """JAX's, which computes scores in float32."""
    scores = jnp.einsum("btnh,bsnh->bnts", query, key) * scale
    rows, columns = scores.shape[-2:]
    allowed = jnp.ones((rows, columns), bool) if mask is None else mask
    allowed = allowed & jnp.tril(jnp.ones((rows, columns), bool)) if is_causal else allowed
    scores = jnp.where(allowed, scores, -0.7 * jnp.finfo(scores.dtype).max)
    return jnp.einsum("bnts,bsnh->btnh", jax.nn.softmax(scores, axis=-1), value)


jax.nn.dot_product_attention = dot_product_attention
random = np.random.default_rng(91)


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.17g}") for value in array.ravel()]}


def block(x, attention, **options):
    # MultiHeadAttention removes the masks of its inputs, also for layers that are called behind it: it gets tensors of its own.
    own = layers.Rescaling(1.0)(x)
    x = layers.LayerNormalization()(layers.Add()([x, attention(own, own, **options)]))
    y = layers.Dense(8)(layers.Dense(12, activation="gelu")(x))
    return layers.LayerNormalization(epsilon=1e-6)(layers.Add()([x, y]))


def embedded():
    words, places = keras.Input((7,)), keras.Input((7,))
    x = layers.Add()([layers.Embedding(11, 8, mask_zero=True)(words), layers.Embedding(8, 8, mask_zero=True)(places)])
    return [words, places], x


def encoder():
    inputs, x = embedded()
    x = block(x, layers.MultiHeadAttention(2, 4))
    x = block(x, layers.GroupQueryAttention(4, 2, 1))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling1D()(x)))


def decoder():
    inputs, x = embedded()
    x = block(x, layers.MultiHeadAttention(2, 3, output_shape=8), use_causal_mask=True)
    x = layers.Add()([x, layers.Attention(use_scale=True)([x, x])])
    return keras.Model(inputs, layers.Dense(11, activation="softmax")(x))


cases = []
for name, build in [("encoder", encoder), ("decoder", decoder)]:
    keras.backend.clear_session()
    keras.utils.set_random_seed(5)
    model = build()
    for variable in model.variables:
        variable.assign(np.round(np.asarray(variable) + random.normal(0, 0.1, variable.shape), 3))
    words = random.integers(1, 11, (4, 7))
    places = np.tile(np.arange(1, 8), (4, 1))
    for row, length in enumerate([7, 4, 5, 1]):
        words[row, length:] = places[row, length:] = 0
    targets = random.integers(0, 3, 4) if name == "encoder" else random.integers(0, 11, (4, 7))
    before = [listed(variable) for variable in model.variables]
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    losses = []
    for _ in range(5):
        losses.append(float(model.train_on_batch([words, places], targets)))
        for metric in model.metrics:
            metric.reset_state()
    configuration = json.loads(model.to_json())
    cases.append({
        "name": name, "model": {key: configuration[key] for key in ["module", "class_name", "config"]},
        "words": words.tolist(), "places": places.tolist(), "targets": np.ravel(targets).tolist(),
        "before": before, "after": [listed(variable) for variable in model.variables], "losses": losses})
path = Path(__file__).with_name("transformers.json")
path.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
print(path.stat().st_size)
