"""Image models of keras.applications with weights drawn at random: what Keras predicts, and what the tool does.

    KERAS_BACKEND=jax python check_applications.py TOOL FOLDER [NAME...]      (Keras 3.15; from Scripts/check-applications)

The bound is 2e-5 of the largest output; the time is that of opening the model and predicting two images. A random network's batch
statistics are far from those of its data, so moving statistics are drawn near those of normalised data.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np

SIZES = {"InceptionV3": 299, "InceptionResNetV2": 299, "Xception": 299}
NAMES = ["MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "ResNet50", "ResNet50V2", "DenseNet121", "EfficientNetB0",
         "EfficientNetV2B0", "Xception", "VGG16", "NASNetMobile", "InceptionV3", "InceptionResNetV2", "ConvNeXtTiny"]
BOUND = 2e-5

tool, folder = sys.argv[1], Path(sys.argv[2])
wrong = 0
for name in sys.argv[3:] or NAMES:
    keras.utils.set_random_seed(7)
    random = np.random.default_rng(7)
    size = SIZES.get(name, 224)
    model = getattr(keras.applications, name)(weights=None)
    for variable in model.variables:
        if "moving_variance" in variable.path:
            variable.assign(random.uniform(0.5, 1.5, variable.shape))
        elif "moving_mean" in variable.path or "beta" in variable.path or "bias" in variable.path:
            variable.assign(random.normal(0, 0.1, variable.shape))
    x = random.uniform(0, 255, (2, size, size, 3)).astype("float32")
    path, images, found = folder / f"{name}.keras", folder / "x.npy", folder / "y.npy"
    model.save(path)
    np.save(images, x)
    expected = np.asarray(model.predict(x, verbose=0))
    start = time.perf_counter()
    result = subprocess.run([tool, "predict", path, images, "-o", found], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if result.returncode:
        print(f"{name:18} {result.stderr.strip()[:300]}", flush=True)
        wrong += 1
    else:
        error = np.abs(np.load(found) - expected).max() / np.abs(expected).max()
        print(f"{name:18} {model.count_params():12,} parameters, largest difference {error:.1e}, {seconds:.1f} s", flush=True)
        wrong += not error <= BOUND
    path.unlink()
    keras.backend.clear_session()
sys.exit(1 if wrong else 0)
