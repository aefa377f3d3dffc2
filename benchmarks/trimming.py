"""How much of a multilingual model do Korean and English need, and is the rest gone for nothing?

Usage: ``python benchmarks/trimming.py [--data ../shared/data] [--small]``

A model of the XLM-R family is built on the spot: a Unigram tokenizer with 250,000 entries, the
architecture of XLM-R with small random weights. Random weights serve, since the claims are about
rows, tokens and equality of bits, not about meaning. Its entries:

``learned``
    30,000 pieces that a Unigram trainer takes from every 12th text of the data.
``filler``
    the rest: invented words of other languages, as a multilingual vocabulary is full of them. Of
    the filler 45 % is in Latin letters, half of that in plain a to z, 20 % Cyrillic, the rest
    Arabic, Devanagari, Thai, Greek, Hebrew, Georgian, kana and Chinese characters. Scores are
    drawn from those of the learned pieces.

It is trimmed to the other eleven twelfths of the texts. A tenth of those is held out: it says how
many unseen texts, and how many unseen sentences (texts of at most 300 characters), are tokenized
otherwise than before. Then 10,000 unseen sentences whose pieces are all kept are encoded with the
whole and with the trimmed model, each loaded by Sentence Transformers in a process of its own, and
the embeddings are compared bit by bit.

``--small`` takes 16,000 texts, a quarter of which teaches 6,000 pieces, in less than 50 seconds.
The last line is JSON; a ratio in it is what the whole model takes, as a multiple of the trimmed
one's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from measure import in_child
from nmixx.corpus.readers import read_rows
from nmixx.progress import stderr_console
from nmixx.vocabulary.trimming.kept import TrimSettings

QUESTION = "how much of a multilingual model do Korean and English need?"
ROWS = 250_000
HIDDEN, LAYERS = 64, 2
LONGEST = 300
"""Characters of a sentence, at most."""
COLUMNS = (
    "ko",
    "en",
    "text",
    "sentence1",
    "sentence2",
    "premise",
    "hypothesis",
    "query",
    "positive",
)
LIBRARIES = ("torch", "tokenizers", "transformers", "sentence-transformers")
FILLER = (
    (0.225, "abcdefghijklmnopqrstuvwxyz"),
    (0.225, "abcdefghijklmnopqrstuvwxyzäöüßéèêñçãõåøæłńśźżčšžěřůğışıőűăâîțđơưạảấầế"),
    (0.20, "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґў"),
    (0.08, "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    (0.06, "अआइईउऊएओकखगघचछजझटठडणतथदधनपफबभमयरलवशषसह"),
    (0.04, "กขคฆงจฉชซญฎฏฐณดตถทธนบปผพภมยรลวศษสหอฮ"),
    (0.04, "αβγδεζηθικλμνξοπρστυφχψω"),
    (0.03, "אבגדהוזחטיכלמנסעפצקרשת"),
    (0.02, "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"),
    (
        0.03,
        "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
    ),
    (0.05, "".join(chr(code) for code in range(0x4E00, 0x8E00))),
)
"""Shares of the filler, with the letters that its words are made of."""


@dataclass(frozen=True)
class Sizes:
    """How much is learned from one text in so many, and how many sentences are compared."""

    texts: int | None
    step: int
    learned: int
    compared: int


SMALL = Sizes(16_000, 4, 6_000, 1_000)
FULL = Sizes(None, 12, 30_000, 10_000)


def read_all(data: Path, sizes: Sizes) -> list[str]:
    """Read every Korean and English text once, in an order of their own."""
    paths = sorted([*data.rglob("*.jsonl"), *data.rglob("*.jsonl.gz")])
    texts = dict.fromkeys(
        row[column]
        for path in paths
        for _, row in read_rows(str(path))
        for column in COLUMNS
        if isinstance(row.get(column), str) and row[column].strip()
    )
    ordered = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    return ordered[: sizes.texts]


def build_and_trim(folder: Path, data: Path, sizes: Sizes, seed: int) -> dict[str, Any]:
    """Build the whole model and trim it, in a process of its own."""
    texts = read_all(data, sizes)
    learned_from = texts[:: sizes.step]
    unseen = [text for place, text in enumerate(texts) if place % sizes.step]
    built = build(folder, learned_from, sizes, seed)
    stderr_console().print(f"built in {built['seconds']} s")
    trimmed = trim(folder, unseen, sizes, seed)
    stderr_console().print(f"trimmed in {trimmed['seconds']} s")
    return {"built": built, "trimmed": trimmed}


def build(folder: Path, texts: Sequence[str], sizes: Sizes, seed: int) -> dict[str, Any]:
    """Build the whole model."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizer

    start = time.perf_counter()
    learned = learn(texts, sizes.learned)
    rows = [*learned, *fill(learned, ROWS - 1 - len(learned), seed), ("<mask>", 0.0)]
    torch.manual_seed(seed)
    config = XLMRobertaConfig(
        vocab_size=len(rows),
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        intermediate_size=4 * HIDDEN,
        max_position_embeddings=514,
    )
    parts = folder / "parts"
    XLMRobertaModel(config).save_pretrained(parts)
    XLMRobertaTokenizer(vocab=rows).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=128)
    model = SentenceTransformer(
        modules=[transformer, Pooling(HIDDEN, pooling_mode="mean"), Normalize()], device="cpu"
    )
    model.save(str(folder / "whole"), create_model_card=False)
    return {"learned": len(learned), "seconds": round(time.perf_counter() - start, 1)}


