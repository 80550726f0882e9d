"""A thin layer over HiGHS (through scipy): variables and rows are added one by one, then solved as often as needed."""

import math
import os
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

INFEASIBLE = 2
"""The status that scipy gives where nothing satisfies all rows."""

Terms = Mapping[int, float]
"""Column -> coefficient."""


@dataclass(frozen=True)
class Answer:
    """What the integer solver says.

    `values` are those of all variables (None: nothing found); `objective` is theirs, `bound` what no solution passes;
    `infeasible`: it is proven that nothing satisfies all rows.
    """

    values: NDArray[np.float64] | None
    objective: float
    bound: float
    infeasible: bool


@dataclass(frozen=True)
class Relaxed:
    """The optimum without whole numbers; `prices[i]` is by how much the objective changes with the limit of row i."""

    values: NDArray[np.float64]
    objective: float
    prices: NDArray[np.float64]


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
        self._low: list[float] = []
        self._high: list[float] = []
        self._entries: tuple[list[int], list[int], list[float]] = ([], [], [])

    def column(self, upper: float = math.inf, *, whole: bool = False) -> int:
        """Add a variable in [0, upper] and return its number."""
        self.upper.append(upper)
        self._whole.append(int(whole))
        return len(self.upper) - 1

    def row(self, terms: Terms, low: float = -math.inf, high: float = math.inf) -> int:
        """Add a row and return its number."""
        self._low.append(low)
        self._high.append(high)
        number = len(self._low) - 1
        self.extend(number, terms.items())
        return number

    def extend(self, row: int, terms: Iterable[tuple[int, float]]) -> None:
        """Add terms to a row."""
        rows, columns, values = self._entries
        for column, value in terms:
            rows.append(row)
            columns.append(column)
            values.append(value)

    def limit(self, row: int, low: float = -math.inf, high: float = math.inf) -> None:
        """Change the limits of a row."""
        self._low[row], self._high[row] = low, high

    def at_most(self, columns: Sequence[int], limit: float) -> None:
        """Bound the sum of some variables, unless their own bounds do so already."""
        if sum(self.upper[column] for column in columns) > limit:
            self.row(dict.fromkeys(columns, 1.0), high=limit)

    def minimise(self, costs: Terms, *, seconds: float, gap: float, known: float = math.inf) -> Answer:
        """Minimise ``sum of cost x variable`` in whole numbers where those are asked for.

        Parameters
        ----------
        costs
            Column -> cost; other variables cost nothing.
        seconds
            Time limit.
        gap
            Relative distance of objective and bound at which the search may stop.
        known
            Objective of a solution that is known to satisfy all rows (infinite: none is). HiGHS is asked again, without
            presolve, if it contradicts that: version 1.12 sometimes finds such programmes infeasible.
        """
        if not self.upper:
            return Answer(np.zeros(0), 0.0, 0.0, infeasible=any(low > 0 for low in self._low))
        answer = self._ask(costs, seconds, gap, presolve=True)
        if answer.infeasible or answer.bound > known + 1e-6 * max(1.0, abs(known)):
            answer = self._ask(costs, seconds, gap, presolve=False)
        return answer

    def _ask(self, costs: Terms, seconds: float, gap: float, *, presolve: bool) -> Answer:
        with _silence:
            found = milp(
                self._objective(costs),
                integrality=np.array(self._whole),
                bounds=Bounds(0, np.array(self.upper)),
                constraints=LinearConstraint(self._matrix(), np.array(self._low), np.array(self._high)),
                options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap, "presolve": presolve},
            )
        bound = -math.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        if found.x is None:
            return Answer(None, math.inf, bound, infeasible=found.status == INFEASIBLE)
        return Answer(found.x, float(found.fun), bound, infeasible=False)

    def relax(self, costs: Terms, *, seconds: float) -> Relaxed | None:
        """Minimise without asking for whole numbers; None if that fails or takes too long."""
        if not self.upper:
            return Relaxed(np.zeros(0), 0.0, np.zeros(len(self._low)))
        low, high, matrix = np.array(self._low), np.array(self._high), self._matrix()
        equal = low == high
        above, below = np.isfinite(high) & ~equal, np.isfinite(low) & ~equal
        parts = [matrix[above], -matrix[below]]
        with _silence:
            found = linprog(  # type: ignore[call-overload]  # its stubs do not know sparse matrices
                self._objective(costs),
                A_ub=csr_matrix(_stack(parts, matrix.shape[1])),
                b_ub=np.concatenate([high[above], -low[below]]),
                A_eq=matrix[equal],
                b_eq=high[equal],
                bounds=np.column_stack([np.zeros(len(self.upper)), np.array(self.upper)]),
                method="highs",
                options={"time_limit": max(seconds, 0.01)},
            )
        if found.status != 0 or found.x is None:
            return None
        prices = np.zeros(len(low))
        count = int(above.sum())
        prices[above] = found.ineqlin.marginals[:count]
        prices[below] -= found.ineqlin.marginals[count:]
        prices[equal] = found.eqlin.marginals
        prices[above & ~below] = np.minimum(prices[above & ~below], 0.0)
        prices[below & ~above] = np.maximum(prices[below & ~above], 0.0)
        return Relaxed(found.x, float(found.fun), prices)

    def bound_at(self, costs: Terms, prices: NDArray[np.float64], columns: int) -> float:
        """Return a bound from below on the objective, at any prices of the rows, as far as the first `columns` go.

        It is the Lagrangian: each row is given up for its price, and each variable then takes the better of its bounds.
        Prices of rows with an upper limit only must not be positive, with a lower limit only not negative.
        """
        low, high = np.array(self._low), np.array(self._high)
        limits = np.where(prices < 0, high, low)
        reduced = (self._objective(costs) - self._matrix().T @ prices)[:columns]
        free = np.where(reduced < -1e-9, reduced, 0.0)
        return float(np.where(prices == 0, 0.0, prices * np.where(prices == 0, 0.0, limits)).sum()) + float(
            np.where(free == 0, 0.0, free * np.where(free == 0, 0.0, np.array(self.upper)[:columns])).sum()
        )

    def _objective(self, costs: Terms) -> NDArray[np.float64]:
        objective = np.zeros(len(self.upper))
        objective[list(costs)] = list(costs.values())
        return objective

    def _matrix(self) -> csr_matrix:
        rows, columns, values = self._entries
        return csr_matrix((values, (rows, columns)), shape=(len(self._low), len(self.upper)))


def _stack(parts: Sequence[csr_matrix], columns: int) -> csr_matrix:
    from scipy.sparse import vstack

    full = [part for part in parts if part.shape[0]]
    return csr_matrix(vstack(full)) if full else csr_matrix((0, columns))
