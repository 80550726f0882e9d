"""The best of each group of columns, many groups at once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

RUN = 500
"""Columns of an average run from which runs are quicker than going from group to group."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Columns that stand side by side in groups, such as the labels of concepts.

    For speed, values are laid out anew where groups are many and small: first the first column of each group, then the
    second of each that has two, and so on, with the groups that have most columns first; so the best of all groups
    comes from a few long runs. Few large groups stay as they are.

    Parameters
    ----------
    columns
        `columns[i]` is the column that stands at place i of the layout.
    starts
        Where each group begins among the columns.
    order
        The groups, those with most columns first.
    runs
        `runs[s]` groups have more than s columns; empty where the layout is the order of the columns.
    """

    columns: NDArray[np.intp]
    starts: NDArray[np.intp]
    order: NDArray[np.intp]
    runs: tuple[int, ...]

    @classmethod
    def of(cls, sizes: NDArray[np.intp]) -> Self:
        """Lay out groups of so many columns each (at least one).

        >>> groups = Groups.of(np.array([1, 2]))
        >>> groups.best(groups.lay(np.array([[5.0, 4.0, 7.0]], dtype=np.float32))).tolist()
        [[5.0, 7.0]]
        """
        order = np.argsort(-sizes, kind="stable")
        starts = np.cumsum(sizes) - sizes
        total, largest = int(sizes.sum()), int(sizes.max(initial=0))
        if largest <= 1 or total < RUN * largest:
            return cls(np.arange(total), starts, order, ())
        runs = tuple(int(np.count_nonzero(sizes > slot)) for slot in range(largest))
        columns = np.concatenate([starts[order[:count]] + slot for slot, count in enumerate(runs)])
        return cls(columns, starts, order, runs)

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Return the place of each column in the layout."""
        return _inverse(self.columns)

    @cached_property
    def _back(self) -> NDArray[np.intp]:
        return _inverse(self.order)

    def lay(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return values of shape (n, columns) in the order of the layout."""
        return values[:, self.columns] if self.runs else values

    def best(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the best value of each group, of shape (n, groups), from values of shape (n, columns) as laid out."""
        if len(self.starts) == len(self.columns):
            return values
        if not self.runs:
            return np.asarray(np.maximum.reduceat(values, self.starts, axis=1), dtype=np.float32)
        best = values[:, : len(self.order)].copy()
        start = len(self.order)
        for count in self.runs[1:]:
            np.maximum(best[:, :count], values[:, start : start + count], out=best[:, :count])
            start += count
        return best[:, self._back]


def _inverse(order: NDArray[np.intp]) -> NDArray[np.intp]:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order))
    return inverse
