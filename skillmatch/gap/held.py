"""What is held: what an occupation lets one assume, and what the user says about roles and people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from skillmatch.company.model import Company, Held, Role
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import RoleLink
from skillmatch.gap.resolve import Resolved
from skillmatch.gap.rules import because
from skillmatch.words import Reason

ASSUMED: Mapping[str, int] = {"essential": 2, "optional": 1}
"""Level assumed for a skill that ESCO lists for the role's occupation."""


@dataclass(frozen=True)
class Holding:
    """The levels that a role's people have in one skill, those with a pseudonym first, by id; and why."""

    levels: tuple[int, ...]
    reasons: tuple[Reason, ...]


class HeldSkills:
    """Answers who has what; made once for an analysis.

    What the user says of a person counts for that person, else what is said of the role, else what its occupation lets
    one assume. Evidence that ends before the plan does not count; of several statements that count, the highest does.

    Parameters
    ----------
    links
        Of the roles, in their order.
    resolved
        What the words of held skills name.
    """

    def __init__(
        self, company: Company, links: Sequence[RoleLink], resolved: Mapping[str, Resolved], knowledge: Knowledge
    ) -> None:
        self.knowledge = knowledge
        self.end = company.constraints.end
        self.roles = {role.id: role for role in company.roles}
        self.occupation = {link.role: link.occupation for link in links}
        self.related = {
            link.role: knowledge.taxonomy.skills_of(link.occupation) if link.occupation else {} for link in links
        }
        self.resolved = resolved
        self.notes: list[Reason] = []
        self.people = {role: sorted(each.id for each in company.people if each.role == role) for role in self.roles}
        self._stated: dict[tuple[str, str], list[Held]] = {}
        for held in company.held:
            self._take(held)

    def _take(self, held: Held) -> None:
        uri = self.resolved[held.skill].uri
        if uri is None:
            self.notes.append(because("held not understood", words=held.skill, holder=self._holder(held)))
        else:
            self._stated.setdefault((held.person or held.role or "", uri), []).append(held)

    def _holder(self, held: Held) -> str:
        return held.person or self.roles[held.role or ""].title

    def holding(self, role: Role, skill: str) -> Holding:
        """Return the levels of a role's people in a skill."""
        reasons: list[Reason] = []
        common = self._level(role.id, skill, reasons)
        if common is None:
            common = self._assumed(role, skill, reasons)
        levels = [common] * role.people
        for place, person in enumerate(self.people[role.id][: role.people]):
            own = self._level(person, skill, reasons)
            levels[place] = common if own is None else own
        if not any(levels) and not reasons:
            reasons.append(because("nothing held", role=role.title))
        return Holding(tuple(levels), tuple(reasons))

    def _assumed(self, role: Role, skill: str, reasons: list[Reason]) -> int:
        relation, occupation = self.related[role.id].get(skill), self.occupation[role.id]
        if relation is None or occupation is None:
            return 0
        level = ASSUMED[relation]
        label, job = self.knowledge.label(skill), self.knowledge.label(occupation)
        reasons.append(because(f"assumed {relation}", level=level, skill=label, occupation=job))
        return level

    def _level(self, holder: str, skill: str, reasons: list[Reason]) -> int | None:
        """Return the level that statements give a role or person; None if there is no statement, 0 if all expired."""
        statements = self._stated.get((holder, skill))
        if statements is None:
            return None
        level = 0
        for held in sorted(statements, key=lambda each: (-each.level, each.evidence, each.expires or date.max)):
            found = self.resolved[held.skill]
            if not found.exact:
                label = self.knowledge.label(skill)
                reasons.append(because("understood as", words=held.skill, skill=label, score=found.probability))
            if held.expires and held.expires < self.end:
                until, end = held.expires.isoformat(), self.end.isoformat()
                reasons.append(because("expired", holder=self._holder(held), expires=until, end=end))
                continue
            level = max(level, held.level)
            who, rule = self._holder(held), "held by person" if held.person else "held by role"
            reasons.append(because(rule, holder=who, level=held.level, evidence=held.evidence))
        return level
