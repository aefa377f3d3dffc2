import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from nmixx.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Nmixx = Callable[..., Outcome]


@pytest.fixture
def nmixx(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Nmixx:
    """Run the command line in this process, as a person would type it."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["nmixx", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run
