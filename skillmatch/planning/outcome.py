"""What a set of seats amounts to: who reaches which level, what it is worth and costs, and which rule it breaks.

Solvers are judged by this one reading of a plan, whichever way they came to it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from skillmatch.offers.funding import allocate
from skillmatch.planning.problem import PlanProblem, Solution, Stake

TOLERANCE = 1e-6
"""Euros and hours by which a limit may be missed through rounding in the solver."""

Seat = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """A person's climb for a demand from `level_from` to `level_to` by a run; `value` is the weighted gap it closes."""

    demand: int
    person: int
    run: int
    level_from: int
    level_to: int
    value: float


@dataclass(frozen=True)
class Outcome:
    """The sums of a plan. `funding_eur[i, k]` is what scheme k pays for run i, of shape (runs, schemes)."""

    steps: tuple[Step, ...]
    value: float
    gross_eur: NDArray[np.float64]
    funding_eur: NDArray[np.float64]
    hours: float

    @property
    def cost_eur_gross(self) -> float:
        """Price of all seats and groups."""
        return float(self.gross_eur.sum())

    @property
    def cost_eur_net(self) -> float:
        """Price less funding."""
        return float(self.gross_eur.sum() - self.funding_eur.sum())


def climb(stake: Stake, taken: Collection[int]) -> list[tuple[int, int, int]]:
    """Return the steps (run, from, to) by which somebody who takes these runs reaches the highest level they allow."""
    reached: set[int] = set()
    level, steps = stake.held, []
    for way in stake.ways:
        if way.run in taken and (not way.lifts or not reached.isdisjoint(way.lifts)):
            reached.add(way.run)
            if way.level > level:
                steps.append((way.run, level, way.level))
                level = way.level
    return steps


def taken_by(seats: Iterable[Seat]) -> dict[int, set[int]]:
    """Return person -> runs."""
    taken: dict[int, set[int]] = defaultdict(set)
    for run, person in seats:
        taken[person].add(run)
    return dict(taken)


def gross_of(problem: PlanProblem, people: Mapping[int, int]) -> NDArray[np.float64]:
    """Return the price of each run for so many people, of shape (runs,), in euros."""
    gross = np.zeros(len(problem.runs))
    for place, number in people.items():
        run = problem.runs[place]
        gross[place] = run.price_eur * (run.groups(number) if run.per_group else number)
    return gross


def funding_of(problem: PlanProblem, gross_eur: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each scheme pays for each run, of shape (runs, schemes), in euros."""
    eligible = np.zeros((len(problem.runs), len(problem.rates)), dtype=bool)
    for place, run in enumerate(problem.runs):
        eligible[place, list(run.schemes)] = True
    return allocate(gross_eur, eligible, np.array(problem.rates), np.array(problem.caps_eur))


def judge(problem: PlanProblem, seats: Sequence[Seat]) -> Outcome:
    """Return what the seats amount to; of a role's people, those who gain most count, up to the number required."""
    taken = taken_by(seats)
    climbs: dict[int, list[tuple[float, int, list[tuple[int, int, int]]]]] = defaultdict(list)
    stakes: dict[tuple[int, int], Stake] = {}
    for person in sorted(taken):
        for stake in problem.stakes_of[problem.cohort_of[person]]:
            if steps := climb(stake, taken[person]):
                climbs[stake.demand].append((-problem.worth(stake, steps[-1][2]), person, steps))
                stakes[stake.demand, person] = stake
    counted = [
        Step(demand, person, run, low, high, problem.worth(stake, high) - problem.worth(stake, low))
        for demand in sorted(climbs)
        for _, person, steps in sorted(climbs[demand])[: problem.demands[demand].people]
        for stake in [stakes[demand, person]]
        for run, low, high in steps
    ]
    gross = gross_of(problem, Counter(run for run, _ in seats))
    hours = sum(problem.runs[run].hours for run, _ in seats)
    value = float(sum(step.value for step in counted))
    return Outcome(tuple(counted), value, gross, funding_of(problem, gross), float(hours))


def violations(problem: PlanProblem, seats: Sequence[Seat]) -> Iterator[str]:
    """Yield each rule that the seats break, in plain words; nothing for a plan that can be carried out."""
    people = Counter(run for run, _ in seats)
    for run, number in sorted(people.items()):
        if not problem.runs[run].seats(number):
            yield f"run {problem.runs[run].offer}: no groups can be made of {number} people"
    for person, runs in sorted(taken_by(seats).items()):
        yield from _personal_violations(problem, person, runs)
    cohorts = Counter((run, problem.cohort_of[person]) for run, person in seats)
    for pin in problem.pins:
        if sum(cohorts[pin.run, cohort] for cohort in pin.cohorts) < pin.people:
            yield f"pinned run {problem.runs[pin.run].offer}: fewer than {pin.people} people of {pin.role}"
    for crowd in problem.crowds:
        for clash in problem.days:
            if sum(cohorts[run, cohort] for run in clash for cohort in crowd.cohorts) > crowd.most:
                yield f"role {crowd.role}: more than {crowd.most} people away at the same time"
    gross = gross_of(problem, people)
    net = float(gross.sum() - funding_of(problem, gross).sum())
    if problem.budget_eur is not None and net > problem.budget_eur + TOLERANCE:
        yield f"budget: {net} above {problem.budget_eur}"


def _personal_violations(problem: PlanProblem, person: int, taken: set[int]) -> Iterator[str]:
    """Yield the rules that one person's runs break."""
    name = f"{problem.people[person].role} {problem.people[person].name}"
    runs = [problem.runs[run] for run in sorted(taken)]
    if problem.hours_per_person is not None and sum(run.hours for run in runs) > problem.hours_per_person + TOLERANCE:
        yield f"{name}: more than {problem.hours_per_person} hours"
    if len({run.course for run in runs}) < len(runs):
        yield f"{name}: one course twice"
    if any(len(taken.intersection(clash)) > 1 for clash in problem.clashes):
        yield f"{name}: two runs at the same time"
    for run in runs:
        if any(taken.isdisjoint(options) for options in run.prerequisites):
            yield f"{name}: {run.offer} without its prerequisites"


def solution_of(
    problem: PlanProblem, seats: Sequence[Seat], name: Literal["exact", "greedy"], seconds: float
) -> Solution:
    """Return the seats as a solution of which nothing is proven."""
    outcome = judge(problem, seats)
    return Solution(
        name=name,
        status="feasible",
        seats=tuple(sorted(seats)),
        value=outcome.value,
        bound=None,
        optimality_gap=None,
        cost_eur_gross=outcome.cost_eur_gross,
        funding_eur=outcome.cost_eur_gross - outcome.cost_eur_net,
        cost_eur_net=outcome.cost_eur_net,
        hours=outcome.hours,
        seconds=seconds,
    )
