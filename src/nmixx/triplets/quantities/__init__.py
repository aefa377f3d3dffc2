"""Quantities of a text in one form, whatever the language and the way they are written."""

from nmixx.triplets.quantities.quantity import Quantity, count_kept, find_missing
from nmixx.triplets.quantities.reading import read_quantities

__all__ = ["Quantity", "count_kept", "find_missing", "read_quantities"]
