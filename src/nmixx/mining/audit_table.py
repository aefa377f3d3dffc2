"""The audit of policies as a table for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from nmixx.mining.audit import Audit, Outcome, at_equal_hardness
from nmixx.mining.comparison_table import percent, score

_COLUMNS = (
    "queries\nhit",
    "negatives\nplanted",
    "mean\nscore",
    "complete",
    "perc_pos\nthere",
    "ratio",
)


def audit_table(audit: Audit) -> RenderableType:
    """Lay out a policy a line; the last columns hold it against TopK-PercPos.

    ``perc_pos there`` is the share of queries that TopK-PercPos hits at the margin where its
    negatives are as hard on average, ``ratio`` how much of that the policy hits.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("policy", overflow="fold")
    for name in _COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    policy = ""
    for outcome in audit.outcomes:
        if policy and outcome.choice.policy != policy:
            table.add_section()
        policy = outcome.choice.policy
        table.add_row(*_cells(audit, outcome))
    return Group(_title(audit), "", table, *_remarks(audit))


def _title(audit: Audit) -> Text:
    """Say how much was planted."""
    return Text(
        f"{audit.planted:,} positives planted for {audit.queries:,} queries, "
        f"{audit.negatives} negatives wanted",
        style="dim",
    )


def _cells(audit: Audit, outcome: Outcome) -> list[RenderableType]:
    """Fill the line of a policy."""
    reference = at_equal_hardness(audit, outcome)
    ratio = f"{outcome.queries_hit / reference:.2f}" if reference else score(None)
    return [
        Text(outcome.choice.name),
        Text(percent(outcome.queries_hit), style="bold"),
        percent(outcome.negatives_planted),
        score(outcome.mean_score),
        percent(outcome.complete),
        Text(percent(reference), style="dim"),
        ratio,
    ]


def _remarks(audit: Audit) -> list[RenderableType]:
    """Say what is not in the table."""
    remarks = []
    if audit.kept_out:
        remarks.append(
            f"{audit.kept_out:,} more planted positives are kept out by the rules, not by a policy"
        )
    if audit.left_out:
        names = "; ".join(choice.name for choice in audit.left_out)
        remarks.append(f"left out, as the teacher does not compare documents: {names}")
    return ["", *(Text(remark, style="dim") for remark in remarks)] if remarks else []
