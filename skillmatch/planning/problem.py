"""The planning problem as plain data: what both solvers read, with nothing left of texts and files.

People, runs, demands and cohorts are known by their place in the tuples of `PlanProblem`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

HOURS_TOLERANCE = 1e-6
"""Hours by which a sum may pass the limit through rounding."""

EVERY_DAY = frozenset(range(7))

Status = Literal["optimal", "time limit", "feasible"]


@dataclass(frozen=True)
class Run:
    """A run of a course that may be booked. `price_eur` is per person or per group; `hours` are per person.

    `end` is known wherever `start` is; `weeks` is how long a run without dates takes at the pace chosen. Groups have
    `group_min` to `group_max` people, and at most `most_groups` of them can be opened. `prerequisites` holds, for each
    course that must come first, the runs that would do; `schemes` the funding schemes that pay for it. `together`: a
    person cannot be in another such run at the same time. `weekdays` are the days on which it is held (0 Monday).
    """

    offer: str
    course: str
    price_eur: float
    per_group: bool
    hours: float
    start: date | None
    end: date | None
    weeks: int
    group_min: int
    group_max: int
    most_groups: int
    together: bool
    schemes: tuple[int, ...] = ()
    prerequisites: tuple[tuple[int, ...], ...] = ()
    weekdays: frozenset[int] = EVERY_DAY

    def groups(self, people: int) -> int:
        """Return how many groups `people` fill."""
        return -(-people // self.group_max)

    def seats(self, people: int) -> bool:
        """Tell whether groups can be made of `people`."""
        return people == 0 or (
            self.groups(people) <= self.most_groups and self.groups(people) * self.group_min <= people
        )


@dataclass(frozen=True)
class Member:
    """A person to be trained: a pseudonym, or a numbered place of the role."""

    role: str
    name: str


@dataclass(frozen=True)
class Cohort:
    """People of one role who hold the same of everything that matters, and so are interchangeable."""

    role: str
    people: tuple[int, ...]


@dataclass(frozen=True)
class Demand:
    """A gap: `people` of the role must still reach `level` in `skill`, each worth `weight`."""

    role: str
    skill: str
    level: int
    people: int
    weight: float


@dataclass(frozen=True)
class Way:
    """A run that leads somebody to `level`, at most the one required; one of `lifts` (if any) must come before it."""

    run: int
    level: int
    lifts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stake:
    """What people of a cohort, who hold level `held`, can gain for a demand.

    `ways` are sorted by the level they start from, so that the lifts of a way stand before it.
    """

    demand: int
    cohort: int
    held: int
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Pin:
    """A booking that the user wants in any case: at least `people` of these cohorts take the run."""

    run: int
    role: str
    cohorts: tuple[int, ...]
    people: int


@dataclass(frozen=True)
class Crowd:
    """At most `most` people of these cohorts may be in dated training at the same time."""

    role: str
    cohorts: tuple[int, ...]
    most: int


@dataclass(frozen=True)
class PlanProblem:
    """Everything a solver needs.

    Parameters
    ----------
    pairs
        (run, cohort) that make sense: sorted.
    clashes
        Largest sets of runs that are all under way on one day, so that a person can be in one of each set.
    budget_eur, hours_per_person
        Limits; None: none. The budget is net of funding.
    rates, caps_eur
        Of the funding schemes: share of the price in (0, 1], and most euros in all (infinite: no cap).
    total_weight
        Weighted size of all gaps, also of those that no run closes: coverage is the value gained over this.
    """

    people: tuple[Member, ...]
    cohorts: tuple[Cohort, ...]
    runs: tuple[Run, ...]
    demands: tuple[Demand, ...]
    stakes: tuple[Stake, ...]
    pairs: tuple[tuple[int, int], ...]
    clashes: tuple[tuple[int, ...], ...]
    pins: tuple[Pin, ...]
    crowds: tuple[Crowd, ...]
    budget_eur: float | None
    hours_per_person: float | None
    rates: tuple[float, ...]
    caps_eur: tuple[float, ...]
    total_weight: float

    @cached_property
    def cohort_of(self) -> tuple[int, ...]:
        """The cohort of each person."""
        found = {person: place for place, cohort in enumerate(self.cohorts) for person in cohort.people}
        return tuple(found[person] for person in range(len(self.people)))

    @cached_property
    def stakes_of(self) -> tuple[tuple[Stake, ...], ...]:
        """The stakes of each cohort."""
        found: list[list[Stake]] = [[] for _ in self.cohorts]
        for stake in self.stakes:
            found[stake.cohort].append(stake)
        return tuple(tuple(stakes) for stakes in found)

    @cached_property
    def days(self) -> tuple[tuple[int, ...], ...]:
        """Sets of runs that take people away on one day: the clashes, and dated runs that meet no other."""
        met = {run for clash in self.clashes for run in clash}
        alone = (run for run, one in enumerate(self.runs) if one.together and run not in met)
        return (*self.clashes, *((run,) for run in alone))

    def clash(self, run: int, other: int) -> bool:
        """Tell whether two runs are under way together and need a person at the same time."""
        one, two = self.runs[run], self.runs[other]
        if not (one.together and two.together and one.start and one.end and two.start and two.end):
            return False
        first, last = max(one.start, two.start), min(one.end, two.end)
        days = range(min((last - first).days, 6) + 1)
        return any((first.weekday() + more) % 7 in one.weekdays & two.weekdays for more in days)

    def hinders(self, taken: AbstractSet[int], run: int) -> bool:
        """Tell whether something keeps a person who takes `taken` from `run`: hours, course, dates or prerequisites."""
        new, hours = self.runs[run], sum(self.runs[other].hours for other in taken)
        return (
            run in taken
            or (self.hours_per_person is not None and hours + new.hours > self.hours_per_person + HOURS_TOLERANCE)
            or any(self.runs[other].course == new.course for other in taken)
            or (new.together and any(self.clash(run, other) for other in taken))
            or any(taken.isdisjoint(options) for options in new.prerequisites)
        )

    def worth(self, stake: Stake, level: int) -> float:
        """Return the value of one person of the stake at `level`: weight times the part of the levels short."""
        demand = self.demands[stake.demand]
        return demand.weight * (min(level, demand.level) - stake.held) / (demand.level - stake.held)


@dataclass(frozen=True)
class Solution:
    """What a solver found.

    `seats` are (run, person), sorted; `value` is the weighted gap closed and `bound` what no plan can exceed (None: not
    known); `optimality_gap` is ``(bound - value) / bound``; money in euros, `hours` summed over people.
    """

    name: Literal["exact", "greedy"]
    status: Status
    seats: tuple[tuple[int, int], ...]
    value: float
    bound: float | None
    optimality_gap: float | None
    cost_eur_gross: float
    funding_eur: float
    cost_eur_net: float
    hours: float
    seconds: float
