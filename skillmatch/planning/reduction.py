"""Leaving out what no best plan needs: a smaller problem with the same runs, people and best plans.

A run that another equals or beats for a whole cohort is not needed there: whoever takes it could take the other in its
place, or, if they take another run of that other one's course already, do without it. docs/planning.md has the proof.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.problem import PlanProblem, Run, Stake, Way
from skillmatch.planning.runs import largest_sets

Pair = tuple[int, int]
NEVER = 10**7
"""Stands for a day in the far future; minus it for one long past."""
EUROS = 1e-9
"""Prices that differ by less are the same."""


def narrow(problem: PlanProblem, pairs: Collection[Pair]) -> PlanProblem:
    """Return the problem with only these (run, cohort), which must hold what they need first; numbers stay as they are.

    Ways whose lifts are all left out are left out with them; so are prerequisites, of which others must remain.
    """
    kept = frozenset(pairs)
    runs = {run for run, _ in kept}
    clashes = {tuple(run for run in clash if run in runs) for clash in problem.clashes}
    return replace(
        problem,
        pairs=tuple(sorted(kept)),
        runs=tuple(_without(run, runs) if place in runs else run for place, run in enumerate(problem.runs)),
        stakes=tuple(stake for stake in (_narrowed(stake, kept) for stake in problem.stakes) if stake.ways),
        clashes=largest_sets(clashes),
    )


def _without(run: Run, runs: AbstractSet[int]) -> Run:
    if not run.prerequisites:
        return run
    return replace(run, prerequisites=tuple(tuple(o for o in options if o in runs) for options in run.prerequisites))


def _narrowed(stake: Stake, kept: AbstractSet[Pair]) -> Stake:
    led: set[int] = set()
    ways: list[Way] = []
    for way in stake.ways:
        lifts = tuple(run for run in way.lifts if run in led)
        if (way.run, stake.cohort) in kept and (lifts or not way.lifts):
            led.add(way.run)
            ways.append(way if lifts == way.lifts else replace(way, lifts=lifts))
    return stake if len(ways) == len(stake.ways) else replace(stake, ways=tuple(ways))


def without_dominated(problem: PlanProblem) -> PlanProblem:
    """Return the problem without (run, cohort) that no best plan needs; value, cost and hours of the best stay."""
    rows = _Rows(problem)
    tables = [_Dominance(problem, rows, cohort, runs) for cohort, runs in _by_cohort(problem.pairs).items()]
    # A run whose groups must fill, or are paid as groups, goes only where nobody at all needs it; such runs are judged
    # first, while all that may stand in for them is there.
    needing = {run for table in tables for run in table.undominated(rows.joint)}
    dropped = {(run, table.cohort) for table in tables for run in table.runs if rows.joint[run] and run not in needing}
    for table in tables:
        dropped |= {(run, table.cohort) for run in table.dominated()}
    return narrow(problem, set(problem.pairs) - dropped) if dropped else problem


def _by_cohort(pairs: Iterable[Pair]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for run, cohort in pairs:
        found[cohort].append(run)
    return found


class _Rows:
    """All runs as arrays. `fixed` runs are never left out, `free` ones may stand in for others.

    `least_eur` is the least that a seat may cost, funding counted; `joint` runs concern several people at once.
    """

    def __init__(self, problem: PlanProblem) -> None:
        runs, people = problem.runs, len(problem.people)
        rate = [max((problem.rates[scheme] for scheme in run.schemes), default=0.0) for run in runs]
        self.price = np.array([run.price_eur for run in runs])
        share = np.array([min(run.group_max, people) if run.per_group else 1 for run in runs])
        self.least_eur = self.price * (1 - np.array(rate)) / np.maximum(share, 1)
        self.hours = np.array([run.hours for run in runs])
        self.start = np.array([run.start.toordinal() if run.together and run.start else NEVER for run in runs])
        self.end = np.array([run.end.toordinal() if run.together and run.end else -NEVER for run in runs])
        self.weekdays = np.array([sum(1 << day for day in run.weekdays) for run in runs], dtype=np.int64)
        self.course = np.unique([run.course for run in runs], return_inverse=True)[1] if runs else np.zeros(0, int)
        self.joint = np.array([run.per_group or run.group_min > 1 for run in runs], dtype=bool)
        self.schemes = np.array([[k in run.schemes for k in range(len(problem.rates))] for run in runs], dtype=bool)
        self.schemes = self.schemes.reshape(len(runs), len(problem.rates))
        needed = {other for run in runs for options in run.prerequisites for other in options}
        self.fixed = np.zeros(len(runs), dtype=bool)
        self.fixed[[*needed, *(pin.run for pin in problem.pins)]] = True
        bounded = np.array([run.most_groups * run.group_max < people for run in runs], dtype=bool)
        before = np.array([bool(run.prerequisites) for run in runs], dtype=bool)
        self.free = ~(self.joint | bounded | before)


class _Dominance:
    """The runs of one cohort, by the levels they lead to and the ways they lift to."""

    def __init__(self, problem: PlanProblem, rows: _Rows, cohort: int, runs: Sequence[int]) -> None:
        self.cohort, self.runs = cohort, np.array(runs)
        self._rows = rows
        stakes = problem.stakes_of[cohort]
        level, sure = self._levels(stakes)
        course = np.unique(rows.course[self.runs], return_inverse=True)[1]
        sure_of_course = np.full((course.max() + 1, sure.shape[1]), NEVER)
        np.minimum.at(sure_of_course, course, sure)
        # Equal rows are compared once: ``as_good[a, b]`` says that kind a of what is sure serves for kind b of levels.
        kinds, self._kind = _kinds(level)
        sures, self._sure = _kinds(sure_of_course[course])
        self._as_good = _covers(sures, kinds, len(stakes))
        self._free = rows.free[self.runs].copy()
        self._by_price = np.argsort(rows.price[self.runs], kind="stable")
        self._able: dict[int, NDArray[np.int64]] = {}

    def _levels(self, stakes: Sequence[Stake]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return what each run leads to at best, and what it does for sure, of shape (runs, stakes + lifts)."""
        row = {int(run): place for place, run in enumerate(self.runs)}
        lifted = sorted({way.lifts for stake in stakes for way in stake.ways if way.lifts})
        level = np.zeros((len(row), len(stakes) + len(lifted)), dtype=np.int64)
        for number, stake in enumerate(stakes):
            level[:, number] = stake.held
            for way in stake.ways:
                level[row[way.run], number] = way.level
        for number, lifts in enumerate(lifted, start=len(stakes)):
            level[[row[run] for run in lifts], number] = 1
        sure = level.copy()
        for number, stake in enumerate(stakes):
            sure[[row[way.run] for way in stake.ways if way.lifts], number] = stake.held
        return level, sure

    def undominated(self, asked: NDArray[np.bool_]) -> list[int]:
        """Return those of the runs asked for that this cohort may need."""
        places = np.flatnonzero(asked[self.runs])
        return [int(self.runs[place]) for place in places if not self._beaten(int(place))]

    def dominated(self) -> list[int]:
        """Return the runs, joint ones aside, that this cohort does not need; of equals exactly one stays."""
        found = []
        for place, run in enumerate(self.runs):
            if not self._rows.joint[run] and self._beaten(place):
                self._free[place] = False
                found.append(int(run))
        return found

    def _beaten(self, place: int) -> bool:
        """Tell whether a run that may stand in for it is at least as good: levels, lifts, price, hours and dates."""
        rows, run = self._rows, self.runs[place]
        if rows.fixed[run]:
            return False
        able = self._may_stand_in(int(self._kind[place]))
        most = rows.least_eur[run] if rows.joint[run] else rows.price[run]
        able = able[: np.searchsorted(rows.price[self.runs[able]], most + EUROS, side="right")]
        able = able[self._free[able] & (able != place)]
        others = self.runs[able]
        good = (rows.hours[others] <= rows.hours[run]) & (rows.end[others] <= rows.end[run])
        good &= (rows.start[others] >= rows.start[run]) & (rows.weekdays[others] & ~rows.weekdays[run] == 0)
        if rows.schemes[run].any() and not rows.joint[run]:
            unfunded = (rows.schemes[run] & ~rows.schemes[others]).any(axis=1)
            good &= ~unfunded | (rows.price[others] <= rows.least_eur[run] + EUROS)
        return bool(good.any())

    def _may_stand_in(self, kind: int) -> NDArray[np.int64]:
        """Return the free rows that serve for runs of a kind, the cheapest first."""
        if kind not in self._able:
            order = self._by_price
            self._able[kind] = order[self._free[order] & self._as_good[self._sure[order], kind]]
        return self._able[kind]


def _kinds(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different rows, and which of them each row is; far quicker than sorting wide rows."""
    number: dict[bytes, int] = {}
    kind = np.array([number.setdefault(row.tobytes(), len(number)) for row in rows], dtype=np.int64)
    return rows[np.unique(kind, return_index=True)[1]], kind


def _covers(sures: NDArray[np.int64], kinds: NDArray[np.int64], levels: int) -> NDArray[np.bool_]:
    """Return whether each row of `sures` is nowhere below each row of `kinds`; behind the levels, all is 0 or 1."""
    lacking = (1 - sures[:, levels:]).astype(np.float32) @ kinds[:, levels:].astype(np.float32).T
    covers = np.asarray(lacking == 0)
    for column in range(levels):
        covers &= sures[:, column][:, None] >= kinds[:, column][None]
    return covers
