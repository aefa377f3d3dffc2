"""The diagnosis of a vocabulary: sticky, unreachable and under-trained tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from nmixx.errors import DataError
from nmixx.vocabulary.diagnosing.reachability import find_unreachable
from nmixx.vocabulary.diagnosing.sticky import StickySettings, find_sticky
from nmixx.vocabulary.diagnosing.undertrained import find_odd_rows
from nmixx.vocabulary.entries import Vocabulary, read_vocabulary
from nmixx.vocabulary.reporting.coverage import sample_evenly
from nmixx.vocabulary.reporting.splits import write_token
from nmixx.vocabulary.table import read_output, read_table
from nmixx.vocabulary.tokenizer_files import bare_tokenizer

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_EXAMPLES = 3
_EXAMPLE_LENGTH = 120
_SHORTEST = 2  # letters of an entry that is looked for in texts by its spelling


class DiagnosisSettings(StickySettings):
    """How much is tried, and how many texts are looked at."""

    texts: int = Field(default=20_000, ge=1, description="texts looked at, at even distances")


@dataclass(frozen=True)
class Reading:
    """Texts with the tokens that each holds."""

    texts: Sequence[str]
    tokens: Sequence[frozenset[int]]

    def holders(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """Give for each of some tokens the places of the texts that hold it."""
        wanted = frozenset(numbers)
        found: dict[int, list[int]] = {number: [] for number in wanted}
        for place, held in enumerate(self.tokens):
            for number in held & wanted:
                found[number].append(place)
        return found

    def spellers(self, spellings: Mapping[int, str]) -> dict[int, list[int]]:
        """Give for each of some entries the places of the texts that hold its spelling."""
        return {
            number: [place for place, text in enumerate(self.texts) if spelling in text]
            for number, spelling in spellings.items()
        }

    def tell(self, places: Sequence[int]) -> dict[str, Any]:
        """Count texts and show the first ones."""
        shown = [" ".join(self.texts[place].split()) for place in places[:_EXAMPLES]]
        return {
            "texts": len(places),
            "examples": [
                text if len(text) <= _EXAMPLE_LENGTH else text[:_EXAMPLE_LENGTH] + "…"
                for text in shown
            ],
        }


def diagnose_model(
    model: SentenceTransformer,
    texts: Sequence[str],
    settings: DiagnosisSettings,
    *,
    seed: int = 0,
) -> dict[str, Any]:
    """Find tokens that do harm or no good, each with the texts that it hurts.

    Args:
        model: on the device to work on; read only.
        texts: the caller's; sticky and under-trained tokens are listed with those that hold them,
            unreachable entries with those that hold their spelling and get other tokens for it.
        settings: how much is tried.
        seed: of what is drawn.

    Returns:
        ``texts`` and ``entries``, what was looked at, and ``sticky``, ``unreachable`` and
        ``undertrained``: each its figures and ``found``, the most texts first (sticky tokens: the
        strongest first).

    Raises:
        DataError: there are too few texts.
        ModelError: the model has no tokenizer of the tokenizers library.
    """
    tokenizer = bare_tokenizer(model)
    vocabulary = read_vocabulary(tokenizer)
    sample = sample_evenly([text for text in texts if text.strip()], settings.texts)
    if not sample:
        raise DataError(
            "diagnosis: there are no texts.\nGive the texts that the model is used for."
        )
    encoded = tokenizer.encode_batch_fast(sample, add_special_tokens=False)
    reading = Reading(sample, [frozenset(encoding.ids) for encoding in encoded])
    unreachable = find_unreachable(tokenizer, vocabulary)
    out_of_reach = frozenset(unreachable)
    reachable = [number for number in vocabulary.entries if number not in out_of_reach]
    return {
        "texts": {"given": len(texts), "looked_at": len(sample)},
        "entries": {
            "all": vocabulary.size,
            "reachable": len(reachable),
            "parts_of_characters": len(vocabulary.broken()),
            "unreachable": len(unreachable),
        },
        "sticky": _diagnose_sticky(model, vocabulary, reachable, reading, settings, seed),
        "unreachable": _diagnose_unreachable(vocabulary, unreachable, reading),
        "undertrained": _diagnose_rows(model, vocabulary, reachable, unreachable, reading),
    }


def _diagnose_sticky(
    model: SentenceTransformer,
    vocabulary: Vocabulary,
    reachable: Sequence[int],
    reading: Reading,
    settings: DiagnosisSettings,
    seed: int,
) -> dict[str, Any]:
    """Try added tokens and those that most texts hold, or with ``tokens`` 0 all reachable ones."""
    counts: Counter[int] = Counter()
    for held in reading.tokens:
        counts.update(held)
    known = frozenset(reachable)
    used = [number for number, _ in counts.most_common() if number in known]
    tried = reachable if settings.tokens == 0 else used[: settings.tokens]
    tokens = [*sorted(vocabulary.added), *sorted(tried)]
    search = find_sticky(model, bare_tokenizer(model), tokens, reading.texts, settings, seed=seed)
    held_by = reading.holders(sticky.token for sticky in search.found)
    return {
        "constant": search.constant,
        "typical_pull": search.typical_pull,
        "tried": search.tried,
        "used_by_texts": len(used),
        "shortlisted": search.shortlisted,
        "pairs": search.pairs,
        "found": [
            asdict(sticky) | _named(vocabulary, sticky.token) | reading.tell(held_by[sticky.token])
            for sticky in search.found
        ],
    }


def _diagnose_unreachable(
    vocabulary: Vocabulary, unreachable: Sequence[int], reading: Reading
) -> dict[str, Any]:
    """List entries that no text leads to, with the texts that hold their spelling."""
    spellings = {
        number: vocabulary.entries[number].text or ""
        for number in unreachable
        if len(vocabulary.entries[number].text or "") >= _SHORTEST
    }
    held_by = reading.spellers(spellings)
    return _listed(vocabulary, unreachable, lambda number: reading.tell(held_by.get(number, [])))


def _diagnose_rows(
    model: SentenceTransformer,
    vocabulary: Vocabulary,
    reachable: Sequence[int],
    unreachable: Sequence[int],
    reading: Reading,
) -> dict[str, Any]:
    """List rows that training hardly moved, with the texts that hold their tokens."""
    table = read_table(model).detach().cpu().float().numpy()
    in_use = frozenset(vocabulary.entries) | frozenset(vocabulary.added)
    padding = [number for number in range(len(table)) if number not in in_use]
    search = find_odd_rows(table, reachable, [*unreachable, *padding], read_output(model))
    odd = {row.token: row for row in search.found}
    held_by = reading.holders(odd)
    return {
        "references": search.references,
        "closeness_from": search.closeness_from,
        "typical_norm": search.typical_norm,
        **_listed(
            vocabulary,
            list(odd),
            lambda number: asdict(odd[number]) | reading.tell(held_by[number]),
        ),
    }


def _listed(
    vocabulary: Vocabulary, numbers: Sequence[int], describe: Callable[[int], dict[str, Any]]
) -> dict[str, Any]:
    """Describe tokens, those with the most texts first."""
    lines = [describe(number) | _named(vocabulary, number) for number in numbers]
    return {"found": sorted(lines, key=lambda line: (-line["texts"], line["id"]))}


def _named(vocabulary: Vocabulary, number: int) -> dict[str, Any]:
    """Name a token by its id and its readable form."""
    return {"id": number, "token": write_token(vocabulary, number)}
