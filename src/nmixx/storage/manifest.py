"""What a stage did: settings, inputs, outputs, versions; the ground for skipping it next time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Self

from nmixx.storage.files import hash_file, read_json, write_json

MANIFEST_NAME = "manifest.json"
_LIBRARIES = ("torch", "transformers", "sentence-transformers", "tokenizers", "numpy", "pyarrow")


@cache
def library_versions() -> Mapping[str, str]:
    """Versions of the libraries whose change may change a number."""
    return {name: metadata.version(name) for name in _LIBRARIES}


@dataclass(frozen=True)
class Manifest:
    """Provenance of one stage's files, written last: a stage with a manifest is complete."""

    stage: str
    fingerprint: str
    settings: dict[str, Any]
    inputs: dict[str, str]
    outputs: dict[str, str]
    counts: dict[str, int]
    seconds: float
    nmixx: str = field(default_factory=lambda: metadata.version("nmixx"))
    libraries: dict[str, str] = field(default_factory=lambda: dict(library_versions()))

    def write(self, folder: Path) -> None:
        """Write the manifest into the stage's folder."""
        write_json(folder / MANIFEST_NAME, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read a folder's manifest, or give None when the stage has not finished there."""
        path = folder / MANIFEST_NAME
        if not path.exists():
            return None
        return cls(**read_json(path))

    def stands(self, folder: Path) -> bool:
        """Tell whether every output is still there with the bytes that were written."""
        return all(
            (folder / name).exists() and hash_path(folder / name) == digest
            for name, digest in self.outputs.items()
        )


def fingerprint(*parts: object) -> str:
    """Hash everything that changes the numbers into 32 hexadecimal digits.

    Args:
        parts: JSON-like values, dataclasses, sets, and what has a text of its own, such as paths,
            dates and decimals; mappings are hashed by sorted key and sets in sorted order, so
            neither order matters.

    Raises:
        TypeError: a part's only text is its address, which differs from process to process.
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    """Lay out what JSON does not know."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    kind = type(value)
    if kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__:
        raise TypeError(f"a {kind.__name__} has no text that stays the same.")
    return str(value)


def hash_path(path: Path) -> str:
    """SHA-256 of a file, or of the names and bytes of all files below a folder."""
    if path.is_file():
        return hash_file(path)
    files = sorted(
        file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    )
    return fingerprint({str(file.relative_to(path)): hash_file(file) for file in files})


@cache
def code_fingerprint(package: str) -> str:
    """Hash of the source files of one stage's package, so that changed code runs again."""
    root = Path(__file__).parent.parent / package
    files = [root.with_suffix(".py")] if not root.is_dir() else sorted(root.rglob("*.*"))
    digests = {
        str(f.relative_to(root.parent)): hash_file(f)
        for f in files
        if f.suffix in {".py", ".tsv", ".html", ".css", ".j2"}
    }
    return fingerprint(digests)
