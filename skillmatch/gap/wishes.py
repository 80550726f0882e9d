"""Which measures of the library a wish in free words reads like: as a whole, and clause by clause."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from skillmatch.company.measures import MeasureHit, MeasureSearch
from skillmatch.gap.clauses import clauses
from skillmatch.mapping.model import Span

ADOPTED = 0.4
"""Least similarity at which words are read as the measure that they resemble most; see `docs/gap.md`."""
CLEAR, LEAD = 0.25, 0.08
"""A measure less alike than `ADOPTED` is adopted too if it is at least so alike, and so far ahead of the next one."""
BACKED = 0.25
"""If only a clause is so alike, the whole wish must be this much like the measure: half a sentence misleads."""
MOST_ADOPTED = 3
"""Measures that one wish may be read as; more would be a strategy, which is better written as several wishes."""
REPEATS = 0.05
"""A clause that is like an adopted measure up to this much less than like its best one only says the same again."""
SEARCHED = 8
"""Measures looked at for each clause."""


@dataclass(frozen=True)
class ClauseHits:
    """A piece of a wish and the measures most like it: highest score first, then smallest id."""

    clause: Span
    hits: tuple[MeasureHit, ...]


@dataclass(frozen=True)
class Reading:
    """A measure that a wish is read as, and the clause that says so."""

    hit: MeasureHit
    clause: Span


def search_wishes(wishes: Sequence[str], search: MeasureSearch) -> list[tuple[ClauseHits, ...]]:
    """Return the clauses of each wish (the whole text first) with the measures most like them."""
    pieces = [clauses(wish) for wish in wishes]
    hits = iter(search.search([piece.text for some in pieces for piece in some], SEARCHED))
    return [tuple(ClauseHits(piece, next(hits)) for piece in some) for some in pieces]


def similar_measures(wishes: Sequence[str], search: MeasureSearch) -> list[tuple[MeasureHit, ...]]:
    """Return the measures most like each wish, as a whole or in a clause: highest score first, then smallest id."""
    return [tuple(reading.hit for reading in best_of_each(found)) for found in search_wishes(wishes, search)]


def best_of_each(found: Sequence[ClauseHits]) -> list[Reading]:
    """Return each measure once, with the clause that is most like it: highest score first, then smallest id."""
    best: dict[str, Reading] = {}
    for piece in found:
        for hit in piece.hits:
            if hit.measure not in best or hit.score > best[hit.measure].hit.score:
                best[hit.measure] = Reading(hit, piece.clause)
    return sorted(best.values(), key=lambda reading: (-reading.hit.score, reading.hit.measure))


def adopt(found: Sequence[ClauseHits], not_meant: Collection[str] = ()) -> list[Reading]:
    """Return the measures that a wish is read as, surest first: at most `MOST_ADOPTED`.

    The first of `found` is the whole wish. Each clause can bring the one measure that it is most like, from `ADOPTED`
    on (or from `CLEAR` on, if it leads by `LEAD` and the whole wish backs it). It brings nothing if the user said that
    this one is not meant, or if it is nearly as much like (within `REPEATS`) a measure that another clause brought:
    then it says the same again.
    """
    leading = sorted(
        (piece for piece in found if _is_sure(piece, found[0])),
        key=lambda piece: (-piece.hits[0].score, piece.hits[0].measure, piece.clause.start, piece.clause.end),
    )
    adopted: dict[str, Reading] = {}
    for piece in leading:
        best = piece.hits[0]
        repeats = any(hit.measure in adopted and hit.score >= best.score - REPEATS for hit in piece.hits)
        if not repeats and best.measure not in not_meant and len(adopted) < MOST_ADOPTED:
            adopted[best.measure] = Reading(best, piece.clause)
    return list(adopted.values())


def _is_sure(piece: ClauseHits, whole: ClauseHits) -> bool:
    """Tell whether a clause is like one measure enough to be read as it."""
    if not piece.hits:
        return False
    best = piece.hits[0].score
    runner_up = piece.hits[1].score if len(piece.hits) > 1 else 0.0
    backed = any(hit.measure == piece.hits[0].measure and hit.score >= BACKED for hit in whole.hits)
    return best >= ADOPTED or (best >= CLEAR and best - runner_up >= LEAD and backed)
