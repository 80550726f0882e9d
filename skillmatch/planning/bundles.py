"""Bundles: what one person of a cohort could take as a whole, within hours, dates and order.

A plan is nothing but a number of people for each bundle, so hours and dates of each person hold by construction, and
people of a cohort need not be told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.outcome import climb
from skillmatch.planning.problem import PlanProblem, Stake

Bundle = tuple[int, ...]
"""Runs, sorted."""


@dataclass(frozen=True)
class Prices:
    """What a bundle is worth at the moment.

    `levels[s][l]` is the worth of reaching level l in stake s of the cohort (it does not fall with l), `seats` what a
    seat in each run costs.
    """

    levels: Sequence[Sequence[float]]
    seats: Mapping[int, float]


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
    linked
        Runs whose seats matter to others as well (groups, pins, funding, absences); others only cost their price.
    kept
        Runs that may be taken for another reason than to reach a level: pinned ones, and those whose groups must fill.

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

    def __init__(self, problem: PlanProblem, cohort: int, linked: frozenset[int], kept: frozenset[int]) -> None:
        self.problem = problem
        self.stakes: tuple[Stake, ...] = problem.stakes_of[cohort]
        runs = [run for run, owner in problem.pairs if owner == cohort]
        needed = {other for run in runs for options in problem.runs[run].prerequisites for other in options}
        everything = _Table(problem, self.stakes, runs)
        worse = everything.dominated(linked | kept | needed)
        self.runs = [run for run in runs if run not in worse]
        table = _Table(problem, self.stakes, self.runs)
        self.level, self.hours, self.excludes = table.level, table.hours, table.excludes
        self.kept = np.array([run in kept for run in self.runs], dtype=bool)
        self.serves = table.serves()
        self.helpers = {run for row, run in enumerate(self.runs) if self.serves[row].any() or self.serves[:, row].any()}

    def in_order(self, bundle: Bundle) -> bool:
        """Tell whether a bundle holds the prerequisites of all its runs."""
        return not any(
            set(options).isdisjoint(bundle) for run in bundle for options in self.problem.runs[run].prerequisites
        )

    def reached(self, bundle: Bundle) -> list[int]:
        """Return the level that a bundle leads to in each stake."""
        taken = set(bundle)
        steps = [climb(stake, taken) for stake in self.stakes]
        return [found[-1][2] if found else stake.held for found, stake in zip(steps, self.stakes, strict=True)]


class _Table:
    """Runs of a cohort as arrays, one row a run."""

    def __init__(self, problem: PlanProblem, stakes: Sequence[Stake], runs: Sequence[int]) -> None:
        self._problem, self._stakes, self._runs = problem, stakes, runs
        row = {run: place for place, run in enumerate(runs)}
        self.hours = np.array([problem.runs[run].hours for run in runs], dtype=np.float64)
        self.level = np.tile(np.array([stake.held for stake in stakes], dtype=np.int64), (len(runs), 1))
        self._lifted = np.zeros((len(runs), len(stakes)), dtype=bool)
        lifts: list[NDArray[np.bool_]] = []
        for number, stake in enumerate(stakes):
            for way in stake.ways:
                if way.run in row:
                    self.level[row[way.run], number] = way.level
                    self._lifted[row[way.run], number] = bool(way.lifts)
                    if way.lifts:
                        lifts.append(np.array([run in way.lifts for run in runs], dtype=bool))
        self._lifts = np.array(lifts, dtype=bool).reshape(len(lifts), len(runs)).T
        courses = np.unique([problem.runs[run].course for run in runs], return_inverse=True)[1]
        self.excludes = courses[:, None] == courses[None]
        for place, run in enumerate(runs):
            self.excludes[place, [row[other] for other in problem.clashing[run] if other in row]] = True
            self.excludes[place, place] = False

    def serves(self) -> NDArray[np.bool_]:
        """Return ``serves[r, q]``; see `BundleSpace`."""
        before: list[set[int]] = []
        for run in self._runs:
            needed = {other for options in self._problem.runs[run].prerequisites for other in options}
            for stake in self._stakes:
                needed |= {other for way in stake.ways if way.run == run for other in way.lifts}
            before.append(needed)
        return np.array([[other in needed for other in self._runs] for needed in before], dtype=bool)

    def dominated(self, safe: frozenset[int] | set[int]) -> set[int]:
        """Return runs to which another is at least as good for everybody here: in levels, lifts, price, hours, dates.

        Whoever takes such a run could take the other in its place, or drop it if they take both, so nothing is lost.
        `safe` runs are neither left out nor do they stand in for others.
        """
        price = np.array([self._problem.runs[run].price_eur for run in self._runs])
        alone = np.array([not self._problem.runs[run].prerequisites for run in self._runs], dtype=bool)
        able = alone & np.array([run not in safe for run in self._runs], dtype=bool)
        sure = np.where(self._lifted, -1, self.level)
        worse: set[int] = set()
        for place, run in enumerate(self._runs):
            if run in safe:
                continue
            bars = self.excludes[place].copy()
            bars[place] = True
            as_good = able & (price <= price[place]) & (self.hours <= self.hours[place])
            as_good &= (sure >= self.level[place]).all(axis=1) & (self._lifts >= self._lifts[place]).all(axis=1)
            as_good &= ~(self.excludes & ~bars).any(axis=1)
            as_good[place] = False
            if as_good.any():
                # What is left out cannot stand in for others, so that of equals exactly one is kept.
                able[place] = False
                worse.add(run)
        return worse
