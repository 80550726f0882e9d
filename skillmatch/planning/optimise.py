"""The two solvers of the planning problem, under their names: same problem in, same solution out."""

from collections.abc import Mapping
from typing import Literal, Protocol

from skillmatch.planning.exact import solve_exact
from skillmatch.planning.greedy import solve_greedy
from skillmatch.planning.problem import PlanProblem, Solution

SolverName = Literal["exact", "greedy"]


class Solve(Protocol):
    """What every solver is: it returns a plan that keeps to all rules, and raises InputError if the pins do not."""

    def __call__(self, problem: PlanProblem, *, time_limit_seconds: float = 10.0) -> Solution:
        """Return the plan found within the time limit."""
        ...


SOLVERS: Mapping[SolverName, Solve] = {"exact": solve_exact, "greedy": solve_greedy}


def solve(
    problem: PlanProblem, solver: SolverName, *, time_limit_seconds: float = 10.0, accepted_gap: float = 0.0
) -> Solution:
    """Return the plan of one of the solvers; at `accepted_gap` the exact one stops looking for a better plan."""
    if solver == "exact":
        return solve_exact(problem, time_limit_seconds=time_limit_seconds, accepted_gap=accepted_gap)
    return solve_greedy(problem, time_limit_seconds=time_limit_seconds)
