"""What went wrong while a model trained, as a table under the result."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType
from rich.table import Table

from nmixx.storage import read_json


def alarms_table(folder: Path) -> list[RenderableType]:
    """Lay out the alarms of a training's log, if any went off.

    Args:
        folder: of the training, with its ``log.json``.
    """
    place = folder / "log.json"
    logs = read_json(place) if place.exists() else []
    alarms = [(log["name"], alarm) for log in logs for alarm in log.get("alarms", ())]
    if not alarms:
        return []
    table = Table(title="alarms", title_justify="left", box=None, pad_edge=False)
    for name in ("step", "at", "alarm", "what it says"):
        table.add_column(name)
    for step, alarm in alarms:
        table.add_row(step, str(alarm["step"]), alarm["name"], alarm["words"])
    return [table]
