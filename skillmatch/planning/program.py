"""The planning problem as an integer programme: docs/planning.md gives the model in symbols, this file builds it.

A *unit* is a cohort of interchangeable people, or one person. With persons as units the programme is exact; with
cohorts it is a relaxation (hours, dates and order hold on average over the cohort), so its bound holds for every plan.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.integer import Answer, IntegerModel, Terms
from skillmatch.planning.problem import PlanProblem, Stake

SCALE = 1000.0
"""Coverage is maximised in thousandths, far above the absolute tolerances of the solver."""
HOUR_WORTH_EUR = 1e-5
"""Among plans of equal coverage and cost, fewer hours win; a hundred thousand of them weigh one euro."""
VALUE_GAP = 1e-6
COST_GAP = 1e-5
FLOOR_SLACK = 1e-7
"""Part of all weighted gap that the cheapest plan of the best coverage may miss through rounding."""


@dataclass(frozen=True)
class Unit:
    """People of one cohort who are decided on together."""

    cohort: int
    people: tuple[int, ...]


class UnitProgram:
    """What holds for each unit by itself, and what units gain.

    `seat[run, unit]` is the column of x: how many people of the unit take the run. `counted[demand, unit, level]` is
    the column of y: how many people of the unit count for the demand at that level; `worth` is the value of one.
    """

    def __init__(self, problem: PlanProblem, units: Sequence[Unit]) -> None:
        self.problem = problem
        self.units = tuple(units)
        self.model = IntegerModel()
        self.seat: dict[tuple[int, int], int] = {}
        self.counted: dict[tuple[int, int, int], int] = {}
        self.worth: dict[int, float] = {}
        self._units_of: dict[int, list[int]] = defaultdict(list)
        for number, unit in enumerate(self.units):
            self._units_of[unit.cohort].append(number)
        taken: dict[int, dict[int, int]] = defaultdict(dict)
        for run, cohort in problem.pairs:
            for number in self._units_of[cohort]:
                column = self.model.column(len(self.units[number].people), whole=True)
                self.seat[run, number] = taken[number][run] = column
        for number, columns in taken.items():
            self._add_rules(columns, len(self.units[number].people))
        for stake in problem.stakes:
            for number in self._units_of[stake.cohort]:
                self._add_stake(stake, number)

    def _add_rules(self, taken: Mapping[int, int], people: int) -> None:
        """Add what holds for each person: hours, each course once, one dated run at a time, prerequisites."""
        runs = self.problem.runs
        if self.problem.hours_per_person is not None:
            self._add_hours(taken, people, self.problem.hours_per_person)
        courses: dict[str, list[int]] = defaultdict(list)
        for run in taken:
            courses[runs[run].course].append(run)
        for group in (*courses.values(), *self.problem.clashes):
            self.model.at_most([taken[run] for run in group if run in taken], people)
        for run, column in taken.items():
            for options in runs[run].prerequisites:
                self.model.row({column: 1.0} | {taken[other]: -1.0 for other in options if other in taken}, high=0.0)

    def _add_hours(self, taken: Mapping[int, int], people: int, limit: float) -> None:
        """Keep to the hours; of runs longer than 1/(k+1) of them a person can take only k, which tightens cohorts."""
        hours = {column: self.problem.runs[run].hours for run, column in taken.items()}
        if sum(hours.values()) > limit:
            self.model.row(hours, high=limit * people)
        for k in (1, 2, 3):
            long = [column for column, value in hours.items() if value > limit / (k + 1) + 1e-9]
            if len(long) > k:
                self.model.at_most(long, k * people)

    def _add_stake(self, stake: Stake, number: int) -> None:
        """Add who counts for a demand at which level: no more people than runs lead there, and each person once."""
        model, people = self.model, len(self.units[number].people)
        led: dict[int, int] = {}
        for way in stake.ways:
            led[way.run] = self.seat[way.run, number]
            if way.lifts:
                led[way.run] = model.column(people)
                model.row({led[way.run]: 1.0, self.seat[way.run, number]: -1.0}, high=0.0)
                model.row({led[way.run]: 1.0} | {led[other]: -1.0 for other in way.lifts}, high=0.0)
        counted: list[int] = []
        most = min(people, self.problem.demands[stake.demand].people)
        for level in sorted({way.level for way in stake.ways}, reverse=True):
            column = model.column(most)
            counted.append(column)
            self.counted[stake.demand, number, level] = column
            self.worth[column] = self.problem.worth(stake, level)
            leading = {led[way.run]: -1.0 for way in stake.ways if way.level >= level}
            model.row(dict.fromkeys(counted, 1.0) | leading, high=0.0)
        model.at_most(counted, most)

    def seats_in(self, values: NDArray[np.float64]) -> dict[tuple[int, int], int]:
        """Return (run, unit) -> people, without zeros."""
        found = {key: round(float(values[column])) for key, column in self.seat.items()}
        return {key: people for key, people in found.items() if people}


class Program(UnitProgram):
    """The whole programme: units, and what links them (prices, groups, funding, pins, demands, who is away)."""

    def __init__(self, problem: PlanProblem, units: Sequence[Unit]) -> None:
        super().__init__(problem, units)
        self.cost: dict[int, float] = {}
        self.hours = {column: problem.runs[run].hours for (run, _), column in self.seat.items()}
        self.pin_rows: list[tuple[Terms, float]] = []
        self._add_demands()
        self._add_runs()
        self._add_pins()
        for crowd in problem.crowds:
            for clash in problem.clashes:
                columns = [column for run in clash for column in self._seats(run, crowd.cohorts)]
                self.model.at_most(columns, crowd.most)

    def maximise(self, budget_eur: float | None, seconds: float) -> Answer:
        """Return the plan of the most value; `objective` and `bound` are values, the bound from above."""
        scale = SCALE / self.problem.total_weight if self.problem.total_weight else 1.0
        costs = {column: -worth * scale for column, worth in self.worth.items()}
        found = self.model.minimise(
            costs, *self.budget_row(budget_eur), *self.pin_limits(), seconds=seconds, gap=VALUE_GAP
        )
        return Answer(found.values, -found.objective / scale, -found.bound / scale, found.proven, found.infeasible)

    def cheapen(self, value: float, budget_eur: float | None, seconds: float) -> Answer:
        """Return the plan of least cost, then of least hours, among those of at least that value."""
        slack = FLOOR_SLACK * self.problem.total_weight
        costs = dict(self.cost)
        for column, hours in self.hours.items():
            costs[column] = costs.get(column, 0.0) + HOUR_WORTH_EUR * hours
        floor = (dict(self.worth), value - slack, math.inf)
        return self.model.minimise(
            costs, floor, *self.budget_row(budget_eur), *self.pin_limits(), seconds=seconds, gap=COST_GAP
        )

    def budget_row(self, budget_eur: float | None) -> tuple[tuple[Terms, float, float], ...]:
        """Return the row that keeps the net cost within the budget; none without one."""
        return () if budget_eur is None else ((self.cost, -math.inf, budget_eur),)

    def pin_limits(self) -> tuple[tuple[Terms, float, float], ...]:
        """Return the rows that keep to the pins."""
        return tuple((terms, people, math.inf) for terms, people in self.pin_rows)

    def _seats(self, run: int, cohorts: Sequence[int]) -> list[int]:
        units = (unit for cohort in cohorts for unit in self._units_of[cohort])
        return [self.seat[run, unit] for unit in units if (run, unit) in self.seat]

    def _add_demands(self) -> None:
        by_demand: dict[int, list[int]] = defaultdict(list)
        for (demand, _, _), column in self.counted.items():
            by_demand[demand].append(column)
        for demand, columns in by_demand.items():
            self.model.at_most(columns, self.problem.demands[demand].people)

    def _add_pins(self) -> None:
        """Note the pins apart from the other rows, so that a conflict can be searched without them."""
        for pin in self.problem.pins:
            self.pin_rows.append((dict.fromkeys(self._seats(pin.run, pin.cohorts), 1.0), float(pin.people)))

    def _add_runs(self) -> None:
        """Add groups, prices and funding."""
        columns: dict[int, list[int]] = defaultdict(list)
        for (run, _), column in self.seat.items():
            columns[run].append(column)
        paid: dict[int, list[int]] = defaultdict(list)
        for run in sorted(columns):
            prices = self._add_groups(run, columns[run])
            self.cost |= prices
            self._add_funding(run, prices, paid)
        for scheme, funded in paid.items():
            if math.isfinite(self.problem.caps_eur[scheme]):
                self.model.row(dict.fromkeys(funded, 1.0), high=self.problem.caps_eur[scheme])

    def _add_groups(self, place: int, columns: Sequence[int]) -> dict[int, float]:
        """Add the number of groups of a run where it matters; return the column -> price that its cost depends on."""
        run, model = self.problem.runs[place], self.model
        everybody = int(sum(model.upper[column] for column in columns))
        bounded = run.group_min > 1 or run.most_groups * run.group_max < everybody
        if not run.per_group and not bounded:
            return dict.fromkeys(columns, run.price_eur)
        group = model.column(min(run.most_groups, everybody // run.group_min), whole=True)
        seats = dict.fromkeys(columns, 1.0)
        model.row(seats | {group: -float(min(run.group_max, everybody))}, high=0.0)
        if run.group_min > 1:
            model.row(seats | {group: -float(run.group_min)}, low=0.0)
        for column in columns:
            most = min(model.upper[column], run.group_max)
            model.row({column: 1.0, group: -most}, high=0.0)
        return {group: run.price_eur} if run.per_group else dict.fromkeys(columns, run.price_eur)

    def _add_funding(self, place: int, prices: Mapping[int, float], paid: dict[int, list[int]]) -> None:
        """Add what each scheme pays for a run; one euro of price is funded by one scheme at most."""
        shares: dict[int, float] = {}
        for scheme in self.problem.runs[place].schemes:
            column = self.model.column()
            self.cost[column] = -1.0
            paid[scheme].append(column)
            shares[column] = 1 / self.problem.rates[scheme]
        if shares:
            self.model.row(shares | {column: -price for column, price in prices.items()}, high=0.0)
