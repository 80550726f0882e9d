"""The exact solver: an integer programme over bundles, which are found by their prices, with a proven bound.

1. Columns: the linear relaxation is solved again and again, each time adding the bundles that its prices make worth
   while, until there are none. Its value bounds every plan.
2. The best plan made of the bundles at hand.
3. Proof: in a plan better than that one, every bundle's price is within the gap left of being worth while. All bundles
   that are, are listed and added; if the list is whole, the best plan made of them is the best of all.
4. Among plans of that coverage, the cheapest.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundle_program import BundleProgram
from skillmatch.planning.bundle_search import search_bundles
from skillmatch.planning.bundles import Found, Prices
from skillmatch.planning.conflicts import pinned_seats
from skillmatch.planning.greedy import solve_greedy
from skillmatch.planning.integer import Answer
from skillmatch.planning.master import HOUR_WORTH_EUR, Master
from skillmatch.planning.outcome import Seat, judge, solution_of, taken_by, violations
from skillmatch.planning.problem import PlanProblem, Solution, Status

CLOSE_GAP = 2e-4
"""The relaxation counts as solved when it is so near its bound; the list of bundles then makes up for the rest."""
PROVEN_GAP = 1e-6
"""A relative gap that counts as proof: below it, differences are rounding."""
FEW_NEW, MOST_NODES = 5, 9_600
"""So few new bundles a cohort, from searches cut short, mean that the searches must go on for longer."""
GREEDY_SHARE = 0.3
"""Part of the time that the greedy solver may take to make a first plan; on most problems it takes far less."""
STEADY = 0.6
"""Weight of the best prices so far in those at which bundles are searched."""
BUNDLES_A_ROUND = 12
NODES_A_ROUND = 600
NODES_OF_PROOF = 1_000_000
BUNDLES_OF_PROOF = 6_000
"""Limits of the searches, for each cohort."""


@dataclass(frozen=True)
class PriceList:
    """Prices for each cohort at which no bundle is worth more than the ceiling, and the bound on plans that follows."""

    rows: NDArray[np.float64]
    worth: Mapping[int, Prices]
    ceilings: Mapping[int, float]
    bound: float


@dataclass(frozen=True)
class Clock:
    """How much of a time limit is left."""

    limit: float
    begun: float

    @classmethod
    def start(cls, limit: float) -> "Clock":
        """Return a clock that begins to run now."""
        return cls(limit, time.perf_counter())

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.begun

    @property
    def end(self) -> float:
        """The limit, as `time.perf_counter` counts."""
        return self.begun + self.limit

    @property
    def left(self) -> float:
        """Seconds until the limit, not below 0."""
        return max(0.0, self.limit - self.passed)


def solve_exact(
    problem: PlanProblem, *, time_limit_seconds: float = 10.0, cheapest: bool = True, accepted_gap: float = 0.0
) -> Solution:
    """Return the plan that closes most weighted gap; among those the cheapest one, then the one of fewest hours.

    Parameters
    ----------
    problem
        What is to be planned.
    time_limit_seconds
        After it, the best plan found (never worse than the greedy one) is returned, with the gap proven so far.
    cheapest
        Whether cost is minimised at all; False saves time where only coverage is asked for.
    accepted_gap
        Relative gap at which the search for a better plan stops, and the cheapest plan of its value is looked for only
        among the bundles at hand; 0: both with proof.

    Raises
    ------
    InputError
        What the user pinned cannot be booked within the limits.
    """
    search = Search(problem, Clock.start(time_limit_seconds))
    search.best_value(0.75 if cheapest else 1.0, accepted_gap)
    if cheapest:
        search.least_cost(listed=accepted_gap == 0)
    return search.solution()


class Search:
    """The steps of the exact solver; `best` are the seats of the best plan so far, `bound` what none exceeds."""

    def __init__(self, problem: PlanProblem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self.best = pinned_seats(problem)
        self.value = judge(problem, self.best).value
        self.bound = problem.total_weight
        self.master = Master(problem)
        self._programs: dict[int, BundleProgram] = {}
        self._add_seats(self.best)
        for cohort, space in self.master.spaces.items():
            for run in space.runs:
                if not problem.hinders(frozenset(), run):
                    self.master.add(cohort, (run,))
            for prices in self.master.guesses(cohort):
                for _, bundle in search_bundles(space, prices, 0.0, most=BUNDLES_A_ROUND, nodes=NODES_A_ROUND).bundles:
                    self.master.add(cohort, bundle)

    def restart(self, budget_eur: float | None, clock: Clock) -> None:
        """Begin again with another budget; the bundles found so far are kept, so that this is quick.

        Raises
        ------
        InputError
            The budget does not pay for what is pinned.
        """
        self.problem, self.clock = replace(self.problem, budget_eur=budget_eur), clock
        self.best = pinned_seats(self.problem)
        self.value = judge(self.problem, self.best).value
        self.bound = self.problem.total_weight
        self.master.change_budget(budget_eur)
        self._add_seats(self.best)

    def _add_seats(self, seats: Sequence[Seat]) -> None:
        for person, runs in taken_by(seats).items():
            self.master.add(self.problem.cohort_of[person], tuple(sorted(runs)))

    @property
    def gap(self) -> float:
        """How far the best plan is from the bound, relative to it; 0 where only rounding is left."""
        gap = (self.bound - self.value) / max(self.bound, 1e-12)
        return 0.0 if gap <= PROVEN_GAP else gap

    def best_value(self, share: float, accepted_gap: float = 0.0) -> None:
        """Find the plan of most value, and the bound, in that part of the time limit."""
        end = self.clock.limit * share
        # The greedy plan is one to beat, and its bundles are a good beginning.
        self.compare(list(solve_greedy(self.problem, time_limit_seconds=end * GREEDY_SHARE).seats))
        self._add_seats(self.best)
        prices = self._columns(end * 0.6, max(accepted_gap / 4, CLOSE_GAP))
        answer = self.master.solve(self._until(end * 0.8), self._objective(), accepted_gap / 10)
        self._take(answer)
        if self.gap > accepted_gap and prices is not None and self.clock.passed <= end:
            self._prove(prices, end, accepted_gap)

    def _prove(self, prices: PriceList, end: float, accepted_gap: float) -> None:
        """List the bundles that a better plan could contain, and solve with all of them at hand."""
        whole = self._list_bundles(prices, self._objective())
        answer = self.master.solve(self._until(end), self._objective(), accepted_gap / 10)
        self._take(answer)
        if whole:
            self.bound = min(self.bound, max(self.master.value(answer.bound), self.value))

    def least_cost(self, *, listed: bool = True) -> None:
        """Find the cheapest plan of the value found, in the time that is left; `listed`: with proof."""
        self.master.aim("cost", self.value)
        self._add_seats(self.best)
        prices = self._columns(self.clock.limit * 0.9, CLOSE_GAP)
        known = solution_of(self.problem, self.best, "exact", 0.0)
        objective = known.cost_eur_net + HOUR_WORTH_EUR * known.hours
        if prices is not None and listed:
            self._list_bundles(prices, objective)
        self._take(self.master.solve(self._until(self.clock.limit), math.inf))
        self.master.aim("value")

    def _objective(self) -> float:
        """Return the value of the best plan so far as the objective counts it."""
        return self.master.objective_of(self.value)

    def _until(self, end: float) -> float:
        return max(end - self.clock.passed, 0.1)

    def _columns(self, end: float, close: float) -> PriceList | None:
        """Add bundles until hardly any would improve the relaxation, or the time is up; return the best prices found.

        Prices of the relaxation swing widely as bundles are added. Bundles are therefore searched at a mean of its
        prices and the best ones so far, and at its own prices only where that finds nothing new.
        """
        nodes, best = NODES_A_ROUND, None
        while (relaxed := self.master.relax(self._until(end))) is not None:
            rows = relaxed.prices if best is None else STEADY * best.rows + (1 - STEADY) * relaxed.prices
            new, whole, found = self._search_at(rows, nodes)
            if not new and best is not None:
                best = found if found.bound > best.bound else best
                new, whole, found = self._search_at(relaxed.prices, nodes)
            if best is None or found.bound > best.bound:
                best = found
            if self.master.goal == "value":
                self.bound = min(self.bound, self.master.value(best.bound))
            near = relaxed.objective - best.bound <= close * abs(relaxed.objective)
            if near or (not new and whole) or self.clock.passed > end:
                break
            nodes = min(nodes * (1 if whole or new > FEW_NEW * len(self.master.spaces) else 4), MOST_NODES)
        return best

    def _search_at(self, rows: NDArray[np.float64], nodes: int) -> tuple[int, bool, PriceList]:
        """Add the bundles that pay at these prices; return how many are new, if the searches were whole, and the bound.

        At any prices, no plan has an objective below that of the rows by themselves, less, for each cohort, its people
        times what the best bundle is worth beyond what a person costs (the Lagrangian bound).
        """
        new, whole, bound = 0, True, self.master.bound_at(rows)
        worths, ceilings = {}, {}
        for cohort, space in self.master.spaces.items():
            worths[cohort], rent = self.master.prices(rows, cohort)
            found = search_bundles(
                space, worths[cohort], rent, most=BUNDLES_A_ROUND, nodes=nodes, deadline=self.clock.end
            )
            if not found.whole and nodes > NODES_A_ROUND and self.clock.left > 0:
                found = self._best_bundle(cohort, worths[cohort], rent, found)
            ceilings[cohort] = max(found.ceiling, rent)
            bound -= len(self.problem.cohorts[cohort].people) * (ceilings[cohort] - rent)
            new += sum(self.master.add(cohort, bundle) for _, bundle in found.bundles)
            whole = whole and found.whole
        return new, whole, PriceList(rows, worths, ceilings, bound)

    def _best_bundle(self, cohort: int, worth: Prices, rent: float, found: Found) -> Found:
        """Add the very best bundle, found by an integer programme, to those of a search that was cut short."""
        if cohort not in self._programs:
            self._programs[cohort] = BundleProgram(self.master.spaces[cohort])
        best = self._programs[cohort].best(worth, rent, min(1.0, self.clock.left))
        ceiling = min(found.ceiling, best.ceiling)
        return Found((*best.bundles, *found.bundles), ceiling, best.whole)

    def _list_bundles(self, prices: PriceList, objective: float) -> bool:
        """Add every bundle that a plan better than that could contain; return whether these are all."""
        whole, room = True, max(0.0, objective - prices.bound)
        for cohort, space in self.master.spaces.items():
            floor = prices.ceilings[cohort] - room - 1e-6
            found = search_bundles(
                space,
                prices.worth[cohort],
                floor,
                most=BUNDLES_OF_PROOF,
                nodes=NODES_OF_PROOF,
                every=True,
                deadline=self.clock.end,
            )
            whole = whole and found.whole
            for _, bundle in found.bundles:
                self.master.add(cohort, bundle)
        return whole

    def _take(self, answer: Answer) -> None:
        if answer.values is not None:
            self.compare(self.master.seats_in(answer.values))

    def compare(self, seats: list[Seat]) -> None:
        """Keep the seats if they keep to all rules and are better: more value, then less cost, then fewer hours."""
        if any(violations(self.problem, seats)):
            return
        if self._rank(seats) > self._rank(self.best):
            self.best = seats
            self.value = judge(self.problem, seats).value

    def _rank(self, seats: Sequence[Seat]) -> tuple[float, float, float]:
        outcome = judge(self.problem, seats)
        return (round(outcome.value, 9), -round(outcome.cost_eur_net, 2), -round(outcome.hours, 6))

    def solution(self) -> Solution:
        """Return what was found, with what is proven about it."""
        found = solution_of(self.problem, self.best, "exact", self.clock.passed)
        late: Status = "time limit" if self.clock.left <= 0 else "feasible"
        status: Status = "optimal" if self.gap == 0 else late
        return replace(found, status=status, bound=self.bound, optimality_gap=self.gap)
