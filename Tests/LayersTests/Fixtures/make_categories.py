"""What Keras's layers of categories compute: numbers, rows, hashes and vocabularies.

    python make_categories.py        (Keras 3.15, JAX, with TensorFlow installed)
"""

import json
import os
import warnings
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

warnings.simplefilter("ignore")
random = np.random.default_rng(11)


def listed(array):
    array = np.asarray(array, dtype=np.float64)
    return {"shape": list(array.shape), "scalars": [float(f"{value:.9g}") for value in array.ravel()]}


def case(name, layer, *inputs):
    output = layer(list(inputs) if len(inputs) > 1 else inputs[0])
    return {
        "name": name,
        "layer": keras.saving.serialize_keras_object(layer),
        "inputs": [listed(x) for x in inputs],
        "output": listed(output),
    }


numbers = np.array([[0, 2, 2], [3, 1, 0]])
column = np.array([[3], [0], [1]])
cases = [
    case(f"encoding {mode}", layers.CategoryEncoding(4, output_mode=mode), x)
    for mode, x in [("multi_hot", numbers), ("count", numbers), ("one_hot", numbers), ("one_hot", column)]
]
reals = np.array([[-2.0, 0.0, 0.5], [1.5, 7.0, -0.0]], dtype="float32")
cases += [
    case(f"discretization {mode}", layers.Discretization([0.0, 0.5, 1.5], output_mode=mode), reals)
    for mode in ["int", "one_hot", "multi_hot", "count"]
]
integers = np.array([[0, 1, 2, 3], [100, -5, 123456, 7], [99999, 10, 42, 1000000]])
cases += [
    case("hashing", layers.Hashing(100), integers),
    case("hashing with a key", layers.Hashing(100, salt=[133, 137]), integers),
    case("hashing with a mask", layers.Hashing(7, mask_value=42), integers),
    case("hashing to rows", layers.Hashing(5, output_mode="multi_hot"), integers),
    case("hashing to one bin", layers.Hashing(1), integers),
    case("crossing", layers.HashedCrossing(10007), np.array([101, 7, -3, 0]), np.array([1, 2, 3, 4])),
    case("crossing of three", layers.HashedCrossing(10007), column, column + 5, column * 7),
    case("crossing to rows", layers.HashedCrossing(5, output_mode="one_hot"), column, column + 5),
]
tokens = np.array([[5, 7, 1], [9, 0, 5], [11, 9, -4]])
vocabulary = [5, 7, 9]
cases += [
    case("lookup", layers.IntegerLookup(vocabulary=vocabulary), tokens),
    case("lookup with a mask", layers.IntegerLookup(vocabulary=vocabulary, mask_token=0), tokens),
    case("lookup of many", layers.IntegerLookup(vocabulary=vocabulary, num_oov_indices=3, mask_token=0), tokens),
    case("lookup of all", layers.IntegerLookup(vocabulary=vocabulary, num_oov_indices=0), np.array([[5, 7], [9, 9]])),
    case("lookup with special tokens", layers.IntegerLookup(vocabulary=[0, -1, 5, 7], mask_token=0), tokens),
    case("lookup inverted", layers.IntegerLookup(vocabulary=vocabulary, invert=True), np.array([[0, 1, 2], [3, 9, 1]])),
    case("lookup inverted with a mask", layers.IntegerLookup(vocabulary=vocabulary, invert=True, mask_token=0),
         np.array([[0, 1, 2], [3, 4, 9]])),
] + [
    case(f"lookup {mode}", layers.IntegerLookup(
        vocabulary=vocabulary, mask_token=0, output_mode=mode, max_tokens=6, pad_to_max_tokens=mode != "one_hot",
        **({"idf_weights": [0.5, 0.25, 2.0]} if mode == "tf_idf" else {})), tokens)
    for mode in ["one_hot", "multi_hot", "count", "tf_idf"]
]

data = np.round(random.normal(size=500), 3).astype("float32")
adapted = []
for bins, epsilon, count in [(4, 0.01, 500), (3, 0.25, 500), (5, 0.01, 30), (10, 0.05, 7)]:
    layer = layers.Discretization(num_bins=bins, epsilon=epsilon)
    layer.adapt(data[:count])
    adapted.append({"bins": bins, "epsilon": epsilon, "count": count, "boundaries": layer.bin_boundaries})
words = random.poisson(4, size=(20, 5))
lookup = layers.IntegerLookup(mask_token=0, max_tokens=8)
lookup.adapt(words)
weighted = layers.IntegerLookup(output_mode="tf_idf")
weighted.adapt(words)
learnt = {
    "words": listed(words),
    "vocabulary": [int(token) for token in lookup.get_vocabulary(include_special_tokens=False)],
    "weights": [float(weight) for weight in np.asarray(weighted.idf_weights)],
}
colours = ["green", "", "blue", "[UNK]", "réd", "a longer text of more than sixteen bytes", "red"]


def text_case(name, layer, texts):
    return {
        "name": name,
        "layer": keras.saving.serialize_keras_object(layer),
        "texts": texts,
        "output": listed(layer(np.array(texts))),
    }


vocabulary = ["red", "green", "réd"]
weights = {"idf_weights": [0.5, 0.25, 2.0]}
texts = [
    text_case("lookup", layers.StringLookup(vocabulary=vocabulary), colours),
    text_case("lookup with a mask", layers.StringLookup(vocabulary=vocabulary, mask_token=""), colours),
    text_case("lookup of many", layers.StringLookup(vocabulary=vocabulary, num_oov_indices=5), colours),
    text_case("lookup with a key", layers.StringLookup(vocabulary=vocabulary, num_oov_indices=5, salt=[3, 4]), colours),
    text_case("lookup of all", layers.StringLookup(vocabulary=vocabulary, num_oov_indices=0), ["red", "réd"]),
    text_case("lookup to rows", layers.StringLookup(vocabulary=vocabulary, output_mode="one_hot", mask_token=""), colours),
]
sentences = ["The cat, the CAT & a dog!", "", "  A\tdog's  life\n", "Ünder the ÄPFEL (sat)", "cat"]
words = ["the", "cat", "dog", "a", "under", "ünder", "the cat"]
options = [
    dict(output_sequence_length=5), dict(output_sequence_length=2), dict(),
    dict(output_sequence_length=9, ngrams=2), dict(output_sequence_length=9, ngrams=(2,)),
    dict(output_sequence_length=5, standardize="lower"), dict(output_sequence_length=5, standardize="strip_punctuation"),
    dict(output_sequence_length=5, standardize=None), dict(output_sequence_length=12, split="character"),
    dict(output_mode="multi_hot"), dict(output_mode="count", ngrams=3),
    dict(output_mode="count", max_tokens=12, pad_to_max_tokens=True),
    dict(output_mode="tf_idf", idf_weights=[0.5, 1.5, 2.5, 0.25, 1.0, 2.0, 3.0]),
]
texts += [text_case(f"vectorization {option}", layers.TextVectorization(vocabulary=words, **option), sentences)
          for option in options]
learning = layers.TextVectorization(max_tokens=7)
learning.adapt(sentences)
learnt["texts"] = sentences
learnt["tokens"] = [str(token) for token in learning.get_vocabulary(include_special_tokens=False)]
fixture = {"texts": texts, "cases": cases, "data": listed(data), "adapted": adapted, "learnt": learnt}
(Path(__file__).parent / "categories.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
