"""Measures of a ranking, for one query each, and the interval of their mean."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 0

Metric = Callable[[Sequence[int], int], float]
"""Takes the ranks of the relevant items (1 is first, sorted) and how many relevant items there are; returns [0, 1]."""


def reciprocal_rank(ranks: Sequence[int], relevant: int) -> float:
    """Return 1 / rank of the first relevant item, 0 if none is ranked.

    >>> reciprocal_rank([2, 5], 2)
    0.5
    """
    return 1 / ranks[0] if ranks else 0.0


def r_precision_at(k: int) -> Metric:
    """Return RP@k: relevant items among the first k, divided by the smaller of k and the number of relevant items.

    >>> r_precision_at(5)([2, 5, 9], 3), r_precision_at(1)([2, 5, 9], 3)
    (0.6666666666666666, 0.0)
    """
    return lambda ranks, relevant: sum(rank <= k for rank in ranks) / min(k, relevant) if relevant else 0.0


def accuracy_at(k: int) -> Metric:
    """Return A@k: 1 if any relevant item is among the first k, else 0.

    >>> accuracy_at(5)([7], 1), accuracy_at(10)([7], 1)
    (0.0, 1.0)
    """
    return lambda ranks, relevant: float(bool(ranks) and ranks[0] <= k)


def ndcg_at(k: int, ranking: Sequence[str], gains: Mapping[str, float]) -> float:
    """Return nDCG@k with graded relevance: gain ``2 ** grade - 1``, discount ``log2(rank + 1)``.

    >>> round(ndcg_at(2, ["b", "a"], {"a": 2, "b": 1}), 3)
    0.797
    """
    best = sorted((2**grade - 1 for grade in gains.values()), reverse=True)[:k]
    got = [2 ** gains.get(item, 0) - 1 for item in ranking[:k]]
    ideal = _discounted(best)
    return _discounted(got) / ideal if ideal else 0.0


def ranks_of(relevant: Collection[str], ranking: Sequence[str]) -> list[int]:
    """Return the ranks of the relevant items, sorted; those that are not ranked are left out.

    >>> ranks_of({"c", "a", "x"}, ["a", "b", "c"])
    [1, 3]
    """
    return [rank for rank, item in enumerate(ranking, start=1) if item in relevant]


@dataclass(frozen=True)
class Mean:
    """Mean over queries in percent, and the 95 % interval of the bootstrap over queries."""

    value: float
    low: float
    high: float


def bootstrap_mean(values: Sequence[float]) -> Mean:
    """Return the mean of values in [0, 1], in percent, with its interval: percentiles of 2,000 resamples, seed fixed.

    >>> bootstrap_mean([1.0, 1.0])
    Mean(value=100.0, low=100.0, high=100.0)
    """
    array: NDArray[np.float64] = np.asarray(values, dtype=np.float64) * 100
    chosen = np.random.default_rng(SEED).integers(0, len(array), (RESAMPLES, len(array)))
    low, high = np.percentile(array[chosen].mean(axis=1), [2.5, 97.5])
    return Mean(round(float(array.mean()), 2), round(float(low), 2), round(float(high), 2))


def calibration_error(probability: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the mean distance of stated and true frequency, over bins of equal width, weighted by their size.

    >>> calibration_error(np.array([0.85, 0.85, 0.05]), np.array([True, False, False]))
    0.25
    """
    if not len(right):
        return 0.0
    place = np.minimum((probability * bins).astype(int), bins - 1)
    errors = [
        abs(float(probability[place == one].mean() - right[place == one].mean())) * float((place == one).mean())
        for one in np.unique(place)
    ]
    return round(sum(errors), 10)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
