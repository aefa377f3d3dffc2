"""Making one triplet at a place: the positive first, then the negative by a rule."""

from __future__ import annotations

import random
from functools import cached_property

from nmixx.records import Triplet
from nmixx.triplets.material import Place
from nmixx.triplets.rules import LanguageRules, rules_for
from nmixx.triplets.rules.rule import LABEL, OTHER, STATEMENT
from nmixx.triplets.settings import TripletSettings
from nmixx.triplets.taxonomy import SHIFTS


class Maker:
    """Makes the triplets of one place.

    Across languages the positive is the translation, as it is or reworded; within a language it is
    a rewording of the anchor. The negative is shifted from the plain text or from the positive, so
    that neither its closeness to the anchor nor its wording tells it from the positive. Or, within
    a language, the text is the negative itself, and what undoes the shift makes the anchor.
    """

    def __init__(self, place: Place, settings: TripletSettings, chooser: random.Random) -> None:
        """Make nothing yet."""
        self._place = place
        self._settings = settings
        self._chooser = chooser
        self._draw = chooser.random()

    def make(self, shift: str) -> Triplet | None:
        """Make the triplet of a shift; None where the text cannot carry it or be reworded."""
        opposite = SHIFTS[shift].opposite
        if opposite and not self._place.translation and self._form == STATEMENT:
            return self._undo(shift, opposite)
        return self._shift(shift)

    def _undo(self, shift: str, opposite: str) -> Triplet | None:
        """Let the text be the negative of what the opposite shift makes of it.

        So a detail that somebody wrote is the one that is added, and none has to be invented.
        """
        whole = self._place.text
        anchor = self._carry_out(opposite, whole)
        positive = self._reword(anchor) if anchor else None
        if anchor is None or positive is None:
            return None
        reworded = self._reword(whole) if self._rewords() else None
        if reworded is None:
            return self._assemble(shift, anchor, positive, whole, origin=anchor)
        return self._assemble(shift, anchor, positive, reworded, origin=positive)

    def _shift(self, shift: str) -> Triplet | None:
        """Shift the text, or what means the same in the other language."""
        # Asked of the plain text first: a shift costs less than a rewording.
        negative = self._carry_out(shift, self._plain) if self._carries(shift) else None
        if negative is None or self._positive is None:
            return None
        origin = self._plain
        if self._positive != origin and self._rewords():
            # Where the rewording left the shift no hold, what was shifted is reworded alike.
            shifted = self._carry_out(shift, self._positive) or self._reword(negative)
            if shifted is not None:
                origin, negative = self._positive, shifted
        return self._assemble(shift, self._place.text, self._positive, negative, origin=origin)

    def _carry_out(self, shift: str, text: str) -> str | None:
        """Let the rule of a shift change a text, by chance as often as the shift allows."""
        rule = self._rules.shifts.get(shift) if self._rules else None
        changed = rule(text, self._chooser) if rule else None
        most = SHIFTS[shift].times
        if rule and changed and most > 1:
            for _ in range(self._chooser.randrange(most)):
                changed = rule(changed, self._chooser) or changed
        return changed

    def _assemble(
        self, shift: str, anchor: str, positive: str, negative: str, *, origin: str
    ) -> Triplet:
        """Put a triplet together; its negative was shifted from ``origin``."""
        place = self._place
        return Triplet(
            anchor=anchor,
            positive=positive,
            negative=negative,
            category=place.category,
            anchor_lang=place.lang,
            positive_lang=self._lang,
            negative_lang=self._lang,
            positive_kind=place.kind,
            negative_kind=shift,
            confidence=0.0,
            group=place.group,
            provenance=f"rule:{self._lang}:{place.id}",
            extra={"origin": origin},
        )

    def _rewords(self) -> bool:
        """Draw whether the next negative is shifted from a rewording."""
        return self._chooser.random() < self._settings.reworded

    def _carries(self, shift: str) -> bool:
        """Tell whether the text is of a form that the shift needs."""
        return self._form == STATEMENT or (self._form == LABEL and SHIFTS[shift].of_labels)

    @cached_property
    def _form(self) -> str:
        return self._rules.form(self._plain) if self._rules is not None else OTHER

    @property
    def _lang(self) -> str:
        """The language of positive and negative."""
        return self._place.translation_lang or self._place.lang

    @property
    def _plain(self) -> str:
        """What is reworded and shifted: the translation, or the anchor itself."""
        return self._place.translation or self._place.text

    @cached_property
    def _rules(self) -> LanguageRules | None:
        return rules_for(self._lang)

    @cached_property
    def _positive(self) -> str | None:
        """The positive of all triplets made here; None where the anchor cannot be reworded."""
        rules, translated = self._rules, self._place.translation is not None
        if rules is None or (translated and self._chooser.random() >= self._settings.reworded):
            return self._plain if translated else None
        reworded = self._reword(self._plain)
        return self._plain if reworded is None and translated else reworded

    def _reword(self, text: str) -> str | None:
        """Reword a text with the same choices each time."""
        return self._rules.rephrase(text, random.Random(self._draw)) if self._rules else None
