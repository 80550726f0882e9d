"""The integer programme over bundles: how many people of each cohort take which; docs/planning.md has the model."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundles import Bundle, BundleSpace, Prices
from skillmatch.planning.company_rules import CompanyRules
from skillmatch.planning.integer import Answer, IntegerModel, Relaxed
from skillmatch.planning.outcome import Seat
from skillmatch.planning.problem import PlanProblem, Run

SCALE = 1000.0
"""Coverage is maximised in thousandths, far above the absolute tolerances of the solver."""
HOUR_WORTH_EUR = 1e-5
"""Among plans of equal coverage and cost, fewer hours win; a hundred thousand of them weigh one euro."""
Goal = Literal["value", "cost"]
GAPS: Mapping[Goal, float] = {"value": 1e-7, "cost": 1e-6}
"""Relative gaps at which HiGHS may stop."""
FLOOR_SLACK = 1e-7
"""Part of all weighted gap that the cheapest plan of the best coverage may miss through rounding."""
LEVELS = 5
EURO_GUESSES = (0.0, 0.1, 0.3, 1.0)
"""Worth of a euro to begin with, as a part of what it would be worth if the budget bought the whole of the gap."""


class Master:
    """Variables z (people of a cohort who take a bundle), y (who count for a demand at a level), x (seats that matter).

    Bundles are added as they are found; `bundle` maps the column of each z to (cohort, bundle).
    """

    def __init__(self, problem: PlanProblem) -> None:
        self.problem = problem
        self.model = IntegerModel()
        self.goal: Goal = "value"
        self.bundle: dict[int, tuple[int, Bundle]] = {}
        self._known: dict[tuple[int, Bundle], int] = {}
        self._scale = SCALE / problem.total_weight if problem.total_weight else 1.0
        self.linked = _linked_runs(problem)
        self._seat_column: dict[tuple[int, int], int] = {}
        self._seat_row: dict[tuple[int, int], int] = {}
        cohorts = sorted({cohort for _, cohort in problem.pairs})
        self._people_row = {cohort: self.model.row({}, high=len(problem.cohorts[cohort].people)) for cohort in cohorts}
        self._add_counted()
        for run, cohort in problem.pairs:
            if run in self.linked:
                column = self.model.column(len(problem.cohorts[cohort].people))
                self._seat_column[run, cohort] = column
                self._seat_row[run, cohort] = self.model.row({column: 1.0}, low=0.0, high=0.0)
        self.rules = CompanyRules(problem, self.model, {pair: (column,) for pair, column in self._seat_column.items()})
        self._floor_row = self.model.row(self._worth)
        self._columns = len(self.model.upper)

    @cached_property
    def spaces(self) -> dict[int, BundleSpace]:
        """The bundles of each cohort that can take anything."""
        kept = kept_runs(self.problem)
        return {cohort: BundleSpace(self.problem, cohort, kept) for cohort in self._people_row}

    def _add_counted(self) -> None:
        """Add y: at most as many people as bundles lead to the level, and as the demand asks for."""
        self._worth: dict[int, float] = {}
        self._level_rows: dict[tuple[int, int], list[tuple[int, int]]] = {}
        of_demand: dict[int, list[int]] = defaultdict(list)
        for cohort in self._people_row:
            people = len(self.problem.cohorts[cohort].people)
            # With whole numbers of people in bundles, the best numbers that count are whole by themselves, as the rows
            # here are nested in each other: so they are not asked to be.
            for number, stake in enumerate(self.problem.stakes_of[cohort]):
                most = min(people, self.problem.demands[stake.demand].people)
                counted: list[int] = []
                self._level_rows[cohort, number] = []
                for level in sorted({way.level for way in stake.ways}, reverse=True):
                    column = self.model.column(most)
                    self._worth[column] = self.problem.worth(stake, level)
                    counted.append(column)
                    row = self.model.row(dict.fromkeys(counted, 1.0), high=0.0)
                    self._level_rows[cohort, number].append((level, row))
                of_demand[stake.demand] += counted
        for demand, columns in of_demand.items():
            self.model.at_most(columns, self.problem.demands[demand].people)

    def add(self, cohort: int, bundle: Bundle) -> bool:
        """Add a bundle unless it is known; return whether it was new."""
        if (cohort, bundle) in self._known or not bundle:
            return False
        column = self.model.column(len(self.problem.cohorts[cohort].people), whole=True)
        self._known[cohort, bundle] = column
        self.bundle[column] = (cohort, bundle)
        self.model.extend(self._people_row[cohort], [(column, 1.0)])
        for number, level in enumerate(self.spaces[cohort].reached(bundle)):
            for least, row in self._level_rows[cohort, number]:
                if level >= least:
                    self.model.extend(row, [(column, -1.0)])
        price = 0.0
        for run in bundle:
            if run in self.linked:
                self.model.extend(self._seat_row[run, cohort], [(column, -1.0)])
            else:
                price += self.problem.runs[run].price_eur
        if price:
            self.rules.cost[column] = price
            self.model.extend(self.rules.budget, [(column, price)])
        return True

    def aim(self, goal: Goal, least_value: float = 0.0) -> None:
        """Choose what is optimised from now on: the value, or the cost of plans of at least that value."""
        self.goal = goal
        slack = FLOOR_SLACK * self.problem.total_weight
        self.model.limit(self._floor_row, low=least_value - slack if goal == "cost" else -math.inf)

    def change_budget(self, budget_eur: float | None) -> None:
        """Set another budget; None: none."""
        self.model.limit(self.rules.budget, high=math.inf if budget_eur is None else budget_eur)

    def _objective(self) -> dict[int, float]:
        """Return what each variable adds to the objective, which is minimised."""
        if self.goal == "value":
            return {column: -worth * self._scale for column, worth in self._worth.items()}
        costs = dict(self.rules.cost)
        for column, (_, bundle) in self.bundle.items():
            hours = sum(self.problem.runs[run].hours for run in bundle)
            costs[column] = costs.get(column, 0.0) + HOUR_WORTH_EUR * hours
        return costs

    def relax(self, seconds: float) -> Relaxed | None:
        """Solve without whole numbers; None if that fails."""
        return self.model.relax(self._objective(), seconds=seconds)

    def solve(self, seconds: float, known: float, accepted_gap: float = 0.0) -> Answer:
        """Return the best plan made of the bundles at hand; a plan of the objective `known` is among them."""
        gap = max(GAPS[self.goal], accepted_gap)
        return self.model.minimise(self._objective(), seconds=seconds, gap=gap, known=known)

    def prices(self, rows: NDArray[np.float64], cohort: int) -> tuple[Prices, float]:
        """Return what levels are worth and seats cost a cohort at prices of the rows, and what each person costs."""
        levels = []
        for number in range(len(self.problem.stakes_of[cohort])):
            steps = {level: max(0.0, -rows[row]) for level, row in self._level_rows[cohort, number]}
            levels.append([sum(worth for level, worth in steps.items() if level <= top) for top in range(LEVELS)])
        euro = max(0.0, -float(rows[self.rules.budget])) + (self.goal == "cost")
        hour = HOUR_WORTH_EUR if self.goal == "cost" else 0.0
        seats = {}
        for place in self.spaces[cohort].runs:
            run = self.problem.runs[place]
            linked = place in self.linked
            price = float(rows[self._seat_row[place, cohort]]) if linked else euro * run.price_eur
            seats[place] = price + hour * run.hours
        return Prices(levels, seats), max(0.0, -float(rows[self._people_row[cohort]]))

    def outside_price(self, rows: NDArray[np.float64], run: Run) -> float:
        """Return the least that a seat can cost, at prices of the rows, in a run that has no rows here.

        Its own rows are then given the prices that suit them best: a group is full, and every euro of the price is
        paid by the scheme that pays most for it, after what the scheme's cap costs.
        """
        euro = max(0.0, -float(rows[self.rules.budget]))
        caps = {scheme: max(0.0, -float(rows[row])) for scheme, row in self.rules.caps.items()}
        paid = (self.problem.rates[scheme] * max(0.0, euro - caps.get(scheme, 0.0)) for scheme in run.schemes)
        share = min(run.group_max, len(self.problem.people)) if run.per_group else 1
        return (euro - max(paid, default=0.0)) * run.price_eur / share

    def guesses(self, cohort: int) -> Iterator[Prices]:
        """Yield prices to begin with: every level is worth its whole value, and euros cost nothing, little or much."""
        problem = self.problem
        levels = [
            [problem.worth(stake, level) * self._scale if level > stake.held else 0.0 for level in range(LEVELS)]
            for stake in problem.stakes_of[cohort]
        ]
        euro = SCALE / problem.budget_eur if problem.budget_eur else 0.0
        for factor in EURO_GUESSES if euro else (0.0,):
            prices = {run: factor * euro * problem.runs[run].price_eur for run in self.spaces[cohort].runs}
            yield Prices(levels, prices)

    def bound_at(self, rows: NDArray[np.float64]) -> float:
        """Return a bound on the objective at prices of the rows, bundles left aside."""
        return self.model.bound_at(self._objective(), rows, self._columns)

    def value(self, objective: float) -> float:
        """Return the value that an objective stands for, while the value is optimised."""
        return -objective / self._scale

    def objective_of(self, value: float) -> float:
        """Return the objective of a value, while the value is optimised."""
        return -value * self._scale

    def seats_in(self, values: NDArray[np.float64]) -> list[Seat]:
        """Deal the bundles to the people of each cohort, in order; return the seats, sorted."""
        free = {cohort: list(self.problem.cohorts[cohort].people) for cohort in self._people_row}
        seats: list[Seat] = []
        for column, (cohort, bundle) in sorted(self.bundle.items(), key=lambda pair: pair[1]):
            people, free[cohort] = _cut(free[cohort], round(float(values[column])))
            seats += [(run, person) for person in people for run in bundle]
        return sorted(seats)


def _cut(people: list[int], number: int) -> tuple[list[int], list[int]]:
    return people[:number], people[number:]


def kept_runs(problem: PlanProblem) -> frozenset[int]:
    """Return the runs that may be taken for another reason than to reach a level."""
    small = (place for place, run in enumerate(problem.runs) if run.group_min > 1)
    return frozenset({*small, *(pin.run for pin in problem.pins)})


def _linked_runs(problem: PlanProblem) -> frozenset[int]:
    """Return the runs whose seats matter to more than the people in them: groups, funding, pins and absences."""
    everybody = len(problem.people)
    pinned: Sequence[int] = [pin.run for pin in problem.pins]
    return frozenset(
        place
        for place, run in enumerate(problem.runs)
        if run.per_group
        or run.group_min > 1
        or run.most_groups * run.group_max < everybody
        or run.schemes
        or place in pinned
        or (problem.crowds and run.together)
    )
