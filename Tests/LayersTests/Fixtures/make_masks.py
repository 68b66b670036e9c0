"""What Keras makes of masks: which layers keep them, what they compute with them, and how models are trained with them, in float64.

    python make_masks.py        (Keras 3.15, JAX)

Not by PyTorch: there, Keras multiplies the caller's sample weights by the mask in place, for the loss, and weighted metrics see the product.
"""

import json
import os
import warnings
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras import layers
from keras.src import backend
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
from keras.src.backend.common import dtypes

warnings.simplefilter("ignore")
keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(31)


def numbers(*shape):
    return np.round(random.normal(size=shape), 2) + 0.001


def padded(*shape, value=0.0):
    """Sequences whose ends, and one step in the middle, are a value."""
    x = numbers(*shape)
    for sample in range(shape[0]):
        x[sample, shape[1] - sample % shape[1] :] = value
    x[0, 1] = value
    return x


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.15g}") for value in array.ravel()]}


def mask_of(tensor):
    mask = backend.get_keras_mask(tensor)
    return None if mask is None else listed(mask)


# Layers of one input.

sequence = padded(4, 3, 4)
images = padded(4, 3, 2, 4)
volumes = padded(4, 3, 2, 2, 4)
kept = {
    "Dense": layers.Dense(2),
    "Dense with PReLU": layers.Dense(2, activation=layers.PReLU()),
    "EinsumDense": layers.EinsumDense("abc,cd->abd", (None, 3)),
    "Activation": layers.Activation("gelu"),
    "ReLU": layers.ReLU(),
    "LeakyReLU": layers.LeakyReLU(),
    "ELU": layers.ELU(),
    "PReLU": layers.PReLU(),
    "BatchNormalization": layers.BatchNormalization(),
    "LayerNormalization": layers.LayerNormalization(),
    "GroupNormalization": layers.GroupNormalization(groups=2),
    "RMSNormalization": layers.RMSNormalization(),
    "UnitNormalization": layers.UnitNormalization(),
    "Normalization": layers.Normalization(mean=1.0, variance=4.0),
    "Rescaling": layers.Rescaling(2.0),
    "Dropout": layers.Dropout(0.5),
    "SpatialDropout1D": layers.SpatialDropout1D(0.5),
    "SpatialDropout2D": layers.SpatialDropout2D(0.5),
    "SpatialDropout3D": layers.SpatialDropout3D(0.5),
    "AlphaDropout": layers.AlphaDropout(0.5),
    "GaussianDropout": layers.GaussianDropout(0.5),
    "GaussianNoise": layers.GaussianNoise(0.5),
    "ActivityRegularization": layers.ActivityRegularization(0.5),
    "Conv1D": layers.Conv1D(2, 1),
    "Conv2D": layers.Conv2D(2, 1),
    "Conv3D": layers.Conv3D(2, 1),
    "Conv1DTranspose": layers.Conv1DTranspose(2, 1),
    "Conv2DTranspose": layers.Conv2DTranspose(2, 1),
    "Conv3DTranspose": layers.Conv3DTranspose(2, 1),
    "DepthwiseConv1D": layers.DepthwiseConv1D(1),
    "DepthwiseConv2D": layers.DepthwiseConv2D(1),
    "SeparableConv1D": layers.SeparableConv1D(2, 1),
    "SeparableConv2D": layers.SeparableConv2D(2, 1),
    "MaxPooling1D": layers.MaxPooling1D(),
    "MaxPooling2D": layers.MaxPooling2D(),
    "MaxPooling3D": layers.MaxPooling3D(1),
    "AveragePooling1D": layers.AveragePooling1D(2),
    "AveragePooling2D": layers.AveragePooling2D(2),
    "AveragePooling3D": layers.AveragePooling3D(1),
    "GlobalMaxPooling1D": layers.GlobalMaxPooling1D(),
    "GlobalMaxPooling2D": layers.GlobalMaxPooling2D(),
    "GlobalMaxPooling3D": layers.GlobalMaxPooling3D(),
    "GlobalAveragePooling1D": layers.GlobalAveragePooling1D(),
    "GlobalAveragePooling2D": layers.GlobalAveragePooling2D(),
    "GlobalAveragePooling3D": layers.GlobalAveragePooling3D(),
    "AdaptiveMaxPooling1D": layers.AdaptiveMaxPooling1D(1),
    "AdaptiveMaxPooling2D": layers.AdaptiveMaxPooling2D(1),
    "AdaptiveMaxPooling3D": layers.AdaptiveMaxPooling3D(1),
    "AdaptiveAveragePooling1D": layers.AdaptiveAveragePooling1D(1),
    "AdaptiveAveragePooling2D": layers.AdaptiveAveragePooling2D(1),
    "AdaptiveAveragePooling3D": layers.AdaptiveAveragePooling3D(1),
    "ZeroPadding1D": layers.ZeroPadding1D(),
    "ZeroPadding2D": layers.ZeroPadding2D(),
    "ZeroPadding3D": layers.ZeroPadding3D(),
    "Cropping1D": layers.Cropping1D(),
    "Cropping2D": layers.Cropping2D(((1, 0), (0, 0))),
    "Cropping3D": layers.Cropping3D(((1, 0), (0, 0), (0, 0))),
    "UpSampling1D": layers.UpSampling1D(),
    "UpSampling2D": layers.UpSampling2D(),
    "UpSampling3D": layers.UpSampling3D(),
    "Flatten": layers.Flatten(),
    "Reshape": layers.Reshape((4, 3)),
    "Permute": layers.Permute((2, 1)),
    "Identity": layers.Identity(),
    "Masking": layers.Masking(0.5),
    "LayerScale": LayerScale(0.5, 4),
    "StochasticDepth": StochasticDepth(0.5),
    "Model that keeps": keras.Sequential([layers.Dense(2), layers.ReLU()]),
    "Model that drops": keras.Sequential([layers.Dense(2), layers.Flatten()]),
    "Model that masks": keras.Sequential([layers.Masking(0.5), layers.Dense(2)]),
}
inputs = {name: images if "2D" in name else volumes for name in kept if "2D" in name or "3D" in name}
single = []
for training in [False, True]:
    for name, layer in kept.items():
        x = layers.Masking()(jnp.array(inputs.get(name, sequence)))
        accepts = "training" in layer.call.__code__.co_varnames
        output = layer(x, training=training) if accepts else layer(x)
        single.append({"name": name, "training": training, "input": listed(inputs.get(name, sequence)), "mask": mask_of(output)})

