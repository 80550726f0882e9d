"""The exact solver: an integer programme over bundles, which are found by their prices, with a proven bound.

0. What no best plan needs is left out, and of a very large problem only the core is looked at first.
1. Columns: the linear relaxation is solved again and again, each time adding the bundles that its prices make worth
   while, until there are none. Its value bounds every plan. What the core leaves out is priced too, and added if it
   pays.
2. The best plan made of the bundles at hand.
3. Proof: in a plan better than that one, every bundle's price is within the gap left of being worth while. All bundles
   that are, are listed and added; if the list is whole, the best plan made of them is the best of all.
4. Among plans of that coverage, the cheapest.

The greedy plan comes first, whatever the time limit, so that no plan returned is worse.
"""

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundle_program import BundleProgram
from skillmatch.planning.bundle_search import search_bundles
from skillmatch.planning.bundles import Bundle, Found, PriceList, Prices
from skillmatch.planning.conflicts import pinned_seats
from skillmatch.planning.core import choose_core, with_runs
from skillmatch.planning.greedy import Greedy, greedy_seats
from skillmatch.planning.integer import Answer, Relaxed
from skillmatch.planning.left_out import LeftOut
from skillmatch.planning.master import HOUR_WORTH_EUR, Master
from skillmatch.planning.outcome import Seat, judge, solution_of, taken_by, violations
from skillmatch.planning.problem import PlanProblem, Solution, Status
from skillmatch.planning.reduction import without_dominated
from skillmatch.planning.state import State

CLOSE_GAP = 2e-4
"""The relaxation counts as solved when it is so near its bound; the list of bundles then makes up for the rest."""
PROVEN_GAP = 1e-6
"""A relative gap that counts as proof: below it, differences are rounding."""
FEW_NEW, MOST_NODES = 5, 9_600
"""So few new bundles a cohort, from searches cut short, mean that the searches must go on for longer."""
VALUE_SHARE, VALUE_SHARE_OF_CORE = 0.85, 0.95
"""Part of the time for the value, where the cost is to be looked at too; in a core the cost is not proven anyway."""
COST_SHARE = 0.93
"""Part of the time after which no more bundles are looked for to save cost."""
GUESSES_SHARE = 0.4
"""Part of the time after which no more bundles are looked for at rough prices."""
COLUMNS_SHARE = 0.8
"""Part of the time after which no more bundles are looked for."""
PART = 0.01
"""Bundles that the relaxation takes for less than this part of a person are not tried when a plan is made of it."""
STEADY = 0.6
"""Weight of the best prices so far in those at which bundles are searched."""
BUNDLES_A_ROUND = 12
NODES_A_ROUND = 600
NODES_OF_PROOF = 2_000_000
BUNDLES_OF_PROOF = 12_000
"""Limits of the searches, for each cohort."""


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
    search.best_value(search.value_share if cheapest else 1.0, accepted_gap)
    if cheapest:
        search.least_cost(accepted_gap)
    return search.solution()


