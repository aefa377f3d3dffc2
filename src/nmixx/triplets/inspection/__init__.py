"""Looking at triplets: filtered, drawn evenly over the shifts, the changed words marked."""

from nmixx.triplets.inspection.differences import Stretch, mark_changes
from nmixx.triplets.inspection.rows import Row, Wanted, choose_rows, list_rows

__all__ = ["Row", "Stretch", "Wanted", "choose_rows", "list_rows", "mark_changes"]
