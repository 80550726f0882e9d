"""A plan in the making: who takes what so far, what that is worth and costs, and what may still be added."""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from skillmatch.offers.funding import allocate
from skillmatch.planning.outcome import TOLERANCE, Seat, climb
from skillmatch.planning.problem import PlanProblem, Run


class State:
    """Seats taken so far; `taken[person]` are the person's runs, `people[run]` how many take a run."""

    def __init__(self, problem: PlanProblem) -> None:
        self.problem = problem
        self.taken: list[set[int]] = [set() for _ in problem.people]
        self.people: Counter[int] = Counter()
        self.cohorts_of: dict[int, list[int]] = defaultdict(list)
        for run, cohort in problem.pairs:
            self.cohorts_of[run].append(cohort)
        self._values: list[dict[int, float]] = [{} for _ in problem.demands]
        self._gross: dict[tuple[int, ...], float] = defaultdict(float)
        self._net = 0.0
        self._away = Away(problem)
        self._worths: dict[tuple[int, frozenset[int]], tuple[tuple[int, float], ...]] = {}

    def seats(self) -> list[Seat]:
        """Return all seats, sorted."""
        return sorted((run, person) for person, runs in enumerate(self.taken) for run in runs)

    def take(self, seats: Iterable[Seat]) -> None:
        """Book seats; whether they are allowed was asked before."""
        changed = set()
        for run, person in seats:
            if run not in self.taken[person]:
                self.taken[person].add(run)
                self._gross[self.problem.runs[run].schemes] += price_of(self.problem.runs[run], self.people[run], 1)
                self.people[run] += 1
                self._away.add(run, person)
                changed.add(person)
        for person in changed:
            for demand, value in self._worth(person, self.taken[person]):
                self._values[demand][person] = value
        self._net = sum(self._gross.values()) - funded_eur(self.problem, self._gross)

    def representatives(self, cohort: int) -> Iterator[int]:
        """Yield one person for each different set of runs taken in a cohort, so that equals are looked at once."""
        seen: set[frozenset[int]] = set()
        for person in self.problem.cohorts[cohort].people:
            runs = frozenset(self.taken[person])
            if runs not in seen:
                seen.add(runs)
                yield person

    def room(self, run: int) -> bool:
        """Tell whether the groups opened for a run have a free seat."""
        people = self.people[run]
        return people > 0 and people < self.problem.runs[run].groups(people) * self.problem.runs[run].group_max

    @property
    def net_eur(self) -> float:
        """Price of all seats, less funding, in euros."""
        return self._net

    def extra_cost(self, seats: Sequence[Seat]) -> float:
        """Return by how much seats raise the net cost, in euros."""
        gross: dict[tuple[int, ...], float] = defaultdict(float, self._gross if self.problem.rates else {})
        for run, more in Counter(run for run, _ in seats).items():
            gross[self.problem.runs[run].schemes] += price_of(self.problem.runs[run], self.people[run], more)
        if not self.problem.rates:
            return sum(gross.values())
        return sum(gross.values()) - funded_eur(self.problem, gross) - self._net

    def allows(self, seats: Sequence[Seat]) -> bool:
        """Tell whether the seats keep to everybody's limits, to group sizes, absences and the budget."""
        added: dict[int, set[int]] = defaultdict(set)
        for run, person in seats:
            if self.problem.hinders(self.taken[person] | added[person], run):
                return False
            added[person].add(run)
        more = Counter(run for run, _ in seats)
        if any(not self.problem.runs[run].seats(self.people[run] + extra) for run, extra in more.items()):
            return False
        if self.problem.crowds and not self._away.allows(seats):
            return False
        budget = self.problem.budget_eur
        return budget is None or self._net + self.extra_cost(seats) <= budget + TOLERANCE

    def gain(self, seats: Sequence[Seat]) -> float:
        """Return the weighted gap that the seats close beyond what is closed already."""
        runs: dict[int, set[int]] = defaultdict(set)
        for run, person in seats:
            runs[person].add(run)
        new: dict[int, dict[int, float]] = defaultdict(dict)
        for person, more in runs.items():
            for demand, value in self._worth(person, self.taken[person] | more):
                if value > self._values[demand].get(person, 0.0):
                    new[demand][person] = value
        return sum(
            self._top(demand, self._values[demand] | values) - self._top(demand, self._values[demand])
            for demand, values in new.items()
        )

    def gaining(self, run: int, people: Sequence[int], most: int) -> list[int]:
        """Return those of the people who still gain from a run when all before them take it too, `most` at most."""
        trial: dict[int, dict[int, float]] = {}
        chosen: list[int] = []
        for person in people:
            more = 0.0
            changed = {}
            for demand, value in self._worth(person, self.taken[person] | {run}):
                values = trial.get(demand, self._values[demand])
                if value > values.get(person, 0.0):
                    changed[demand] = values | {person: value}
                    more += self._top(demand, changed[demand]) - self._top(demand, values)
            if more > 1e-12:
                trial |= changed
                chosen.append(person)
            if len(chosen) == most:
                break
        return chosen

    def _worth(self, person: int, runs: set[int]) -> tuple[tuple[int, float], ...]:
        """Return (demand, value) of what a person reaches with these runs; people of a cohort share the answer."""
        key = (self.problem.cohort_of[person], frozenset(runs))
        if key not in self._worths:
            climbs = ((stake, climb(stake, runs)) for stake in self.problem.stakes_of[key[0]])
            self._worths[key] = tuple(
                (stake.demand, self.problem.worth(stake, steps[-1][2])) for stake, steps in climbs if steps
            )
        return self._worths[key]

    def _top(self, demand: int, values: dict[int, float]) -> float:
        """Return the value that counts: of those who gain most, up to the number of people required."""
        people = self.problem.demands[demand].people
        return sum(values.values() if len(values) <= people else heapq.nlargest(people, values.values()))


