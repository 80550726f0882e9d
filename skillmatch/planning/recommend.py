"""Which offers fit which gaps: a score for each offer and role, as a visible sum of named parts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields

import numpy as np
from numpy.typing import NDArray

from skillmatch.company.model import Company
from skillmatch.errors import InputError, Problem
from skillmatch.gap.model import GapAnalysis
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.model import Offer
from skillmatch.planning.eligibility import REMOTE, obstacles
from skillmatch.planning.gains import Gains, all_gains, gain_table
from skillmatch.planning.rules import RULES
from skillmatch.words import Reason, render

HALF_COST_EUR = 500.0
"""Price of a person's full gap at which the part for cost is one half."""
HALF_HOURS = 24.0
"""Hours for a person's full gap at which the part for hours is one half."""


@dataclass(frozen=True)
class RecommendationWeights:
    """How much each part counts; the weights add up to 1."""

    gap: float = 0.40
    level: float = 0.15
    pact: float = 0.10
    access: float = 0.10
    cost: float = 0.15
    hours: float = 0.10

    def __post_init__(self) -> None:
        values = {part.name: float(getattr(self, part.name)) for part in fields(self)}
        if any(value < 0 for value in values.values()) or abs(sum(values.values()) - 1) > 1e-9:
            found = ", ".join(f"{name} {value:g}" for name, value in values.items())
            allowed = "weights of 0 or more that add up to 1"
            raise InputError(Problem("weights of a recommendation", found, allowed, "change one of them"))


DEFAULT_WEIGHTS = RecommendationWeights()


@dataclass(frozen=True)
class Part:
    """A part of a score: its name, its value in [0, 1], and its weight; the score is the sum of value x weight."""

    name: str
    value: float
    weight: float

    @property
    def share(self) -> float:
        """What the part adds to the score."""
        return self.value * self.weight


@dataclass(frozen=True)
class Recommendation:
    """An offer for a role.

    `closes` are (skill, people, share of all weighted gap); `people` is how many of the role gain from it; `excluded`
    says why it cannot be booked at all (empty: it can); `reasons` explain the parts, in their order.
    """

    offer: str
    role: str
    score: float
    parts: tuple[Part, ...]
    people: int
    closes: tuple[tuple[str, int, float], ...]
    reasons: tuple[Reason, ...]
    excluded: tuple[Reason, ...]

    def why(self) -> tuple[str, ...]:
        """Return the reasons as sentences."""
        return tuple(render(RULES, reason) for reason in self.reasons)

    def why_not(self) -> tuple[str, ...]:
        """Return what keeps it from being booked, as sentences."""
        return tuple(render(RULES, reason) for reason in self.excluded)


def recommend(
    analysis: GapAnalysis,
    catalogue: Catalogue,
    company: Company,
    *,
    weights: RecommendationWeights = DEFAULT_WEIGHTS,
    top: int | None = None,
) -> tuple[Recommendation, ...]:
    """Return offers for the roles that gain from them.

    Parameters
    ----------
    analysis, catalogue, company
        What is short, what is on offer, and for whom.
    weights
        How much each part of the score counts.
    top
        At most so many that can be booked for each role, and as many that cannot; None: all.

    Returns
    -------
    recommendations
        Those that can be booked first; then by score, offer and role.
    """
    scorer = Scorer(analysis, catalogue, company, weights)
    made = scorer.best(top)
    return tuple(sorted(made, key=lambda one: (bool(one.excluded), -one.score, one.offer, one.role)))


