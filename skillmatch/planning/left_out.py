"""What the runs outside the core could add at most: the bound on all plans, and the runs that are worth adding."""

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundle_bound import hopeful_rows
from skillmatch.planning.bundle_search import search_bundles
from skillmatch.planning.bundles import BundleSpace, Found, PriceList, Prices, levels_of
from skillmatch.planning.master import Master, kept_runs
from skillmatch.planning.problem import PlanProblem

BUNDLES, NODES = 24, 1_200
"""Limits of the search, for each cohort."""


class LeftOut:
    """The runs of `whole` that are not in the core, priced for each cohort.

    At any prices, a plan of the whole problem is worth at most what the bound of the core says, and for each person
    what the best bundle with a run left out is worth beyond the best one without (docs/planning.md).
    """

    def __init__(self, whole: PlanProblem) -> None:
        self._whole = whole
        self._kept = kept_runs(whole)
        self._cohorts: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        runs: dict[int, list[int]] = {}
        for run, cohort in whole.pairs:
            runs.setdefault(cohort, []).append(run)
        for cohort, found in runs.items():
            level = levels_of(whole.stakes_of[cohort], {run: row for row, run in enumerate(found)})
            self._cohorts[cohort] = (np.array(found), level)
        self._hours = np.array([run.hours for run in whole.runs])
        self._hours_each = whole.hours_per_person

    def price(self, master: Master, prices: PriceList, deadline: float) -> tuple[float, set[int]]:
        """Return the bound on the objective of any plan of the whole problem, and runs outside the core that pay."""
        bound, paying = prices.bound, set[int]()
        outside = np.array([master.outside_price(prices.rows, run) for run in self._whole.runs])
        core = {run for run, _ in master.problem.pairs}
        for cohort, (runs, _) in self._cohorts.items():
            inside = prices.worth[cohort].seats
            seats = np.array([inside.get(run, outside[run]) for run in runs.tolist()])
            floor = prices.ceilings[cohort]
            levels = prices.worth[cohort].levels
            rows, most = self._hopeful(cohort, np.array(levels), seats, floor)
            hopeful = set(runs[rows].tolist())
            if core.issuperset(hopeful):
                continue
            at = Prices(levels, dict(zip(runs.tolist(), seats.tolist(), strict=True)))
            found = self._search(cohort, hopeful, at, floor, deadline)
            bound -= len(self._whole.cohorts[cohort].people) * max(0.0, min(found.ceiling, most) - floor)
            paying |= {run for _, bundle in found.bundles for run in bundle} - core
        return bound, paying

    def _search(self, cohort: int, runs: set[int], prices: Prices, floor: float, deadline: float) -> Found:
        space = BundleSpace(self._whole, cohort, self._kept, sorted(runs))
        return search_bundles(space, prices, floor, most=BUNDLES, nodes=NODES, deadline=deadline)

    def _hopeful(
        self, cohort: int, levels: NDArray[np.float64], seats: NDArray[np.float64], floor: float
    ) -> tuple[NDArray[np.int64], float]:
        """Return the rows of the runs with which a bundle may be worth more than `floor`, and what none exceeds.

        A bundle that is worth more holds no other runs, so each round may leave out more.
        """
        runs, level = self._cohorts[cohort]
        stakes = np.arange(level.shape[1])
        held = levels[stakes, [stake.held for stake in self._whole.stakes_of[cohort]]] if len(stakes) else np.zeros(0)
        raised = np.maximum(levels[stakes, level] - held, 0.0) if len(stakes) else np.zeros(level.shape)
        rows, most = hopeful_rows(raised, seats, self._hours[runs], self._hours_each, floor - held.sum())
        return rows, float(most + held.sum())
