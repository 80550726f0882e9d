"""The best of each group of columns, many groups at once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Groups:
    """Columns that stand side by side in groups, such as the labels of concepts.

    For speed, values are laid out anew: first the first column of each group, then the second of each that has two, and
    so on, with the groups that have most columns first; so the best of all groups comes from a few long runs.

    Parameters
    ----------
    columns
        `columns[i]` is the column that stands at place i of the new layout.
    order
        The groups, those with most columns first.
    counts
        `counts[s]` groups have more than s columns.
    """

    columns: NDArray[np.intp]
    order: NDArray[np.intp]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, sizes: NDArray[np.intp]) -> Self:
        """Lay out groups of so many columns each (at least one).

        >>> groups = Groups.of(np.array([1, 2]))
        >>> groups.columns.tolist()  # group 1 (columns 1 and 2) is larger
        [1, 0, 2]
        >>> groups.best(np.array([[5.0, 4.0, 7.0]], dtype=np.float32)[:, groups.columns]).tolist()
        [[5.0, 7.0]]
        """
        order = np.argsort(-sizes, kind="stable")
        starts = (np.cumsum(sizes) - sizes)[order]
        counts = tuple(int(np.count_nonzero(sizes > slot)) for slot in range(int(sizes.max(initial=0))))
        runs = [starts[:count] + slot for slot, count in enumerate(counts)]
        return cls(np.concatenate(runs) if runs else np.zeros(0, dtype=np.intp), order, counts)

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Return the place of each column in the new layout."""
        return _inverse(self.columns)

    @cached_property
    def _back(self) -> NDArray[np.intp]:
        return _inverse(self.order)

    @cached_property
    def _plain(self) -> bool:
        """Whether each group is one column, so that there is nothing to do."""
        return len(self.counts) <= 1

    def best(self, values: NDArray[np.float32], leading: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """Return the best value of each group, of shape (n, groups), from values of shape (n, columns) as laid out.

        `leading`: only so many columns of each group count (at least one); None: all.
        """
        if self._plain:
            return values
        best = values[:, : len(self.order)].copy()
        start = 0
        for slot, count in enumerate(self.counts):
            if leading is None:
                np.maximum(best[:, :count], values[:, start : start + count], out=best[:, :count])
            elif slot:
                chosen = np.flatnonzero(leading[self.order[:count]] > slot)
                best[:, chosen] = np.maximum(best[:, chosen], values[:, start + chosen])
            start += count
        return best[:, self._back]


def _inverse(order: NDArray[np.intp]) -> NDArray[np.intp]:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order))
    return inverse