# Layers of several inputs, of which some have masks.

merging = {
    "Add": layers.Add(),
    "Subtract": layers.Subtract(),
    "Multiply": layers.Multiply(),
    "Average": layers.Average(),
    "Maximum": layers.Maximum(),
    "Minimum": layers.Minimum(),
    "Concatenate": layers.Concatenate(),
    "Concatenate along axis 1": layers.Concatenate(axis=1),
    "Dot": layers.Dot(axes=-1),
    "CustomScaleLayer": CustomScaleLayer(0.17),
}
several = []
for name, layer in merging.items():
    for masked in [[True, True], [True, False], [False, True], [False, False], [True, True, False], [True, True, True]]:
        if len(masked) > 2 and name in ["Subtract", "Dot", "CustomScaleLayer"]:
            continue
        xs = [padded(4, 3, 2)[:: 1 if k % 2 else -1].copy() for k in range(len(masked))]
        call = lambda xs: layer([layers.Masking()(x) if has else x for x, has in zip(xs, masked)])
        output = call([jnp.array(x) for x in xs])
        upstream = numbers(*output.shape)
        gradients = jax.grad(lambda xs: (call(xs) * upstream).sum())([jnp.array(x) for x in xs])
        several.append({
            "name": name, "masked": masked, "inputs": [listed(x) for x in xs], "upstream": listed(upstream),
            "output": listed(output), "mask": mask_of(output), "gradients": [listed(g) for g in gradients]})

