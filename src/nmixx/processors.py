"""The processors this process may use, and the processes that share work among them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection


def usable_processors() -> int:
    """Count the processors that this process may run on, which may be fewer than there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


@contextmanager
def start_workers(number: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes to share work among, for as long as the block runs.

    When it is left by an error or Ctrl-C, or this process is killed, they end at once, in the
    middle of what they do. They are new ones, not forks: a fork of a process whose libraries run
    threads may hang. A script that asks for them needs ``if __name__ == "__main__":`` around its
    work.
    """
    context = multiprocessing.get_context("spawn")
    read, write = context.Pipe(duplex=False)
    with read, write:
        pool = ProcessPoolExecutor(
            number, mp_context=context, initializer=_end_with_pipe, initargs=(read,)
        )
        try:
            yield pool
        except BaseException:
            write.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _end_with_pipe(pipe: Connection) -> None:
    """End this worker when the other end of a pipe is closed, which a killed process does, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of who began it

    def watch() -> None:
        pipe.poll(None)  # nothing is ever sent
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
