import io
import sys

import pytest

from nmixx.progress import progress_bar, track


def test_items_pass_through_in_order():
    assert list(track([3, 1, 2], "counting")) == [3, 1, 2]


def test_an_iterator_of_unknown_length_passes_through():
    assert list(track(iter("abc"), "counting", size=3)) == ["a", "b", "c"]


def test_nothing_is_shown_when_stderr_is_no_terminal(capsys):
    list(track(range(5), "counting"))
    with progress_bar() as bar:
        bar.advance(bar.add_task("more", total=2))
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_the_label_and_stdout_stays_clean(monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    list(track(range(2), "counting"))
    assert "counting" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_an_error_inside_passes_through():
    with pytest.raises(KeyError), progress_bar():
        raise KeyError("mine")
