"""Fixtures shared by all tests: a tiny real model, and a few sentences of our own.

Nothing here reaches a network: the model has random weights and is built on the spot.
"""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before any import of the Hugging Face libraries
os.environ["TQDM_DISABLE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from nmixx.records import Pair

# A busy machine is no defect: no deadline. A fixture's folder may be shared by all examples.
settings.register_profile(
    "nmixx",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("nmixx")

ENGLISH = (
    "Operating profit rose 12 percent to 87 million dollars.",
    "The bank cut its dividend after a weak quarter.",
    "Net loss narrowed as costs fell faster than sales.",
    "The regulator fined the broker for late disclosure.",
    "Shares fell after the company lowered its outlook.",
    "Interest income grew while loan losses stayed low.",
    "The board approved a buyback of one million shares.",
    "Exports of chips recovered in the third quarter.",
    "The fund will issue bonds worth 300 billion won.",
    "Inflation slowed and the central bank held rates.",
    "The merger needs the approval of shareholders.",
    "Revenue missed the forecast for the second year.",
)
KOREAN = (
    "영업이익이 12퍼센트 늘어 8천7백만 달러가 되었다.",
    "은행은 부진한 분기 뒤에 배당을 줄였다.",
    "비용이 매출보다 빨리 줄어 순손실이 축소되었다.",
    "감독 당국은 늦은 공시로 증권사에 과징금을 부과했다.",
    "회사가 전망을 낮춘 뒤 주가가 내렸다.",
    "대손은 낮았고 이자 이익은 늘었다.",
    "이사회는 주식 백만 주의 매입을 승인했다.",
    "반도체 수출이 3분기에 회복되었다.",
    "펀드는 3천억원 규모의 채권을 발행한다.",
    "물가 상승이 둔화되어 중앙은행은 금리를 동결했다.",
    "합병은 주주의 승인이 필요하다.",
    "매출은 2년 연속 전망에 미치지 못했다.",
)
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_JAMO = [
    chr(code) for code in (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Keep torch to one thread: tiny matrices gain nothing from two, which wait for each other."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture
def pairs() -> list[Pair]:
    """Korean and English sentences that say the same, each in a group of its own."""
    return [
        Pair(f"p{at:02}", korean, english, "ko", "en", "translation", "news", f"g{at:02}")
        for at, (korean, english) in enumerate(zip(KOREAN, ENGLISH, strict=True))
    ]


@pytest.fixture(scope="session")
def tiny_model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a real BERT with random weights: lower-cased WordPiece, mean pooling, unit length.

    Like the English BERT models, it strips accents and knows Hangul only as single jamo.
    """
    return build_tiny_model(tmp_path_factory.mktemp("tiny-bert"))


@pytest.fixture
def load_tiny(tiny_model_path: Path) -> Callable[[], Any]:
    """Load a fresh copy of the tiny model."""
    from nmixx.encoding import load_model

    return lambda: load_model(str(tiny_model_path), device="cpu")


@pytest.fixture
def tiny_model(load_tiny: Callable[[], Any]) -> Any:
    """Give a fresh copy of the tiny model, to change at will."""
    return load_tiny()


def build_tiny_model(folder: Path, *, seed: int = 0) -> Path:
    """Write the tiny model to a folder; another seed gives other weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    vocabulary = _learn_vocabulary()
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        bert = BertModel(config)
    # Random rows of ordinary spread, so that different texts get plainly different vectors.
    with torch.no_grad():
        bert.embeddings.word_embeddings.weight.mul_(20)
    parts = folder / "bert"
    bert.save_pretrained(parts)
    BertTokenizer(vocab=vocabulary, do_lower_case=True).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=64)
    model = SentenceTransformer(
        modules=[transformer, Pooling(32, pooling_mode="mean"), Normalize()], device="cpu"
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def _learn_vocabulary() -> dict[str, int]:
    """Learn a few hundred word pieces from the English sentences; add the jamo."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(vocab={}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    letters = string.ascii_lowercase + string.digits
    trainer = trainers.WordPieceTrainer(
        vocab_size=400, special_tokens=list(_SPECIAL), show_progress=False
    )
    tokenizer.train_from_iterator(ENGLISH, trainer)
    learned = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    characters = [*letters, *string.punctuation, *_JAMO]
    pieces = [*learned, *characters, *(f"##{mark}" for mark in [*letters, *_JAMO])]
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
