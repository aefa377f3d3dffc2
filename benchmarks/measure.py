"""Runs work in a process of its own, and takes its seconds and its peak memory."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, TypeVarTuple

Given = TypeVarTuple("Given")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Work:
    """What is timed, with its data at hand and its libraries loaded, and how its answer is read.

    ``read`` is not timed and may cost memory; it gives something small that can be sent back.
    """

    run: Callable[[], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Measurement:
    """What work cost in one process.

    Attributes:
        seconds: wall clock time of the work alone.
        baseline_mb: peak memory before it: interpreter, libraries and data.
        peak_mb: peak memory after it.
        answer: what was read from its result.
    """

    seconds: float
    baseline_mb: float
    peak_mb: float
    answer: Any


def peak_mb() -> float:
    """Give the peak resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def in_child(function: Callable[[*Given], Result], *args: *Given) -> Result:
    """Call a function in a new process.

    Linux lets a child start with its parent's peak memory, so the parent should stay small: what
    is large is made in a child, too.

    Args:
        function: of a module's top level.
        *args: handed on; they must be small.

    Raises:
        BrokenProcessPool: the process was killed, mostly for want of memory.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *args).result()


def measure(prepare: Callable[[*Given], Work], *args: *Given) -> Measurement:
    """Prepare work in a new process and do it there once.

    Args:
        prepare: of a module's top level; loads data and libraries, and warms up.
        *args: handed on.

    Raises:
        BrokenProcessPool: the process was killed, mostly for want of memory.
    """
    return in_child(_measure, prepare, *args)


def _measure(prepare: Callable[[*Given], Work], *args: *Given) -> Measurement:
    """Prepare work and do it, in this process."""
    work = prepare(*args)
    baseline = peak_mb()
    start = time.perf_counter()
    result = work.run()
    seconds = time.perf_counter() - start
    peak = peak_mb()
    return Measurement(seconds, baseline, peak, work.read(result))
