#!/usr/bin/env python3
"""Makes what fuzzing begins with that is not among the fixtures of the tests: small HDF5 files, with h5py, and
configurations of models, out of fixtures: python make_corpus.py"""

import json
import pathlib
import zipfile

import h5py
import numpy as np

folder = pathlib.Path(__file__).parent / "corpus" / "hdf5"
folder.mkdir(parents=True, exist_ok=True)
kernel = np.arange(6, dtype=np.float32).reshape(2, 3)

with h5py.File(folder / "weights.h5", "w") as file:
    for name in ["dense", "dense_1"]:
        group = file.create_group(f"layers/{name}/vars")
        group.attrs["name"] = name
        group.create_dataset("0", data=kernel)
    file["layers/dense/vars"].create_dataset("1", data=kernel.astype(np.float16))
    brain = file["layers/dense_1/vars"].create_dataset("1", data=np.zeros(3, "V2"))
    brain.attrs["dtype"] = "bfloat16"
    file.create_group("vars").attrs["name"] = "sequential"

with h5py.File(folder / "legacy.h5", "w") as file:
    file.attrs["keras_version"] = "2.15.0"
    file.attrs["layer_names"] = np.array([b"dense", b"empty"])
    group = file.create_group("dense")
    group.attrs["weight_names"] = [b"dense/kernel:0"]
    group.create_dataset("dense/kernel:0", data=kernel)
    file.create_group("empty").attrs["weight_names"] = []

with h5py.File(folder / "chunked.h5", "w") as file:
    options = {"compression": "gzip", "shuffle": True, "fletcher32": True, "chunks": (4, 4)}
    file.create_dataset("deflated", data=np.arange(70.0).reshape(7, 10), **options)
    file.create_dataset("big_endian", data=np.arange(3, dtype=">i2"))
    file.create_dataset("flags", data=np.array([True, False]))

with h5py.File(folder / "latest.h5", "w", libver="latest") as file:
    group = file.create_group("layers", track_order=True)
    group.attrs["long"] = "x" * 300
    for index in range(3):
        group.create_dataset(f"{index}", data=kernel[0])
    group.create_dataset("chunked", data=np.arange(70.0), chunks=(16,))

with h5py.File(folder / "links.h5", "w") as file:
    file["a"] = kernel
    file["again"] = file["a"]
    file["soft"] = h5py.SoftLink("/a")
    file["other"] = h5py.ExternalLink("other.h5", "/a")
    file.create_dataset("external", (3,), "f4", external=[("data.bin", 0, 12)])
    group = file.create_group("cycle")
    group["up"] = file["/"]

fixtures = pathlib.Path(__file__).parents[2] / "Tests/ModelFilesTests/Fixtures/Keras"
configurations = folder.parent / "configuration"
configurations.mkdir(exist_ok=True)
for name in ["k3_functional", "k3_layer_activations"]:
    with zipfile.ZipFile(fixtures / f"{name}.keras") as archive:
        text = json.loads(archive.read("config.json"))
    (configurations / f"{name}.json").write_text(json.dumps(text, separators=(",", ":")))

# Small ones are read a hundred times as fast.
layers = {
    "dense": {"class_name": "Dense", "config": {"units": 3, "activation": "relu", "use_bias": True,
              "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": None}},
              "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.01}}, "bias_constraint": None}},
    "rectifiers": {"class_name": "PReLU", "config": {"shared_axes": [1], "alpha_constraint": None}},
    "leaky": {"class_name": "LeakyReLU", "config": {"alpha": 0.2}},
    "activation": {"class_name": "Activation", "config": {"activation": {"class_name": "Softmax", "config": {"axis": -1}}}},
    "normalization": {"class_name": "BatchNormalization", "config": {"axis": [1], "momentum": 0.9, "epsilon": 0.001}},
    "reshape": {"class_name": "Reshape", "config": {"target_shape": [2, -1]}},
    "einsum": {"class_name": "EinsumDense", "config": {"equation": "ab,bc->ac", "output_shape": [5], "bias_axes": "c"}},
    "dropout": {"class_name": "Dropout", "config": {"rate": 0.5, "noise_shape": None, "seed": 1}},
}
for name, layer in layers.items():
    inputs = {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "dtype": "float32"}}
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [inputs, layer]},
             "compile_config": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.1}}, "loss": "mse"}}
    (configurations / f"{name}.json").write_text(json.dumps(model, separators=(",", ":")))

# What a model may be compiled with.
metrics = {
    "AUC": {"num_thresholds": 20, "curve": "PR", "summation_method": "interpolation", "from_logits": False},
    "Precision": {"thresholds": [0.2, 0.5], "top_k": 2, "class_id": 1}, "Recall": {"class_id": 0},
    "TruePositives": {"thresholds": 0.5}, "FBetaScore": {"average": "macro", "beta": 2.0, "threshold": 0.5},
    "R2Score": {"class_aggregation": "uniform_average", "num_regressors": 1},
    "IoU": {"num_classes": 3, "target_class_ids": [0, 2], "ignore_class": 1},
    "OneHotMeanIoU": {"num_classes": 3, "ignore_class": None}, "TopKCategoricalAccuracy": {"k": 2},
    "BinaryAccuracy": {"threshold": 0.4}, "SparseTopKCategoricalAccuracy": {"k": 1},
}
schedules = {
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 2.0, "m_mul": 0.9, "alpha": 0.1},
    "PiecewiseConstantDecay": {"boundaries": [1, 3], "values": [0.1, 0.01, 0.001]},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "power": 0.5, "cycle": True},
    "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "staircase": True},
}
shared = {"weight_decay": 0.01, "clipnorm": 1.0, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 2,
          "gradient_accumulation_steps": 2, "loss_scale_factor": 128.0}
losses = {"CategoricalFocalCrossentropy": {"alpha": 0.3, "gamma": 2.0, "label_smoothing": 0.1}, "Huber": {"delta": 2.0},
          "Tversky": {"alpha": 0.3, "beta": 0.6, "axis": [1]}, "CategoricalGeneralizedCrossEntropy": {"q": 0.6}}
initializers = {"VarianceScaling": {"scale": 2.0, "mode": "fan_out", "distribution": "uniform"},
                "TruncatedNormal": {"mean": 0.1, "stddev": 0.2}, "RandomUniform": {"minval": -0.1, "maxval": 0.2},
                "Orthogonal": {"gain": 2.0}}


def described(item):
    return {"class_name": item[0], "config": item[1]}


for (index, loss), schedule, initializer in zip(enumerate(losses.items()), schedules.items(), initializers.items()):
    optimizer = {"class_name": ["Adam", "SGD", "Ftrl", "Lamb"][index],
                 "config": shared | {"learning_rate": described(schedule)}}
    dense = {"class_name": "Dense", "config": {
        "units": 3, "activation": "softmax", "kernel_initializer": described(initializer),
        "kernel_constraint": {"class_name": "MinMaxNorm", "config": {"min_value": 0.1, "max_value": 2.0, "rate": 0.5, "axis": 0}},
        "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.1, "l2": 0.2}}}}
    inputs = {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "dtype": "float32"}}
    model = {"class_name": "Sequential", "config": {"name": "s", "layers": [inputs, dense]},
             "compile_config": {"optimizer": optimizer, "loss": described(loss),
                                "metrics": [described(item) for item in list(metrics.items())[index::4]]}}
    (configurations / f"compiled_{index}.json").write_text(json.dumps(model, separators=(",", ":")))
