"""What the vocabulary stage lets a person choose."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nmixx.settings import Settings

InitialName = Literal["auto", "pieces", "aligned", "focus", "wechsel"]


def _check_size(value: Any) -> Any:  # noqa: ANN401 - anything that a recipe holds
    """Take a number of pieces or ``auto``, and say so in one sentence where it is neither."""
    if value == "auto" or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    raise ValueError("expected a number of pieces, 0 or more, or auto")


Size = Annotated[int | Literal["auto"], BeforeValidator(_check_size)]


class VocabularySettings(Settings):
    """How many pieces to add, for which languages, learned from how much text."""

    grow: bool = Field(default=True, description="add pieces; false only reports coverage")
    size: Size = Field(
        default=12_000, description="number of pieces to add; auto doubles it while that pays"
    )
    threshold: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="with size auto: stop where doubling takes less than this share off "
        "the tokens per word",
    )
    terms: str | None = Field(
        default=None, description="a file of terms whose words become whole, on top of the size"
    )
    terms_column: str | None = Field(default=None, description="their column, in csv or jsonl")
    languages: tuple[str, ...] = Field(default=("ko",), description="languages that get new pieces")
    pivot: str = Field(
        default="en", description="language whose token rows the new rows are made from"
    )
    min_frequency: int = Field(
        default=3, ge=1, description="a piece must occur this often in the texts"
    )
    initial: InitialName = Field(
        default="auto", description="how new rows are made; auto is aligned where there are pairs"
    )
    iterations: int = Field(default=5, ge=1, description="rounds of the statistical aligner")
    sources_per_row: int = Field(
        default=40, ge=1, description="pivot tokens averaged into a new row"
    )
    report_texts: int = Field(
        default=2_000, ge=1, description="texts per language in the coverage report"
    )