class Away:
    """How many people of each crowd are in dated training, for each set of runs that meet on a day."""

    def __init__(self, problem: PlanProblem) -> None:
        self._crowds: dict[int, list[int]] = defaultdict(list)
        self._days: dict[int, list[int]] = defaultdict(list)
        self._problem = problem
        self._count: Counter[tuple[int, int]] = Counter()
        if problem.crowds:
            for place, crowd in enumerate(problem.crowds):
                for cohort in crowd.cohorts:
                    self._crowds[cohort].append(place)
            for day, runs in enumerate(problem.days):
                for run in runs:
                    self._days[run].append(day)

    def _places(self, run: int, person: int) -> Iterator[tuple[int, int]]:
        for crowd in self._crowds.get(self._problem.cohort_of[person], ()):
            for day in self._days.get(run, ()):
                yield crowd, day

    def add(self, run: int, person: int) -> None:
        """Count a seat."""
        self._count.update(self._places(run, person))

    def allows(self, seats: Sequence[Seat]) -> bool:
        """Tell whether no role has too many people away at once with these seats as well."""
        more = Counter(place for run, person in seats for place in self._places(run, person))
        return all(self._count[place] + n <= self._problem.crowds[place[0]].most for place, n in more.items())


def price_of(run: Run, people: int, more: int) -> float:
    """Return what so many more people in a run cost, in euros, before funding."""
    return run.price_eur * (run.groups(people + more) - run.groups(people) if run.per_group else more)


def funded_eur(problem: PlanProblem, gross_eur: Mapping[tuple[int, ...], float]) -> float:
    """Return what all schemes pay together for costs, given as (schemes that may pay) -> euros."""
    costs = {schemes: cost for schemes, cost in gross_eur.items() if schemes and cost > 0}
    if not costs:
        return 0.0
    best = {schemes: max(schemes, key=lambda scheme: (problem.rates[scheme], -scheme)) for schemes in costs}
    paid: dict[int, float] = defaultdict(float)
    for schemes, cost in costs.items():
        paid[best[schemes]] += problem.rates[best[schemes]] * cost
    if all(euros <= problem.caps_eur[scheme] for scheme, euros in paid.items()):
        return math.fsum(paid.values())
    if len(used := sorted({scheme for schemes in costs for scheme in schemes})) == 2:
        return _shared_by_two(problem, costs, used[0], used[1])
    eligible = np.array([[k in schemes for k in range(len(problem.rates))] for schemes in costs], dtype=bool)
    funding = allocate(np.array(list(costs.values())), eligible, np.array(problem.rates), np.array(problem.caps_eur))
    return float(funding.sum())


def _shared_by_two(problem: PlanProblem, costs: Mapping[tuple[int, ...], float], one: int, two: int) -> float:
    """Return the most that two schemes pay: the best way to split what both may pay for lies at a cap or an end."""
    only_one, only_two, both = (costs.get(schemes, 0.0) for schemes in ((one,), (two,), (one, two)))
    rates, caps = problem.rates, problem.caps_eur
    splits = [0.0, both, caps[one] / rates[one] - only_one, only_two + both - caps[two] / rates[two]]
    return max(
        min(caps[one], rates[one] * (only_one + split)) + min(caps[two], rates[two] * (only_two + both - split))
        for split in (min(max(split, 0.0), both) for split in splits)
    )
