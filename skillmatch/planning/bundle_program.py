"""The best bundle of a cohort as a small integer programme, for cohorts with too many runs to search through."""

import math
from collections import defaultdict
from functools import cached_property

from skillmatch.planning.bundles import BundleSpace, Found, Prices
from skillmatch.planning.integer import IntegerModel

GAP = 1e-3
"""Relative gap at which the best bundle is good enough; its bound is used, not its worth."""


class BundleProgram:
    """One 0/1 variable a run, and for each stake and level one that says whether the level is reached."""

    def __init__(self, space: BundleSpace) -> None:
        self._space = space
        self._model = IntegerModel()
        self._taken = {run: self._model.column(1.0, whole=True) for run in space.runs}
        self._reached: dict[tuple[int, int], int] = {}
        self._add_rules()
        for number in range(len(space.stakes)):
            self._add_stake(number)

    def _add_rules(self) -> None:
        """Add hours, courses, dates and prerequisites of one person."""
        problem, taken = self._space.problem, self._taken
        if problem.hours_per_person is not None:
            hours = {column: problem.runs[run].hours for run, column in taken.items()}
            self._model.row(hours, high=problem.hours_per_person)
        courses: dict[str, list[int]] = defaultdict(list)
        for run in taken:
            courses[problem.runs[run].course].append(run)
        for group in (*courses.values(), *problem.clashes):
            self._model.at_most([taken[run] for run in group if run in taken], 1.0)
        for run, column in taken.items():
            for options in problem.runs[run].prerequisites:
                before = {taken[other]: -1.0 for other in options if other in taken}
                self._model.row({column: 1.0} | before, high=0.0)

    def _add_stake(self, number: int) -> None:
        """Add the levels of a stake: each is reached only if a run leads there, with a lift where it needs one."""
        model, led = self._model, dict[int, int]()
        ways = [way for way in self._space.stakes[number].ways if way.run in self._taken]
        for way in ways:
            led[way.run] = self._taken[way.run]
            if way.lifts:
                led[way.run] = model.column(1.0)
                model.row({led[way.run]: 1.0, self._taken[way.run]: -1.0}, high=0.0)
                lifts = {led[other]: -1.0 for other in way.lifts if other in led}
                model.row({led[way.run]: 1.0} | lifts, high=0.0)
        for level in sorted({way.level for way in ways}):
            column = model.column(1.0)
            self._reached[number, level] = column
            model.row({column: 1.0} | {led[way.run]: -1.0 for way in ways if way.level >= level}, high=0.0)

    @cached_property
    def _steps(self) -> list[tuple[int, int, int, int]]:
        """(column, stake, level, next lower level that is reached or held)."""
        steps = []
        for number, stake in enumerate(self._space.stakes):
            low = stake.held
            for level in sorted(level for place, level in self._reached if place == number):
                steps.append((self._reached[number, level], number, level, low))
                low = level
        return steps

    def best(self, prices: Prices, floor: float, seconds: float) -> Found:
        """Return the best bundle if it is worth more than `floor`, and a ceiling for all bundles."""
        held = sum(prices.levels[number][stake.held] for number, stake in enumerate(self._space.stakes))
        costs = {
            column: prices.levels[number][low] - prices.levels[number][level]
            for column, number, level, low in self._steps
        }
        costs |= {self._taken[run]: prices.seats[run] for run in self._space.runs}
        answer = self._model.minimise(costs, seconds=seconds, gap=GAP)
        ceiling = math.inf if not math.isfinite(answer.bound) else max(floor, held - answer.bound)
        if answer.values is None:
            return Found((), ceiling, whole=False)
        values = answer.values
        bundle = tuple(run for run in self._space.runs if values[self._taken[run]] > 0.5)
        worth = held - answer.objective
        return Found(((worth, bundle),) if bundle and worth > floor + 1e-9 else (), ceiling, whole=True)