# Layers that compute with a mask.

computing = []


def compute(name, layer, x, value, training):
    # A layer alone, called without state, would not see the mask.
    layer = keras.Sequential([layers.Input(x.shape[1:]), layers.Masking(value), layer])
    for variable in layer.variables:
        variable.assign(np.abs(numbers(*variable.shape)) + 0.5)
    before = [listed(variable.value) for variable in layer.variables]
    upstream = numbers(*x.shape)

    def call(trained, x):
        others = [v.value for v in layer.non_trainable_variables]
        output, others = layer.stateless_call(trained, others, x, training=training)
        return (output * upstream).sum(), (output, others)

    trained = [v.value for v in layer.trainable_variables]
    gradients, (output, others) = jax.grad(call, argnums=(0, 1), has_aux=True)(trained, jnp.array(x))
    values = [*trained, *others]
    computing.append({
        "name": name, "maskValue": value, "training": training, "input": listed(x), "upstream": listed(upstream),
        "output": listed(output), "gradient": listed(gradients[1]),
        "weights": [
            {"before": old, "after": listed(after), "gradient": listed(gradients[0][k]) if k < len(trained) else None}
            for k, (after, old) in enumerate(zip(values, before))]})


compute("BatchNormalization", layers.BatchNormalization(), padded(4, 3, 4), 0.0, True)
compute("BatchNormalization", layers.BatchNormalization(), padded(4, 3, 4, value=0.5), 0.5, True)
compute("BatchNormalization", layers.BatchNormalization(), padded(4, 3, 4), 0.0, False)
compute("BatchNormalization without weights", layers.BatchNormalization(momentum=0.7, center=False, scale=False), padded(4, 2, 3, 2), 0.0, True)
compute("BatchNormalization", layers.BatchNormalization(), np.zeros((4, 3, 4)), 0.0, True)

# Training: three steps, then what evaluation and prediction give.

trained = []


def train(name, model, xs, ys, optimizer, loss, metrics=None, weighted=None, sample_weight=None, loss_weights=None):
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(np.abs(numbers(*variable.shape)) / 2)
    before = [listed(v.value) for v in model.weights]
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics, weighted_metrics=weighted, loss_weights=loss_weights)
    losses = []
    one = lambda values: values if len(values) > 1 else values[0]
    weights = None if sample_weight is None else one(sample_weight)
    for _ in range(3):
        losses.append(float(model.train_on_batch(one(xs), one(ys), sample_weight=weights, return_dict=True)["loss"]))
        for metric in model.metrics:
            metric.reset_state()
    results = model.evaluate(one(xs), one(ys), sample_weight=weights, return_dict=True, batch_size=3, verbose=0)
    predictions = model.predict(one(xs), verbose=0)
    trained.append({
        "name": name, "inputs": [listed(x) for x in xs], "targets": [listed(y) for y in ys],
        "sampleWeights": None if sample_weight is None else [listed(w) for w in sample_weight],
        "before": before, "after": [listed(v.value) for v in model.weights], "losses": losses,
        "results": {key: float(value) for key, value in results.items()},
        "predictions": [listed(p) for p in (predictions if isinstance(predictions, list) else [predictions])]})


def small(units, activation, *more):
    return keras.Sequential([layers.Input((3, 4)), layers.Masking(), layers.Dense(5, activation="tanh"), *more, layers.Dense(units, activation=activation)])


