"""``nmixx triplets make --llm-url``: triplets written by an LLM, and what they would cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from nmixx.cli.output import counts_table, show
from nmixx.errors import DataError, InputError

if TYPE_CHECKING:
    from nmixx.records import Document
    from nmixx.triplets.llm.estimate import Estimate
    from nmixx.triplets.settings import TripletSettings

OWNER = "triplets of an LLM"


def parse_llm(options: Mapping[str, Any], maximum: int) -> TripletSettings:
    """Make settings of the options that were given.

    Raises:
        InputError: an option is given without the address or the model, or its value is wrong.
    """
    from nmixx.triplets import TripletSettings

    given = {name: value for name, value in options.items() if value is not None}
    for needed in ("url", "model"):
        if needed not in given:
            raise InputError(f"--llm-{needed} is needed to have an LLM write triplets.")
    return TripletSettings.parse({"maximum": maximum, "llm": given}, "triplets make")


def make_with_llm(
    inputs: Sequence[str],
    settings: TripletSettings,
    out: Path,
    category: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Have an LLM write triplets about documents, or say what that would cost."""
    from nmixx.storage import claim_folder
    from nmixx.triplets.llm import estimate_llm_triplets, make_llm_triplets

    documents = _read(inputs, category)
    if dry_run:
        estimate = estimate_llm_triplets(documents, settings, out)
        show(estimate.to_json(), as_json, _estimate_table(estimate), *_estimate_lines(estimate))
        return
    claim_folder(out, OWNER)
    result = make_llm_triplets(documents, settings, out)
    report = {"out": str(out), **result.report()}
    show(report, as_json, counts_table("triplets", result.counts()), *_lines(report), f"{out}")
    result.require_finished()


def _read(inputs: Sequence[str], category: str | None) -> list[Document]:
    """Read the documents of all files."""
    from nmixx.corpus.inputs import guess_shape
    from nmixx.corpus.shapes import read_documents

    documents = []
    for path in inputs:
        if guess_shape(path) != "documents":
            raise DataError(
                f"{path}: has no column 'text'; an LLM writes triplets about documents.\n"
                "Give a file of documents, or leave --llm-url out for triplets from pairs."
            )
        documents += read_documents(path)
    return [replace(one, category=category) for one in documents] if category else documents


def _lines(report: Mapping[str, Any]) -> list[str]:
    """Say what it took, and why it stopped where it did."""
    usage = report["usage"]
    money = "" if usage["money"] is None else f", {usage['money']:,.4f} in money"
    lines = [
        f"\n{usage['answers']:,} answers paid for in this folder: "
        f"{usage['prompt_tokens']:,} tokens sent, {usage['completion_tokens']:,} answered{money}",
        f"tries that failed: {usage['tries_free_of_charge']:,} free of charge, "
        f"{usage['tries_cut_off']:,} cut off and counted at the most they can have cost",
    ]
    if report["stopped"] == "budget":
        lines.append(
            f"[yellow]the budget is reached[/]: {report['left']:,} documents are left. "
            "The same command with a higher budget goes on from there."
        )
    return lines


def _estimate_table(estimate: Estimate) -> Table:
    """Lay out what would be sent and cost."""
    table = Table(title="dry run: nothing was sent", title_justify="left", box=None, pad_edge=False)
    for name in ("", "would be asked for", "paid for already"):
        table.add_column(name, justify="right" if name else "left")
    spent = estimate.spent
    table.add_row("documents", f"{estimate.asked:,} of {estimate.documents:,}", "")
    table.add_row("requests", f"{estimate.requests:,}", f"{estimate.in_journal:,}")
    table.add_row("tokens sent", f"{estimate.prompt_tokens:,}", f"{spent['prompt']:,}")
    table.add_row("tokens answered", f"{estimate.completion_tokens:,}", f"{spent['completion']:,}")
    if estimate.money is not None and estimate.spent_money is not None:
        table.add_row("money", f"{estimate.money:,.4f}", f"{estimate.spent_money:,.4f}")
    return table


def _estimate_lines(estimate: Estimate) -> list[str]:
    """Say how far the budget goes, and how good the estimate is."""
    lines = []
    if estimate.budget is not None or estimate.token_budget is not None:
        lines.append(f"\nthe budget is enough for {estimate.reaches:.0%} of the requests")
    if estimate.corrected_by:
        lines.append(f"corrected by what {estimate.corrected_by:,} answers have cost")
    else:
        lines.append(
            "counted in characters, without knowing the model's tokenizer; after a run with "
            "--llm-documents 20, it is corrected by what those have cost"
        )
    return lines
