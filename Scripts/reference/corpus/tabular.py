"""Networks for tables: regression, classification, self-normalising networks, wide and deep."""

import keras
from keras import layers

from .catalog import example, numbers


@example
def house_prices():
    model = keras.Sequential([
        keras.Input((13,)), layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"), layers.Dense(1)])
    model.compile("rmsprop", "mse", metrics=["mae"])
    return model, numbers(13)


@example(h5=True)
def iris():
    model = keras.Sequential([
        keras.Input((4,)), layers.Dense(10, activation="tanh"), layers.Dense(8, activation="tanh"),
        layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model, numbers(4)


@example
def churn():
    model = keras.Sequential([
        keras.Input((11,)), layers.Dense(6, activation="relu", kernel_initializer="he_uniform"), layers.Dropout(0.1),
        layers.Dense(6, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC()])
    return model, numbers(11)


@example
def fuel_economy_adapted():
    normalization = layers.Normalization(axis=-1)
    normalization.adapt(numbers(9, count=200, seed=8) * 30 + 100)
    model = keras.Sequential([
        keras.Input((9,)), normalization, layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu"),
        layers.Dense(1)])
    return model, numbers(9) * 30 + 100


@example
def regularized_with_schedule():
    rate = keras.optimizers.schedules.InverseTimeDecay(1e-3, 1000, 1.0)
    model = keras.Sequential([
        keras.Input((28,)),
        layers.Dense(64, activation="elu", kernel_regularizer=keras.regularizers.L2(1e-4)), layers.Dropout(0.5),
        layers.Dense(64, activation="elu", kernel_regularizer=keras.regularizers.L1L2(1e-5, 1e-4)), layers.Dropout(0.5),
        layers.Dense(1)])
    model.compile(keras.optimizers.Adam(rate), keras.losses.BinaryCrossentropy(from_logits=True))
    return model, numbers(28)


@example
def self_normalizing():
    model = keras.Sequential([keras.Input((20,))])
    for _ in range(4):
        model.add(layers.Dense(16, activation="selu", kernel_initializer="lecun_normal"))
        model.add(layers.AlphaDropout(0.1))
    model.add(layers.Dense(4, activation="softmax"))
    return model, numbers(20)


@example
def batch_normalized_before_activation():
    model = keras.Sequential([keras.Input((16,)), layers.BatchNormalization()])
    for units in (32, 16):
        model.add(layers.Dense(units, use_bias=False, kernel_initializer="he_normal"))
        model.add(layers.BatchNormalization())
        model.add(layers.Activation("relu"))
    model.add(layers.Dense(5, activation="softmax"))
    return model, numbers(16)


@example
def advanced_activations():
    model = keras.Sequential([
        keras.Input((12,)), layers.Dense(16), layers.LeakyReLU(negative_slope=0.2), layers.Dense(16), layers.PReLU(),
        layers.Dense(16), layers.ELU(alpha=0.7), layers.Dense(16), layers.ReLU(max_value=6.0), layers.Dense(6),
        layers.Softmax()])
    return model, numbers(12)


ACTIVATIONS = """relu relu6 leaky_relu elu selu celu gelu silu swish mish softplus softsign sigmoid hard_sigmoid hard_silu
    hard_swish hard_tanh tanh tanh_shrink soft_shrink hard_shrink squareplus sparse_plus sparse_sigmoid log_sigmoid exponential
    linear softmax log_softmax""".split()


@example
def every_activation():
    inputs = keras.Input((10,))
    hidden = [layers.Dense(6, activation=name, name=f"with_{name}")(inputs) for name in ACTIVATIONS]
    outputs = layers.Dense(3, activation="softmax")(layers.Concatenate()(hidden))
    return keras.Model(inputs, outputs), numbers(10)


@example
def activation_functions():
    model = keras.Sequential([
        keras.Input((10,)), layers.Dense(8, activation=keras.activations.gelu), layers.Activation(keras.activations.mish),
        layers.Dense(8, activation=layers.LeakyReLU(0.1)), layers.Dense(8), layers.Activation("hard_swish"),
        layers.Dense(3, activation="log_softmax")])
    return model, numbers(10)


@example
def wide_and_deep():
    inputs = keras.Input((8,))
    hidden = layers.Dense(30, activation="relu")(layers.Dense(30, activation="relu")(inputs))
    outputs = layers.Dense(1)(layers.Concatenate()([inputs, hidden]))
    return keras.Model(inputs, outputs), numbers(8)


@example
def wide_and_deep_of_two_inputs():
    wide, deep = keras.Input((5,), name="wide_input"), keras.Input((6,), name="deep_input")
    hidden = layers.Dense(30, activation="relu")(layers.LayerNormalization()(deep))
    hidden = layers.Dense(30, activation="relu")(hidden)
    outputs = layers.Dense(1, name="main_output")(layers.concatenate([wide, hidden]))
    auxiliary = layers.Dense(1, name="aux_output")(hidden)
    model = keras.Model([wide, deep], [outputs, auxiliary])
    model.compile("sgd", ["mse", "mse"], loss_weights=[0.9, 0.1])
    return model, numbers(5), numbers(6, seed=5)


@example
def residual_table():
    inputs = keras.Input((24,))
    x = layers.Dense(32)(inputs)
    for _ in range(3):
        y = layers.Dense(32, activation="gelu")(layers.LayerNormalization(epsilon=1e-6)(x))
        x = layers.Add()([x, layers.Dropout(0.2)(layers.Dense(32)(y))])
    return keras.Model(inputs, layers.Dense(2)(layers.RMSNormalization()(x))), numbers(24)


@example
def anomaly_autoencoder():
    encoder = keras.Sequential(
        [keras.Input((20,)), layers.Dense(12, "relu"), layers.Dense(6, "relu"), layers.Dense(3, "relu")], name="encoder")
    decoder = keras.Sequential([layers.Dense(6, "relu"), layers.Dense(12, "relu"), layers.Dense(20, "sigmoid")], name="decoder")
    inputs = keras.Input((20,))
    model = keras.Model(inputs, decoder(encoder(inputs)))
    model.compile("adam", "mae")
    return model, numbers(20)
