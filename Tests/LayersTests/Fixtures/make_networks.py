"""Two training steps of small image networks in float64: weights, moving statistics and losses.

    python make_networks.py        (Keras 3.15, JAX)

networks.json has the configurations, shapes and losses, networks.npy the numbers of every network: the weights before, the images,
the targets, and for every optimizer the weights after the first and the second step.
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
import keras
import numpy as np
from keras import activations, layers, ops
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# Keras computes in float32 what is promoted, even where all is float64.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
random = np.random.default_rng(57)
folder = Path(__file__).parent


def normalized(x, activation="relu"):
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.Activation(activation)(x) if activation else x


def residual_network():
    def block(x, filters, strides):
        y = normalized(layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x))
        y = normalized(layers.Conv2D(filters, 3, padding="same", use_bias=False)(y), None)
        if strides > 1:
            x = normalized(layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x), None)
        return layers.ReLU()(layers.Add()([x, y]))

    image = keras.Input((16, 16, 3))
    x = normalized(layers.Conv2D(4, 5, strides=2, padding="same", use_bias=False)(image))
    x = block(layers.MaxPooling2D(3, strides=1, padding="same")(x), 4, 1)
    x = layers.GlobalAveragePooling2D()(block(x, 6, 2))
    return keras.Model(image, layers.Dense(5, activation="softmax")(x)), "sparse_categorical_crossentropy"


def u_network():
    image = keras.Input((16, 16, 3))
    first = layers.Conv2D(3, 3, padding="same", activation="elu")(image)
    second = normalized(layers.Conv2D(4, 3, padding="same", use_bias=False)(layers.MaxPooling2D()(first)))
    x = layers.Conv2D(6, 3, padding="same", activation="gelu")(layers.AveragePooling2D(2)(second))
    x = layers.Concatenate()([layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="silu")(x), second])
    x = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    x = layers.Concatenate()([layers.UpSampling2D(interpolation="bilinear")(x), first])
    return keras.Model(image, layers.Conv2D(1, 1, activation="sigmoid")(x)), "binary_crossentropy"


def mobile_network():
    def hard_swish(x):
        return x * activations.relu6(x + 3.0) * (1 / 6)

    def block(x, filters, strides):
        # Behind a normalisation without an activation, another one would leave beta without a gradient.
        y = layers.Conv2D(2 * x.shape[-1], 1, activation="relu6")(x)
        if strides > 1:
            y = layers.ZeroPadding2D(((0, 1), (0, 1)))(y)
        padding = "valid" if strides > 1 else "same"
        y = hard_swish(normalized(layers.DepthwiseConv2D(3, strides=strides, padding=padding, use_bias=False)(y), None))
        gate = layers.Conv2D(2, 1, activation="relu")(layers.GlobalAveragePooling2D(keepdims=True)(y))
        gate = activations.hard_sigmoid(layers.Conv2D(y.shape[-1], 1)(gate))
        y = normalized(layers.Conv2D(filters, 1, use_bias=False)(layers.Multiply()([y, gate])), None)
        return y if strides > 1 else layers.Add()([x, y])

    image = keras.Input((16, 16, 3))
    x = hard_swish(layers.Conv2D(4, 3, strides=2, padding="same")(layers.Rescaling(0.5, 0.25)(image)))
    x = block(block(x, 4, 1), 6, 2)
    x = layers.SeparableConv2D(8, 3, padding="same", activation="relu6")(x)
    return keras.Model(image, layers.Dense(5)(ops.square(layers.GlobalMaxPooling2D()(x)))), "mse"


optimizers = {
    "sgd": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.01),
}
cases, numbers = [], []
for name, build in [("ResNet", residual_network), ("U-Net", u_network), ("MobileNet", mobile_network)]:
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    model, loss = build()
    for variable in model.variables:
        value = np.asarray(variable)
        if "gamma" in variable.path or "variance" in variable.path:
            value = random.uniform(0.5, 1.5, variable.shape)
        elif value.ndim < 2:
            value = random.normal(0, 0.1, variable.shape)
        variable.assign(np.round(value, 4))
    before = [np.asarray(variable) for variable in model.variables]
    images = np.round(random.normal(size=(3, 16, 16, 3)), 3)
    targets = {
        "sparse_categorical_crossentropy": np.array([2, 0, 4]),
        "binary_crossentropy": (random.uniform(size=(3, 16, 16, 1)) < 0.4).astype("float64"),
        "mse": np.round(random.normal(size=(3, 5)), 3),
    }[loss]
    configuration = json.loads(model.to_json())
    case = {
        "name": name, "loss": loss, "targets": list(targets.shape), "weights": [list(value.shape) for value in before],
        "model": {key: configuration[key] for key in ["module", "class_name", "config"]}, "optimizers": [],
    }
    numbers += [*before, images, targets]
    for optimizer, make in optimizers.items():
        for variable, value in zip(model.variables, before):
            variable.assign(value)
        model.compile(make(), loss)
        losses = []
        for _ in range(2):
            losses.append(float(model.train_on_batch(images, targets)))
            numbers += [np.asarray(variable) for variable in model.variables]
            for metric in model.metrics:
                metric.reset_state()
        case["optimizers"].append({"name": optimizer, "losses": losses})
    print(name, model.count_params())
    cases.append(case)
text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(folder / "networks.json").write_text(f"[{text}]\n")
np.save(folder / "networks.npy", np.concatenate([np.ravel(value) for value in numbers]).astype("float64"))
