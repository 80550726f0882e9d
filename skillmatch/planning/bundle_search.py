"""Searching the bundles of a cohort by worth: branch and bound, on many branches at once."""

import heapq
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.bundle_bound import TINY, hopeful_rows
from skillmatch.planning.bundles import Bundle, BundleSpace, Found, Prices
from skillmatch.planning.problem import HOURS_TOLERANCE

BATCH = 128
"""Branches that are worked on together: as arrays, a hundred take hardly longer than one."""
Array = NDArray[Any]


def search_bundles(
    space: BundleSpace,
    prices: Prices,
    floor: float,
    *,
    most: int,
    nodes: int,
    every: bool = False,
    deadline: float = math.inf,
) -> Found:
    """Return the best bundles worth more than `floor`.

    Parameters
    ----------
    space
        The bundles of a cohort.
    prices
        What levels are worth and seats cost.
    floor
        Bundles worth no more are left out.
    most
        At most so many are returned.
    nodes
        After so many branches the search ends early; `ceiling` then says what may have been missed.
    every
        All bundles above the floor are wanted, not only the best: more than `most` of them count as an early end.
        Left out are only bundles that contain a run without any effect, which are never better than without it.
    deadline
        When the search ends early at the latest, as `time.perf_counter` counts.
    """
    return _Search(space, prices, floor, most, every).run(nodes, deadline)


@dataclass(frozen=True, eq=False)
class _Branches:
    """Bundles so far, one a row: what is taken, what may still be, hours left, levels reached, cost, and a bound.

    Levels are counted as if all lifts were there: a bound from above, until a bundle is looked at closely.
    """

    taken: NDArray[np.bool_]
    alive: NDArray[np.bool_]
    hours: NDArray[np.float64]
    reached: NDArray[np.int64]
    cost: NDArray[np.float64]
    ceiling: NDArray[np.float64]

    def _each(self, change: Callable[[Array, int], Array]) -> Self:
        parts = (self.taken, self.alive, self.hours, self.reached, self.cost, self.ceiling)
        return type(self)(*(change(part, number) for number, part in enumerate(parts)))

    def pick(self, rows: NDArray[np.bool_]) -> Self:
        """Return some of the branches."""
        return self._each(lambda part, _: part[rows])

    def last(self, number: int) -> Self:
        """Return the last few."""
        return self._each(lambda part, _: part[-number:])

    def but_last(self, number: int) -> Self:
        """Return all but the last few."""
        return self._each(lambda part, _: part[:-number])

    def then(self, other: Self) -> Self:
        """Return these and then the others."""
        parts = (other.taken, other.alive, other.hours, other.reached, other.cost, other.ceiling)
        return self._each(lambda part, number: np.concatenate([part, parts[number]]))

    def __len__(self) -> int:
        return len(self.hours)


