"""What another budget, or another hour per person, would bring."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from skillmatch.company.model import Company
from skillmatch.errors import InputError
from skillmatch.gap.model import GapAnalysis
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.funding import FundingScheme
from skillmatch.planning.build import build_problem
from skillmatch.planning.exact import Clock, Search, solve_exact
from skillmatch.planning.greedy import solve_greedy
from skillmatch.planning.optimise import SolverName
from skillmatch.planning.problem import PlanProblem, Solution

POINTS = 10
FIRST_SHARE = 0.4
"""Part of the time for the first plan, which finds most of the bundles; the rest is shared out over what is left."""


@dataclass(frozen=True)
class FrontierPoint:
    """The best coverage that a budget buys.

    `coverage` is in [0, 1], `cost_eur_net` what that plan costs, `optimality_gap` how far it is from the best at most
    (None: not known). `feasible` is False where the budget does not even pay for what is pinned.
    """

    budget_eur: float
    coverage: float
    cost_eur_net: float
    optimality_gap: float | None
    feasible: bool = True


@dataclass(frozen=True)
class Marginal:
    """What a little more of a limit brings: coverage now, coverage then, and how much more that is."""

    limit: str
    more: float
    coverage_now: float
    coverage_then: float

    @property
    def gain(self) -> float:
        """Coverage gained, in [0, 1]."""
        return max(0.0, self.coverage_then - self.coverage_now)


def frontier(
    company: Company,
    analysis: GapAnalysis,
    catalogue: Catalogue,
    *,
    budgets: Sequence[float] | None = None,
    solver: SolverName = "exact",
    time_limit_seconds: float = 5.0,
    schemes: Sequence[FundingScheme] = (),
) -> tuple[FrontierPoint, ...]:
    """Return the coverage at each budget, sorted by budget; coverage never falls as the budget grows.

    Parameters
    ----------
    company, analysis, catalogue, schemes
        As for `make_plan`; the company's own budget is set aside.
    budgets
        In euros; None: ten in equal steps up to what the best plan without a budget costs.
    solver, time_limit_seconds
        How each point is found; the limit is for all points together.
    """
    most = None if budgets is None else max(budgets, default=0.0)
    limits = company.constraints.model_copy(update={"budget_eur": most})
    problem = build_problem(company.model_copy(update={"constraints": limits}), analysis, catalogue, schemes=schemes)
    return frontier_of(problem, budgets, solver=solver, time_limit_seconds=time_limit_seconds)


def frontier_of(
    problem: PlanProblem,
    budgets: Sequence[float] | None = None,
    *,
    solver: SolverName = "exact",
    time_limit_seconds: float = 5.0,
    accepted_gap: float = 0.005,
) -> tuple[FrontierPoint, ...]:
    """Return the frontier of a problem that is built already; see `frontier`.

    The largest budget comes first: its plan is the best for all budgets that pay for it. The others follow from the
    smallest up, each beginning with the plan for less, and with the bundles that were found so far.
    """
    end = time.perf_counter() + time_limit_seconds
    solve = _solver(problem, solver, accepted_gap)
    top = solve(max(budgets) if budgets else None, None, time_limit_seconds * FIRST_SHARE)
    if budgets is None:
        cost = top.cost_eur_net if top else 0.0
        budgets = [cost * step / POINTS for step in range(1, POINTS)] + [cost]
    found: list[tuple[float, Solution | None]] = []
    last: Solution | None = None
    steps = sorted({math.ceil(budget * 100 - 1e-6) / 100 for budget in budgets})
    for number, budget in enumerate(steps):
        share = max(0.0, end - time.perf_counter()) / (len(steps) - number)
        last = top if top is None or top.cost_eur_net <= budget + 1e-6 else solve(budget, last, share)
        found.append((budget, last))
    return _monotone(problem, found)


Solve = Callable[[float | None, Solution | None, float], Solution | None]
"""(budget, plan for less, seconds) -> the plan at that budget; None: the pins cost more."""


def _solver(problem: PlanProblem, solver: SolverName, accepted_gap: float) -> Solve:
    """Return what solves the problem at a budget."""
    search: list[Search] = []

    def exact(budget: float | None, less: Solution | None, seconds: float) -> Solution:
        if search:
            search[0].restart(budget, Clock.start(seconds))
        else:
            search.append(Search(replace(problem, budget_eur=budget), Clock.start(seconds)))
        if less is not None:
            search[0].extend(less.seats)
        search[0].best_value(search[0].value_share if less is None else 1.0, accepted_gap)
        if less is None:
            search[0].least_cost(accepted_gap)
        return search[0].solution()

    def greedy(budget: float | None, _: Solution | None, seconds: float) -> Solution:
        return solve_greedy(replace(problem, budget_eur=budget), time_limit_seconds=seconds)

    chosen = {"exact": exact, "greedy": greedy}[solver]

    def solve(budget: float | None, less: Solution | None, seconds: float) -> Solution | None:
        try:
            return chosen(budget, less, seconds)
        except InputError:
            if budget is None:
                raise
            return None

    return solve


def _monotone(problem: PlanProblem, points: Sequence[tuple[float, Solution | None]]) -> tuple[FrontierPoint, ...]:
    """Return the points by rising budget; a plan found for less money serves where a time limit left a worse one."""
    total = problem.total_weight
    best: Solution | None = None
    made = []
    for budget, found in points:
        if found is not None and (best is None or found.value > best.value):
            best = found
        if best is None:
            made.append(FrontierPoint(budget, 0.0, 0.0, None, feasible=False))
            continue
        bound = found.bound if found is not None else None
        gap = None if bound is None else max(0.0, (bound - best.value) / bound) if bound > 0 else 0.0
        coverage = min(1.0, best.value / total) if total else 1.0
        made.append(FrontierPoint(budget, coverage, best.cost_eur_net, gap))
    return tuple(made)


def marginal_values(
    problem: PlanProblem, *, more_eur: float = 1000.0, more_hours: float = 1.0, time_limit_seconds: float = 5.0
) -> tuple[Marginal, ...]:
    """Return what more budget and more hours per person would bring, each by itself; a limit not set is left out."""
    share = time_limit_seconds / 3
    now = solve_exact(problem, time_limit_seconds=share, cheapest=False)
    total = problem.total_weight or 1.0
    made = []
    for limit, name, more in (
        (problem.budget_eur, "budget_eur", more_eur),
        (problem.hours_per_person, "hours_per_person", more_hours),
    ):
        if limit is not None:
            relaxed = replace(problem, **{name: limit + more})  # type: ignore[arg-type]
            then = solve_exact(relaxed, time_limit_seconds=share, cheapest=False)
            made.append(Marginal(name, more, now.value / total, max(then.value, now.value) / total))
    return tuple(made)
