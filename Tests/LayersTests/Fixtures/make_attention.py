"""Attention as Keras computes it: outputs, scores, gradients and weights, in float64.

    python make_attention.py        (Keras 3.15, JAX)

Masks are those of `Masking` before the layer, which leaves out steps of zeros.
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
random = np.random.default_rng(77)
shapes = {"query": (3, 4, 6), "value": (3, 5, 6), "key": (3, 5, 6)}


def numbers(*shape):
    return np.round(random.normal(size=shape), 2) + 0.001


def padded(*shape):
    """Sequences of which the second ends early, and the third has no step."""
    x = numbers(*shape)
    x[1, 2:] = 0
    x[2] = 0
    return x


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.15g}") for value in array.ravel()]}


cases = []


def case(name, layer, *inputs, masked=None, mask=None, **options):
    """inputs: query, value and perhaps key; mask: the argument attention_mask."""
    masked = masked or [False] * len(inputs)
    is_listed = isinstance(layer, layers.Attention)
    entries = [keras.Input(x.shape[1:]) for x in inputs]
    if len(inputs) == 1:
        tensors = entries * 2
        if masked[0]:
            tensors = [layers.Masking()(entries[0])] * 2
    else:
        tensors = [layers.Masking()(entry) if has else entry for entry, has in zip(entries, masked)]
    if mask is not None:
        entries.append(keras.Input(mask.shape[1:]))
        options["attention_mask"] = entries[-1]
    outputs = layer(tensors, **options) if is_listed else layer(*tensors, **options)
    model = keras.Model(entries, outputs)
    for variable in model.trainable_variables:
        variable.assign(numbers(*variable.shape) / 2)
    arrays = [jnp.array(x) for x in inputs] + ([jnp.array(mask)] if mask is not None else [])
    trained = [v.value for v in model.trainable_variables]
    weights = [listed(v.value) for v in layer.trainable_variables]

    def run(trained, arrays):
        outputs, _ = model.stateless_call(trained, [], arrays)
        return outputs if isinstance(outputs, (list, tuple)) else [outputs]

    upstream = [numbers(*output.shape) for output in run(trained, arrays)]
    loss = lambda trained, arrays: sum((o * u).sum() for o, u in zip(run(trained, arrays), upstream))
    gradients = jax.grad(loss, argnums=(0, 1))(trained, arrays)
    configuration = keras.saving.serialize_keras_object(layer)
    cases.append({
        "name": name, "configuration": json.dumps({k: configuration[k] for k in ["module", "class_name", "config"]}),
        "masked": masked, "isCausal": bool(options.get("use_causal_mask", False)), "takesMask": mask is not None,
        "returnsScores": bool(options.get("return_attention_scores", False)), "inputs": [listed(x) for x in arrays],
        "upstream": [listed(u) for u in upstream], "outputs": [listed(o) for o in run(trained, arrays)],
        "gradients": [listed(g) for g in gradients[1]], "paths": [v.path.split("/", 1)[1] for v in layer.trainable_variables],
        "weights": weights, "weightGradients": [listed(g) for g in gradients[0]]})


def query(): return numbers(*shapes["query"])
def value(): return numbers(*shapes["value"])


many = lambda **options: layers.MultiHeadAttention(2, 3, **options)
for scores in [{}, {"return_attention_scores": True}]:
    suffix = " with scores" if scores else ""
    case("MultiHeadAttention" + suffix, many(), query(), value(), **scores)
    case("MultiHeadAttention of itself" + suffix, many(value_dim=4 if scores else 3), query(), **scores)
    case("MultiHeadAttention with keys" + suffix, many(use_bias=False), query(), value(), value()[:, :, :4], **scores)
    case("MultiHeadAttention, causal" + suffix, many(output_shape=7), query(), use_causal_mask=True, **scores)
    case("MultiHeadAttention with a mask" + suffix, many(), query(), value(), mask=random.integers(0, 2, (3, 4, 5)) * 1.0, **scores)
    case("MultiHeadAttention of padding" + suffix, many(), padded(*shapes["query"]), padded(*shapes["value"]), masked=[True, True], **scores)
    case("MultiHeadAttention of padded keys" + suffix, many(), query(), padded(*shapes["value"]), padded(*shapes["value"])[:, :, :4], masked=[False, True, True], use_causal_mask=True, **scores)
    case("MultiHeadAttention with a window" + suffix, many(sliding_window=2), query(), **scores)
    case("MultiHeadAttention with a gate" + suffix, many(use_gate=True, output_shape=(2, 4)), query(), value(), **scores)
    case("MultiHeadAttention over images" + suffix, many(), numbers(2, 3, 2, 5), **scores)
    case("MultiHeadAttention along columns" + suffix, many(attention_axes=2), numbers(2, 3, 4, 5), numbers(2, 3, 2, 5), **scores)
    case("MultiHeadAttention along rows" + suffix, many(attention_axes=(1,)), numbers(2, 3, 4, 5), numbers(2, 2, 4, 5), **scores)
    case("GroupQueryAttention" + suffix, layers.GroupQueryAttention(3, 4, 2), query(), value(), **scores)
    case("GroupQueryAttention of itself" + suffix, layers.GroupQueryAttention(3, 4, 1, use_gate=True, sliding_window=3), query(), use_causal_mask=True, **scores)
    case("GroupQueryAttention of padding" + suffix, layers.GroupQueryAttention(2, 2, 2, use_bias=False), padded(*shapes["query"]), padded(*shapes["value"]), masked=[True, True], **scores)
    for mode in ["dot", "concat"]:
        of = lambda **options: layers.Attention(score_mode=mode, **options)
        case(f"Attention, {mode}" + suffix, of(), query(), value(), **scores)
        case(f"Attention, {mode}, with keys and a scale" + suffix, of(use_scale=True), query(), numbers(3, 5, 2), value(), **scores)
        case(f"Attention, {mode}, causal" + suffix, of(), query(), value(), use_causal_mask=True, **scores)
        case(f"Attention, {mode}, of padding" + suffix, of(), padded(*shapes["query"]), padded(*shapes["value"]), masked=[True, True], use_causal_mask=True, **scores)
    case("Attention of images" + suffix, layers.Attention(), numbers(2, 2, 3, 4), numbers(2, 2, 5, 4), **scores)
    case("AdditiveAttention" + suffix, layers.AdditiveAttention(), query(), value(), **scores)
    case("AdditiveAttention with keys" + suffix, layers.AdditiveAttention(use_scale=False), query(), numbers(3, 5, 2), value(), **scores)
    case("AdditiveAttention of padding" + suffix, layers.AdditiveAttention(), padded(*shapes["query"]), padded(*shapes["value"]), masked=[True, True], use_causal_mask=True, **scores)

path = Path(__file__).with_name("attention.json")
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(len(cases), path.stat().st_size)