class Scorer:
    """Scores of all offers for all roles, as arrays; only those asked for are put into words."""

    def __init__(
        self,
        analysis: GapAnalysis,
        catalogue: Catalogue,
        company: Company,
        weights: RecommendationWeights,
    ) -> None:
        self.catalogue, self.company = catalogue, company
        self._gaps = sorted((gap for gap in analysis.gaps if gap.people_short), key=lambda gap: (gap.role, gap.skill))
        self._total = sum(gap.weight for gap in self._gaps) or 1.0
        self._weights = astuple(weights)
        self._gains = all_gains(self._gaps, catalogue)
        self._values = self._parts(self._gains)
        self.scores = self._values @ np.array(self._weights)

    def _parts(self, gains: Gains) -> NDArray[np.float64]:
        """Return the value of each part in [0, 1], of shape (pairs, parts), in the order of the weights."""
        lacking: dict[str, float] = defaultdict(float)
        for gap in self._gaps:
            lacking[gap.role] += gap.weight
        rows, place = np.unique(gains.offer, return_inverse=True)
        offers = [self.catalogue.offers[row] for row in rows]
        pact = np.array([_pact(offer, self.company)[0] for offer in offers])
        access = np.array([_access(offer, self.company)[0] for offer in offers])
        hours = np.array([offer.hours for offer in offers])[place] if offers else np.zeros(0)
        cost = self._cost(offers, place, gains)
        of_role = np.array([lacking[role] for role in gains.roles])
        columns = [
            gains.value / of_role[gains.role] if len(of_role) else gains.value,
            gains.fit,
            pact[place] if offers else pact,
            access[place] if offers else access,
            np.where(np.isnan(cost), 0.0, 1 / (1 + np.nan_to_num(cost) / gains.units / HALF_COST_EUR)),
            1 / (1 + hours * gains.people / gains.units / HALF_HOURS),
        ]
        return np.asarray(np.clip(np.stack(columns, axis=1), 0.0, 1.0), dtype=np.float64)

    def _cost(self, offers: Sequence[Offer], place: NDArray[np.int64], gains: Gains) -> NDArray[np.float64]:
        """Return the price in euros of all who gain, for each pair; not a number where no price is known."""
        if not offers:
            return np.zeros(0)
        price = np.array([float("nan") if offer.price_eur is None else offer.price_eur for offer in offers])[place]
        group = np.array([offer.price_basis == "group" for offer in offers])[place]
        most = np.array([offer.group_max or 1_000_000 for offer in offers])[place]
        total = price * np.where(group, np.ceil(gains.people / most), gains.people)
        return np.asarray(total, dtype=np.float64)

    def best(self, top: int | None) -> list[Recommendation]:
        """Return the best of each role, those that can be booked and those that cannot counted apart."""
        order = np.lexsort((self._gains.offer, -self.scores))
        barred: dict[int, tuple[Reason, ...]] = {}
        counts: dict[tuple[int, bool], int] = defaultdict(int)
        chosen: list[Recommendation] = []
        full: set[int] = set()
        for pair in order:
            role, row = int(self._gains.role[pair]), int(self._gains.offer[pair])
            if role in full:
                continue
            if row not in barred:
                barred[row] = obstacles(self.catalogue.offers[row], self.company)
            kind = (role, bool(barred[row]))
            counts[kind] += 1
            if top is None or counts[kind] <= top:
                chosen.append(self._recommendation(int(pair), barred[row]))
            elif counts[role, not kind[1]] >= top or not kind[1]:
                # Enough of this role can be booked: what cannot is of interest only while it would stand among them.
                full.add(role)
            if len(full) == len(self._gains.roles):
                break
        return chosen

    def _recommendation(self, pair: int, excluded: tuple[Reason, ...]) -> Recommendation:
        offer = self.catalogue.offers[int(self._gains.offer[pair])]
        role = self._gains.roles[int(self._gains.role[pair])]
        names = [part.name for part in fields(RecommendationWeights)]
        parts = tuple(
            Part(name, float(value), weight)
            for name, value, weight in zip(names, self._values[pair], self._weights, strict=True)
        )
        return Recommendation(
            offer=offer.id,
            role=role,
            score=float(self.scores[pair]),
            parts=parts,
            people=int(self._gains.people[pair]),
            closes=self._closes(offer, role),
            reasons=self._reasons(pair, offer, role, parts),
            excluded=excluded,
        )

    def _closes(self, offer: Offer, role: str) -> tuple[tuple[str, int, float], ...]:
        """Return (skill, people, share of all weighted gap) that the offer closes for the role, most first."""
        taught = {skill.skill: skill for skill in self.catalogue.skills_of(offer.id)}
        found = []
        for gap in self._gaps:
            if gap.role == role and gap.skill in taught:
                skill = taught[gap.skill]
                units, people, _ = gain_table(gap)[:, skill.level_from, skill.level_to]
                if units:
                    found.append((gap.skill, int(people), float(units) * gap.requirement.weight / self._total))
        return tuple(sorted(found, key=lambda one: (-one[2], one[0])))

    def _reasons(self, pair: int, offer: Offer, role: str, parts: Sequence[Part]) -> tuple[Reason, ...]:
        """Return what each part's value rests on, in the order of the parts."""
        title = next((one.title for one in self.company.roles if one.id == role), role)
        units, people = float(self._gains.units[pair]), int(self._gains.people[pair])
        cost = self._cost([offer], np.zeros(1, dtype=np.int64), _one(self._gains, pair))[0]
        known = offer.price_eur is not None
        price = Reason("part cost", {"cost": float(cost) / units}) if known else Reason("price unknown")
        return (
            Reason("part gap", {"share": parts[0].value, "role": title}),
            Reason("part level", {"share": parts[1].value}),
            _pact(offer, self.company)[1],
            _access(offer, self.company)[1],
            price,
            Reason("part hours", {"hours": offer.hours * people / units}),
        )


def _one(gains: Gains, pair: int) -> Gains:
    only = slice(pair, pair + 1)
    return Gains(
        gains.offer[only], gains.role[only], gains.value[only], gains.units[only], gains.fit[only], gains.people[only],
        gains.roles,
    )  # fmt: skip


def _pact(offer: Offer, company: Company) -> tuple[float, Reason]:
    """Return how closely an offer is tied to the Pact for Skills, in [0, 1], and why."""
    if offer.partnership:
        return 1.0, Reason("partnership", {"name": offer.partnership})
    if offer.provider_pact_member:
        return 0.75, Reason("pact member")
    if company.ecosystem is not None and company.ecosystem in offer.ecosystems:
        return 0.4, Reason("pact ecosystem")
    return 0.0, Reason("no pact tie")


def _access(offer: Offer, company: Company) -> tuple[float, Reason]:
    """Return how easily people can follow an offer, in [0, 1], by language and place, and why."""
    spoken = company.constraints.languages
    values: dict[str, str | int | float] = {"language": offer.language, "mode": offer.mode}
    near = 1.0 if offer.mode in REMOTE or offer.country in ("", company.country) else 0.6
    if offer.language == company.language:
        return near, Reason("own language", values)
    if offer.language in spoken:
        return 0.8 * near, Reason("other language", values)
    return 0.4 * near, Reason("any language", values)
