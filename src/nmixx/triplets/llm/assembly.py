"""From what a model wrote to triplets, and to dropped rows that say why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nmixx.corpus.clean import normalise_key
from nmixx.corpus.language import contradicts
from nmixx.records import Document, Dropped, Triplet
from nmixx.triplets import checks
from nmixx.triplets.llm.conversation import UNSUITABLE, Nothing, Written
from nmixx.triplets.llm.settings import LlmSettings
from nmixx.triplets.llm.wording import leaks

WRONG_LANGUAGE, NOT_WRITTEN, COPY, LEAK = (
    "wrong language",
    "not written",
    "positive is the anchor",
    "prompt in the answer",
)
"""Why a version is no use, beside the reasons of the checks."""


@dataclass
class Rows:
    """What one document gave, kept and dropped."""

    triplets: list[Triplet] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


@dataclass(frozen=True)
class Version:
    """A text that a model wrote, what it is, and the language it was asked for in."""

    text: str
    what: str
    language: str


def assemble(
    document: Document, outcome: Written | Nothing, settings: LlmSettings, min_confidence: float
) -> Rows:
    """Make a document's triplets from its versions; the same versions give the same rows.

    Each shift gives up to three: the document, its paraphrase and its shifted version; the
    document, its translation and the shifted translation; and the translation, the document and
    its shifted version.
    """
    rows = Rows()
    drop = _Drop(document, settings.model, rows)
    if isinstance(outcome, Nothing):
        drop(document.text, outcome.reason, outcome.detail)
        return rows
    for triplet in _triplets(document, outcome, settings, drop):
        checks.place(triplet, min_confidence, rows.triplets, rows.dropped)
    return rows


@dataclass(frozen=True)
class _Drop:
    """Adds a dropped row for a document."""

    document: Document
    model: str
    rows: Rows

    def __call__(self, text: str, reason: str, detail: str) -> None:
        """Drop a text."""
        row = Dropped(self.document.id, text, f"llm:{self.model}", reason, detail)
        if row not in self.rows.dropped:
            self.rows.dropped.append(row)


def _triplets(
    document: Document, written: Written, settings: LlmSettings, drop: _Drop
) -> Iterator[Triplet]:
    """Yield the triplets of all usable versions, by shift in the taxonomy's order."""
    here, there = document.lang, settings.other_language(document.lang)
    versions = written.versions
    paraphrase = _usable(Version(versions.paraphrase, "paraphrase", here), document, drop)
    translation = _usable(Version(versions.translation, "translation", there), document, drop)
    by_shift = {version.shift: version for version in versions.shifted}
    for shift in written.shifts:
        version = by_shift.get(shift.name)
        if version is None:
            drop(document.text, NOT_WRITTEN, f"{shift.name}: not in the answer")
            continue
        if version.text is None and version.translation is None:
            drop(document.text, UNSUITABLE, f"{shift.name}: the model found no such version")
            continue
        shifted = _usable(Version(version.text or "", shift.name, here), document, drop)
        moved = _usable(
            Version(version.translation or "", f"{shift.name}, translated", there), document, drop
        )
        make = _Maker(document, shift.name, settings.model)
        if shifted and paraphrase:
            yield make(document.text, here, paraphrase, here, "paraphrase", shifted, document.text)
        if moved and translation:
            yield make(document.text, here, translation, there, "translation", moved, translation)
        if shifted and translation:
            yield make(
                translation, there, document.text, here, "translation", shifted, document.text
            )


@dataclass(frozen=True)
class _Maker:
    """Builds triplets of one document and shift."""

    document: Document
    shift: str
    model: str

    def __call__(
        self,
        anchor: str,
        anchor_lang: str,
        positive: str,
        positive_lang: str,
        kind: str,
        negative: str,
        origin: str,
    ) -> Triplet:
        """Build a triplet; ``origin`` is the text that the negative is a shifted version of."""
        document = self.document
        return Triplet(
            anchor=anchor,
            positive=positive,
            negative=negative,
            category=document.category,
            anchor_lang=anchor_lang,
            positive_lang=positive_lang,
            negative_lang=positive_lang,
            positive_kind=kind,
            negative_kind=self.shift,
            confidence=0.0,
            group=document.group or document.id,
            # A colon parts the fields, and a model's name may hold one.
            provenance=f"llm:{self.model.replace(':', '/')}:{document.id}",
            extra={"origin": origin},
        )


def _usable(version: Version, document: Document, drop: _Drop) -> str:
    """Give a version's text, or drop it and give an empty one."""
    text, what = version.text, version.what
    if not text:
        drop(document.text, NOT_WRITTEN, f"{what}: null or empty")
        return ""
    if leaks(text):
        drop(text, LEAK, what)
        return ""
    found = contradicts(text, version.language)
    if found is not None:
        drop(text, WRONG_LANGUAGE, f"{what}: {found} instead of {version.language}")
        return ""
    if what == "paraphrase" and normalise_key(text) == normalise_key(document.text):
        drop(text, COPY, what)
        return ""
    return text


def unusable_reason(
    document: Document, settings: LlmSettings, max_characters: int, seen: set[str]
) -> tuple[str, str] | None:
    """Say why nothing is asked about a document; None when something is.

    Args:
        document: to be looked at; its text is added to ``seen``.
        settings: the two languages.
        max_characters: longer texts are read only in part by embedding models.
        seen: keys of the texts before it.

    Returns:
        A reason and a detail.
    """
    text = document.text
    if not text.strip():
        return "empty", ""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "broken characters", "lone surrogates"
    if len(text) > max_characters:
        return "too long", f"{len(text)} characters; at most {max_characters}"
    if document.lang not in settings.languages:
        return (
            "another language",
            f"{document.lang}; {' or '.join(settings.languages)} was expected",
        )
    key = normalise_key(text)
    if key in seen:
        return "same text as an earlier document", ""
    seen.add(key)
    return None


def drop_unasked(document: Document, reason: tuple[str, str], model: str) -> Rows:
    """Give the rows of a document that nothing is asked about."""
    # A table holds UTF-8 only.
    text = document.text.encode("utf-8", "replace").decode("utf-8")
    return Rows(dropped=[Dropped(document.id, text, f"llm:{model}", *reason)])
