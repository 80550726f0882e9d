"""Roles and what they stand for: the link to an occupation, and the fit of a role to the roles that a measure names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmatch.company.measures import Measure, Part
from skillmatch.company.model import Role
from skillmatch.gap.cooccurrence import NEAR
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import RoleLink
from skillmatch.gap.rules import because
from skillmatch.mapping.model import Match
from skillmatch.words import Reason

LEAST_LINK = 0.35
"""Least score at which the best occupation is taken for a role; below it, the role stands for none."""
ALTERNATIVES = 5
"""Runners-up kept for each role."""

FIT: Mapping[str, float] = {
    "same occupation": 1.0,
    "same unit group": 0.8,
    "same minor group": 0.6,
    "shared skills": 0.8,
    "similar title": 0.6,
}
"""How well a role fits a role of a measure; the best one counts.

Unit group: the first four digits of the ISCO-08 code agree; minor group: the first three. Shared skills count
`SHARED_SCALE` times the cosine of the two occupations' skill profiles, at most this number. A similar title counts this
number times the cosine of the two titles (of the role's own title, or of its occupation's, whichever is nearer).
"""
SHARED_SCALE = 1.5


@dataclass(frozen=True)
class Fit:
    """How well a role fits one role that a measure names: `value` in [0, 1], by which rule, and that role's title."""

    value: float
    rule: str
    title: str


def link_roles(roles: Sequence[Role], knowledge: Knowledge) -> tuple[tuple[RoleLink, ...], tuple[Reason, ...]]:
    """Return the occupation of each role, in their order, and notes on chosen ones that do not exist.

    A chosen occupation is taken as it is (URI, or exact label in any language); else the best of the linker, if its
    score is at least `LEAST_LINK`.
    """
    chosen = [knowledge.find_occupation(role.occupation) if role.occupation else None for role in roles]
    jobs = [(role.title, role.description) for role in roles]
    jobs += [(knowledge.label(uri), "") for uri in chosen if uri]
    found = knowledge.linker.link(jobs, NEAR + 1) if jobs else []
    of_chosen = iter(found[len(roles) :])
    links, notes = [], []
    for role, uri, matches in zip(roles, chosen, found[: len(roles)], strict=True):
        if role.occupation and uri is None:
            notes.append(because("occupation unknown", role=role.title, occupation=role.occupation))
        links.append(_link(role, uri, _ranked(matches), _ranked(next(of_chosen) if uri else matches)))
    return tuple(links), tuple(notes)


def _link(
    role: Role, chosen: str | None, ranked: Sequence[tuple[str, float]], neighbours: Sequence[tuple[str, float]]
) -> RoleLink:
    uri, score = (chosen, 1.0) if chosen else ranked[0] if ranked else (None, 0.0)
    if not chosen and score < LEAST_LINK:
        uri = None
    others = tuple(pair for pair in ranked if pair[0] != uri)[:ALTERNATIVES]
    near = tuple(pair for pair in neighbours if pair[0] != uri)[:NEAR]
    return RoleLink(role.id, uri, score, others, chosen is not None, near)


def _ranked(matches: Sequence[Match]) -> list[tuple[str, float]]:
    return [(match.uri, round(match.score, 4)) for match in matches]


class RoleFits:
    """The fit of each role of a company to the roles of measures; titles are encoded once.

    Parameters
    ----------
    roles, links
        Of one length.
    """

    def __init__(self, roles: Sequence[Role], links: Sequence[RoleLink], knowledge: Knowledge) -> None:
        self.roles = roles
        self.links = {link.role: link for link in links}
        self.knowledge = knowledge
        own = knowledge.encoder.encode([role.title for role in roles])
        self._own: dict[str, NDArray[np.float32]] = {role.id: row for role, row in zip(roles, own, strict=True)}

    def fits(self, measure: Measure, part: Part) -> dict[str, Fit]:
        """Return role id -> its best fit to the roles that play `part` in the measure; empty if there are none."""
        theirs = [each for each in measure.roles if each.part == part]
        if not theirs:
            return {}
        vectors = self.knowledge.vectors([each.title for each in theirs])
        found = {}
        for role in self.roles:
            likeness = self._likeness(role.id, vectors)
            each_fit = [
                self._fit(self.links[role.id].occupation, each.occupation, each.title, float(cosine))
                for each, cosine in zip(theirs, likeness, strict=True)
            ]
            found[role.id] = max(each_fit, key=lambda fit: fit.value)
        return found

    def _likeness(self, role: str, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of the role and each of the titles whose vectors are given."""
        cosines = vectors @ self._own[role]
        occupation = self.links[role].occupation
        if occupation:
            label = self.knowledge.vectors([self.knowledge.taxonomy.label(occupation)])[0]
            cosines = np.maximum(cosines, vectors @ label)
        clipped: NDArray[np.float32] = np.clip(cosines, 0, 1)
        return clipped

    def _fit(self, ours: str | None, theirs: str, title: str, likeness: float) -> Fit:
        values = {"similar title": round(FIT["similar title"] * likeness, 4)}
        if ours:
            values |= {rule: FIT[rule] for rule in _shared(ours, theirs, self.knowledge)}
            values["shared skills"] = round(
                min(FIT["shared skills"], SHARED_SCALE * self._shared_skills(ours, theirs)), 4
            )
        rule = max(values, key=lambda name: (values[name], name))
        return Fit(values[rule], rule, title)

    def _shared_skills(self, ours: str, theirs: str) -> float:
        """Return the cosine of the skill profiles of two occupations."""
        mine, other = self.knowledge.profile(ours), self.knowledge.profile(theirs)
        return sum(part * other[skill] for skill, part in mine.items() if skill in other)

    def reason(self, role: Role, fit: Fit, measure: Measure) -> Reason:
        """Return why a role fits, as data."""
        occupation = self.links[role.id].occupation
        return because(
            fit.rule,
            role=role.title,
            occupation=self.knowledge.label(occupation) if occupation else "",
            title=fit.title,
            measure=measure.words(self.knowledge.language),
            fit=fit.value,
        )


def _shared(ours: str, theirs: str, knowledge: Knowledge) -> list[str]:
    """Return the rules by which two occupations go together."""
    if ours == theirs:
        return ["same occupation"]
    if not knowledge.has_occupation(theirs):
        return []
    mine, other = knowledge.taxonomy.occupation(ours).isco, knowledge.taxonomy.occupation(theirs).isco
    digits = {4: "same unit group", 3: "same minor group"}
    return [rule for count, rule in digits.items() if len(mine) >= count and mine[:count] == other[:count]]
