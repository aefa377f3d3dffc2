"""Does the benchmark builder recover what it should: agreement, and who is careless?

Drafts pairs from the bundled sample, has them scored by simulated annotators of known noise through
the spreadsheets that people would fill in, measures agreement, freezes and verifies. The true
agreement is that of the same annotators over 200,000 pairs.

    python benchmarks/builder.py [--pairs 400] [--draws 200]
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from pathlib import Path

import numpy as np

from nmixx.benchmark.agreement import AgreementReport, measure_agreement
from nmixx.benchmark.alpha import alpha
from nmixx.benchmark.drafting import Draft, draft_items
from nmixx.benchmark.exporting import export_items
from nmixx.benchmark.freezing import freeze_items, write_frozen
from nmixx.benchmark.importing import Returned, read_scores
from nmixx.benchmark.items import Item
from nmixx.benchmark.scale import Scale
from nmixx.benchmark.settings import AgreementSettings, DraftSettings, FreezeSettings
from nmixx.benchmark.simulation import SimulatedAnnotator, simulate_judgements, simulate_scores
from nmixx.benchmark.verification import verify_benchmark
from nmixx.corpus.shapes import read_documents, read_pairs

SCALE = Scale()
STEADY = {
    "ana": SimulatedAnnotator(noise=0.08),
    "ben": SimulatedAnnotator(noise=0.12),
    "cho": SimulatedAnnotator(noise=0.16),
}
MIXED = {"ana": STEADY["ana"], "ben": STEADY["ben"], "dan": SimulatedAnnotator(careless=0.8)}


def main() -> None:
    """Run it and print a table, then one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--draws", type=int, default=200)
    given = parser.parse_args()
    draft = draft_items(
        read_documents("sample:documents"),
        read_pairs("sample:pairs"),
        DraftSettings(pairs=given.pairs),
        seed=0,
    )
    result = {"question": "builder", "pairs": len(draft.items), "surface": _surface(draft)}
    with tempfile.TemporaryDirectory() as folder:
        for name, annotators in (("three steady", STEADY), ("one careless", MIXED)):
            place = Path(folder) / name.replace(" ", "-")
            result[name] = _follow(draft.items, annotators, place, given.draws)
    print(json.dumps(result, ensure_ascii=False))


def _surface(draft: Draft) -> dict[str, object]:
    """Print and give what the surface tells before and after choosing."""
    found: dict[str, object] = {}
    for name, measured in draft.surface.items():
        worst = max(measured["features"].items(), key=lambda row: abs(row[1] - 0.5))
        print(f"{name}: {worst[0]} {worst[1]}, all together {measured['predictor']}")
        found[name] = {"worst feature": worst, "predictor": measured["predictor"]}
    return found


def _follow(
    items: list[Item], annotators: dict[str, SimulatedAnnotator], folder: Path, draws: int
) -> dict[str, object]:
    """Follow the pairs from the sheets to a verified benchmark."""
    export_items(items, SCALE, list(annotators), folder / "sheets")
    judged = simulate_judgements(items, annotators, SCALE, seed=1)
    scores = {(one.annotator, one.id): one.score for one in judged}
    files = [_fill(folder / "sheets" / name / f"{name}.csv", name, scores) for name in annotators]
    imported = read_scores(items, SCALE, files, annotators=list(annotators))
    report = measure_agreement(items, imported.judgements, SCALE, AgreementSettings(), seed=0)
    careless = [one.annotator for one in report.annotators if one.verdict == "careless"]
    settings = FreezeSettings(without=tuple(careless))
    frozen = freeze_items(items, imported.judgements, [], SCALE, settings)
    write_frozen(frozen, imported.judgements, SCALE, settings, folder / "bench", seed=0)
    verified = verify_benchmark(folder / "bench")
    return _report(items, annotators, report, careless, draws) | {"splits": verified.splits}


def _report(
    items: list[Item],
    annotators: dict[str, SimulatedAnnotator],
    report: AgreementReport,
    careless: list[str],
    draws: int,
) -> dict[str, object]:
    """Set what was measured beside the truth, once and over many draws."""
    many = [True, False] * 100_000
    everybody = list(annotators.values())
    truth = alpha(simulate_scores(many, everybody, SCALE, seed=99))
    faithful = [item.faithful for item in items]
    found = np.array(
        [alpha(simulate_scores(faithful, everybody, SCALE, seed=seed)) for seed in range(draws)]
    )
    within = float((np.abs(found - truth) < 0.03).mean())
    low, high = report.overall.ci95
    print(
        f"{', '.join(annotators)}: true alpha {truth:.3f}, measured {report.overall.alpha:.3f} "
        f"({low:.3f} to {high:.3f}); over {draws} draws mean {found.mean():.3f}, "
        f"within 0.03 {within:.0%}; careless: {', '.join(careless) or 'nobody'}"
    )
    return {
        "truth": round(truth, 4),
        "measured": round(report.overall.alpha, 4),
        "ci95": [round(low, 4), round(high, 4)],
        "mean": round(float(found.mean()), 4),
        "within 0.03": round(within, 3),
        "careless": careless,
    }


def _fill(path: Path, name: str, scores: dict[tuple[str, str], float]) -> Returned:
    """Fill a sheet in as its annotator would."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | {"score": f"{scores[name, row['id']]:g}"} for row in rows)
    return Returned(path)


if __name__ == "__main__":
    main()
