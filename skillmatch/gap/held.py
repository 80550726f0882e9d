"""What is held: what an occupation lets one assume, and what the user says about roles and people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from skillmatch.company.model import Company, Held, Role
from skillmatch.gap.credit import credit, kin
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import RoleLink
from skillmatch.gap.resolve import Resolved
from skillmatch.gap.rules import because
from skillmatch.words import Reason

ASSUMED: Mapping[str, int] = {"essential": 2, "optional": 1}
"""Level assumed for a skill that ESCO lists for the role's occupation."""
EVIDENCE: Mapping[str, tuple[str, float]] = {
    "certificate": ("certificate", 1.0),
    "confirmed": ("confirmed by somebody else", 0.9),
    "stated": ("self-stated", 0.7),
    "assumed": ("assumed from the occupation", 0.5),
    "related": ("credit for a related skill", 0.5),
    "none": ("nothing", 1.0),
}
"""Kind of evidence -> its name, and how sure the level is (judgement). Of equal levels the surer evidence counts."""


@dataclass(frozen=True)
class Standing:
    """A level, and the kind of evidence for it, a key of `EVIDENCE`."""

    level: int
    evidence: str


NOTHING = Standing(0, "none")


@dataclass(frozen=True)
class Holding:
    """The levels that a role's people have in one skill, those with a pseudonym first, by id; and why.

    `evidence[i]` is the kind of evidence for ``levels[i]``; `opens` the first day on which people are missing, where
    there are enough on the first day of the plan and too few on the last, else None.
    """

    levels: tuple[int, ...]
    evidence: tuple[str, ...]
    opens: date | None
    reasons: tuple[Reason, ...]


