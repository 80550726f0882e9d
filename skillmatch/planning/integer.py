"""A thin layer over HiGHS (through scipy): variables and rows are added one by one, then solved as often as needed."""

import math
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

INFEASIBLE = 2
"""The status that `scipy.optimize.milp` gives where nothing satisfies all rows."""

Terms = Mapping[int, float]
"""Column -> coefficient."""


@dataclass(frozen=True)
class Answer:
    """What the solver says.

    `values` are those of all variables (None: nothing found); `objective` is theirs, `bound` what no solution passes;
    `proven`: the two agree within the gap asked for; `infeasible`: it is proven that nothing satisfies all rows.
    """

    values: NDArray[np.float64] | None
    objective: float
    bound: float
    proven: bool
    infeasible: bool


class _Silence:
    """Keeps the process's standard output clean while any solve is under way: HiGHS writes debugging lines to it.

    Solves in several threads share one redirection, which ends with the last of them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._depth = 0
        self._kept = -1

    def __enter__(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                sys.stdout.flush()
                self._kept = os.dup(1)
                empty = os.open(os.devnull, os.O_WRONLY)
                os.dup2(empty, 1)
                os.close(empty)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                os.dup2(self._kept, 1)
                os.close(self._kept)


_silence = _Silence()


class IntegerModel:
    """Variables from 0 to an upper bound, and rows ``low <= sum of coefficient x variable <= high``."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self._whole: list[int] = []
        self._rows: list[tuple[Terms, float, float]] = []
        self._built: LinearConstraint | None = None

    def column(self, upper: float = math.inf, *, whole: bool = False) -> int:
        """Add a variable in [0, upper] and return its number."""
        self.upper.append(upper)
        self._whole.append(int(whole))
        return len(self.upper) - 1

    def row(self, terms: Terms, low: float = -math.inf, high: float = math.inf) -> None:
        """Add a row; one without variables is left out."""
        if terms:
            self._rows.append((terms, low, high))
            self._built = None

    def at_most(self, columns: Sequence[int], limit: float) -> None:
        """Bound the sum of some variables, unless their own bounds do so already."""
        if sum(self.upper[column] for column in columns) > limit:
            self.row(dict.fromkeys(columns, 1.0), high=limit)

    def minimise(
        self, costs: Terms, *extra: tuple[Terms, float, float], seconds: float, gap: float, keep: bool = True
    ) -> Answer:
        """Minimise ``sum of cost x variable`` under all rows and the `extra` ones.

        Parameters
        ----------
        costs
            Column -> cost; other variables cost nothing.
        extra
            Rows for this call only: (terms, low, high).
        seconds
            Time limit.
        gap
            Relative distance of objective and bound at which the search may stop.
        keep
            Whether the matrix of the rows is kept for the next call.
        """
        if not self.upper:
            return Answer(np.zeros(0), 0.0, 0.0, proven=True, infeasible=False)
        objective = np.zeros(len(self.upper))
        objective[list(costs)] = list(costs.values())
        if self._built is None or not keep:
            self._built = self._constraint(self._rows)
        constraints = [self._built] if self._rows else []
        if rows := [row for row in extra if row[0]]:
            constraints.append(self._constraint(rows))
        with _silence:
            found = milp(
                objective,
                integrality=np.array(self._whole),
                bounds=Bounds(0, np.array(self.upper)),
                constraints=constraints,
                options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
            )
        bound = -math.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        if found.x is None:
            return Answer(None, math.inf, bound, proven=False, infeasible=found.status == INFEASIBLE)
        return Answer(found.x, float(found.fun), bound, proven=found.status == 0, infeasible=False)

    def _constraint(self, rows: Sequence[tuple[Terms, float, float]]) -> LinearConstraint:
        """Return rows as one sparse matrix with their limits."""
        ends = np.cumsum([0, *(len(terms) for terms, _, _ in rows)])
        columns = np.fromiter((column for terms, _, _ in rows for column in terms), dtype=np.int32)
        values = np.fromiter((value for terms, _, _ in rows for value in terms.values()), dtype=np.float64)
        matrix = csr_matrix((values, columns, ends), shape=(len(rows), len(self.upper)))
        return LinearConstraint(matrix, np.array([row[1] for row in rows]), np.array([row[2] for row in rows]))
