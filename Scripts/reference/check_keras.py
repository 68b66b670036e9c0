"""Loads the models of a folder with Keras and compares: check_keras.py FOLDER"""
import os
import pathlib
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import numpy as np

TOLERANCE = 2e-6


# What Keras has no function for, as the package's documentation defines it.
def hard_sigmoid_keras2(x):
    return keras.ops.clip(0.2 * x + 0.5, 0, 1)


def rrelu(x):
    return keras.ops.leaky_relu(x, 11 / 48)


def softmin(x):
    return keras.ops.softmax(-x)


def hardmax(x):
    return keras.ops.one_hot(keras.ops.argmax(x, axis=-1), x.shape[-1])


custom_objects = {f.__name__: f for f in [hard_sigmoid_keras2, rrelu, softmin, hardmax]}


def difference(left, right):
    return max(float(np.max(np.abs(np.asarray(a, "float64") - np.asarray(b, "float64")), initial=0)) for a, b in zip(left, right, strict=True))


def outputs(model, inputs):
    result = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    return result if isinstance(result, list) else [result]


def check(path):
    data = np.load(path.with_suffix(".npz"))
    inputs = [data[f"x{i}"] for i in range(9) if f"x{i}" in data]
    expected = [data[f"y{i}"] for i in range(9) if f"y{i}" in data]
    model = keras.models.load_model(path, custom_objects=custom_objects)
    worst = difference(outputs(model, inputs), expected)
    # The configuration is what Keras itself would write.
    again = keras.models.model_from_json(model.to_json(), custom_objects=custom_objects)
    weights = path.with_suffix(".weights.h5")
    if weights.exists():
        again.load_weights(weights)
        worst = max(worst, difference(outputs(again, inputs), expected))
    if "after" in data:
        model.fit(inputs[0], data["labels"], batch_size=len(inputs[0]), epochs=2, shuffle=False, verbose=0)
        worst = max(worst, difference(outputs(model, inputs), [data["after"]]))
    return worst


def main():
    failures = 0
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.keras"))
    for path in paths:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)
                worst = check(path)
            isGood = worst <= TOLERANCE
            text = f"largest difference {worst:.1e}"
        except Exception as error:
            isGood, text = False, f"{type(error).__name__}: {str(error)[:600]}"
        failures += not isGood
        print("ok  " if isGood else "FAIL", path.stem, text, flush=True)
    print(f"{len(paths) - failures} of {len(paths)} models; Keras {keras.__version__}, {keras.backend.backend()}")
    sys.exit(failures > 0 or not paths)


main()
