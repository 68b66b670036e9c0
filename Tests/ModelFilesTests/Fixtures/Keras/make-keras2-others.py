"""Files of Keras 2 and 1 that are written otherwise, with inputs and predictions as make-keras2.py has them:
python make-keras2-others.py (TF-Keras 2.21).

k2_older_tree     .keras as TF-Keras 2.12 and 2.13 wrote it: the layers' weights under another name, with other numbers
k2_windows        .keras as TF-Keras 2.15 wrote it on Windows: backslashes in the names of groups
k2_class_names    .h5 whose activations are names of layers' classes
k2_custom_loss    .h5 compiled with a custom loss
k2_custom_metric  .h5 compiled with a metric and a custom optimizer
k2_multi_output   .h5 compiled for two outputs
k1_sequential, k1_functional   .h5 as Keras 1.2 wrote it, by the source of Keras 1.2.2: other names of parameters and weights
"""
import io, json, os, pathlib, zipfile
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import numpy as np
import tf_keras as keras
from tf_keras import layers
from tf_keras.src.saving import saving_lib

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(23)


def data(*shape):
    return random.normal(size=shape).astype("float32")


def randomize(model):
    for w in model.weights:
        value = random.normal(size=tuple(w.shape)) * 0.5
        w.assign(np.abs(value) + 0.5 if "variance" in w.name else value)


def save(name, model, inputs):
    randomize(model)
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    np.savez(folder / f"{name}.npz", **{f"x{i}": x for i, x in enumerate(inputs)}, **{f"y{i}": y for i, y in enumerate(outputs)})


def branches():
    a, b = keras.Input((4,), name="left"), keras.Input((4,), name="right")
    shared = layers.Dense(5, activation="tanh", name="shared")
    inner = keras.Sequential([layers.Dense(5, activation="selu"), layers.Dropout(0.1), layers.Dense(5), layers.PReLU()])
    u, v = shared(b), inner(shared(a))
    joined = layers.Concatenate()([layers.Add()([u, v]), layers.Dense(2, activation=layers.LeakyReLU(0.1))(b)])
    return keras.Model([a, b], layers.Dense(3)(layers.BatchNormalization()(layers.Dense(4)(joined))))


def save_counting_all(container, weights_store, assets_store, inner_path, visited_trackables):
    """As TF-Keras 2.12 and 2.13: what stands twice in a container is counted twice, and written once."""
    counts = {}
    for part in container.values() if isinstance(container, dict) else container:
        if saving_lib._is_keras_trackable(part):
            name = saving_lib.generic_utils.to_snake_case(type(part).__name__)
            count = counts[name] = counts.get(name, -1) + 1
            path = f"{inner_path}/{name}_{count}" if count else f"{inner_path}/{name}"
            saving_lib._save_state(part, weights_store, assets_store, path, visited_trackables)


model = branches()
save("k2_older_tree", model, [data(3, 4), data(3, 4)])
skipped, walk, container = saving_lib.ATTR_SKIPLIST, saving_lib._walk_trackable, saving_lib._save_container_state
saving_lib._save_container_state = save_counting_all
saving_lib.ATTR_SKIPLIST = skipped - {"_layer_checkpoint_dependencies", "_input_layers"}
saving_lib._walk_trackable = lambda trackable: sorted(walk(trackable))
model.save(folder / "k2_older_tree.keras")
saving_lib.ATTR_SKIPLIST, saving_lib._walk_trackable, saving_lib._save_container_state = skipped, walk, container

model = branches()
save("k2_windows", model, [data(3, 4), data(3, 4)])
model.save(folder / "k2_windows.keras")
with zipfile.ZipFile(folder / "k2_windows.keras") as archive:
    members = {name: archive.read(name) for name in archive.namelist()}
file = io.BytesIO()
with h5py.File(io.BytesIO(members["model.weights.h5"])) as source, h5py.File(file, "w") as out:
    def copy(path, item):
        if path.endswith("vars"):
            parent = path.rpartition("/")[0].replace("/", "\\")
            source.copy(item, out.create_group(parent) if parent else out, "vars")
    source.visititems(copy)
members["model.weights.h5"] = file.getvalue()
with zipfile.ZipFile(folder / "k2_windows.keras", "w") as archive:
    for name, content in members.items():
        archive.writestr(name, content)

model = keras.Sequential([layers.Input((4,)), layers.Dense(6, activation="LeakyReLU"), layers.Dense(5, activation="ReLU"),
                          layers.Dense(5, activation="PReLU"), layers.Dense(4, activation="ELU"),
                          layers.Dense(4, activation="ThresholdedReLU"), layers.Dense(3, activation="Softmax")])
save("k2_class_names", model, [data(5, 4)])
model.save(folder / "k2_class_names.h5")
with h5py.File(folder / "k2_class_names.h5", "r+") as f:
    config = json.loads(f.attrs["model_config"])
    for layer, name in zip(config["config"]["layers"][1:], ["LeakyReLU", "ReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax"]):
        layer["config"]["activation"] = name
    f.attrs["model_config"] = json.dumps(config)


def own_loss(y, p):
    return keras.backend.mean(keras.backend.square(y - p), -1)


class OwnAdam(keras.optimizers.Adam):
    pass


def small(name, **compilation):
    model = keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="tanh"), layers.Dense(2)])
    x = data(6, 4)
    save(name, model, [x])
    model.compile(**compilation)
    model.save(folder / f"{name}.h5")


