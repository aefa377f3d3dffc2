"""Texts to vectors: model names, precision, encoders and the embedding store."""

from nmixx.encoding.encoder import Encoder, FloatArray, SentenceEncoder
from nmixx.encoding.models import load_model, locate_model, model_fingerprint
from nmixx.encoding.precision import Precision, choose_device, choose_precision
from nmixx.encoding.store import EmbeddingStore

__all__ = [
    "EmbeddingStore",
    "Encoder",
    "FloatArray",
    "Precision",
    "SentenceEncoder",
    "choose_device",
    "choose_precision",
    "load_model",
    "locate_model",
    "model_fingerprint",
]
