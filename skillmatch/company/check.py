"""What must hold between the parts of a company: identifiers, references, dates; every breach at once."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from skillmatch.company.cells import plain
from skillmatch.company.model import Company
from skillmatch.errors import Problem

Locate = Callable[[str, int, str], str]
"""Called with (part of the company, index in it, field); returns the place for the message."""

EMAIL = re.compile(r"\S+@\S+\.\S+")
REQUIRED_BY_KIND: Mapping[str, tuple[str, ...]] = {
    "skill not meant": ("need", "skill"),
    "skill added": ("need", "skill"),
    "measure not meant": ("need", "measure"),
    "not required": ("role", "skill"),
    "required": ("role", "skill"),
    "offer excluded": ("offer",),
    "offer pinned": ("offer",),
}


def in_words(part: str, index: int, field: str) -> str:
    """Return a place for a company that comes from no file.

    >>> in_words("roles", 0, "title")
    'the company, roles number 1, title'
    """
    return f"the company, {part} number {index + 1}, {field}" if index >= 0 else f"the company, {field}"


def check_company(company: Company, locate: Locate = in_words) -> tuple[Problem, ...]:
    """Return everything that does not fit together in `company`; empty if all is well.

    `locate` says where each part stands, for example in which cell of a workbook.
    """
    checks = (_unique, _references, _people, _dates, _corrections)
    return tuple(problem for check in checks for problem in check(company, locate))


def _unique(company: Company, locate: Locate) -> Iterator[Problem]:
    for part, field, values in (
        ("roles", "title", [plain(role.title) for role in company.roles]),
        ("roles", "id", [role.id for role in company.roles]),
        ("needs", "id", [need.id for need in company.needs]),
        ("people", "person", [person.id for person in company.people]),
    ):
        counts = Counter(values)
        for index, value in enumerate(values):
            if counts[value] > 1 and values.index(value) < index:
                found = getattr(getattr(company, part)[index], "id" if field == "person" else field)
                yield Problem(
                    locate(part, index, field), repr(found), "each one once",
                    "put the two rows together, or tell them apart (for example: early shift)",
                )  # fmt: skip


def _references(company: Company, locate: Locate) -> Iterator[Problem]:
    roles = {role.id for role in company.roles}
    people = {person.id for person in company.people}
    titles = ", ".join(role.title for role in company.roles) or "nothing, as there is no role"
    for index, person in enumerate(company.people):
        if person.role not in roles:
            yield Problem(locate("people", index, "role"), repr(person.role), titles, "name a role of the sheet Roles")
    for index, held in enumerate(company.held):
        if (held.role is None) == (held.person is None):
            yield Problem(locate("held", index, "role"), "both or neither", "a role or a person", "name one of the two")
        elif held.role is not None and held.role not in roles:
            yield Problem(locate("held", index, "role"), repr(held.role), titles, "name a role of the sheet Roles")
        elif held.person is not None and held.person not in people:
            allowed = ", ".join(sorted(people)) or "nothing, as there is nobody in People"
            yield Problem(
                locate("held", index, "person"), repr(held.person), allowed, "name a person of the sheet People"
            )


def _people(company: Company, locate: Locate) -> Iterator[Problem]:
    titles = {role.id: role.title for role in company.roles}
    room = Counter({role.id: role.people for role in company.roles})
    for index, person in enumerate(company.people):
        room[person.role] -= 1
        if room[person.role] == -1 and person.role in titles:
            found = f"more people than {titles[person.role]} has"
            allowed = "at most the head-count of the role"
            remedy = "raise the head-count in Roles, or correct the role here"
            yield Problem(locate("people", index, "role"), found, allowed, remedy)
        if EMAIL.search(person.id):
            yield Problem(
                locate("people", index, "person"), "an e-mail address", "a pseudonym such as P-07",
                "replace it by a code that only you can resolve",
            )  # fmt: skip


def _dates(company: Company, locate: Locate) -> Iterator[Problem]:
    limits = company.constraints
    if limits.end < limits.start:
        allowed = f"{limits.start} or later"
        yield Problem(
            locate("constraints", -1, "end"), str(limits.end), allowed, "correct the start or the end of the plan"
        )
        return
    for index, need in enumerate(company.needs):
        if need.due is not None and need.due < limits.start:
            allowed = f"a date from {limits.start}, when the plan starts"
            yield Problem(
                locate("needs", index, "due"), str(need.due), allowed, "correct the date or the start of the plan"
            )


def _corrections(company: Company, locate: Locate) -> Iterator[Problem]:
    roles = {role.id: role.title for role in company.roles}
    needs = {need.id: need.id for need in company.needs}
    for index, correction in enumerate(company.corrections):
        for field in REQUIRED_BY_KIND[correction.kind]:
            if not getattr(correction, field):
                allowed = f"a {field}, because the decision is {correction.kind!r}"
                yield Problem(locate("corrections", index, field), "nothing", allowed, f"fill in the {field}")
        for field, value, known in (("role", correction.role, roles), ("need", correction.need, needs)):
            if value is not None and value not in known:
                allowed = ", ".join(sorted(known.values())) or "nothing"
                remedy = "correct it, or delete the decision if it is out of date"
                yield Problem(locate("corrections", index, field), repr(value), allowed, remedy)
