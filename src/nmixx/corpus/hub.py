"""Datasets of the Hugging Face hub as rows: ``hf:OWNER/NAME[#CONFIG][:SPLIT][@REVISION]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from nmixx.errors import DataError

_ADDRESS = re.compile(
    r"(?P<name>[\w.-]+(/[\w.-]+)?)(#(?P<config>[\w.-]+))?(:(?P<split>[\w.%\[\]:-]+))?(@(?P<revision>.+))?"
)


@dataclass(frozen=True)
class HubAddress:
    """Which rows of which dataset, as of which revision."""

    name: str
    split: str = "train"
    revision: str | None = None
    config: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``OWNER/NAME[#CONFIG][:SPLIT][@REVISION]``.

        Raises:
            DataError: the text has another form.
        """
        match = _ADDRESS.fullmatch(text)
        if match is None:
            raise DataError(
                f"hf:{text}: not the address of a dataset.\n"
                "Expected hf:OWNER/NAME[#CONFIG][:SPLIT][@REVISION], such as "
                "hf:some-lab/news-ko-en:train."
            )
        return cls(match["name"], match["split"] or "train", match["revision"], match["config"])


def read_hub(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Stream the rows of a dataset (downloaded to the Hugging Face cache when new).

    A column of records, as ``labels`` of KLUE, is taken apart into ``labels.label`` and so on.
    """
    address = HubAddress.parse(text)
    try:
        import datasets

        rows = datasets.load_dataset(
            address.name, address.config, split=address.split, revision=address.revision
        ).flatten()
    except (OSError, ValueError, RuntimeError) as error:
        raise _unreadable(text, error) from None
    yield from enumerate(rows, start=1)


def count_hub(text: str) -> int:
    """Give the number of rows that a dataset states, or 0 when it states none."""
    address = HubAddress.parse(text)
    try:
        import datasets

        builder = datasets.load_dataset_builder(
            address.name, address.config, revision=address.revision
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise _unreadable(text, error) from None
    split = (builder.info.splits or {}).get(address.split)
    return int(split.num_examples or 0) if split is not None else 0


def _unreadable(text: str, error: Exception) -> DataError:
    """Say why a dataset cannot be read."""
    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return DataError(
        f"hf:{text}: cannot be read ({reason}).\n"
        "Check the name, the split and the connection; a private dataset needs a login."
    )
