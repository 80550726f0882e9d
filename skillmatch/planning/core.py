"""The core of a very large problem: the runs that are promising for somebody, with all they need first."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundles import levels_of
from skillmatch.planning.problem import PlanProblem, Run, Stake
from skillmatch.planning.reduction import narrow

MOST_PAIRS = 2_500
"""Problems of so many (run, cohort) are solved as a whole; of larger ones the core first, then what the rest adds."""
BEST = 3
"""So many runs are kept by each measure, for each stake and level."""
SHARES = (0.0, 0.25, 0.5, 1.0)
"""How much the price counts against the hours, where a run is measured by the worth for what it uses."""
BEFORE = 2
"""So many runs are kept of each course that must come first, and of those that lift to the entry level."""


def choose_core(problem: PlanProblem, most_pairs: int = MOST_PAIRS, best: int = BEST) -> PlanProblem:
    """Return the problem with its most promising runs only; the problem itself if it is small.

    For each stake and each level that can be reached, the runs of most worth for money and hours are kept, in several
    proportions of the two, and the runs of most worth in each month.
    """
    if len(problem.pairs) <= most_pairs:
        return problem
    chosen = {pin.run for pin in problem.pins}
    cohorts = sorted({cohort for _, cohort in problem.pairs})
    for cohort in cohorts:
        chosen.update(_promising(problem, cohort, best))
    core = with_runs(problem, chosen)
    return core if levels_led_to(core) == levels_led_to(problem) else problem


def levels_led_to(problem: PlanProblem) -> dict[tuple[int, int], set[int]]:
    """Return (cohort, demand) -> levels that runs lead to; the core must have them all, or its prices say nothing."""
    return {(stake.cohort, stake.demand): {way.level for way in stake.ways} for stake in problem.stakes}


def with_runs(problem: PlanProblem, runs: Iterable[int]) -> PlanProblem:
    """Return the problem with only these runs and what they need first."""
    kept = with_needed(problem, runs)
    return narrow(problem, [pair for pair in problem.pairs if pair[0] in kept])


def with_needed(problem: PlanProblem, runs: Iterable[int]) -> set[int]:
    """Return the runs with the cheapest of those that must come before them: prerequisites and lifts."""
    lifts: dict[int, set[tuple[int, ...]]] = {}
    for way in (way for stake in problem.stakes for way in stake.ways if way.lifts):
        lifts.setdefault(way.run, set()).add(way.lifts)
    price = [run.price_eur for run in problem.runs]
    kept: set[int] = set()
    todo = sorted(set(runs))
    while todo:
        run = todo.pop()
        if run not in kept:
            kept.add(run)
            for options in (*problem.runs[run].prerequisites, *lifts.get(run, ())):
                todo += sorted(options, key=lambda option: (price[option], option))[:BEFORE]
    return kept


def _promising(problem: PlanProblem, cohort: int, best: int) -> set[int]:
    runs = np.array([run for run, owner in problem.pairs if owner == cohort])
    stakes = problem.stakes_of[cohort]
    level = levels_of(stakes, {int(run): row for row, run in enumerate(runs)})
    worth = _worths(problem, stakes, level).sum(axis=1)
    use = _uses(problem, runs)
    month = np.array([run.start.year * 12 + run.start.month if run.start else 0 for run in _of(problem, runs)])
    found: set[int] = set()
    for number, stake in enumerate(stakes):
        for reached in sorted({way.level for way in stake.ways}):
            able = np.flatnonzero(level[:, number] == reached)
            for scores in (*(worth / used for used in use), worth):
                found.update(able[np.lexsort((able, -scores[able]))[:best]].tolist())
            order = able[np.lexsort((able, -(worth / use[len(use) // 2])[able]))]
            found.update(order[np.unique(month[order], return_index=True)[1]].tolist())
    return {int(runs[row]) for row in found}


def _worths(problem: PlanProblem, stakes: Sequence[Stake], level: NDArray[np.int64]) -> NDArray[np.float64]:
    tables = [[problem.worth(stake, max(stake.held, reached)) for reached in range(5)] for stake in stakes]
    table = np.array(tables, dtype=np.float64).reshape(len(stakes), 5)
    return np.asarray(table[np.arange(len(stakes)), level], dtype=np.float64).reshape(level.shape)


def _uses(problem: PlanProblem, runs: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    """Return what a seat in each run uses of budget and hours, in each proportion of the two."""
    rows = _of(problem, runs)
    people = max(len(problem.people), 1)
    price = np.array([run.price_eur / (min(run.group_max, people) if run.per_group else 1) for run in rows])
    hours = np.array([run.hours for run in rows])
    price, hours = price / max(price.mean(), 1e-9), hours / max(hours.mean(), 1e-9)
    return [share * price + (1 - share) * hours + 1e-3 for share in SHARES]


def _of(problem: PlanProblem, runs: NDArray[np.int64]) -> list[Run]:
    return [problem.runs[run] for run in runs]
