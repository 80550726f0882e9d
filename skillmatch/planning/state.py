"""A plan in the making: who takes what so far, what that is worth and costs, and what may still be added."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from skillmatch.planning.outcome import TOLERANCE, Seat, climb, funding_of, gross_of
from skillmatch.planning.problem import PlanProblem


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
        self._by_cohort: Counter[tuple[int, int]] = Counter()
        self._net = 0.0
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
                self.people[run] += 1
                self._by_cohort[run, self.problem.cohort_of[person]] += 1
                changed.add(person)
        for person in changed:
            for demand, value in self._worth(person, self.taken[person]):
                self._values[demand][person] = value
        self._net = self.net_cost(self.people)

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

    def net_cost(self, people: Counter[int]) -> float:
        """Return the price of so many people in each run, less funding, in euros."""
        gross = gross_of(self.problem, people)
        return float(gross.sum() - funding_of(self.problem, gross).sum()) if self.problem.rates else float(gross.sum())

    def extra_cost(self, seats: Sequence[Seat]) -> float:
        """Return by how much seats raise the net cost, in euros."""
        more = Counter(run for run, _ in seats)
        if self.problem.rates:
            return self.net_cost(self.people + more) - self._net
        runs = self.problem.runs
        return sum(
            runs[run].price_eur
            * (
                runs[run].groups(self.people[run] + extra) - runs[run].groups(self.people[run])
                if runs[run].per_group
                else extra
            )
            for run, extra in more.items()
        )

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
        if self.problem.crowds and not self._few_enough(seats):
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

    def _few_enough(self, seats: Sequence[Seat]) -> bool:
        """Tell whether no role has too many people away at once."""
        after = self._by_cohort + Counter((run, self.problem.cohort_of[person]) for run, person in seats)
        return all(
            sum(after[run, cohort] for run in clash for cohort in crowd.cohorts) <= crowd.most
            for crowd in self.problem.crowds
            for clash in self.problem.days
        )