x = padded(5, 3, 4)
values = numbers(5, 3, 2)
classes = random.integers(0, 3, (5, 3))
weights = np.abs(numbers(5, 3))
means = ["mae", "mse", "cosine_similarity"]
train("values", small(2, None, layers.LayerNormalization()), [x], [values], keras.optimizers.SGD(0.1), "mse", means)
train("values with weights", small(2, None), [x], [values], keras.optimizers.SGD(0.1), "mse", ["mae"], ["mse", keras.metrics.MeanAbsoluteError(name="weighted_mae")], [weights])
train("classes", small(3, "softmax"), [x], [classes], keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(k=2, name="top")])
train("classes with weights", small(3, "softmax"), [x], [classes], keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", ["accuracy"], ["sparse_categorical_crossentropy"], [weights])
train("ignored class", small(3, "softmax"), [x], [classes], keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(ignore_class=1))
train("sum", small(2, None), [x], [values], keras.optimizers.SGD(0.01), keras.losses.Huber(reduction="sum"))
train("mean with weights", small(2, None), [x], [values], keras.optimizers.SGD(0.1), keras.losses.MeanAbsoluteError(reduction="mean_with_sample_weight"), None, None, [weights])
train("binary", small(1, "sigmoid"), [x], [(values[:, :, :1] > 0).astype(float)], keras.optimizers.SGD(0.5), "binary_crossentropy", [
    "accuracy", "root_mean_squared_error", keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall"),
    keras.metrics.AUC(name="auc"), keras.metrics.FalsePositives(name="false_positives"), "hinge"])
train("batch normalization", keras.Sequential([layers.Input((3, 4)), layers.Masking(0.5), layers.BatchNormalization(), layers.Dense(2)]), [padded(5, 3, 4, value=0.5)], [values], keras.optimizers.SGD(0.1, momentum=0.9), "mse")
train("nothing counts", small(2, None), [np.zeros((5, 3, 4))], [values], keras.optimizers.SGD(0.1), "mse", ["mae"])
train("dropped", keras.Sequential([layers.Input((3, 4)), layers.Masking(), layers.Dense(2), layers.Permute((2, 1)), layers.Dense(2)]), [x], [numbers(5, 2, 2)], keras.optimizers.SGD(0.1), "mse", ["mae"])

entry = keras.Input((3, 4))
hidden = layers.Dense(4, activation="relu")(layers.Masking()(entry))
model = keras.Model(entry, [layers.Dense(2, name="steps")(hidden), layers.Dense(1, name="whole")(layers.Flatten()(hidden))])
train("several outputs", model, [x], [values, numbers(5, 1)], keras.optimizers.SGD(0.05), ["mse", "mae"], [["mae"], ["mse"]], None, [weights, np.abs(numbers(5))], [0.5, 2.0])

left, right = keras.Input((3, 4)), keras.Input((3, 4))
first, second = layers.Dense(2)(layers.Masking()(left)), layers.Dense(2)(layers.Masking()(right))
joined = layers.Concatenate()([layers.Maximum()([first, second]), layers.Multiply()([first, second])])
train("merging", keras.Model([left, right], layers.Dense(2)(joined)), [x, padded(5, 3, 4)[::-1].copy()], [values], keras.optimizers.SGD(0.05), "mse", ["mae"])

inner = keras.Sequential([layers.Input((3, 4)), layers.Masking(), layers.Dense(3)])
train("a model within", keras.Sequential([layers.Input((3, 4)), inner, layers.Dense(2)]), [x], [values], keras.optimizers.SGD(0.1), "mse", ["mae"])

words = np.array([[3, 1, 0], [2, 0, 0], [4, 4, 1], [0, 0, 1], [1, 2, 3]])
entry = keras.Input((3,))
vectors = layers.Embedding(5, 4, mask_zero=True)(entry)
hidden = layers.Add()([layers.LayerNormalization()(layers.Dropout(0.0)(vectors)), vectors])
steps, whole = layers.Dense(2, name="steps")(hidden), layers.Dense(1, name="whole")(layers.GlobalAveragePooling1D()(hidden))
train("embedding", keras.Model(entry, [steps, whole]), [words], [values, numbers(5, 1)], keras.optimizers.SGD(0.05), ["mse", "mae"], [["mae"], ["mse"]])

path = Path(__file__).with_name("masks.json")
path.write_text(json.dumps({"single": single, "several": several, "computing": computing, "trained": trained}, separators=(",", ":")) + "\n")
print(path.stat().st_size)
