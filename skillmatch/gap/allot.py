"""Who must have a skill: which roles, and how many of their people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skillmatch.company.measures import Measure
from skillmatch.company.model import Role
from skillmatch.gap.model import Who
from skillmatch.gap.relevance import Relevance
from skillmatch.gap.roles import Fit, RoleFits
from skillmatch.gap.rules import because
from skillmatch.words import Reason

CONCERNED = 0.5
"""Least fit at which a role clearly is one of those that a measure names."""
SPILL = 0.4
"""Least fit or relevance at which a further role is drawn on, where the best one has too few people."""
LEAST_BEARING = 0.3
"""Somebody must carry the skill even where no role fits well; so the fit never counts less than this."""
NEARLY = 0.8
"""Share of the best role's fit or relevance from which a further role is drawn on as well, if that is below `SPILL`."""
COVER = 2
"""People who must have a skill that not everybody needs: with a second person one absence does not stop the work."""
TINY = 5
"""A company with fewer people than this gets by with as many as the measure asks for, or with one."""


@dataclass(frozen=True)
class Share:
    """A role that must have a skill: how many of its people, how well it fits (in [0, 1]), and why."""

    role: str
    people: int
    fit: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Draw:
    """People drawn from one role, in the order of drawing."""

    role: Role
    people: int


def cover(asked: int, roles: Sequence[Role]) -> int:
    """Return how many people must have a skill for which `asked` are enough to do the work.

    >>> few, many = Role(id="a", title="A", people=4), Role(id="b", title="B", people=9)
    >>> cover(1, [few]), cover(1, [many]), cover(2, [few]), cover(3, [few, many])
    (1, 2, 2, 3)
    """
    return max(asked, COVER) if sum(role.people for role in roles) >= TINY else asked


def draw(ranked: Sequence[tuple[float, Role]], wanted: int) -> list[Draw]:
    """Draw `wanted` people from the best roles: all from the first, then from the next ones that fit too.

    These are the roles of at least `SPILL`, or nearly as good as the best (`NEARLY`) where that is below `SPILL`.

    >>> manager, welder = Role(id="m", title="Manager", people=1), Role(id="w", title="Welder", people=8)
    >>> [(one.role.id, one.people) for one in draw([(0.9, manager), (0.5, welder)], 2)]
    [('m', 1), ('w', 1)]
    >>> [(one.role.id, one.people) for one in draw([(0.9, manager), (0.1, welder)], 2)]
    [('m', 1)]
    """
    drawn: list[Draw] = []
    least = min(SPILL, NEARLY * ranked[0][0]) if ranked else 0.0
    for value, role in ranked:
        left = wanted - sum(one.people for one in drawn)
        if left <= 0 or (drawn and value < least):
            break
        drawn.append(Draw(role, min(left, role.people)))
    return drawn


