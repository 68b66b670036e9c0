"""The classes of keras.layers: python make_layer_names.py (Keras 3.15)."""

import inspect
import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras

layers = {}
for name in dir(keras.layers):
    value = getattr(keras.layers, name)
    if inspect.isclass(value) and issubclass(value, keras.Layer):
        layers.setdefault(value, []).append(name)
# Of several names of a class, the one in files.
names = sorted(cls.__name__ if cls.__name__ in names else names[0] for cls, names in layers.items())
(Path(__file__).parent / "layer_names.json").write_text(json.dumps(names, indent=0) + "\n")
