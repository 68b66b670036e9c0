"""Networks for pictures: classifiers, segmentation, autoencoders."""

import keras
from keras import layers

from .catalog import example, fractions, pixels


@example
def digits_dense():
    model = keras.Sequential([
        keras.Input((14, 14)), layers.Flatten(), layers.Dense(32, activation="relu"), layers.Dropout(0.2), layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model, fractions(14, 14)


@example(h5=True)
def digits_convolutional():
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(), layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(), layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model, fractions(28, 28, 1)


@example
def lenet():
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(6, 5, padding="same", activation="tanh"), layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="tanh"), layers.AveragePooling2D(2), layers.Flatten(), layers.Dense(120, activation="tanh"),
        layers.Dense(84, activation="tanh"), layers.Dense(10, activation="softmax")])
    return model, fractions(28, 28, 1)


@example
def vgg_like():
    model = keras.Sequential([keras.Input((32, 32, 3))])
    for filters in (8, 16, 24):
        for _ in range(2):
            model.add(layers.Conv2D(filters, (3, 3), padding="same", activation="relu", kernel_initializer="he_uniform"))
        model.add(layers.BatchNormalization())
        model.add(layers.MaxPooling2D((2, 2)))
        model.add(layers.SpatialDropout2D(0.2))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    return model, fractions(32, 32, 3)


def residual_block(x, filters, strides=1):
    shortcut = x
    x = layers.Conv2D(filters, 3, strides, "same", use_bias=False)(x)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(x))
    if strides > 1 or shortcut.shape[-1] != filters:
        shortcut = layers.BatchNormalization()(layers.Conv2D(filters, 1, strides, use_bias=False)(shortcut))
    return layers.Activation("relu")(layers.Add()([x, shortcut]))


@example
def residual_network():
    inputs = keras.Input((24, 24, 3))
    x = layers.MaxPooling2D(3, 2, "same")(layers.Conv2D(8, 7, 2, "same", activation="relu")(inputs))
    for filters, strides in ((8, 1), (16, 2), (16, 1)):
        x = residual_block(x, filters, strides)
    return keras.Model(inputs, layers.Dense(10)(layers.GlobalAveragePooling2D()(x))), fractions(24, 24, 3)


@example
def inception_like():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="relu")(inputs)
    for filters in (4, 6):
        tower_1 = layers.Conv2D(filters, 1, padding="same", activation="relu")(x)
        tower_3 = layers.Conv2D(filters, 3, padding="same", activation="relu")(layers.Conv2D(filters, 1, activation="relu")(x))
        tower_5 = layers.Conv2D(filters, 5, padding="same", activation="relu")(layers.Conv2D(filters, 1, activation="relu")(x))
        pooled = layers.Conv2D(filters, 1, activation="relu")(layers.MaxPooling2D(3, 1, padding="same")(x))
        x = layers.Concatenate(axis=-1)([tower_1, tower_3, tower_5, pooled])
    outputs = layers.Dense(10, activation="softmax")(layers.Flatten()(layers.AveragePooling2D(4)(x)))
    return keras.Model(inputs, outputs), fractions(16, 16, 3)


@example
def dense_network():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    for block in range(2):
        for _ in range(3):
            y = layers.Activation("relu")(layers.BatchNormalization()(x))
            x = layers.Concatenate()([x, layers.Conv2D(4, 3, padding="same", use_bias=False)(y)])
        if block == 0:
            x = layers.AveragePooling2D(2)(layers.Conv2D(10, 1)(x))
    return keras.Model(inputs, layers.Dense(10, "softmax")(layers.GlobalMaxPooling2D()(x))), fractions(16, 16, 3)


@example
def u_net():
    inputs = keras.Input((16, 16, 3))
    skips, x = [], inputs
    for filters in (6, 12):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
        skips.append(x)
        x = layers.Dropout(0.1)(layers.MaxPooling2D(2)(x))
    x = layers.Conv2D(24, 3, padding="same", activation="relu")(x)
    for filters, skip in ((12, skips[1]), (6, skips[0])):
        x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same")(x)
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(layers.concatenate([x, skip]))
    return keras.Model(inputs, layers.Conv2D(1, 1, activation="sigmoid")(x)), fractions(16, 16, 3)


@example
def segmentation_by_upsampling():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same")(inputs)
    x = previous = layers.Activation("relu")(layers.BatchNormalization()(x))
    for filters in (12, 16):
        x = layers.SeparableConv2D(filters, 3, padding="same")(layers.Activation("relu")(x))
        x = layers.MaxPooling2D(3, strides=2, padding="same")(layers.BatchNormalization()(x))
        previous = layers.Conv2D(filters, 1, strides=2, padding="same")(previous)
        x = previous = layers.add([x, previous])
    for filters in (16, 12, 8):
        x = layers.BatchNormalization()(layers.Conv2DTranspose(filters, 3, padding="same")(layers.Activation("relu")(x)))
        x = layers.UpSampling2D(2)(x)
        previous = layers.Conv2D(filters, 1, padding="same")(layers.UpSampling2D(2, interpolation="bilinear")(previous))
        x = previous = layers.add([x, previous])
    return keras.Model(inputs, layers.Conv2D(3, 3, activation="softmax", padding="same")(x)), fractions(16, 16, 3)


