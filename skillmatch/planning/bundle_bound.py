"""What a bundle is worth at most, run by run: the quick test that spares most of the search."""

import math

import numpy as np
from numpy.typing import NDArray

from skillmatch.planning.problem import HOURS_TOLERANCE

TINY = 1e-9
QUANTILES = (0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.96, 0.98, 0.99, 1.0)
"""Of the gain per hour of all runs: what an hour is tried to cost."""
FEWER = 0.95
"""Another round is worth it if this one left no more than this part of the runs."""


def hopeful_rows(
    raised: NDArray[np.float64],
    seats: NDArray[np.float64],
    hours: NDArray[np.float64],
    limit: float | None,
    floor: float,
) -> tuple[NDArray[np.int64], float]:
    """Return the runs with which a bundle may add more than `floor`, and what none adds more than; see `most_with`.

    A bundle that adds more holds no other runs, so each round may leave out more.
    """
    rows, most = np.arange(len(seats)), max(floor, 0.0)
    while len(rows):
        best = most_with(raised[rows], seats[rows], hours[rows], limit)
        most = max(float(best.max()), floor)
        kept = rows[best > floor + TINY]
        few = len(kept) <= FEWER * len(rows)
        rows = kept
        if not few:
            break
    return rows, most if len(rows) else floor


def most_with(
    raised: NDArray[np.float64], seats: NDArray[np.float64], hours: NDArray[np.float64], limit: float | None
) -> NDArray[np.float64]:
    """Return what any bundle of these runs with run r adds at most, of shape (runs,).

    Let an hour cost mu, and share out what a run costs, seat and hours, over its stakes by what it raises there. In a
    bundle each stake is raised by one run, and by no more than the best run for it does after its share: m_s. With run
    r in the bundle, others add to stake s no more than m_s less what r raises. The best of several mu counts.

    Parameters
    ----------
    raised
        ``raised[r, s]`` is what run r is worth in stake s.
    seats, hours
        What a seat costs (less than nothing: a reward), and hours, of each run.
    limit
        Hours of one person; None: no limit.
    """
    alone = raised.sum(axis=1)
    gain = alone - seats
    rates = gain[gain > 0] / hours[gain > 0]
    mus = [0.0] if limit is None or not len(rates) else [0.0, *np.quantile(rates, QUANTILES)]
    best = np.full(len(seats), math.inf)
    for mu in mus:
        cost = seats + mu * hours
        rewards = -np.minimum(cost, 0.0).sum()
        part = np.divide(np.maximum(cost, 0.0), alone, out=np.ones(len(cost)), where=alone > 0)
        most = np.maximum((raised * (1 - part)[:, None]).max(axis=0, initial=0.0), 0.0)
        others = np.maximum(most - raised, 0.0).sum(axis=1)
        spent = 0.0 if limit is None else mu * (limit + HOURS_TOLERANCE)
        best = np.minimum(best, spent + rewards + gain - mu * hours + others)
    return best
