"""Reasons as sentences: the one place where the rules of all stages meet their words."""

from collections.abc import Iterable

from skillmatch.planning.plan import TEMPLATES
from skillmatch.words import Reason, render

ARITHMETIC = frozenset({"predicted", "weight", "also wanted", "measure recognised", "measure chosen"})
"""Rules that open a number or repeat how a wish was read; they are shown where somebody asks *How do we know?*"""


def brief(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return the sentences that answer *why*, without those of `ARITHMETIC`.

    >>> brief([Reason("nothing held", {"role": "Welder"}), Reason("measure chosen", {"measure": "A", "need": "B"})])
    ('Nothing says that anybody in Welder has it.',)
    """
    return sentences(reason for reason in reasons if reason.rule not in ARITHMETIC)


def sentences(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return the reasons as sentences, in order, each once.

    >>> sentences([Reason("nothing held", {"role": "Welder"})])
    ('Nothing says that anybody in Welder has it.',)
    """
    return tuple(dict.fromkeys(render(TEMPLATES, reason) for reason in reasons))
