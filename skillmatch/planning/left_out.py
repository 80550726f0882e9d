"""What the runs outside the core could add at most: the bound on all plans, and the runs that are worth adding."""

import math

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundle_search import search_bundles
from skillmatch.planning.bundles import BundleSpace, Found, PriceList, Prices, levels_of
from skillmatch.planning.master import Master, kept_runs
from skillmatch.planning.problem import HOURS_TOLERANCE, PlanProblem

BUNDLES, NODES = 24, 4_800
"""Limits of the search, for each cohort."""
TINY = 1e-9


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

    def price(self, master: Master, prices: PriceList, deadline: float) -> tuple[float, set[int]]:
        """Return the bound on the objective of any plan of the whole problem, and runs outside the core that pay."""
        bound, paying = prices.bound, set[int]()
        outside = np.array([master.outside_price(prices.rows, run) for run in self._whole.runs])
        core = {run for run, _ in master.problem.pairs}
        for cohort, (runs, _) in self._cohorts.items():
            inside = prices.worth[cohort].seats
            seats = np.array([inside.get(run, outside[run]) for run in runs.tolist()])
            floor = prices.ceilings[cohort]
            rows = self._hopeful(cohort, np.array(prices.worth[cohort].levels), seats, floor)
            hopeful = set(runs[rows].tolist())
            if core.issuperset(hopeful):
                continue
            all_seats = dict(zip(runs.tolist(), seats.tolist(), strict=True))
            at = Prices(prices.worth[cohort].levels, all_seats)
            found = self._search(cohort, hopeful, at, floor, deadline)
            bound -= len(self._whole.cohorts[cohort].people) * max(0.0, found.ceiling - floor)
            paying |= {run for _, bundle in found.bundles for run in bundle} - core
        return bound, paying

    def _search(self, cohort: int, runs: set[int], prices: Prices, floor: float, deadline: float) -> Found:
        space = BundleSpace(self._whole, cohort, self._kept, sorted(runs))
        return search_bundles(space, prices, floor, most=BUNDLES, nodes=NODES, deadline=deadline)

    def _hopeful(
        self, cohort: int, levels: NDArray[np.float64], seats: NDArray[np.float64], floor: float
    ) -> NDArray[np.int64]:
        """Return the rows of the runs with which a bundle may be worth more than `floor`.

        Such a bundle adds at most what the run adds by itself and what others of these add in the hours that are left,
        as if the last of them could be taken in part; and never more than all stakes together. So each round may
        leave out more.
        """
        runs, level = self._cohorts[cohort]
        stakes = np.arange(level.shape[1])
        held = levels[stakes, [stake.held for stake in self._whole.stakes_of[cohort]]] if len(stakes) else np.zeros(0)
        raised = np.maximum(levels[stakes, level] - held, 0.0) if len(stakes) else np.zeros(level.shape)
        alone, hours = raised.sum(axis=1) - seats, self._hours[runs]
        rows = np.arange(len(runs))
        while len(rows):
            most = raised[rows].max(axis=0, initial=0.0).sum() - np.minimum(seats[rows], 0.0).sum()
            rest = self._rest(alone[rows], hours[rows])
            best = held.sum() + np.minimum(alone[rows] + rest, most - np.maximum(seats[rows], 0.0))
            kept = rows[best > floor + TINY]
            if len(kept) == len(rows):
                break
            rows = kept
        return rows

    def _rest(self, alone: NDArray[np.float64], hours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what others add at most beside each run, in the hours that it leaves."""
        limit = self._whole.hours_per_person
        if limit is None:
            return np.full(len(alone), math.inf)
        useful = np.flatnonzero(alone > 0)
        order = useful[np.argsort(-alone[useful] / hours[useful], kind="stable")]
        spent = np.concatenate([[0.0], np.cumsum(hours[order])])
        gained = np.concatenate([[0.0], np.cumsum(alone[order])])
        return np.asarray(np.interp(np.maximum(limit + HOURS_TOLERANCE - hours, 0.0), spent, gained))
