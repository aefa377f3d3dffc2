"""Progress for people: bars on stderr that vanish when stderr is no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Item = TypeVar("Item")


def stderr_console() -> Console:
    """Give a console on stderr; made anew so that it follows a replaced ``sys.stderr``."""
    return Console(stderr=True)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show a progress display while the block runs; silent when stderr is no terminal."""
    console = stderr_console()
    bar = Progress(
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        yield bar


def track(items: Iterable[Item], label: str, *, size: int | None = None) -> Iterator[Item]:
    """Yield items under a progress bar.

    Args:
        items: what to go through.
        label: what the bar says.
        size: what the whole is worth, shared out evenly over the items; their number by default.
    """
    count = len(items) if isinstance(items, Sized) else None
    with progress_bar() as bar:
        task = bar.add_task(label, total=size if size is not None else count)
        step = size / count if size is not None and count else 1
        for item in items:
            yield item
            bar.advance(task, step)
