"""Models of Keras 2 with the state of their optimizers: python make-keras2-optimizers.py (TF-Keras 2.21).

k2_optimizers.zip holds NAME.h5, trained for 20 steps of all samples; k2_optimizers.npz the samples x and y, and as NAME the
losses of the next four steps. Those that begin with "new" are of TF-Keras's optimizers since 2.11, others of
keras.optimizers.legacy, which are those of before; "keras22" and "keras1" have the names, counts and types of Keras 2.2 and 1.2.
"""
import io, json, os, pathlib, tempfile, zipfile
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import numpy as np
import tf_keras as keras

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(5)
x = random.normal(size=(32, 6)).astype("float32")
y = np.stack([np.sin(x[:, 0] + x[:, 1]), x[:, 2] * x[:, 3]], 1).astype("float32")
files, losses = {}, {"x": x, "y": y}


def write(name, optimizer, **compilation):
    keras.utils.set_random_seed(len(name))
    model = keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(2)])
    model.compile(optimizer, "mse", **compilation)
    for _ in range(20):
        model.train_on_batch(x, y)
    with tempfile.NamedTemporaryFile(suffix=".h5") as file:
        model.save(file.name)
        files[name] = file.read()
    losses[name] = np.array([model.train_on_batch(x, y) for _ in range(4)])


def edit(name, of, change, training=lambda config: None):
    """The same with other variables: change takes and returns a list of names and values."""
    file = io.BytesIO(files[of])
    with h5py.File(file, "r+") as f:
        group = f["optimizer_weights"]
        old = [(n, group[n][()]) for n in group.attrs["weight_names"]]
        del f["optimizer_weights"]
        new, group = change(old), f.create_group("optimizer_weights")
        group.attrs["weight_names"] = [n.encode() for n, _ in new]
        for n, value in new:
            group[n] = value
        config = json.loads(f.attrs["training_config"])
        training(config["optimizer_config"]["config"])
        f.attrs["training_config"] = json.dumps(config)
    files[name] = file.getvalue()
    losses[name] = losses[of]


o = keras.optimizers.legacy
write("sgd", o.SGD(0.05))
write("sgd_momentum", o.SGD(0.05, momentum=0.9))
write("sgd_nesterov_decay", o.SGD(0.05, momentum=0.9, nesterov=True, decay=0.02))
write("rmsprop", o.RMSprop(0.01))
write("rmsprop_momentum", o.RMSprop(0.01, momentum=0.5))
write("rmsprop_centered", o.RMSprop(0.01, centered=True))
write("rmsprop_centered_momentum", o.RMSprop(0.01, momentum=0.5, centered=True))
write("adam", o.Adam(0.01))
write("adam_amsgrad", o.Adam(0.05, amsgrad=True))
write("adam_decay", o.Adam(0.02, decay=0.05))
write("adam_clipped", o.Adam(0.01, clipnorm=0.05))
write("adam_schedule", o.Adam(keras.optimizers.schedules.ExponentialDecay(0.05, 2, 0.9)))
write("adamax", o.Adamax(0.01))
write("nadam", o.Nadam(0.01))
write("adagrad", o.Adagrad(0.1, initial_accumulator_value=0.0))
write("adadelta", o.Adadelta(1.0))
write("ftrl", o.Ftrl(0.1, l1_regularization_strength=0.01, l2_regularization_strength=0.02, beta=0.1))

o = keras.optimizers
write("new_sgd", o.SGD(0.05))
write("new_sgd_momentum", o.SGD(0.05, momentum=0.9, nesterov=True))
write("new_rmsprop", o.RMSprop(0.01))
write("new_adam_ema", o.Adam(0.01, use_ema=True, ema_momentum=0.9))
write("new_adamw_amsgrad", o.AdamW(0.05, amsgrad=True))
write("new_adamax", o.Adamax(0.01))
# In a graph it counts some steps twice.
write("new_nadam", o.Nadam(0.01), run_eagerly=True)
write("new_adagrad", o.Adagrad(0.1))
write("new_adadelta", o.Adadelta(1.0))
write("new_ftrl", o.Ftrl(0.1, l2_regularization_strength=0.02))
write("new_lion", o.Lion(0.001))


def numbered(variables, first):
    return [(first, variables[0][1])] + [(f"training/Adam/Variable{f'_{i}' if i else ''}:0", v) for i, (_, v) in enumerate(variables[1:])]


def old_rate(config):
    config["lr"] = config.pop("learning_rate")


# Keras 2.2: place holders instead of the largest velocities, the rate called lr, no step where nothing depends on it.
edit("keras22_adam", "adam", lambda v: numbered(v, "Adam/iterations:0") + [(f"training/Adam/Variable_{8 + i}:0", np.zeros(1, "f4")) for i in range(4)], old_rate)
edit("keras22_adam_again", "adam", lambda v: numbered(v, "Adam_1/iterations:0"), old_rate)
edit("keras22_rmsprop", "rmsprop", lambda v: [(f"training/RMSprop/Variable_{i}:0", a) for i, (_, a) in enumerate(v[1:])], old_rate)
edit("keras22_nadam", "nadam", lambda v: [a for a in v if "momentum_cache" not in a[0]],
     lambda config: (old_rate(config), config.update(schedule_decay=config.pop("decay"))))
# Keras 1: the step is a real.
edit("keras1_sgd_decay", "sgd_nesterov_decay", lambda v: [("iterations", np.float32(v[0][1]))] + v[1:], old_rate)

with zipfile.ZipFile(folder / "k2_optimizers.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, data in files.items():
        archive.writestr(zipfile.ZipInfo(f"{name}.h5", (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
np.savez(folder / "k2_optimizers.npz", **losses)
