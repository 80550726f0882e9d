"""Problems that a user can mend, and the one exception that carries them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in what the user gave.

    Parameters
    ----------
    where
        Place, from coarse to fine: ``"company.xlsx, sheet Roles, cell C4"``.
    found
        The value as it stands there, or what is missing.
    allowed
        What would be right: a range, a list of values, a format.
    remedy
        What to do, as an instruction.

    Examples
    --------
    >>> print(Problem("staff.xlsx, sheet Roles, cell C4", "-3", "a whole number from 1", "enter the head-count"))
    staff.xlsx, sheet Roles, cell C4: found -3; allowed: a whole number from 1. To mend it: enter the head-count.
    """

    where: str
    found: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}; allowed: {self.allowed}. To mend it: {self.remedy}."


class InputError(Exception):
    """What the user gave cannot be used; `problems` lists everything that is wrong, not only the first thing."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
