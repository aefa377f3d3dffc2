from __future__ import annotations

import subprocess
import sys

import pytest

import nmixx.benchmark


def test_every_public_name_is_there() -> None:
    assert nmixx.benchmark.__all__ == sorted(nmixx.benchmark.__all__)
    for name in nmixx.benchmark.__all__:
        assert getattr(nmixx.benchmark, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = nmixx.benchmark.nothing


def test_the_import_costs_nothing() -> None:
    code = (
        "import sys, nmixx.benchmark, nmixx.cli.benchmark\n"
        "assert not {'torch', 'pyarrow', 'scipy', 'kiwipiepy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
