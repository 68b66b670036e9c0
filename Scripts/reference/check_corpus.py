"""Models as tutorials of Keras build them, with weights drawn at random: what Keras predicts, and what the tool does.

    KERAS_BACKEND=jax python check_corpus.py TOOL FOLDER [NAME...]           (Keras 3.15; from Scripts/check-corpus)
    KERAS_BACKEND=jax python check_corpus.py --write FOLDER NAME...          writes models with samples x0… and outputs y0…

The bound is 2e-5 of the scale of each output, and 2e-2 where Keras computes in bfloat16. The models are in the package `corpus` beside this file.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from corpus import MODELS, build

BOUND, HALF_BOUND = 2e-5, 2e-2


def saved(name, folder):
    """Saves the model and its samples; returns the model's file, both arrays and the bound."""
    model, samples, saving = build(name)
    path = folder / (name + (".h5" if saving.get("h5") else ".keras"))
    model.save(path)
    inputs = samples if len(samples) > 1 else samples[0]
    outputs = keras.tree.flatten(model(inputs, training=False) if saving.get("eager") else model.predict(inputs, verbose=0))
    outputs = [np.asarray(output, "float32") for output in outputs]
    assert all(np.ptp(y, axis=0).max() > 0 for y in outputs), f"{name} gives the same for all samples"
    arrays = {f"x{i}": x for i, x in enumerate(samples)} | {f"y{i}": y for i, y in enumerate(outputs)}
    np.savez_compressed(folder / f"{name}.npz", **arrays)
    return path, samples, outputs, HALF_BOUND if saving.get("half") else BOUND


def compress(path):
    """Packs a .keras file again: Keras does not compress its parts, most of which are zeros in small models."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)


def difference(tool, folder, path, samples, outputs):
    """The largest difference in parts of the scale, or the tool's complaint."""
    inputs = [folder / f"x{i}.npy" for i in range(len(samples))]
    for file, x in zip(inputs, samples):
        np.save(file, x)
    found = [folder / f"y{i}.npy" for i in range(len(outputs))]
    options = [text for file in found for text in ("-o", file)]
    result = subprocess.run([tool, "predict", path, *inputs, *options], capture_output=True, text=True)
    if result.returncode:
        return " ".join(result.stderr.split()).split(". There are")[0].removeprefix("Error: ")
    worst = 0.0
    for file, expected in zip(found, outputs):
        actual = np.load(file)
        if actual.shape != expected.shape:
            return f"an output of the shape {actual.shape}, not {expected.shape}"
        worst = max(worst, np.abs(actual - expected).max() / max(np.abs(expected).max(), 1e-30))
    return float(worst)


if sys.argv[1] == "--write":
    for name in sys.argv[3:]:
        path, *_ = saved(name, Path(sys.argv[2]))
        if path.suffix == ".keras":
            compress(path)
    sys.exit()

tool, folder = sys.argv[1], Path(sys.argv[2])
names = sys.argv[3:] or list(MODELS)
opened = right = 0
for name in names:
    path, samples, outputs, bound = saved(name, folder)
    result = difference(tool, folder, path, samples, outputs)
    is_opened = isinstance(result, float)
    is_right = is_opened and result <= bound
    opened += is_opened
    right += is_right
    text = f"{result:.1e}" + ("" if is_right else ", WRONG") if is_opened else result
    print(f"{name:36} {text.replace(str(path), path.name)}", flush=True)
    path.unlink()
print(f"opens {opened} of {len(names)}, right in {right}")
sys.exit(right < len(names))