def learn(texts: Sequence[str], size: int) -> list[tuple[str, float]]:
    """Learn pieces with the Unigram trainer; the special tokens of XLM-R come first."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        unk_token="<unk>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return [(piece, score) for piece, score in json.loads(tokenizer.to_str())["model"]["vocab"]]


def fill(learned: Sequence[tuple[str, float]], size: int, seed: int) -> list[tuple[str, float]]:
    """Invent pieces in other scripts, none of them twice."""
    chooser = random.Random(seed)
    scores = [score for _, score in learned[4:]]
    known = {piece for piece, _ in learned}
    shares, alphabets = zip(*FILLER, strict=True)
    filler: list[tuple[str, float]] = []
    while len(filler) < size:
        letters = chooser.choices(alphabets, shares)[0]
        longest = 3 if len(letters) > 1_000 else 10
        word = "".join(chooser.choices(letters, k=chooser.randint(1, longest)))
        piece = chooser.choice(("▁", "")) + word
        if piece not in known:
            known.add(piece)
            filler.append((piece, chooser.choice(scores)))
    return filler


def trim(folder: Path, texts: Sequence[str], sizes: Sizes, seed: int) -> dict[str, Any]:
    """Trim the model, and leave the sentences to compare in a file."""
    from nmixx.encoding import load_model
    from nmixx.vocabulary.trimming.trim import find_changed, plan_trim, save_trim

    start = time.perf_counter()
    model = load_model(str(folder / "whole"), device="cpu")
    plan = plan_trim(model, texts, TrimSettings(), seed=seed)
    trimmed = save_trim(model, plan, folder / "trimmed")
    seconds = time.perf_counter() - start
    sentences = [text for text in plan.held_out if len(text) <= LONGEST]
    changed = set(find_changed(plan.old, plan.new, plan.numbering, sentences))
    kept = [text for text in sentences if text not in changed][: sizes.compared]
    (folder / "sentences.json").write_text(json.dumps(kept), encoding="utf-8")
    return {
        **trimmed.to_row(),
        "sentences": len(sentences),
        "sentences_changed": len(changed),
        "sentences_changed_share": len(changed) / len(sentences),
        "seconds": round(seconds, 1),
    }


def encode(model: Path, sentences: Path, to: Path) -> float:
    """Encode the sentences as any user would, in a process of its own; give the seconds."""
    import numpy as np
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(model), device="cpu")
    texts = json.loads(sentences.read_text(encoding="utf-8"))
    start = time.perf_counter()
    np.save(to, loaded.encode(texts, show_progress_bar=False))
    return time.perf_counter() - start


def count_equal(one: Path, other: Path) -> tuple[int, int]:
    """Count the embeddings that are equal in every bit, and all."""
    import numpy as np

    left, right = (np.load(path).view(np.uint32) for path in (one, other))
    return int((left == right).all(axis=1).sum()), len(left)


def run_all(folder: Path, data: Path, sizes: Sizes, seed: int) -> dict[str, Any]:
    """Build, trim and compare."""
    made = in_child(build_and_trim, folder, data, sizes, seed)
    trimmed = made["trimmed"]
    whole, cut = folder / "whole", folder / "trimmed" / "model"
    paths = {model: folder / f"{name}.npy" for name, model in (("a", whole), ("b", cut))}
    for model, path in paths.items():
        in_child(encode, model, folder / "sentences.json", path)
    equal, compared = count_equal(*paths.values())
    trimmed.pop("changed_examples")
    return {
        "question": QUESTION,
        "ratios": {
            "rows": round(trimmed["rows_before"] / trimmed["rows_after"], 2),
            "parameters": round(trimmed["parameters_before"] / trimmed["parameters_after"], 2),
            "disk": round(_size(whole) / _size(cut), 2),
        },
        "rows_gone": round(1 - trimmed["rows_after"] / trimmed["rows_before"], 4),
        "compared": compared,
        "equal_to_the_bit": equal,
        **made,
        "seed": seed,
        "cores": os.cpu_count(),
        "versions": {name: version(name) for name in LIBRARIES},
    }


def _size(folder: Path) -> int:
    """Add up the bytes of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _lines(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the table's lines."""
    trimmed = result["trimmed"]
    yield "rows", f"{trimmed['rows_before']:,} to {trimmed['rows_after']:,}"
    yield "rows gone", f"{result['rows_gone']:.1%}"
    yield "parameters", f"{trimmed['parameters_before']:,} to {trimmed['parameters_after']:,}"
    yield "saved in float32", f"{trimmed['megabytes_saved']:.1f} MB"
    for reason, count in trimmed["kept"].items():
        yield f"kept: {reason}", f"{count:,}"
    yield "texts that decided", f"{trimmed['texts']:,}"
    yield (
        "unseen texts tokenized otherwise",
        f"{trimmed['changed']:,} of {trimmed['held_out']:,} ({trimmed['changed_share']:.3%})",
    )
    yield (
        "unseen sentences tokenized otherwise",
        f"{trimmed['sentences_changed']:,} of {trimmed['sentences']:,} "
        f"({trimmed['sentences_changed_share']:.3%})",
    )
    yield "embeddings equal to the bit", f"{result['equal_to_the_bit']:,} of {result['compared']:,}"
    yield "seconds of trimming", f"{trimmed['seconds']}"


def main() -> None:
    """Run all parts, print a table and one line of JSON."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the texts")
    parser.add_argument("--small", action="store_true", help="small sizes, in under 50 seconds")
    parser.add_argument("--seed", type=int, default=0, help="of filler, weights and held-out texts")
    given = parser.parse_args()
    if not given.data.is_dir():
        parser.error(f"--data {given.data}: no such folder")
    os.environ |= {"TQDM_DISABLE": "1", "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    with tempfile.TemporaryDirectory() as temporary:
        sizes = SMALL if given.small else FULL
        result = run_all(Path(temporary), given.data.resolve(), sizes, given.seed)
    result["small"] = given.small
    table = Table(box=None, show_header=False)
    for line in _lines(result):
        table.add_row(*line)
    Console(width=100, highlight=False).print(table)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
