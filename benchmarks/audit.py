"""How many false negatives does each policy mine, on sets where they are known?

Usage: ``python benchmarks/audit.py --model MODEL [--data ../shared/data] [--set NAME] [--small]``

The sets can be rebuilt by anyone from public files, and no teacher had a hand in any: people said
which texts mean the same. A text that means the same as a query's positive is planted in the
corpus, unlinked; a policy that mines it has mined a false negative.

``sts``
    A query for each pair of the STS benchmark's training part that people scored 4.4 or more and
    whose sentences differ: the Korean side of its first sentence. Its positive is that sentence in
    English, planted are its partners of 4.4 or more, the corpus is all English sentences of the
    part. General domain, whole sentences, English negatives.

``wordings``
    The other way round and from finance: English accounting and business strings that several
    translators put into Korean independently of each other (the DART/IFRS taxonomy, Odoo, ERPNext
    and others). The query is a string of two or more words that at least two of these sources
    translate differently, its positive is the first source's Korean, planted are the other
    sources' wordings, the corpus is all Korean strings of all sources. It was chosen because the
    false negatives are those of real terminology work (one concept, two house styles), because
    the same corpus is full of honest hard negatives (labels that differ in one word), and because
    it reverses language, domain and length of the first set. Left out are wordings that differ in
    spaces and punctuation only, which the rules keep out anyway, and strings of a single word,
    which often mean different things in different programs.

``spellings``
    News: the sentences of the Korean parallel corpora, which stand there in South and in North
    Korean, both beside the same English. The query is the English sentence, its positive the South
    Korean one, planted is the North Korean one, the corpus is all sentences of both, headlines of
    the Korean stock market and passages of reports of the Bank of Korea. Left out are sentences
    that differ in spaces and punctuation only.

Printed is, for each policy, how many queries it hits, how hard its negatives are, and what
TopK-PercPos hits at a margin where its negatives are equally hard. The last line is JSON; a ratio
in it is what the default of ``perc_pos_apart`` hits, as a share of what ``perc_pos`` hits then.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from measure import peak_mb
from nmixx.corpus.clean import normalise_key
from nmixx.corpus.readers import read_rows
from nmixx.encoding import SentenceEncoder
from nmixx.mining.audit import GRID, Audit, at_equal_hardness, audit_policies
from nmixx.mining.choices import choose
from nmixx.mining.constraints import build_rules
from nmixx.mining.planted import match_planted
from nmixx.mining.pool import build_pool
from nmixx.mining.teachers.dense import DenseTeacher
from nmixx.records import Document, Pair

QUESTION = "how many planted positives does each policy mine as negatives?"
OURS = choose("perc_pos_apart")
CHOICES = tuple(
    dict.fromkeys(
        [
            *(choice for choice in GRID if choice.policy != OURS.policy),
            OURS,
            *(
                choose(OURS.policy, margin, hundredths / 100)
                for margin in (0.95, 0.90)
                for hundredths in range(90, 45, -5)
            ),
        ]
    )
)
"""The usual grid, with the policy whose default is to be chosen in finer steps."""
SAME = 4.4
"""Scores of the STS benchmark from here on count as the same meaning."""
SOURCES = (
    "dart_ifrs_taxonomy/labels",
    "dart_ifrs_taxonomy/disclosure_titles",
    "odoo_ko_en/finance",
    "erpnext_ko_en/erpnext",
    "frappe_books_ko_en/books",
    "ghostfolio_ko_en/ghostfolio",
    "ezbookkeeping_ko_en/ezbookkeeping",
    "dydx_ko_en/dydx",
)
"""Files of ``wordings``, before their endings; of one folder counts as one translator."""
BANK_PASSAGES = "report_passages.jsonl"
SMALL_QUERIES, SMALL_DOCUMENTS = 150, 1500


@dataclass(frozen=True)
class AuditSet:
    """Pairs to mine for, a corpus, and pairs that plant positives in it."""

    pairs: list[Pair]
    documents: list[Document]
    planted: list[Pair]


def read_sts(data: Path) -> AuditSet:
    """Build the set of STS partners."""
    korean: dict[str, str] = {}
    for row in _rows(data / "stsb_cross_lingual" / "parallel_train.jsonl"):
        korean.setdefault(row["en"], row["ko"])
    scored = list(_rows(data / "stsb_en" / "train.jsonl"))
    same = [
        (row["sentence1"], row["sentence2"])
        for row in scored
        if float(row["score"]) >= SAME and row["sentence1"] != row["sentence2"]
    ]
    texts = dict.fromkeys(row[side] for row in scored for side in ("sentence1", "sentence2"))
    return AuditSet(
        [
            _pair(f"sts {number}", korean[one], one, "ko", "en")
            for number, (one, _) in enumerate(same)
            if one in korean
        ],
        [_document(text, "en", text) for text in texts],
        [_pair("", one, other, "en", "en") for one, other in same],
    )


def read_wordings(data: Path) -> AuditSet:
    """Build the set of strings with several independent translations."""
    corpus: dict[str, None] = {}
    wordings: dict[str, dict[str, str]] = {}
    texts: dict[str, str] = {}
    for source in SOURCES:
        for kind in ("terms", "sentences"):
            for row in _rows(data / f"{source}_{kind}.jsonl"):
                corpus[row["ko"]] = None
                # Labels of one company's own filing are no independent translation.
                if len(row["en"].split()) > 1 and row.get("source") != "filing":
                    key = normalise_key(row["en"])
                    texts.setdefault(key, row["en"])
                    translators = wordings.setdefault(key, {})
                    translators.setdefault(source.partition("/")[0], row["ko"])
    pairs: list[Pair] = []
    planted: list[Pair] = []
    for key, translators in wordings.items():
        first, *others = {_squeeze(text): text for text in translators.values()}.values()
        if others:
            pair = _pair(f"wording {len(pairs)}", texts[key], first, "en", "ko")
            pairs.append(replace(pair, group=_squeeze(first)))
            planted += [_pair("", texts[key], other, "en", "ko") for other in others]
    return AuditSet(pairs, [_document(text, "ko", _squeeze(text)) for text in corpus], planted)


def read_spellings(data: Path) -> AuditSet:
    """Build the set of news sentences in South and North Korean."""
    folder = data / "korean_parallel_corpora"
    south, north = (
        {
            row["en"]: row["ko"]
            for part in ("dev", "test")
            for row in _rows(folder / name.format(part))
        }
        for name in ("news_{}.jsonl", "nk_news_{}.jsonl")
    )
    pairs: list[Pair] = []
    planted: list[Pair] = []
    for english, korean in south.items():
        other = north.get(english, korean)
        if _squeeze(other) != _squeeze(korean):
            pairs.append(_pair(f"spelling {len(pairs)}", english, korean, "en", "ko"))
            planted.append(_pair("", english, other, "en", "ko"))
    more = [data / "kr_stock_headlines" / "documents.jsonl.gz", data / "bok_ko" / BANK_PASSAGES]
    texts = [*south.values(), *north.values(), *(row["text"] for p in more for row in _rows(p))]
    documents = [_document(text, "ko", text) for text in dict.fromkeys(texts)]
    return AuditSet(pairs, documents, planted)


SETS: Mapping[str, Callable[[Path], AuditSet]] = {
    "sts": read_sts,
    "wordings": read_wordings,
    "spellings": read_spellings,
}


def shrink(whole: AuditSet, seed: int) -> AuditSet:
    """Draw some queries, and of the corpus what belongs to them and some more."""
    chooser = random.Random(seed)
    pairs = chooser.sample(whole.pairs, min(SMALL_QUERIES, len(whole.pairs)))
    asked = {text for pair in pairs for text in (pair.anchor, pair.positive)}
    kept = {
        text
        for pair in whole.planted
        if {pair.anchor, pair.positive} & asked
        for text in (pair.anchor, pair.positive)
    }
    count = min(SMALL_DOCUMENTS, len(whole.documents))
    kept |= {document.text for document in chooser.sample(whole.documents, count)}
    documents = [document for document in whole.documents if document.text in kept | asked]
    return AuditSet(pairs, documents, whole.planted)


def run_audit(chosen: AuditSet, encoder: SentenceEncoder, store: Path, negatives: int) -> Audit:
    """Mine a set with every policy."""
    pool = build_pool(chosen.pairs, chosen.documents, each_positive=True)
    rules = build_rules(pool, (), positive_language=True)
    planted = match_planted(chosen.planted, pool.queries, pool.documents)
    teacher = DenseTeacher(name="teacher", queries=encoder, documents=encoder, store=store)
    scorer = teacher.open(pool.queries, pool.documents)
    return audit_policies(scorer, pool.queries, planted.rows, CHOICES, rules, negatives=negatives)


def main() -> None:
    """Audit the sets that are asked for, print a table each and one line of JSON."""
    given = _arguments()
    encoder = SentenceEncoder.load(given.model)
    console = Console()
    audits: dict[str, Audit] = {}
    with tempfile.TemporaryDirectory() as temporary:
        store = given.store or Path(temporary)
        for name in given.set or SETS:
            whole = SETS[name](given.data)
            chosen = shrink(whole, given.seed) if given.small else whole
            audits[name] = run_audit(chosen, encoder, store, given.negatives)
            console.print(f"\n[bold]{name}[/bold]", audits[name], highlight=False)
    print(json.dumps(_summary(given, audits), ensure_ascii=False))


def _summary(given: argparse.Namespace, audits: Mapping[str, Audit]) -> dict[str, Any]:
    """Put the result in one line."""
    return {
        "question": QUESTION,
        "ratios": {f"perc_pos on {name}": _ratio(audit) for name, audit in audits.items()},
        "peak_mb": {"nmixx": round(peak_mb())},
        "model": given.model,
        "small": given.small,
        "sets": {name: audit.to_dict() for name, audit in audits.items()},
    }


def _ratio(audit: Audit) -> float | None:
    """What our default hits, as a share of what TopK-PercPos hits at equal hardness."""
    ours = next(outcome for outcome in audit.outcomes if outcome.choice == OURS)
    reference = at_equal_hardness(audit, ours)
    return round(ours.queries_hit / reference, 4) if reference else None


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=QUESTION)
    parser.add_argument("--model", required=True, help="the teacher: a folder, Hub id or package:")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="public sets")
    parser.add_argument("--set", action="append", choices=[*SETS], help="all when not given")
    parser.add_argument("--negatives", type=int, default=4, help="negatives a query")
    parser.add_argument("--store", type=Path, help="keeps embeddings; a temporary folder if not")
    parser.add_argument("--seed", type=int, default=0, help="of the sample that --small takes")
    parser.add_argument("--small", action="store_true", help="a sample, in under 50 seconds")
    return parser.parse_args()


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Stream the rows of a file."""
    return (row for _, row in read_rows(str(path)))


def _pair(identity: str, anchor: str, positive: str, one: str, other: str) -> Pair:
    """Make a pair in a group of its own."""
    return Pair(identity, anchor, positive, one, other, "translation", "general", identity)


def _document(text: str, lang: str, group: str) -> Document:
    """Make a document."""
    return Document(text, text, lang, "general", group, "corpus")


def _squeeze(text: str) -> str:
    """Normalise a text and take its spaces out, which Korean writers set as they please."""
    return normalise_key(text).replace(" ", "")


if __name__ == "__main__":
    main()