class HeldSkills:
    """Answers who has what; made once for an analysis.

    What the user says of a person counts for that person, else what is said of the role, else what its occupation lets
    one assume, else credit for related skills. Evidence that ends before the plan does not count at its end; of several
    statements that count, the highest does, then the surest.

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
        self.start, self.end = company.constraints.start, company.constraints.end
        self.roles = {role.id: role for role in company.roles}
        self.occupation = {link.role: link.occupation for link in links}
        self.related = {
            link.role: knowledge.taxonomy.skills_of(link.occupation) if link.occupation else {} for link in links
        }
        self.resolved = resolved
        self.notes: list[Reason] = []
        self._kin: dict[str, dict[str, str]] = {}
        self.people = {role: sorted(each.id for each in company.people if each.role == role) for role in self.roles}
        self._stated: dict[str, dict[str, list[Held]]] = {}
        for held in company.held:
            self._take(held)

    def _take(self, held: Held) -> None:
        uri = self.resolved[held.skill].uri
        if uri is None:
            self.notes.append(because("held not understood", words=held.skill, holder=self._holder(held)))
        else:
            self._stated.setdefault(held.person or held.role or "", {}).setdefault(uri, []).append(held)

    def _holder(self, held: Held) -> str:
        return held.person or self.roles[held.role or ""].title

    def holding(self, role: Role, skill: str, level: int, people: int) -> Holding:
        """Return what a role's people hold at the end of the plan, of a skill that `people` need at `level`."""
        reasons: list[Reason] = []
        at_end = self._on(self.end, role, skill, level, reasons)
        if not any(each.level for each in at_end) and not reasons:
            reasons.append(because("nothing held", role=role.title))
        opens = self._opens(role, skill, level, people)
        if opens:
            reasons.append(because("opens", role=role.title, skill=self.knowledge.label(skill), date=opens.isoformat()))
        return Holding(
            tuple(each.level for each in at_end), tuple(each.evidence for each in at_end), opens, tuple(reasons)
        )

    def on(self, day: date, role: Role, skill: str, wanted: int) -> list[Standing]:
        """Return what each of a role's people holds on a day of a skill that is wanted at a level."""
        return self._on(day, role, skill, wanted, [])

    def _opens(self, role: Role, skill: str, level: int, people: int) -> date | None:
        """Return the first day after the start on which fewer than `people` have the level; None if it is the start."""
        holders = [role.id, *self.people[role.id]]
        ends = [
            held.expires for holder in holders for held in self._stated.get(holder, {}).get(skill, ()) if held.expires
        ]
        days = sorted({day for end in ends if self.start < (day := end + timedelta(days=1)) <= self.end})
        if not days:
            return None
        for day in (self.start, *days):
            levels = [each.level for each in self.on(day, role, skill, level)]
            if sum(each >= level for each in levels) < people:
                return day if day != self.start else None
        return None

    def _on(self, day: date, role: Role, skill: str, wanted: int, reasons: list[Reason]) -> list[Standing]:
        """Return what each of a role's people holds on a day."""
        common = self._said(role.id, skill, day, reasons)
        if common is None:
            common = self._assumed(role, skill, reasons) or self._credited(role.id, role, skill, wanted, day, reasons)
        found = [common] * role.people
        for place, person in enumerate(self.people[role.id][: role.people]):
            own = self._said(person, skill, day, reasons)
            if own is None and person in self._stated:
                credited = self._credited(person, None, skill, wanted, day, reasons)
                own = credited if credited.level > common.level else None
            found[place] = common if own is None else own
        return found

    def _kin_of(self, skill: str) -> dict[str, str]:
        if skill not in self._kin:
            self._kin[skill] = kin(skill, self.knowledge)
        return self._kin[skill]

    def _assumed(self, role: Role, skill: str, reasons: list[Reason]) -> Standing | None:
        relation, occupation = self.related[role.id].get(skill), self.occupation[role.id]
        if relation is None or occupation is None:
            return None
        level = ASSUMED[relation]
        label, job = self.knowledge.label(skill), self.knowledge.label(occupation)
        reasons.append(because(f"assumed {relation}", level=level, skill=label, occupation=job))
        return Standing(level, "assumed")

    def _said(self, holder: str, skill: str, day: date, reasons: list[Reason]) -> Standing | None:
        """Return what statements give a role or person on a day; None if there is none, nothing if all expired."""
        statements = self._stated.get(holder, {}).get(skill)
        if statements is None:
            return None
        best = NOTHING
        for held in sorted(
            statements, key=lambda each: (-each.level, -EVIDENCE[each.evidence][1], each.expires or date.max)
        ):
            found = self.resolved[held.skill]
            if not found.exact:
                label = self.knowledge.label(skill)
                reasons.append(because("understood as", words=held.skill, skill=label, score=found.probability))
            if held.expires and held.expires < day:
                until, end = held.expires.isoformat(), self.end.isoformat()
                reasons.append(because("expired", holder=self._holder(held), expires=until, end=end))
                continue
            best = max(best, Standing(held.level, held.evidence), key=lambda each: each.level)
            who, rule = self._holder(held), "held by person" if held.person else "held by role"
            name, certainty = EVIDENCE[held.evidence]
            reasons.append(because(rule, holder=who, level=held.level, evidence=name, certainty=certainty))
        return best

    def _credited(
        self, holder: str, role: Role | None, skill: str, wanted: int, day: date, reasons: list[Reason]
    ) -> Standing:
        """Return the credit of a person, or of a role with what its occupation lets one assume, for related skills."""
        levels = {}
        assumed = self.related[role.id] if role else {}
        for uri, relation in self._kin_of(skill).items():
            said = self._said(holder, uri, day, [])
            level = said.level if said else ASSUMED[assumed[uri]] if said is None and uri in assumed else 0
            levels[uri] = credit(relation, level, wanted)
        best = max(sorted(levels), key=levels.__getitem__, default=None)
        if best is None or not levels[best]:
            return NOTHING
        names = {"skill": self.knowledge.label(skill), "other": self.knowledge.label(best)}
        who = role.title if role else holder
        relation = self._kin_of(skill)[best]
        reasons.append(because("credit", holder=who, level=levels[best], relation=relation, **names))
        return Standing(levels[best], "related")
