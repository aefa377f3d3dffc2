"""The budget: no request leaves that could cost more than is left."""

from __future__ import annotations

import asyncio

from nmixx.triplets.llm.exchange import Usage
from nmixx.triplets.llm.settings import LlmSettings


class BudgetReachedError(Exception):
    """Raised when the next request could cost more than is left."""


class Budget:
    """Counts what was spent, and what requests on their way can cost at most."""

    def __init__(self, settings: LlmSettings, spent: Usage) -> None:
        """Begin with what earlier runs in the same folder have spent."""
        self._settings = settings
        self.spent = spent
        self._held = Usage()
        self._flying = 0
        self._settled = asyncio.Event()

    async def hold(self, most: Usage) -> None:
        """Set aside the most that a request can cost.

        While requests are on their way that may turn out cheaper, wait for them.

        Raises:
            BudgetReachedError: it is more than is left.
        """
        while not self._affords(self.spent + self._held + most):
            if not self._flying:
                raise BudgetReachedError
            self._settled.clear()
            await self._settled.wait()
        self._held += most
        self._flying += 1

    def settle(self, most: Usage, charged: Usage) -> None:
        """Put what a request cost in the place of what was set aside for it."""
        self._held -= most
        self._flying -= 1
        self.spent += charged
        self._settled.set()

    def _affords(self, usage: Usage) -> bool:
        """Tell whether tokens and money are enough for so much in all."""
        settings = self._settings
        if settings.token_budget is not None and usage.total > settings.token_budget:
            return False
        money = settings.money(usage.prompt, usage.completion)
        return settings.budget is None or money is None or money <= settings.budget