class Search:
    """The steps of the exact solver; `best` are the seats of the best plan so far, `bound` what none exceeds."""

    def __init__(self, problem: PlanProblem, clock: Clock) -> None:
        self.problem, self.clock = problem, clock
        self._whole = without_dominated(problem)
        self.core = choose_core(self._whole)
        self._left_out = None if self.core is self._whole else LeftOut(self._whole)
        self._begin()
        self.compare(greedy_seats(self.core, clock.limit))
        self.master = Master(self.core)
        self._programs: dict[int, BundleProgram] = {}
        self._relaxed: Relaxed | None = None
        self._add_seats(self.best)
        self._add_singles()
        self._add_guesses()

    def _add_guesses(self) -> None:
        """Add bundles that are good at rough prices, as far as there is time."""
        for cohort, space in self.master.spaces.items():
            for prices in self.master.guesses(cohort):
                end = self.clock.begun + self.clock.limit * GUESSES_SHARE
                if time.perf_counter() > end:
                    return
                found = search_bundles(space, prices, 0.0, most=BUNDLES_A_ROUND, nodes=NODES_A_ROUND, deadline=end)
                for _, bundle in found.bundles:
                    self.master.add(cohort, bundle)

    def restart(self, budget_eur: float | None, clock: Clock) -> None:
        """Begin again with another budget; the bundles found so far are kept, so that this is quick.

        Raises
        ------
        InputError
            The budget does not pay for what is pinned.
        """
        self.problem, self.clock = replace(self.problem, budget_eur=budget_eur), clock
        self.core = replace(self.core, budget_eur=budget_eur)
        self._begin()
        self.master.change_budget(budget_eur)
        self._add_seats(self.best)

    def _begin(self) -> None:
        """Begin with what is pinned."""
        self.best = pinned_seats(self.problem)
        self.value = judge(self.problem, self.best).value
        self.bound = self.problem.total_weight

    def _add_singles(self) -> None:
        for cohort, space in self.master.spaces.items():
            for run in space.runs:
                if not self.problem.hinders(frozenset(), run):
                    self.master.add(cohort, (run,))

    def _add_seats(self, seats: Sequence[Seat]) -> None:
        for person, runs in taken_by(seats).items():
            self.master.add(self.problem.cohort_of[person], tuple(sorted(runs)))

    @property
    def value_share(self) -> float:
        """Part of the time for the value, where the cost is to be looked at too."""
        return VALUE_SHARE if self._left_out is None else VALUE_SHARE_OF_CORE

    @property
    def gap(self) -> float:
        """How far the best plan is from the bound, relative to it; 0 where only rounding is left."""
        gap = (self.bound - self.value) / max(self.bound, 1e-12)
        return 0.0 if gap <= PROVEN_GAP else gap

    def best_value(self, share: float, accepted_gap: float = 0.0) -> None:
        """Find the plan of most value, and the bound, in that part of the time limit."""
        end = self.clock.limit * share
        if self.clock.passed > end:
            return
        prices = self._columns(end * COLUMNS_SHARE, max(accepted_gap / 4, CLOSE_GAP), accepted_gap)
        if self._left_out is not None and prices is not None:
            prices = self._with_left_out(prices, end * COLUMNS_SHARE, max(accepted_gap / 4, CLOSE_GAP))
        if self.gap > accepted_gap:
            self._round(end)
        if self.gap > accepted_gap:
            self._take(self.master.solve(self._until(end * 0.9), self._objective(), accepted_gap / 10))
        if self.gap > accepted_gap and prices is not None and self._left_out is None and self.clock.passed <= end:
            self._prove(prices, end, accepted_gap)

    def _with_left_out(self, prices: PriceList, end: float, close: float) -> PriceList:
        """Price the runs outside the core and add those that pay, until hardly any does or the time is up."""
        assert self._left_out is not None
        while True:
            bound, runs = self._left_out.price(self.master, prices, self.clock.end)
            self.bound = min(self.bound, self.master.value(bound))
            near = prices.bound - bound <= close * abs(prices.bound)
            if near or not runs or self.clock.passed > end:
                return prices
            self._grow(runs)
            prices = self._columns(end, close) or prices

    def _grow(self, runs: Collection[int]) -> None:
        """Add runs to the core, keeping all bundles."""
        self.core = with_runs(self._whole, {run for run, _ in self.core.pairs} | set(runs))
        self.core = replace(self.core, budget_eur=self.problem.budget_eur)
        old, self.master = self.master, Master(self.core)
        self._programs.clear()
        self._relaxed = None
        for cohort, bundle in old.bundle.values():
            self.master.add(cohort, bundle)
        self._add_singles()

    def _round(self, end: float) -> None:
        """Make a plan of the last relaxation: what it takes wholly, then in part, then what the greedy solver adds."""
        if self._relaxed is None:
            return
        state = State(self.core)
        state.take(pinned_seats(self.core))
        counts = enumerate(self._relaxed.values.tolist())
        taken = sorted(((count, column) for column, count in counts if column in self.master.bundle), reverse=True)
        for whole in (True, False):
            for count, column in taken:
                people = math.floor(count + 1e-6) if whole else int(count % 1 > PART)
                if people:
                    self._book(state, *self.master.bundle[column], people)
        self._complete(state, end)

    def _complete(self, state: State, end: float) -> None:
        """Add what the greedy solver finds to a plan in the making."""
        Greedy(state, 1.0, 1.0).run(self.clock.begun + end)
        self.compare(state.seats())

    def extend(self, seats: Sequence[Seat]) -> None:
        """Begin with a plan that is known, and what may be added to it."""
        self.compare(list(seats))
        state = State(self.core)
        state.take(seats)
        self._complete(state, self.clock.limit)

    def _book(self, state: State, cohort: int, bundle: Bundle, people: int) -> None:
        """Book a bundle for so many who take nothing yet, if the rules allow it."""
        free = [person for person in self.problem.cohorts[cohort].people if not state.taken[person]][:people]
        turn = self.master.spaces[cohort].in_turn(bundle)
        seats = [(run, person) for person in free for run in turn]
        if seats and state.allows(seats):
            state.take(seats)

    def _prove(self, prices: PriceList, end: float, accepted_gap: float) -> None:
        """List the bundles that a better plan could contain, and solve with all of them at hand."""
        whole = self._list_bundles(prices, self._objective())
        answer = self.master.solve(self._until(end), self._objective(), accepted_gap / 10)
        self._take(answer)
        if whole:
            self.bound = min(self.bound, max(self.master.value(answer.bound), self.value))

    def least_cost(self, accepted_gap: float = 0.0) -> None:
        """Find the cheapest plan of the value found, in the time that is left.

        Where the value is not proven, neither is the cost. With an accepted gap, only bundles at hand are looked at.
        """
        if self.clock.left <= 0:
            return
        self.master.aim("cost", self.value)
        self._add_seats(self.best)
        if not accepted_gap:
            prices = self._columns(self.clock.limit * COST_SHARE, CLOSE_GAP)
            known = solution_of(self.problem, self.best, "exact", 0.0)
            objective = known.cost_eur_net + HOUR_WORTH_EUR * known.hours
            if prices is not None and self._left_out is None and self.gap == 0:
                self._list_bundles(prices, objective)
        self._take(self.master.solve(self._until(self.clock.limit), math.inf, accepted_gap))
        self.master.aim("value")

    def _objective(self) -> float:
        """Return the value of the best plan so far as the objective counts it."""
        return self.master.objective_of(self.value)

    def _until(self, end: float) -> float:
        return max(end - self.clock.passed, 0.1)

    def _columns(self, end: float, close: float, accepted_gap: float = -1.0) -> PriceList | None:
        """Add bundles until hardly any would improve the relaxation, or the time is up; return the best prices found.

        The end comes earlier where the best plan so far is proven to be within the gap accepted.

        Prices of the relaxation swing widely as bundles are added. Bundles are therefore searched at a mean of its
        prices and the best ones so far, and at its own prices only where that finds nothing new.
        """
        nodes, best = NODES_A_ROUND, None
        while (relaxed := self.master.relax(self._until(end))) is not None:
            self._relaxed = relaxed
            rows = relaxed.prices if best is None else STEADY * best.rows + (1 - STEADY) * relaxed.prices
            new, whole, found = self._search_at(rows, nodes)
            if not new and best is not None:
                best = found if found.bound > best.bound else best
                new, whole, found = self._search_at(relaxed.prices, nodes)
            if best is None or found.bound > best.bound:
                best = found
            if self.master.goal == "value" and self._left_out is None:
                self.bound = min(self.bound, self.master.value(best.bound))
            near = relaxed.objective - best.bound <= close * abs(relaxed.objective)
            if near or self.gap <= accepted_gap or (not new and whole) or self.clock.passed > end:
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
        """Add every bundle that a plan better than that could contain; return whether these are all.

        Where they are too many, a few are added, and other cohorts are not looked at any more: nothing can be proven.
        """
        room = max(0.0, objective - prices.bound)
        for cohort, space in self.master.spaces.items():
            found = search_bundles(
                space,
                prices.worth[cohort],
                prices.ceilings[cohort] - room - 1e-6,
                most=BUNDLES_OF_PROOF,
                nodes=NODES_OF_PROOF,
                every=True,
                deadline=self.clock.end,
            )
            for _, bundle in found.bundles if found.whole else found.bundles[:BUNDLES_A_ROUND]:
                self.master.add(cohort, bundle)
            if not found.whole:
                return False
        return True

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