small("k2_custom_loss", optimizer="adam", loss=own_loss, metrics=["mae"])
small("k2_custom_metric", optimizer=OwnAdam(), loss="mse", metrics=["mae", own_loss])
x = keras.Input((4,))
model = keras.Model(x, [layers.Dense(2, name="a")(x), layers.Dense(3, name="b")(x)])
save("k2_multi_output", model, [data(5, 4)])
model.compile("sgd", {"a": "mse", "b": "mae"}, loss_weights=[0.5, 1])
model.save(folder / "k2_multi_output.h5")


# Keras 1.

names = {"units": "output_dim", "kernel_initializer": "init", "use_bias": "bias", "kernel_regularizer": "W_regularizer",
         "bias_regularizer": "b_regularizer", "kernel_constraint": "W_constraint", "bias_constraint": "b_constraint",
         "rate": "p", "stddev": "sigma", "alpha_initializer": "init"}
kept = {"name", "trainable", "activation", "activity_regularizer", "alpha", "theta", "axis", "momentum", "epsilon", "target_shape",
        "dims", "n", "batch_input_shape", "output_dim", "init", "bias", "W_regularizer", "b_regularizer", "W_constraint",
        "b_constraint", "p", "sigma", "sparse"}
merges = {"Add": ("sum", {}), "Multiply": ("mul", {}), "Average": ("ave", {}), "Maximum": ("max", {}), "Concatenate": ("concat", {})}


def keras1(layer):
    old = {names.get(k, k): v for k, v in layer["config"].items()}
    kind = layer["class_name"]
    if kind in merges:
        mode, _ = merges[kind]
        new = {"name": old["name"], "mode": mode, "mode_type": "raw", "concat_axis": -1, "dot_axes": -1, "output_shape": None,
               "output_shape_type": "raw", "output_mask": None, "output_mask_type": "raw", "arguments": {}}
        kind = "Merge"
    else:
        new = {k: v for k, v in old.items() if k in kept}
        if "init" in new:
            new["init"] = {"GlorotUniform": "glorot_uniform", "Zeros": "zero"}[new["init"]["class_name"]]
        for k in ["W_regularizer", "b_regularizer"]:
            if new.get(k):
                new[k] = {"name": "L1L2Regularizer", "l1": 0.0, "l2": float(new[k]["config"]["l2"])}
        if new.get("W_constraint"):
            new["W_constraint"] = {"name": "MaxNorm", "m": 2, "axis": 0}
        if kind == "BatchNormalization":
            new.update(axis=-1, mode=0, beta_regularizer=None, gamma_regularizer=None)
        if kind == "Dense":
            new["input_dim"] = None
        if "batch_input_shape" in new:
            new["input_dtype"] = "float32"
    result = {"class_name": kind, "config": new}
    if "inbound_nodes" in layer:
        result.update(name=layer["name"], inbound_nodes=[[r[:3] for r in node] for node in layer["inbound_nodes"]])
    return result


def write1(name, model, inputs):
    save(name, model, inputs)
    model.compile(keras.optimizers.legacy.SGD(0.05, momentum=0.9, nesterov=True, decay=1e-3), "mse")
    model.save(folder / f"{name}.h5")
    with h5py.File(folder / f"{name}.h5", "r+") as f:
        config = json.loads(f.attrs["model_config"])
        stages = config["config"]["layers"]
        if config["class_name"] == "Sequential":
            shape = stages.pop(0)["config"]["batch_input_shape"]
            stages[0]["config"]["batch_input_shape"] = shape
            config = {"class_name": "Sequential", "config": [keras1(s) for s in stages]}
            config["config"][0]["config"]["input_dim"] = shape[1]
        else:
            config["class_name"] = "Model"
            config["config"]["layers"] = [keras1(s) for s in stages]
        f.attrs["model_config"] = json.dumps(config)
        f.attrs["keras_version"] = "1.2.2"
        training = json.loads(f.attrs["training_config"])
        old = training["optimizer_config"]["config"]
        training = {"loss": "mse", "metrics": [], "sample_weight_mode": None, "loss_weights": None, "optimizer_config": {
            "class_name": "SGD", "config": {"lr": old["learning_rate"], "momentum": old["momentum"], "decay": old["decay"],
                                            "nesterov": old["nesterov"]}}}
        f.attrs["training_config"] = json.dumps(training)
        groups = f["model_weights"]
        del groups["top_level_model_weights"]
        endings = {"kernel:0": "W", "bias:0": "b", "gamma:0": "gamma", "beta:0": "beta", "moving_mean:0": "running_mean",
                   "moving_variance:0": "running_std", "alpha:0": "alphas"}
        for layer in groups.attrs["layer_names"]:
            group, new = groups[layer], []
            values = [(n, group[n][()]) for n in group.attrs["weight_names"]]
            for n in list(group):
                del group[n]
            for n, value in values:
                new.append(f"{layer}_{endings[n.rpartition('/')[2]]}")
                group[new[-1]] = value
            if new:
                group.attrs["weight_names"] = [n.encode() for n in new]


write1("k1_sequential", keras.Sequential([
    layers.Input((6,)), layers.Dense(5, activation="hard_sigmoid", kernel_regularizer="l2", kernel_constraint="max_norm"),
    layers.Dropout(0.2), layers.BatchNormalization(), layers.PReLU(), layers.GaussianNoise(0.1), layers.Dense(4, use_bias=False),
    layers.LeakyReLU(0.1), layers.Activation("softsign"), layers.Dense(3, activation="softmax")]), [data(5, 6)])
a, b = keras.Input((4,), name="left"), keras.Input((4,), name="right")
u, v = layers.Dense(5, activation="tanh")(a), layers.Dense(5, activation="relu")(b)
z = layers.Concatenate()([layers.Add()([u, v]), layers.Multiply()([u, v])])
write1("k1_functional", keras.Model([a, b], layers.Dense(2)(z)), [data(3, 4), data(3, 4)])
