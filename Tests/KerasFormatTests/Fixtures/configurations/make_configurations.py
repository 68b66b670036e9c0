"""Configurations of layers, models and compilations as Keras writes them.

    KERAS_BACKEND=torch python make_configurations.py      (Keras 3.15: keras3.json)
    python make_configurations.py                          (TensorFlow 2.15 with its Keras 2: keras2.json)

Each entry is what the serialization of the .keras format gives, or the text of `to_json()`.
"""

import json
import os
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if os.environ.get("KERAS_BACKEND") == "torch":
    import keras
else:
    import keras as keras_2
    from tensorflow import keras

layers = keras.layers
is_2 = os.environ.get("KERAS_BACKEND") != "torch"
version = keras_2.__version__ if is_2 else keras.__version__
serialize = keras.saving.serialize_keras_object


def plain(value):
    """What does not repeat from run to run."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != "shared_object_id"}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def all_layers():
    regularizers, constraints, initializers = keras.regularizers, keras.constraints, keras.initializers
    cases = {
        "Dense": layers.Dense(3),
        "Dense with everything": layers.Dense(
            3, activation="selu", kernel_initializer="he_normal",
            bias_initializer=initializers.Constant(0.5), kernel_regularizer=regularizers.L2(0.25),
            bias_regularizer=regularizers.L1L2(l1=0.5, l2=0.25), activity_regularizer=regularizers.L1(0.125),
            kernel_constraint=constraints.MaxNorm(3), bias_constraint=constraints.NonNeg(), name="out",
            trainable=False),
        "Dense without bias": layers.Dense(3, use_bias=False),
        "Dense with hard_sigmoid": layers.Dense(3, activation="hard_sigmoid"),
        "Dense with LeakyReLU": layers.Dense(3, activation=layers.LeakyReLU(0.25)),
        "Dense with ReLU": layers.Dense(3, activation=layers.ReLU(max_value=6.0)),
        "Dense with ELU": layers.Dense(3, activation=layers.ELU(alpha=0.5)),
        "Dense with Softmax": layers.Dense(3, activation=layers.Softmax(axis=1)),
        "Dense with PReLU": layers.Dense(3, activation=layers.PReLU(shared_axes=[1])),
        "Dense with initializers": layers.Dense(
            3, kernel_initializer=initializers.VarianceScaling(scale=2.0, mode="fan_avg", distribution="uniform"),
            bias_initializer=initializers.RandomUniform(-0.5, 0.5)),
        "Dense with Orthogonal": layers.Dense(
            3, kernel_initializer=initializers.Orthogonal(gain=2.0), bias_initializer=initializers.TruncatedNormal(0.5)),
        "Dense with constraints": layers.Dense(
            3, kernel_constraint=constraints.MinMaxNorm(0.5, 1.5, rate=0.5, axis=1),
            bias_constraint=constraints.UnitNorm(axis=0), kernel_regularizer=regularizers.OrthogonalRegularizer()),
        "EinsumDense": layers.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d", activation="relu"),
        "Embedding": layers.Embedding(7, 3),
        "Embedding with everything": layers.Embedding(
            7, 3, embeddings_initializer="he_normal", embeddings_regularizer=regularizers.L2(0.25),
            embeddings_constraint=constraints.UnitNorm(axis=1), mask_zero=True, name="words"),
        "MultiHeadAttention": layers.MultiHeadAttention(2, 3),
        "MultiHeadAttention with everything": layers.MultiHeadAttention(
            2, 3, value_dim=4, dropout=0.25, output_shape=(5, 2), attention_axes=(1, 2),
            kernel_initializer="he_normal", bias_initializer="ones", kernel_regularizer=regularizers.L2(0.25),
            bias_regularizer=regularizers.L1(0.5), activity_regularizer=regularizers.L1(0.125),
            kernel_constraint=constraints.MaxNorm(3), bias_constraint=constraints.NonNeg(), name="heads"),
        "Attention": layers.Attention(),
        "Attention with everything": layers.Attention(use_scale=True, score_mode="concat", dropout=0.25),
        "AdditiveAttention": layers.AdditiveAttention(),
        "AdditiveAttention with everything": layers.AdditiveAttention(use_scale=False, dropout=0.25),
        "EinsumDense of one length": layers.EinsumDense("ab,bc->ac", output_shape=3),
        "Conv1D": layers.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu"),
        "Conv2D": layers.Conv2D(4, (3, 2), strides=(2, 1), padding="same", use_bias=False, name="edges"),
        "Conv2D with everything": layers.Conv2D(
            6, 3, data_format="channels_first", groups=2, activation="selu", kernel_initializer="he_normal",
            bias_initializer="ones", kernel_regularizer=regularizers.L2(0.25), bias_regularizer=regularizers.L1(0.5),
            activity_regularizer=regularizers.L1(0.125), kernel_constraint=constraints.MaxNorm(3, axis=[0, 1, 2]),
            bias_constraint=constraints.NonNeg()),
        "Conv3D": layers.Conv3D(2, 2, dilation_rate=(1, 2, 1)),
        "Conv1DTranspose": layers.Conv1DTranspose(3, 4, strides=2, padding="same"),
        "Conv2DTranspose": layers.Conv2DTranspose(3, 3, strides=2, output_padding=1, activation="gelu"),
        "Conv3DTranspose": layers.Conv3DTranspose(3, 2, data_format="channels_first"),
        "DepthwiseConv2D": layers.DepthwiseConv2D(
            3, strides=2, depth_multiplier=2, activation="relu6", depthwise_initializer="he_uniform",
            depthwise_regularizer=regularizers.L2(0.5), depthwise_constraint=constraints.NonNeg()),
        "SeparableConv1D": layers.SeparableConv1D(4, 3, padding="same", pointwise_initializer="zeros"),
        "SeparableConv2D": layers.SeparableConv2D(
            4, 3, depth_multiplier=2, use_bias=False, pointwise_regularizer=regularizers.L1(0.25)),
        "Activation": layers.Activation("gelu"),
        "Activation with LeakyReLU": layers.Activation(layers.LeakyReLU(0.25)),
        "Activation with PReLU": layers.Activation(layers.PReLU()),
        "ReLU": layers.ReLU(),
        "ReLU with everything": layers.ReLU(max_value=6, negative_slope=0.5, threshold=0.25),
        "LeakyReLU": layers.LeakyReLU(),
        "PReLU": layers.PReLU(),
        "PReLU with everything": layers.PReLU(
            alpha_initializer="ones", alpha_regularizer=regularizers.L1(0.5), alpha_constraint="non_neg",
            shared_axes=[1, 2]),
        "ELU": layers.ELU(alpha=0.5),
        "Softmax": layers.Softmax(),
        "Softmax over axes": layers.Softmax(axis=[1, 2]),
        "BatchNormalization": layers.BatchNormalization(),
        "BatchNormalization with everything": layers.BatchNormalization(
            axis=1, momentum=0.5, epsilon=0.25, gamma_initializer="uniform",
            moving_mean_initializer="ones", beta_regularizer=regularizers.L2(0.5), gamma_constraint="non_neg"),
        "BatchNormalization without weights": layers.BatchNormalization(center=False, scale=False),
        "LayerNormalization": layers.LayerNormalization(),
        "LayerNormalization over axes": layers.LayerNormalization(axis=[1, 2], epsilon=0.25, center=False),
        "UnitNormalization": layers.UnitNormalization(),
        "UnitNormalization over axes": layers.UnitNormalization(axis=[1, 2]),
        "Normalization": layers.Normalization(),
        "Normalization of all": layers.Normalization(axis=None),
        "Normalization with values": layers.Normalization(mean=[0.5, 0.25], variance=[2.0, 4.0], invert=True),
        "Normalization with numbers": layers.Normalization(axis=None, mean=0.5, variance=2.0),
        "Rescaling": layers.Rescaling(0.5, offset=-1.0),
        "Dropout": layers.Dropout(0.5),
        "Dropout with everything": layers.Dropout(0.25, noise_shape=(None, 1, 4), seed=7),
        "AlphaDropout": layers.AlphaDropout(0.25),
        "GaussianDropout": layers.GaussianDropout(0.25, seed=3),
        "GaussianNoise": layers.GaussianNoise(0.25),
        "ActivityRegularization": layers.ActivityRegularization(l1=0.5, l2=0.25),
        "SimpleRNN": layers.SimpleRNN(3, return_sequences=True, dropout=0.1),
        "LSTM": layers.LSTM(
            3, "elu", "softsign", kernel_regularizer=regularizers.L2(0.25), recurrent_constraint="max_norm", return_sequences=True,
            unit_forget_bias=False),
        "GRU": layers.GRU(3, reset_after=False, go_backwards=True, recurrent_dropout=0.2, bias_initializer="ones"),
        "RNN": layers.RNN(layers.LSTMCell(3), unroll=True),
        "RNN_stacked": layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2, "relu")], zero_output_for_mask=True),
        "SimpleRNNCell": layers.SimpleRNNCell(3),
        "LSTMCell": layers.LSTMCell(3, use_bias=False),
        "GRUCell": layers.GRUCell(3),
        "StackedRNNCells": layers.StackedRNNCells([layers.LSTMCell(3), layers.LSTMCell(2)]),
        "Bidirectional": layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode="ave"),
        "Bidirectional_of_two": layers.Bidirectional(
            layers.GRU(3), merge_mode=None, backward_layer=layers.LSTM(3, go_backwards=True)),
        "TimeDistributed": layers.TimeDistributed(layers.Conv2D(2, 3)),
        "ConvLSTM1D": layers.ConvLSTM1D(2, 3, strides=2, padding="same", recurrent_activation="sigmoid"),
        "ConvLSTM2D": layers.ConvLSTM2D(2, (3, 2), dilation_rate=2, activation="relu", recurrent_activation="elu"),
        "ConvLSTM3D": layers.ConvLSTM3D(
            2, 2, data_format="channels_first", return_sequences=True, recurrent_activation="sigmoid"),
        "Masking": layers.Masking(),
        "Masking of a value": layers.Masking(mask_value=-1.5),
        "MaxPooling1D": layers.MaxPooling1D(),
        "MaxPooling2D": layers.MaxPooling2D(),
        "MaxPooling2D with everything": layers.MaxPooling2D(
            (3, 2), strides=(2, 1), padding="same", data_format="channels_first"),
        "MaxPooling3D": layers.MaxPooling3D(2, strides=1),
        "AveragePooling1D": layers.AveragePooling1D(3, strides=2, padding="same"),
        "AveragePooling2D": layers.AveragePooling2D((2, 3)),
        "AveragePooling3D": layers.AveragePooling3D(2, padding="same", data_format="channels_first"),
        "GlobalMaxPooling1D": layers.GlobalMaxPooling1D(),
        "GlobalMaxPooling2D": layers.GlobalMaxPooling2D(data_format="channels_first", keepdims=True),
        "GlobalMaxPooling3D": layers.GlobalMaxPooling3D(),
        "GlobalAveragePooling1D": layers.GlobalAveragePooling1D(keepdims=True),
        "GlobalAveragePooling2D": layers.GlobalAveragePooling2D(),
        "GlobalAveragePooling3D": layers.GlobalAveragePooling3D(data_format="channels_first"),
        "ZeroPadding1D": layers.ZeroPadding1D((0, 2)),
        "ZeroPadding2D": layers.ZeroPadding2D(),
        "ZeroPadding2D with pairs": layers.ZeroPadding2D(((1, 2), (3, 0)), data_format="channels_first"),
        "ZeroPadding3D": layers.ZeroPadding3D((1, 0, 2)),
        "Cropping1D": layers.Cropping1D(),
        "Cropping2D": layers.Cropping2D(),
        "Cropping2D with pairs": layers.Cropping2D(((1, 2), (3, 0)), data_format="channels_first"),
        "Cropping3D": layers.Cropping3D(2),
        "UpSampling1D": layers.UpSampling1D(3),
        "UpSampling2D": layers.UpSampling2D(),
        "UpSampling2D with everything": layers.UpSampling2D(
            (3, 1), data_format="channels_first", interpolation="bilinear"),
        "UpSampling3D": layers.UpSampling3D((1, 2, 3)),
        "Flatten": layers.Flatten(),
        "Flatten of channels": layers.Flatten(data_format="channels_first"),
        "Reshape": layers.Reshape((2, -1)),
        "Permute": layers.Permute((2, 1)),
        "RepeatVector": layers.RepeatVector(3),
        "Identity": layers.Identity(),
        "Add": layers.Add(),
        "Subtract": layers.Subtract(),
        "Multiply": layers.Multiply(),
        "Average": layers.Average(),
        "Maximum": layers.Maximum(),
        "Minimum": layers.Minimum(),
        "Concatenate": layers.Concatenate(axis=1),
        "Dot": layers.Dot(axes=1),
        "Dot with axes": layers.Dot(axes=(1, 2), normalize=True),
    }
    if is_2:
        cases |= {
            "ThresholdedReLU": layers.ThresholdedReLU(theta=0.5),
            "DepthwiseConv1D": layers.DepthwiseConv1D(3, padding="same", dilation_rate=2),
            "GroupNormalization": layers.GroupNormalization(groups=4, axis=1, epsilon=0.25, scale=False),
            "UpSampling2D with cubics": layers.UpSampling2D(2, interpolation="bicubic"),
            "Resizing": layers.Resizing(3, 4),
            "Resizing with cropping": layers.Resizing(3, 4, interpolation="nearest", crop_to_aspect_ratio=True),
            "CenterCrop": layers.CenterCrop(3, 4),
            "RandomCrop": layers.RandomCrop(3, 4, seed=1),
            "RandomFlip": layers.RandomFlip(),
            "RandomRotation": layers.RandomRotation(0.25),
            "RandomRotation with everything": layers.RandomRotation(
                (-0.25, 0.5), fill_mode="constant", interpolation="nearest", fill_value=0.5, seed=3),
            "RandomTranslation": layers.RandomTranslation(0.25, (-0.5, 0.125), fill_mode="wrap"),
            "RandomZoom": layers.RandomZoom(0.25),
            "RandomZoom with a width": layers.RandomZoom((-0.5, 0.125), 0.25, fill_mode="nearest"),
            "RandomBrightness": layers.RandomBrightness((-0.25, 0.5)),
        }
    else:
        cases["DepthwiseConv1D"] = layers.DepthwiseConv1D(3, padding="same", dilation_rate=2)
        cases["MultiHeadAttention with a window"] = layers.MultiHeadAttention(2, 3, sliding_window=4, use_gate=True)
        cases["GroupQueryAttention"] = layers.GroupQueryAttention(3, 4, 2)
        cases["GroupQueryAttention with everything"] = layers.GroupQueryAttention(
            3, 4, 1, dropout=0.25, use_bias=False, use_gate=True, sliding_window=2, kernel_regularizer=regularizers.L2(0.25))
        cases["RMSNormalization"] = layers.RMSNormalization(axis=[1, 2], epsilon=0.25)
        cases["Dense with leaky_relu"] = layers.Dense(3, activation="leaky_relu")
        cases["GroupNormalization"] = layers.GroupNormalization(groups=4, axis=1, epsilon=0.25, scale=False)
        cases["SpatialDropout1D"] = layers.SpatialDropout1D(0.25)
        cases["SpatialDropout2D"] = layers.SpatialDropout2D(0.5, data_format="channels_first")
        cases["SpatialDropout3D"] = layers.SpatialDropout3D(0.75, seed=3)
        cases["UpSampling2D with cubics"] = layers.UpSampling2D(2, interpolation="bicubic")
        for rank in [1, 2, 3]:
            for kind in ["Max", "Average"]:
                name = f"Adaptive{kind}Pooling{rank}D"
                cases[name] = getattr(layers, name)(rank, data_format="channels_first")
        cases |= {
            "CategoryEncoding": layers.CategoryEncoding(5),
            "CategoryEncoding of counts": layers.CategoryEncoding(5, output_mode="count"),
            "Discretization": layers.Discretization([0.0, 1.5, 3.0]),
            "Discretization of a number": layers.Discretization(num_bins=4, epsilon=0.25, output_mode="one_hot"),
            "Hashing": layers.Hashing(10),
            "Hashing with everything": layers.Hashing(10, mask_value=3, salt=(5, 7), output_mode="count"),
            "HashedCrossing": layers.HashedCrossing(7),
            "HashedCrossing to rows": layers.HashedCrossing(7, output_mode="one_hot"),
            "IntegerLookup": layers.IntegerLookup(vocabulary=[5, 7, 9]),
            "IntegerLookup with everything": layers.IntegerLookup(
                vocabulary=[5, 7, 9], max_tokens=9, num_oov_indices=3, mask_token=0, oov_token=-2,
                output_mode="tf_idf", idf_weights=[0.5, 0.25, 2.0], pad_to_max_tokens=True),
            "IntegerLookup inverted": layers.IntegerLookup(vocabulary=[5, 7, 9], invert=True, mask_token=0),
            "StringLookup": layers.StringLookup(vocabulary=["red", "green"]),
            "StringLookup with everything": layers.StringLookup(
                vocabulary=["red", "green"], max_tokens=9, num_oov_indices=3, mask_token="", oov_token="?",
                output_mode="tf_idf", idf_weights=[0.5, 2.0], pad_to_max_tokens=True, salt=[3, 4]),
            "TextVectorization": layers.TextVectorization(vocabulary=["red", "green"], output_sequence_length=6),
            "TextVectorization with everything": layers.TextVectorization(
                max_tokens=9, standardize="lower", split="character", ngrams=2, output_mode="count",
                pad_to_max_tokens=True, vocabulary=["red", "green"]),
            "Resizing": layers.Resizing(3, 4),
            "Resizing with padding": layers.Resizing(
                3, 4, interpolation="lanczos3", pad_to_aspect_ratio=True, fill_value=0.5, antialias=True,
                data_format="channels_first"),
            "Resizing with cropping": layers.Resizing(3, 4, interpolation="nearest", crop_to_aspect_ratio=True),
            "CenterCrop": layers.CenterCrop(3, 4),
            "RandomCrop": layers.RandomCrop(3, 4, seed=1),
            "RandomFlip": layers.RandomFlip(),
            "RandomFlip with everything": layers.RandomFlip("vertical", seed=3, data_format="channels_first"),
            "RandomRotation": layers.RandomRotation(0.25),
            "RandomRotation with everything": layers.RandomRotation(
                (-0.25, 0.5), fill_mode="constant", interpolation="nearest", fill_value=0.5, seed=3),
            "RandomTranslation": layers.RandomTranslation(0.25, (-0.5, 0.125), fill_mode="wrap"),
            "RandomZoom": layers.RandomZoom(0.25),
            "RandomZoom with a width": layers.RandomZoom((-0.5, 0.125), 0.25, fill_mode="nearest"),
            "RandomShear": layers.RandomShear((0.125, 0.25), (0.0, 0.5)),
            "RandomContrast": layers.RandomContrast(0.25, value_range=(0, 1)),
            "RandomBrightness": layers.RandomBrightness((-0.25, 0.5)),
            "RandomInvert": layers.RandomInvert(),
            "RandomGrayscale": layers.RandomGrayscale(0.25, data_format="channels_first"),
            "RandomColorDegeneration": layers.RandomColorDegeneration(0.25),
            "RandomHue": layers.RandomHue(0.25, value_range=(0, 1)),
            "RandomSaturation": layers.RandomSaturation((0.25, 0.75)),
            "RandomColorJitter": layers.RandomColorJitter(
                brightness_factor=(-0.25, 0.5), contrast_factor=(0.0, 0.25), hue_factor=(0.125, 0.25)),
            "RandomPosterization": layers.RandomPosterization((2, 5), data_format="channels_first"),
            "AutoContrast": layers.AutoContrast(value_range=(0, 1)),
            "Equalization": layers.Equalization(bins=64),
            "RandomPerspective": layers.RandomPerspective(0.5, scale=0.25, interpolation="nearest", fill_value=0.5),
            "RandomSharpness": layers.RandomSharpness(0.25),
            "RandomGaussianBlur": layers.RandomGaussianBlur(0.5, kernel_size=(3, 5), sigma=(0.25, 0.5)),
            "RandomErasing": layers.RandomErasing(),
            "RandomErasing with a colour": layers.RandomErasing(0.5, scale=(0.25, 0.5), fill_value=(1.0, 0.5, 0.25)),
            "Solarization": layers.Solarization(0.25, (0.5, 0.75), value_range=(0, 1)),
        }
        from keras.src.applications import convnext, inception_resnet_v2

        cases["LayerScale"] = convnext.LayerScale(0.25, 3)
        cases["StochasticDepth"] = convnext.StochasticDepth(0.125)
        cases["CustomScaleLayer"] = inception_resnet_v2.CustomScaleLayer(0.5)
        cases["Add with a penalty"] = layers.Add(activity_regularizer=regularizers.L2(0.5))
    return cases


def sequential():
    return keras.Sequential([
        layers.Input((4,)), layers.Dense(3, activation="relu"), layers.Dropout(0.5), layers.BatchNormalization(),
        layers.Dense(2, activation="softmax", name="out", trainable=False)], name="classifier")


def unbuilt():
    return keras.Sequential([layers.Dense(3), layers.Dense(2)], name="unbuilt")


def without_input():
    model = keras.Sequential([layers.Dense(3), layers.Dense(2)], name="late")
    model.build((None, 4))
    return model


def residual():
    x = layers.Input((4,), name="features")
    hidden = layers.Dense(4, activation="tanh", name="hidden")(x)
    total = layers.Add(name="total")([x, hidden])
    return keras.Model(x, layers.Dense(2, name="out")(total), name="residual")


def several():
    a, b = layers.Input((4,), name="a"), layers.Input((3,), name="b")
    shared = layers.Dense(5, name="shared")
    left, right = shared(layers.Dense(6, name="left")(a)), shared(layers.Dense(6, name="right")(b))
    joined = layers.Concatenate(name="joined")([left, right])
    distance = layers.Dot(axes=1, normalize=True, name="distance")([left, right])
    return keras.Model([a, b], [layers.Dense(2, name="out")(joined), distance], name="several")


def nested():
    encoder = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="code")], name="encoder")
    x = layers.Input((3,), name="inner_input")
    head = keras.Model(x, layers.Dense(3, name="inner")(x), name="head")
    x = layers.Input((4,), name="outer_input")
    first = head(encoder(x))
    return keras.Model(x, [head(first), first], name="nested")


def in_sequence():
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="code")], name="inner")
    return keras.Sequential([layers.Input((4,)), inner, layers.Dense(2)], name="outer")


def named_inputs():
    inputs = {"b": layers.Input((3,), name="b"), "a": layers.Input((4,), name="a")}
    joined = layers.Concatenate()([inputs["a"], inputs["b"]])
    return keras.Model(inputs, {"z": layers.Dense(2, name="z")(joined), "y": layers.Dense(1, name="y")(joined)})


def unknown_length():
    return keras.Sequential([layers.Input((None, 4)), layers.Dense(3)], name="sequences")


def deep():
    x = inputs = layers.Input((4,), name="x")
    for step in range(3):
        y = layers.Dense(4, name=f"dense_{step}")(x)
        x = layers.Add(name=f"add_{step}")([y, x])
    return keras.Model(inputs, x, name="deep")


MODELS = [sequential, unbuilt, without_input, residual, several, nested, in_sequence, named_inputs, unknown_length, deep]


def compiled(**arguments):
    model = sequential()
    model.compile(**arguments)
    return model


def compilations():
    losses, metrics, optimizers = keras.losses, keras.metrics, keras.optimizers
    schedule = optimizers.schedules.ExponentialDecay(0.5, decay_steps=100, decay_rate=0.25, staircase=True)
    cases = {
        "names": dict(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy", "mse"]),
        "objects": dict(
            optimizer=optimizers.SGD(schedule, momentum=0.5, nesterov=True, clipnorm=1.0),
            loss=losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.25),
            metrics=[metrics.TopKCategoricalAccuracy(k=2, name="top"), metrics.Accuracy(name="equal"), metrics.AUC()],
            weighted_metrics=[metrics.MeanSquaredError(name="error")]),
        "lists": dict(optimizer="rmsprop", loss=["mse"], metrics=[["mae"]]),
        "sum": dict(optimizer=optimizers.Nadam(0.125), loss=losses.Huber(delta=0.5, reduction="sum")),
        "without metrics": dict(optimizer=optimizers.Adagrad(), loss="hinge"),
    }
    for name in ["Adadelta", "Adamax", "Ftrl", "AdamW", "Lion", "Lamb", "LossScaleOptimizer"]:
        if not hasattr(optimizers, name):
            continue
        wrapped = name == "LossScaleOptimizer"
        if wrapped and is_2:
            continue
        optimizer = optimizers.LossScaleOptimizer(optimizers.Adam()) if wrapped else getattr(optimizers, name)()
        cases[name] = dict(optimizer=optimizer, loss="mse")
    return cases


def main():
    result = {"layers": {}, "models": {}, "texts": {}, "compilations": {}}
    for name, layer in all_layers().items():
        result["layers"][name] = plain(serialize(layer))
    for make in MODELS:
        keras.backend.clear_session()
        model = make()
        result["models"][make.__name__] = plain(serialize(model))
        result["texts"][make.__name__] = json.dumps(plain(json.loads(model.to_json())))
    for name, arguments in compilations().items():
        result["compilations"][name] = plain(compiled(**arguments).get_compile_config())
    if is_2:
        import h5py
        path = Path(tempfile.mkdtemp()) / "model.h5"
        result["training"] = {}
        for name, arguments in compilations().items():
            model = compiled(**arguments)
            model.save(path, save_format="h5")
            with h5py.File(path) as file:
                result["training"][name] = plain(json.loads(file.attrs["training_config"]))
                result["texts"]["h5"] = json.dumps(plain(json.loads(file.attrs["model_config"])))
    result["version"] = version
    path = Path(__file__).with_name("keras2.json" if is_2 else "keras3.json")
    path.write_text(json.dumps(result, sort_keys=True, separators=(",", ":")) + "\n")


main()
