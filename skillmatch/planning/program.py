"""Bookings person by person, without any value: whether pins can be satisfied, at what cost and hours."""

import math
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.company_rules import CompanyRules
from skillmatch.planning.integer import Answer, IntegerModel
from skillmatch.planning.outcome import Seat
from skillmatch.planning.problem import PlanProblem


class PersonProgram:
    """One 0/1 variable for each run and person of `problem.pairs`, with all rules of the plan.

    `seat[run, person]` is its column; `hours` maps columns to hours.
    """

    def __init__(self, problem: PlanProblem) -> None:
        self.problem = problem
        self.model = IntegerModel()
        self.seat: dict[tuple[int, int], int] = {}
        taken: dict[int, dict[int, int]] = defaultdict(dict)
        seats: dict[tuple[int, int], list[int]] = {}
        for run, cohort in problem.pairs:
            seats[run, cohort] = []
            for person in problem.cohorts[cohort].people:
                column = self.model.column(1.0, whole=True)
                self.seat[run, person] = taken[person][run] = column
                seats[run, cohort].append(column)
        self.hours = {column: problem.runs[run].hours for (run, _), column in self.seat.items()}
        self.taken: Mapping[int, Mapping[int, int]] = taken
        for columns in taken.values():
            self._add_person(columns)
        self.rules = CompanyRules(problem, self.model, seats)

    def _add_person(self, taken: Mapping[int, int]) -> None:
        """Add what holds for each person: hours, each course once, one dated run at a time, prerequisites."""
        runs = self.problem.runs
        if self.problem.hours_per_person is not None:
            self.model.row(
                {column: runs[run].hours for run, column in taken.items()}, high=self.problem.hours_per_person
            )
        courses: dict[str, list[int]] = defaultdict(list)
        for run in taken:
            courses[runs[run].course].append(run)
        for group in (*courses.values(), *self.problem.clashes):
            self.model.at_most([taken[run] for run in group if run in taken], 1)
        for run, column in taken.items():
            for options in runs[run].prerequisites:
                self.model.row({column: 1.0} | {taken[other]: -1.0 for other in options if other in taken}, high=0.0)

    def cheapest(self, seconds: float) -> Answer:
        """Return the cheapest bookings that satisfy all rules."""
        return self.model.minimise(self.rules.cost, seconds=seconds, gap=0.0)

    def net_eur(self, values: NDArray[np.float64]) -> float:
        """Return the net cost of bookings, in euros."""
        return math.fsum(cost * float(values[column]) for column, cost in self.rules.cost.items())

    def seats_in(self, values: NDArray[np.float64]) -> list[Seat]:
        """Return the bookings, sorted."""
        return sorted(seat for seat, column in self.seat.items() if values[column] > 0.5)
