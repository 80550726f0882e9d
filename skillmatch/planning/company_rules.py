"""The rows of the integer programme that link people: prices, groups, funding, pins, demands, and who is away."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skillmatch.planning.integer import IntegerModel
from skillmatch.planning.problem import PlanProblem

SeatColumns = Mapping[tuple[int, int], Sequence[int]]
"""(run, cohort) -> the columns whose sum is the number of the cohort's people in the run."""


@dataclass
class CompanyRules:
    """Adds the rows to `model`, and keeps what later rows need.

    `cost` is column -> euros (negative: funding), `budget` the row that keeps the net cost within the budget, `caps`
    scheme -> the row that keeps what it pays within its cap.
    """

    problem: PlanProblem
    model: IntegerModel
    seats: SeatColumns
    cost: dict[int, float] = field(default_factory=dict)
    caps: dict[int, int] = field(default_factory=dict)
    budget: int = -1

    def __post_init__(self) -> None:
        by_run: dict[int, list[int]] = defaultdict(list)
        for (run, _), columns in self.seats.items():
            by_run[run] += columns
        paid: dict[int, list[int]] = defaultdict(list)
        for run in sorted(by_run):
            prices = self._add_groups(run, by_run[run])
            self.cost |= prices
            self._add_funding(run, prices, paid)
        for scheme, funded in paid.items():
            if math.isfinite(self.problem.caps_eur[scheme]):
                self.caps[scheme] = self.model.row(dict.fromkeys(funded, 1.0), high=self.problem.caps_eur[scheme])
        for pin in self.problem.pins:
            self.model.row(dict.fromkeys(self._columns(pin.run, pin.cohorts), 1.0), low=float(pin.people))
        for crowd in self.problem.crowds:
            for clash in self.problem.days:
                columns = [column for run in clash for column in self._columns(run, crowd.cohorts)]
                self.model.at_most(columns, crowd.most)
        limit = self.problem.budget_eur
        self.budget = self.model.row(self.cost, high=math.inf if limit is None else limit)

    def _columns(self, run: int, cohorts: Sequence[int]) -> list[int]:
        return [column for cohort in cohorts for column in self.seats.get((run, cohort), ())]

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
            model.row({column: 1.0, group: -min(model.upper[column], float(run.group_max))}, high=0.0)
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
