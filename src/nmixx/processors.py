"""The processors this process may use, and the processes that share work among them."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def usable_processors() -> int:
    """Count the processors that this process may run on, which may be fewer than there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def start_workers(number: int) -> ProcessPoolExecutor:
    """Start processes to share work among; they end when this one does, killed or not.

    They are new ones, not forks: a fork of a process whose libraries run threads may hang. A
    script that asks for them needs ``if __name__ == "__main__":`` around its work.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Watch the process that began this one, as a killed one cannot say that it ends."""
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()
