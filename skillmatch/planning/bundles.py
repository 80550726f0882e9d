"""Bundles: what one person of a cohort could take as a whole, within hours, dates and order.

A plan is nothing but a number of people for each bundle, so hours and dates of each person hold by construction, and
people of a cohort need not be told apart.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.problem import EVERY_DAY, PlanProblem, Stake

Bundle = tuple[int, ...]
"""Runs, sorted."""
_Lifted = tuple[int, int, int, int, tuple[int, ...]]
"""Stake, place among its ways, run, level, lifts."""


@dataclass(frozen=True)
class Prices:
    """What a bundle is worth at the moment.

    `levels[s][l]` is the worth of reaching level l in stake s of the cohort (it does not fall with l), `seats` what a
    seat in each run costs.
    """

    levels: Sequence[Sequence[float]]
    seats: Mapping[int, float]


@dataclass(frozen=True, eq=False)
class PriceList:
    """Prices for each cohort at which no bundle is worth more than the ceiling, and the bound on plans that follows.

    `rows` are the prices of the rows of the programme; no plan has an objective below `bound`.
    """

    rows: NDArray[np.float64]
    worth: Mapping[int, Prices]
    ceilings: Mapping[int, float]
    bound: float


@dataclass(frozen=True)
class Found:
    """Bundles with their net worth, best first; none is worth more than `ceiling`. `whole`: the search was finished."""

    bundles: tuple[tuple[float, Bundle], ...]
    ceiling: float
    whole: bool


class BundleSpace:
    """The bundles of one cohort, with `runs` in a fixed order that all arrays follow.

    Parameters
    ----------
    problem, cohort
        Whose bundles.
    kept
        Runs that may be taken for another reason than to reach a level: pinned ones, and those whose groups must fill.
    runs
        The runs to look at, sorted; None: all those of the cohort.

    Attributes
    ----------
    level, hours
        Level that run r leads to in stake s, of shape (runs, stakes), and hours of run r.
    excludes
        Whether nobody can take runs r and q both: one course, or one day.
    serves
        Whether run q may be needed before run r, as a prerequisite or as a lift to its entry level.
    helpers
        Runs of which something else depends, or that depend on something else.
    """

    def __init__(
        self, problem: PlanProblem, cohort: int, kept: frozenset[int], runs: Sequence[int] | None = None
    ) -> None:
        self.problem = problem
        self.stakes: tuple[Stake, ...] = problem.stakes_of[cohort]
        self.runs = [run for run, owner in problem.pairs if owner == cohort] if runs is None else list(runs)
        self._row = {run: place for place, run in enumerate(self.runs)}
        self.hours = np.array([problem.runs[run].hours for run in self.runs], dtype=np.float64)
        self.level = levels_of(self.stakes, self._row)
        self._lifted = self._find_lifted()
        self._sure = self.level.copy()
        for number, _, run, _, _ in (way for ways in self._lifted.values() for way in ways):
            self._sure[self._row[run], number] = self.stakes[number].held
        self.excludes = _excludes(problem, self.runs)
        self.kept = np.array([run in kept for run in self.runs], dtype=bool)
        self.serves = self._serves()
        self.helpers = {run for row, run in enumerate(self.runs) if self.serves[row].any() or self.serves[:, row].any()}

    def in_order(self, bundle: Bundle) -> bool:
        """Tell whether a bundle holds the prerequisites of all its runs."""
        return not any(
            set(options).isdisjoint(bundle) for run in bundle for options in self.problem.runs[run].prerequisites
        )

    def in_turn(self, bundle: Bundle) -> list[int]:
        """Return the runs of a bundle, each after its prerequisites."""
        turn: list[int] = []
        left = list(bundle)
        while left:
            ready = [
                run
                for run in left
                if not any(set(options).isdisjoint(turn) for options in self.problem.runs[run].prerequisites)
            ]
            turn += ready or left
            left = [run for run in left if run not in turn]
        return turn

    def reached(self, bundle: Bundle) -> list[int]:
        """Return the level that a bundle leads to in each stake."""
        found: list[int] = self._sure[[self._row[run] for run in bundle]].max(axis=0).tolist()
        lifted = sorted(way for run in bundle for way in self._lifted.get(run, ()))
        if lifted:
            waiting = {(stake, run) for stake, _, run, _, _ in lifted}
            for stake, _, run, level, lifts in lifted:
                if any(lift in bundle and (stake, lift) not in waiting for lift in lifts):
                    waiting.remove((stake, run))
                    found[stake] = max(found[stake], level)
        return found

    def _find_lifted(self) -> dict[int, list[_Lifted]]:
        """Return run -> the ways that need a lift, in the order in which they can follow each other."""
        found: dict[int, list[_Lifted]] = defaultdict(list)
        for number, stake in enumerate(self.stakes):
            for order, way in enumerate(stake.ways):
                if way.lifts and way.run in self._row:
                    found[way.run].append((number, order, way.run, way.level, way.lifts))
        return found

    def _serves(self) -> NDArray[np.bool_]:
        found = np.zeros((len(self.runs), len(self.runs)), dtype=bool)
        for place, run in enumerate(self.runs):
            for options in self.problem.runs[run].prerequisites:
                found[place, [self._row[other] for other in options if other in self._row]] = True
        for way in (way for stake in self.stakes for way in stake.ways if way.lifts and way.run in self._row):
            found[self._row[way.run], [self._row[other] for other in way.lifts if other in self._row]] = True
        return found


def levels_of(stakes: Sequence[Stake], row: Mapping[int, int]) -> NDArray[np.int64]:
    """Return the level that each run leads to in each stake if what it needs is there, of shape (runs, stakes)."""
    level = np.tile(np.array([stake.held for stake in stakes], dtype=np.int64), (len(row), 1))
    for number, stake in enumerate(stakes):
        for way in stake.ways:
            if way.run in row:
                level[row[way.run], number] = way.level
    return level


def _excludes(problem: PlanProblem, runs: Sequence[int]) -> NDArray[np.bool_]:
    """Tell which runs nobody can take both of: one course, or one day."""
    rows = [problem.runs[run] for run in runs]
    courses = np.unique([run.course for run in rows], return_inverse=True)[1] if rows else np.zeros(0, dtype=np.int64)
    start = np.array([run.start.toordinal() if run.start else 0 for run in rows], dtype=np.int64)
    end = np.array([run.end.toordinal() if run.end else 0 for run in rows], dtype=np.int64)
    dated = np.array([run.together and run.start is not None for run in rows], dtype=bool)
    overlap = (start[:, None] <= end[None]) & (start[None] <= end[:, None]) & dated[:, None] & dated[None]
    for place in (place for place, run in enumerate(rows) if run.weekdays != EVERY_DAY):
        for other in np.flatnonzero(overlap[place]).tolist():
            overlap[place, other] = overlap[other, place] = problem.clash(runs[place], runs[other])
    excludes = overlap | (courses[:, None] == courses[None])
    np.fill_diagonal(excludes, val=False)
    return np.asarray(excludes)