class Allotment:
    """Allots the skills of one adopted measure to the roles of a company."""

    def __init__(self, measure: Measure, roles: Sequence[Role], fits: RoleFits) -> None:
        self.measure = measure
        self.roles = {role.id: role for role in roles}
        self.of_role = fits
        self.lead_fit = fits.fits(measure, "lead")
        self.user_fit = fits.fits(measure, "user")
        self.title = measure.words(fits.knowledge.language)
        self._shares: dict[Who, tuple[Share, ...]] = {}

    def shares(self, who: Who) -> tuple[Share, ...]:
        """Return the roles that must have a skill asked of `who`, best fit first."""
        if who not in self._shares:
            makers = {"lead": self._lead, "user": self._users, "both": self._both}
            self._shares[who] = tuple(sorted(makers[who](), key=lambda share: (-share.fit, share.role)))
        return self._shares[who]

    def fit(self, role: str) -> float:
        """Return how well a role fits any role that the measure names."""
        return max((fits[role].value for fits in (self.lead_fit, self.user_fit) if role in fits), default=0.0)

    def _lead(self) -> list[Share]:
        """Draw people who lead, and cover for each other, from the roles that fit best; see `cover`."""
        fits = self.lead_fit or self.user_fit
        wanted = cover(self.measure.lead_people, list(self.roles.values()))
        drawn = draw(self._ranked(fits), wanted)
        total = sum(one.people for one in drawn)
        shares = []
        for place, one in enumerate(drawn):
            reasons = [self._nearest(one.role, fits)] if fits[one.role.id].value < CONCERNED else []
            rule = "helps to lead" if place else "leads"
            reasons.append(self._reason(rule, one.role, people=one.people, lead_people=wanted))
            if wanted > self.measure.lead_people:
                reasons.append(self._reason("cover", one.role, asked=self.measure.lead_people, wanted=wanted))
            if total < wanted:
                reasons.append(self._reason("few to choose from", one.role, people=total, wanted=wanted))
            shares.append(self._share(one.role, one.people, fits, reasons))
        return shares

    def _users(self) -> list[Share]:
        """Return everybody in each concerned role; where none clearly is, those who lead or some of the nearest."""
        concerned = self._concerned(self.user_fit)
        if concerned or not self.user_fit:
            return concerned or self._lead()
        fit, nearest = self._ranked(self.user_fit)[0]
        if self.lead_fit and max(each.value for each in self.lead_fit.values()) >= fit:
            return self._lead()
        people = min(nearest.people, cover(self.measure.lead_people, list(self.roles.values())))
        return [self._share(nearest, people, self.user_fit, [self._nearest(nearest, self.user_fit)])]

    def _both(self) -> list[Share]:
        """Return everybody in every role concerned, be it to run the measure or to work with it."""
        leading = self._concerned(self.lead_fit) or self._lead()
        by_role = {share.role: share for share in leading}
        for share in self._users():
            other = by_role.get(share.role)
            if other is None or (share.people, share.fit) > (other.people, other.fit):
                by_role[share.role] = share
        return list(by_role.values())

    def _concerned(self, fits: Mapping[str, Fit]) -> list[Share]:
        return [
            self._share(role, role.people, fits, [self._reason("works with it", role)])
            for role in self.roles.values()
            if role.id in fits and fits[role.id].value >= CONCERNED
        ]

    def _ranked(self, fits: Mapping[str, Fit]) -> list[tuple[float, Role]]:
        ranked = [(fits[role.id].value, role) for role in self.roles.values()]
        return sorted(ranked, key=lambda pair: (-pair[0], pair[1].id))

    def _share(self, role: Role, people: int, fits: Mapping[str, Fit], reasons: list[Reason]) -> Share:
        fit = fits[role.id]
        return Share(role.id, people, fit.value, (*reasons, self.of_role.reason(role, fit, self.measure)))

    def _nearest(self, role: Role, fits: Mapping[str, Fit]) -> Reason:
        return self._reason("nearest role", role, title=fits[role.id].title)

    def _reason(self, rule: str, role: Role, **values: str | int) -> Reason:
        return because(rule, role=role.title, measure=self.title, **values)


def allot_by_relevance(
    skill: str,
    label: str,
    roles: Sequence[Role],
    relevance: Mapping[tuple[str, str], Relevance],
    allotments: Sequence[Allotment],
) -> list[Share]:
    """Allot a skill that no measure says more about: `COVER` people of the roles that it belongs to most.

    Parameters
    ----------
    relevance
        By (role id, skill URI).
    allotments
        Those of the measures that the same need is read as; a role that they concern counts with its best fit, if that
        is higher than the relevance.
    """
    wanted = cover(1, roles)
    strength = {
        role.id: max([relevance[role.id, skill].value, *(each.fit(role.id) for each in allotments)]) for role in roles
    }
    ranked = sorted(((strength[role.id], role) for role in roles), key=lambda pair: (-pair[0], pair[1].id))
    drawn = draw(ranked, wanted)
    total = sum(one.people for one in drawn)
    shares = []
    for one in drawn:
        value = relevance[one.role.id, skill].value
        reasons = [because("most relevant", role=one.role.title, skill=label, relevance=value, people=one.people)]
        if wanted > 1:
            reasons.append(because("cover", asked=1, wanted=wanted))
        if total < wanted:
            reasons.append(because("few to choose from", people=total, wanted=wanted))
        shares.append(Share(one.role.id, one.people, strength[one.role.id], tuple(reasons)))
    return shares
