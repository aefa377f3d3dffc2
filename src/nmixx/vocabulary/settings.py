"""What the vocabulary stage lets a person choose."""

from __future__ import annotations

from pydantic import Field

from nmixx.settings import Settings


class VocabularySettings(Settings):
    """How many pieces to add, for which languages, learned from how much text."""

    grow: bool = Field(default=True, description="add pieces; false only reports coverage")
    size: int = Field(default=12_000, ge=0, description="number of pieces to add")
    languages: tuple[str, ...] = Field(default=("ko",), description="languages that get new pieces")
    pivot: str = Field(
        default="en", description="language whose token rows the new rows are made from"
    )
    min_frequency: int = Field(
        default=3, ge=1, description="a piece must occur this often in the texts"
    )
    iterations: int = Field(default=5, ge=1, description="rounds of the statistical aligner")
    sources_per_row: int = Field(
        default=10, ge=1, description="pivot tokens averaged into a new row"
    )
    report_texts: int = Field(
        default=2_000, ge=1, description="texts per language in the coverage report"
    )