class _Search:
    """Depth-first: the run that adds most by the hour is taken or left; what cannot pass the floor is cut off.

    ``worth[r, s]`` is what the level of run r in stake s is worth.
    """

    def __init__(self, space: BundleSpace, prices: Prices, floor: float, most: int, every: bool) -> None:
        self._space, self._floor, self._most, self._every = space, floor, most, every
        self._levels = np.array(prices.levels, dtype=np.float64).reshape(len(space.stakes), -1)
        self._rows = np.arange(len(space.runs))
        self._ceiling = math.inf
        self._look_at(prices)
        if len(self._rows):
            self._leave_out_hopeless(prices)
        self._best: list[tuple[float, Bundle]] = []

    def _look_at(self, prices: Prices) -> None:
        """Take the rows in question out of the arrays of the cohort."""
        space, rows = self._space, self._rows
        self._runs = [space.runs[row] for row in rows]
        self._level, self._hours, self._kept = space.level[rows], space.hours[rows], space.kept[rows]
        self._excludes, self._serves = space.excludes[np.ix_(rows, rows)], space.serves[np.ix_(rows, rows)]
        self._worth = np.take_along_axis(self._levels.T, self._level, axis=0) if len(rows) else np.zeros((0, 0))
        self._seats = np.array([prices.seats[run] for run in self._runs])

    def _leave_out_hopeless(self, prices: Prices) -> None:
        """Leave out runs with which no bundle can pass the floor: it gains at most what the run adds by itself."""
        root = self._root()
        held = self._worth_of(root)
        alone = np.maximum(self._worth - held, 0.0).sum(axis=1) - self._seats
        _, _, ceiling = self._bound(root)
        hopeful = float(ceiling[0]) + np.minimum(alone, 0.0) > self._floor + TINY
        raised, limit = np.maximum(self._worth - held, 0.0), self._space.problem.hours_per_person
        rows, most = hopeful_rows(raised, self._seats, self._hours, limit, self._floor - float(held.sum()))
        hopeful &= np.isin(np.arange(len(hopeful)), rows)
        self._ceiling = float(held.sum()) + most
        if not self._every:
            helping = self._serves.any(axis=0) | self._kept
            hopeful &= (alone > TINY) | helping
        self._rows = np.flatnonzero(hopeful)
        self._look_at(prices)

    def run(self, nodes: int, deadline: float) -> Found:
        """Search for so many branches, or until the deadline."""
        waiting = self._root() if self._runs else None
        steps, overflow = 0, False
        while (
            waiting is not None and len(waiting) and not (overflow or steps >= nodes or time.perf_counter() > deadline)
        ):
            branches, waiting = waiting.last(BATCH), waiting.but_last(BATCH)
            steps += len(branches)
            branches, row = self._choose(branches)
            if len(branches):
                left, taken = self._split(branches, row)
                overflow = self._accept(taken)
                waiting = waiting.then(left).then(taken)
        best = tuple(sorted(self._best, key=lambda pair: (-pair[0], pair[1])))
        cut = waiting is not None and len(waiting) > 0
        open_ = float(waiting.ceiling.max()) if waiting is not None and cut else -math.inf
        ceiling = max(best[0][0] if best else self._floor, min(open_, self._ceiling))
        return Found(best, ceiling, whole=not cut)

    def _root(self) -> _Branches:
        limit = self._space.problem.hours_per_person
        hours = math.inf if limit is None else limit + HOURS_TOLERANCE
        start = np.array([[stake.held for stake in self._space.stakes]], dtype=np.int64)
        nothing = np.zeros((1, len(self._runs)), dtype=bool)
        return _Branches(nothing, ~nothing, np.array([hours]), start, np.zeros(1), np.array([math.inf]))

    def _worth_of(self, branches: _Branches) -> NDArray[np.float64]:
        """Return the worth of what is reached in each stake, of shape (branches, stakes)."""
        return np.asarray(self._levels[np.arange(self._levels.shape[0]), branches.reached], dtype=np.float64)

    def _cheapest_seat(self, useful: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return what at least one of the useful runs costs (less than nothing, if some are rewarded: all of those)."""
        cheapest = np.where(useful, self._seats, np.inf).min(axis=1, initial=np.inf)
        rewards = np.where(useful, np.minimum(self._seats, 0.0), 0.0).sum(axis=1)
        return np.where(rewards < 0, rewards, np.where(np.isfinite(cheapest), cheapest, 0.0))

    def _bound(self, branches: _Branches) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
        """Return what each run adds to each branch, whether that pays, and the most that any bundle there is worth."""
        worth = self._worth_of(branches)
        raised = np.maximum(self._worth[None] - worth[:, None], 0.0)
        gain = raised.sum(axis=2) - self._seats
        useful = branches.alive & (self._hours <= branches.hours[:, None]) & (gain > TINY)
        order = np.argsort(np.where(useful, -gain / self._hours, 0.0), axis=1, kind="stable")
        by_hours = _fractional(
            np.take_along_axis(np.where(useful, gain, 0.0), order, axis=1),
            np.take_along_axis(np.where(useful, self._hours, 0.0), order, axis=1),
            branches.hours,
        )
        # Each stake can be raised once, by the run that raises it most: runs for the same skill do not add up.
        by_stake = (raised * useful[:, :, None]).max(axis=1, initial=0.0).sum(axis=1)
        rest = np.minimum(by_hours, np.maximum(by_stake - self._cheapest_seat(useful), 0.0))
        ceiling = worth.sum(axis=1) - branches.cost + rest
        return gain, useful, ceiling

    def _choose(self, branches: _Branches) -> tuple[_Branches, NDArray[np.int64]]:
        """Return the branches that can still pass the floor, with their bounds, and the run to decide on in each."""
        gain, useful, ceiling = self._bound(branches)
        order_first = np.where(useful, gain / self._hours, -1.0).argmax(axis=1)
        found = useful.any(axis=1)
        # Where nothing pays by itself, what something taken needs first may still be added, and in a full list also
        # what costs a little more than it brings.
        other = (branches.taken.astype(np.float32) @ self._serves.astype(np.float32)) > 0
        if self._every:
            other |= (self._level[None] > branches.reached[:, None]).any(axis=2) | self._kept
        base = self._worth_of(branches).sum(axis=1) - branches.cost
        other &= branches.alive & (self._hours <= branches.hours[:, None]) & (base[:, None] + gain > self._floor + TINY)
        row = np.where(found, order_first, other.argmax(axis=1))
        kept = (ceiling > self._floor + TINY) & (found | other.any(axis=1))
        bounded = _Branches(
            branches.taken, branches.alive, branches.hours, branches.reached, branches.cost,
            np.minimum(ceiling, branches.ceiling),
        )  # fmt: skip
        return bounded.pick(kept), row[kept]

    def _split(self, branches: _Branches, row: NDArray[np.int64]) -> tuple[_Branches, _Branches]:
        """Return the branches with the run left out, and with it taken."""
        count = np.arange(len(branches))
        alive = branches.alive.copy()
        alive[count, row] = False
        taken = branches.taken.copy()
        taken[count, row] = True
        left = _Branches(branches.taken, alive, branches.hours, branches.reached, branches.cost, branches.ceiling)
        more = _Branches(
            taken,
            alive & ~self._excludes[row],
            branches.hours - self._hours[row],
            np.maximum(branches.reached, self._level[row]),
            branches.cost + self._seats[row],
            branches.ceiling,
        )
        return left, more

    def _accept(self, branches: _Branches) -> bool:
        """Note the bundles that are valid and worth enough; return whether there are more than wanted."""
        worths = self._worth_of(branches).sum(axis=1) - branches.cost
        for place in np.flatnonzero(worths > self._floor + TINY):
            worth = float(worths[place])
            bundle = tuple(self._runs[row] for row in np.flatnonzero(branches.taken[place]))
            if worth <= self._floor + TINY or not self._space.in_order(bundle):
                continue
            if not self._space.helpers.isdisjoint(bundle):
                reached = self._space.reached(bundle)
                worth = float(self._levels[np.arange(len(reached)), reached].sum() - branches.cost[place])
                if worth <= self._floor + TINY:
                    continue
            heapq.heappush(self._best, (worth, bundle))
            if len(self._best) > self._most:
                if self._every:
                    return True
                heapq.heappop(self._best)
                self._floor = max(self._floor, self._best[0][0])
        return False


def _fractional(
    gain: NDArray[np.float64], hours: NDArray[np.float64], limit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return, for each row, the most that its runs (best by the hour first) add if the last may be taken in part."""
    sums = np.cumsum(hours, axis=1)
    fits = sums <= limit[:, None]
    whole = (gain * fits).sum(axis=1)
    count = fits.sum(axis=1)
    place = np.minimum(count, hours.shape[1] - 1)
    rows = np.arange(len(limit))
    used = np.where(count > 0, sums[rows, count - 1], 0.0)
    part = np.where(count < hours.shape[1], limit - used, 0.0)
    width = hours[rows, place]
    rest = np.divide(gain[rows, place] * part, width, out=np.zeros(len(limit)), where=width > 0)
    return np.asarray(whole + np.where(count < hours.shape[1], rest, 0.0), dtype=np.float64)
