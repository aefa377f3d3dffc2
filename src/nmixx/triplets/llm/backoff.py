"""How long to wait before a request is tried again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime


@dataclass(frozen=True)
class Backoff:
    """Exponential backoff with full jitter; the server's own wish comes first.

    The wait before try ``n + 1`` is uniform in ``[0, first * 2**(n-1)]``, so that requests which
    failed together do not come back together.
    """

    first: float
    longest: float
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: random.Random = field(default_factory=random.Random)

    def delay(self, failures: int, asked: float = 0.0) -> float:
        """Give the seconds to wait.

        Args:
            failures: how often the request has failed, at least once.
            asked: seconds that the server asks for; never undercut, but for ``longest``.
        """
        # Past 2**30 the longest wait has long been reached, and floats may overflow.
        drawn = self.chance.uniform(0, min(self.first * 2 ** min(failures - 1, 30), self.longest))
        return min(max(drawn, asked), self.longest)

    async def wait(self, failures: int, asked: float = 0.0) -> None:
        """Wait."""
        await self.sleep(self.delay(failures, asked))


def read_retry_after(value: str | None, now: Callable[[], float] = time.time) -> float:
    """Read the header Retry-After: seconds, or a date (RFC 9110, section 10.2.3).

    Args:
        value: the header; None where there is none.
        now: the clock, in seconds since 1970.

    Returns:
        Seconds to wait; 0 where nothing, or nothing that can be understood, is asked.
    """
    if not value:
        return 0.0
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return 0.0
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now()
    return seconds if 0 < seconds < float("inf") else 0.0
