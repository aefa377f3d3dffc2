"""What ``nmixx mine`` does: mine, choose again, compare teachers, or audit policies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nmixx.cli.output import counts_table, show
from nmixx.errors import InputError

if TYPE_CHECKING:
    from nmixx.mining.miner import MiningResult
    from nmixx.mining.output import Format
    from nmixx.mining.pool import Pool
    from nmixx.mining.settings import MiningSettings

_MINE = "mine"


def refuse_more(
    pairs: str | None, teachers: Sequence[str], corpus: str | None, settings: MiningSettings
) -> None:
    """Refuse what an earlier run has settled already."""
    given = {
        "PAIRS": pairs,
        "--teacher": teachers,
        "--corpus": corpus,
        "--rescorer": settings.rescorer,
        "--normalisation": settings.normalisation,
        "--consensus": settings.consensus,
        "--query-prompt": settings.query_prompt,
        "--document-prompt": settings.document_prompt,
    }
    found = [name for name, value in given.items() if value]
    if found:
        raise InputError(
            "--from-run chooses again among an earlier run's candidates: pairs and teacher are "
            f"those of that run.\nLeave {' and '.join(found)} out."
        )


def read_pool(
    pairs: str | None,
    teachers: Sequence[str],
    corpus: str | None,
    columns: Sequence[str],
    settings: MiningSettings,
) -> Pool:
    """Read the files and lay queries and candidates out."""
    from nmixx.corpus.shapes import read_documents, read_given_negatives, read_pairs
    from nmixx.mining.pool import build_pool

    if pairs is None or not teachers:
        raise InputError(
            f"{'PAIRS' if pairs is None else '--teacher'}: missing.\n"
            "Expected: nmixx mine PAIRS --teacher NAME --out FOLDER, or --from-run FOLDER."
        )
    documents = read_documents(corpus) if corpus else []
    named = dict(_split_column(text) for text in columns)
    documents += read_given_negatives(pairs, named)
    return build_pool(
        read_pairs(pairs, named), documents, each_positive=settings.positives == "each"
    )


def _split_column(text: str) -> tuple[str, str]:
    """Read ``OURS=THEIRS``."""
    ours, _, theirs = text.partition("=")
    if not ours or not theirs:
        raise InputError(f"--column {text!r}: expected OURS=THEIRS, such as anchor=question.")
    return ours, theirs


def mine_and_show(
    pool: Pool,
    settings: MiningSettings,
    out: Path,
    *,
    seed: int,
    wanted: Format | None,
    as_json: bool,
) -> None:
    """Mine, write and show."""
    from nmixx.mining import mine_into
    from nmixx.mining.opening import make_teachers
    from nmixx.storage import claim_folder, only_worker

    first, second = make_teachers(settings, out / "embeddings")
    claim_folder(out, _MINE)
    with only_worker(out):
        result = mine_into(pool, first, settings, out, consensus=second, seed=seed)
    _show(result, out, wanted, as_json)


def choose_again(
    run: Path,
    settings: MiningSettings,
    out: Path,
    *,
    seed: int,
    wanted: Format | None,
    as_json: bool,
) -> None:
    """Choose again, write and show."""
    from nmixx.mining import mine_into
    from nmixx.mining.again import MinedRun
    from nmixx.storage import claim_folder, only_worker

    earlier = MinedRun(run)
    pool = earlier.pool()
    claim_folder(out, _MINE)
    with only_worker(out):
        result = mine_into(pool, earlier, settings, out, consensus=earlier.consensus(), seed=seed)
    _show(result, out, wanted, as_json)


def _show(result: MiningResult, out: Path, wanted: Format | None, as_json: bool) -> None:
    """Write the asked format and print what came out."""
    counts: dict[str, int] = dict(result.counts())
    if wanted is not None:
        written = wanted.write(out, result.negatives)
        counts[f"rows of {wanted.name}"] = written.rows
        counts[f"rows of {wanted.name} left out"] = written.dropped
    report: dict[str, Any] = {"out": str(out), "counts": counts, "report": result.report()}
    show(report, as_json, counts_table("mined", counts), f"{out}")


def compare_and_show(
    pool: Pool, names: Sequence[str], settings: MiningSettings, out: Path, *, as_json: bool
) -> None:
    """Set teachers side by side, with a table and a picture."""
    from nmixx.mining.comparison import compare_teachers
    from nmixx.mining.miner import rules_of
    from nmixx.mining.opening import make_teachers
    from nmixx.report.teachers import draw_teachers
    from nmixx.storage import claim_folder, write_json

    claim_folder(out, "comparison of teachers")
    teachers = [
        make_teachers(settings.model_copy(update={"teacher": name}), out / "embeddings")[0]
        for name in names
    ]
    rules = rules_of(pool, settings)
    comparison = compare_teachers(
        teachers,
        pool.queries,
        pool.documents,
        rules,
        negatives=settings.negatives,
        depth=max(settings.depth, settings.negatives),
    )
    write_json(out / "comparison.json", comparison.to_dict())
    pictures = draw_teachers(comparison, out)
    show(comparison.to_dict(), as_json, comparison, "\n".join(map(str, pictures)))


def audit_and_show(
    pool: Pool, planted: str, settings: MiningSettings, out: Path, *, as_json: bool
) -> None:
    """Count planted positives among what each policy mines."""
    from nmixx.mining.audit import GRID, audit_policies
    from nmixx.mining.miner import rules_of
    from nmixx.mining.opening import make_teachers
    from nmixx.mining.planted import read_planted
    from nmixx.mining.policies import find_policy
    from nmixx.mining.teachers import require_bounded
    from nmixx.storage import claim_folder, write_json

    known = read_planted(planted, pool.queries, pool.documents)
    claim_folder(out, "audit of policies")
    teacher, _ = make_teachers(settings, out / "embeddings")
    require_bounded(find_policy("perc_pos"), teacher)  # what all policies are compared with
    rules = rules_of(pool, settings)
    found = audit_policies(
        teacher.open(pool.queries, pool.documents, rules),
        pool.queries,
        known.rows,
        GRID,
        rules,
        negatives=settings.negatives,
    )
    report = found.to_dict() | {"unmatched": known.unmatched}
    write_json(out / "audit.json", report)
    show(report, as_json, found, f"{out / 'audit.json'}")
