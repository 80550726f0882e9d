"""SkillMatch: which skills a change needs, which roles lack them, and the best training plan for the money.

The names below are loaded when first used, so that importing the package (and `skillmatch --help`) stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillmatch.company.workbook import read_workbook, write_template
    from skillmatch.errors import InputError
    from skillmatch.flow import answer, load_catalogue
    from skillmatch.gap.knowledge import Knowledge
    from skillmatch.planning.plan import read_plan, write_plan

__all__ = [
    "InputError",
    "Knowledge",
    "answer",
    "load_catalogue",
    "read_plan",
    "read_workbook",
    "write_plan",
    "write_template",
]

_HOMES = {
    "InputError": "skillmatch.errors",
    "Knowledge": "skillmatch.gap.knowledge",
    "answer": "skillmatch.flow",
    "load_catalogue": "skillmatch.flow",
    "read_plan": "skillmatch.planning.plan",
    "read_workbook": "skillmatch.company.workbook",
    "write_plan": "skillmatch.planning.plan",
    "write_template": "skillmatch.company.workbook",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'skillmatch' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