@example
def depthwise_mobile():
    inputs = keras.Input((20, 20, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(layers.ZeroPadding2D(((0, 1), (0, 1)))(inputs))
    x = layers.ReLU(6.0)(layers.BatchNormalization(momentum=0.999)(x))
    for filters, strides in ((12, 1), (16, 2)):
        x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.DepthwiseConv2D(3, strides, "same", use_bias=False)(x)))
        x = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(filters, 1, use_bias=False)(x)))
    x = layers.Reshape((1, 1, 16))(layers.GlobalAveragePooling2D()(x))
    x = layers.Flatten()(layers.Conv2D(7, 1)(layers.Dropout(1e-3)(x)))
    return keras.Model(inputs, layers.Activation("softmax")(x)), fractions(20, 20, 3)


@example
def squeeze_and_excite():
    inputs = keras.Input((12, 12, 3))
    x = layers.Conv2D(8, 3, padding="same", activation="swish")(inputs)
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(8, 1, activation="sigmoid")(layers.Conv2D(2, 1, activation="swish")(gate))
    x = layers.multiply([x, gate])
    return keras.Model(inputs, layers.Dense(4)(layers.GlobalAveragePooling2D()(x))), fractions(12, 12, 3)


@example
def group_normalized():
    inputs = keras.Input((12, 12, 3))
    x = layers.GroupNormalization(4)(layers.Conv2D(8, 3, padding="same", activation="relu")(inputs))
    x = layers.GroupNormalization(groups=-1)(layers.Conv2D(8, 3, activation="gelu")(x))
    x = layers.UnitNormalization()(layers.Flatten()(layers.LayerNormalization()(x)))
    return keras.Model(inputs, layers.Dense(5)(x)), fractions(12, 12, 3)


@example
def augmented_classifier():
    augmentation = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.2)])
    inputs = keras.Input((24, 24, 3))
    x = layers.Rescaling(1 / 255)(augmentation(inputs))
    for filters in (8, 16):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, activation="relu")(x))
    x = layers.Dense(16, activation="relu")(layers.Dropout(0.5)(layers.Flatten()(x)))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x)), pixels(24, 24, 3)


@example
def transfer_head():
    base = keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, include_top=False, weights=None)
    base.trainable = False
    inputs = keras.Input((32, 32, 3))
    x = base(layers.Rescaling(1 / 127.5, offset=-1)(inputs), training=False)
    outputs = layers.Dense(2)(layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x)))
    return keras.Model(inputs, outputs), pixels(32, 32, 3)


@example
def convolutional_autoencoder():
    inputs = keras.Input((28, 28, 1))
    x = layers.MaxPooling2D(2, padding="same")(layers.Conv2D(8, 3, activation="relu", padding="same")(inputs))
    x = layers.MaxPooling2D(2, padding="same")(layers.Conv2D(8, 3, activation="relu", padding="same")(x))
    x = layers.Conv2DTranspose(8, 3, strides=2, activation="relu", padding="same")(x)
    x = layers.Conv2DTranspose(8, 3, strides=2, activation="relu", padding="same")(x)
    model = keras.Model(inputs, layers.Conv2D(1, 3, activation="sigmoid", padding="same")(x))
    model.compile("adam", "binary_crossentropy")
    return model, fractions(28, 28, 1)


@example
def super_resolution():
    inputs = keras.Input((None, None, 1))
    x = layers.Conv2D(16, 5, activation="relu", padding="same", kernel_initializer="orthogonal")(inputs)
    x = layers.Conv2D(9, 3, activation="relu", padding="same", kernel_initializer="orthogonal")(x)
    x = layers.UpSampling2D(3, interpolation="nearest")(layers.Cropping2D(1)(x))
    return keras.Model(inputs, layers.Conv2D(1, 3, padding="same")(x)), fractions(10, 12, 1)


@example
def volume_classifier():
    inputs = keras.Input((8, 8, 8, 1))
    x = layers.BatchNormalization()(layers.MaxPooling3D(2)(layers.Conv3D(8, 3, activation="relu", padding="same")(inputs)))
    x = layers.Dense(8, activation="relu")(layers.GlobalAveragePooling3D()(layers.Conv3D(12, 3, activation="relu")(x)))
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(layers.Dropout(0.3)(x))), fractions(8, 8, 8, 1)
