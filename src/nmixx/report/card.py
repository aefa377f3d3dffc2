"""The model card: the report's numbers as the README.md that goes with a model."""

from __future__ import annotations

import re

from nmixx.evaluation.results import Results
from nmixx.report.figures import METRICS
from nmixx.report.folder import RunFolder
from nmixx.report.index import index_results
from nmixx.report.markdown import plain, table
from nmixx.report.verdict import state_verdict
from nmixx.report.words import chance, figure, sentence, signed, span

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")


def write_card(run: RunFolder) -> str:
    """Write the card as Markdown, with the front matter that the Hugging Face Hub reads."""
    parts = [
        _front_matter(run),
        f"# {plain(run.name)}\n",
        *([f"{plain(str(run.recipe['description']))}\n"] if run.recipe.get("description") else []),
        f"{plain(state_verdict(run.results))}\n",
        "![Each task before and after, with 95 % intervals](figures/before-after.png)\n",
        "## Use\n",
        _usage(run),
        "## Results\n",
        _results_table(run.results),
        _method(run.results),
        *_warnings(run.results),
        *_training_data(run),
        "## Limits\n",
        "The figures hold for the tasks above. Nothing was measured on other domains or "
        "languages, and an interval covers the choice of rows, not the choice of tasks.\n",
        "This card is a draft written by nmixx: add licence, intended use and contact.\n",
    ]
    return "\n".join(parts)


def _front_matter(run: RunFolder) -> str:
    """Write what the Hub needs to know."""
    import yaml

    langs = sorted((run.coverage or {}).get("before") or {})
    base = str(run.recipe.get("model") or "")
    facts = {
        "library_name": "sentence-transformers",
        "pipeline_tag": "sentence-similarity",
        "tags": ["sentence-transformers", "nmixx"],
        **({"language": langs} if langs else {}),
        **({"base_model": base} if _HUB_ID.fullmatch(base) else {}),
        "model-index": index_results(run.name, run.results),
    }
    return f"---\n{yaml.safe_dump(facts, sort_keys=False, allow_unicode=True)}---\n"


def _usage(run: RunFolder) -> str:
    """Show the two lines that load the model."""
    evaluation = run.recipe.get("evaluation")
    prompt = evaluation.get("prompt") if isinstance(evaluation, dict) else None
    encode = (
        "model.encode(sentences)" if not prompt else f"model.encode(sentences, prompt={prompt!r})"
    )
    return (
        "```python\n"
        "from sentence_transformers import SentenceTransformer\n\n"
        'model = SentenceTransformer("model")\n'
        f"embeddings = {encode}\n"
        "```\n"
    )


def _results_table(results: Results) -> str:
    """Write all tasks, a line each, with the same figures as the page."""
    compared = any(task.against for task in results.tasks.values())
    titles = ["task", "metric", "n", *(["before"] if compared else []), "value", "95 % interval"]
    if compared:
        titles = ["task", "metric", "n", "before", "after", "change", "95 % interval", "p"]
    rows = []
    for name, task in results.tasks.items():
        row = [plain(name), METRICS.get(task.metric, task.metric), f"{task.n:,}"]
        against = task.against
        if against is not None:
            row += [figure(against.value), figure(task.value), signed(against.delta)]
            row += [span(*against.ci95, sign=True), chance(against.p)]
        elif compared:
            row += ["–", figure(task.value), "–", span(*task.ci95), "–"]
        else:
            row += [figure(task.value), span(*task.ci95)]
        rows.append(row)
    return table(titles, rows)


def _method(results: Results) -> str:
    """Say how the intervals came about."""
    count = results.manifest.get("bootstrap")
    drawn = f"{count:,} resamples" if isinstance(count, int) else "resamples"
    names = f"Before is `{results.against}`, after is" if results.against else "The model is"
    return (
        f"{names} `{results.model}`. Intervals are percentile bootstrap intervals over {drawn} of "
        "a task's rows; a change is judged on the same resamples of both models, task by task, "
        "without correction for the number of tasks.\n"
    )


def _warnings(results: Results) -> list[str]:
    """List what to keep in mind."""
    lines = [
        f"- {plain(name)}: {plain(sentence(warning))}"
        for name, task in results.tasks.items()
        for warning in task.warnings
    ]
    return ["To keep in mind:\n", "\n".join(lines) + "\n"] if lines else []


def _training_data(run: RunFolder) -> list[str]:
    """Count what the model was trained from."""
    if run.corpus is None:
        return []
    counts = [f"{run.corpus.pairs:,} pairs", f"{run.corpus.documents:,} documents"]
    if run.triplets:
        counts.append(f"{len(run.triplets):,} triplets")
    lines = [f"{', '.join(counts)}.\n"]
    for tally in run.corpus.pair_tallies:
        if tally.name == "source":
            rows = [[plain(name), f"{count:,}"] for name, count in tally.counts.items()]
            lines.append(table(["source of pairs", "pairs"], rows))
    return ["## Training data\n", *lines]
