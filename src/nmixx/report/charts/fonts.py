"""A font with Hangul for the figures, and only characters that it can draw."""

from __future__ import annotations

import importlib.util
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

logger = logging.getLogger(__name__)

_HANGUL = "가"
_PREFERRED = ("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Apple SD Gothic Neo")


@dataclass(frozen=True)
class Fonts:
    """Font families in the order they are tried, and the characters they have together."""

    families: tuple[str, ...]
    characters: frozenset[int]

    def drawable(self, text: str) -> str:
        """Replace what none of the fonts can draw by a small square."""
        return "".join(mark if ord(mark) in self.characters else "▫" for mark in text)


@cache
def find_fonts() -> Fonts:
    """Find a font with Hangul, the packaged one first; matplotlib's own stands behind it.

    A machine without any is told so once, in the log; its Korean labels become squares.
    """
    from matplotlib import font_manager

    korean = _packaged_font() or _system_font()
    paths = [str(font_manager.findfont("DejaVu Sans"))]
    families = ["DejaVu Sans"]
    if korean is None:
        logger.warning(
            "no font with Hangul: Korean in figures is drawn as squares. "
            "Install one with: pip install 'nmixx[ko]'"
        )
    else:
        font_manager.fontManager.addfont(str(korean))
        paths.insert(0, str(korean))
        families.insert(0, font_manager.FontProperties(fname=str(korean)).get_name())
    characters = frozenset().union(*(_characters(path) for path in paths))
    return Fonts(tuple(families), characters)


def _packaged_font() -> Path | None:
    """Find the font carried by koreanize-matplotlib, without importing the package."""
    spec = importlib.util.find_spec("koreanize_matplotlib")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "fonts" / "NanumGothic.ttf"
    return path if path.exists() else None


def _system_font() -> Path | None:
    """Find a font of the system that has Hangul, well-known ones first."""
    from matplotlib import font_manager

    entries = font_manager.fontManager.ttflist
    for name in _PREFERRED:
        for entry in entries:
            if entry.name == name:
                return Path(entry.fname)
    likely = [
        e for e in entries if any(part in e.name for part in ("KR", "Nanum", "CJK", "Gothic"))
    ]
    for entry in likely:
        if ord(_HANGUL) in _characters(entry.fname):
            return Path(entry.fname)
    return None


def _characters(path: str) -> frozenset[int]:
    """List the characters that a font file has."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(path).get_charmap())
