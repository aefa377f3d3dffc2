"""What a person chooses for triplets written by an LLM; the key is not among it."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from nmixx.errors import RecipeError
from nmixx.settings import Settings


class LlmSettings(Settings):
    """Which server and model, how fast, how long, and for how much money.

    The key is read from the environment when the first request is sent, and stands nowhere else.
    """

    url: str = Field(description="of an OpenAI-compatible server, for example http://host:8000/v1")
    model: str = Field(min_length=1, description="the model's name, as the server knows it")
    languages: tuple[str, str] = Field(
        default=("ko", "en"), description="a text in one is translated to the other"
    )
    documents: int | None = Field(default=None, ge=1, description="only the first so many")
    shifts: int = Field(default=3, ge=1, description="shifts a document at most")
    concurrency: int = Field(default=8, ge=1, le=1000, description="requests at a time")
    timeout: float = Field(default=120.0, gt=0, description="seconds until an answer is whole")
    tries: int = Field(default=6, ge=1, description="of a request that the server does not answer")
    answers: int = Field(
        default=4, ge=1, description="of a request whose answers break the schema, at most"
    )
    backoff: float = Field(default=1.0, ge=0, description="seconds; doubled with every try")
    longest_wait: float = Field(
        default=300.0, gt=0, description="seconds between two tries at most"
    )
    temperature: float | None = Field(default=0.7, ge=0, le=2, description="none: the server's own")
    max_output_tokens: int = Field(default=2000, ge=1, description="of one answer")
    structured: bool = Field(
        default=True, description="send the schema along, as long as the server takes it"
    )
    prompts: str | None = Field(default=None, description="a folder of prompts of your own")
    budget: float | None = Field(default=None, ge=0, description="money at most, in all runs")
    token_budget: int | None = Field(default=None, ge=0, description="tokens at most, in all runs")
    price_input: float | None = Field(
        default=None, ge=0, description="of a million tokens that are sent"
    )
    price_output: float | None = Field(
        default=None, ge=0, description="of a million tokens that are answered"
    )

    @field_validator("url")
    @classmethod
    def _plain_url(cls, url: str) -> str:
        """Refuse what is no address, and one that may carry a secret."""
        parts = urlsplit(url)
        if "@" in parts.netloc or parts.query or parts.fragment:
            # Not a ValueError: the message of that would repeat the address.
            raise RecipeError(
                "The LLM's url carries a user, a password or parameters (it is not shown here).\n"
                "Keys go into the environment: NMIXX_LLM_API_KEY."
            )
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("an address such as http://localhost:8000/v1 was expected")
        return url.rstrip("/").removesuffix("/chat/completions")

    @model_validator(mode="after")
    def _whole_prices(self) -> Self:
        """Ask for both prices or none, and for prices where money is limited."""
        if self.languages[0] == self.languages[1]:
            raise ValueError("languages: two different ones were expected")
        if (self.price_input is None) != (self.price_output is None):
            raise ValueError("price_input and price_output: give both or none")
        if self.budget is not None and self.price_input is None:
            raise ValueError("budget is in money, so price_input and price_output are needed")
        return self

    def other_language(self, language: str) -> str:
        """Give the language that a text in ``language`` is translated to."""
        return self.languages[1] if language == self.languages[0] else self.languages[0]

    def money(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Give what tokens cost, or None where no prices are set."""
        if self.price_input is None or self.price_output is None:
            return None
        cost = prompt_tokens * self.price_input + completion_tokens * self.price_output
        return cost / 1_000_000
