"""Small models of every group that public tutorials of Keras build, written anew."""

from . import attentions, generative, joined, operations, pictures, recurrences, signals, tabular, texts
from .catalog import MODELS, build

__all__ = ["MODELS", "build"]
