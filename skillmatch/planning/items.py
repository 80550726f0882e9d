"""From seats to the lines of a plan: one a run and role, with its share of the costs, what it closes, and why."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from skillmatch.company.model import Company
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.funding import FundingScheme
from skillmatch.offers.model import OfferSkill
from skillmatch.planning.model import Closed, PlanItem
from skillmatch.planning.outcome import Outcome, Seat, Step
from skillmatch.planning.problem import PlanProblem
from skillmatch.planning.rules import RULES
from skillmatch.planning.schedule import schedule
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.words import LEVELS, Reason, render

FIELD_WORDS: Mapping[str, str] = {
    "hours": "hours", "price_eur": "price", "language": "language", "level_from": "level needed",
    "level_to": "level reached",
}  # fmt: skip


def split_cents(amount_eur: float, shares: Sequence[int]) -> list[float]:
    """Split an amount in proportion to `shares`, to the cent, so that the parts add up to it.

    Cents left over go to the largest remainders, then to the first.

    >>> split_cents(100.0, [1, 1, 1])
    [33.34, 33.33, 33.33]
    """
    cents, total = round(amount_eur * 100), sum(shares)
    exact = [cents * share / total for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: cents - sum(parts)]:
        parts[place] += 1
    return [part / 100 for part in parts]


@dataclass(frozen=True)
class ItemMaker:
    """Everything that the lines of a plan say; `schemes` are those of the problem, in its order."""

    company: Company
    catalogue: Catalogue
    taxonomy: Taxonomy
    problem: PlanProblem
    schemes: Sequence[FundingScheme]
    seats: Sequence[Seat]
    outcome: Outcome

    @cached_property
    def _people(self) -> Mapping[tuple[int, str], list[int]]:
        """(run, role) -> people, in order."""
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for run, person in sorted(self.seats):
            found[run, self.problem.people[person].role].append(person)
        return found

    @cached_property
    def _steps(self) -> Mapping[tuple[int, str], list[Step]]:
        found: dict[tuple[int, str], list[Step]] = defaultdict(list)
        for step in self.outcome.steps:
            found[step.run, self.problem.people[step.person].role].append(step)
        return found

    @cached_property
    def _money(self) -> Mapping[tuple[int, str], tuple[float, float]]:
        """(run, role) -> gross cost and funding in euros: those of the run, split by people."""
        found: dict[tuple[int, str], tuple[float, float]] = {}
        for run in sorted({run for run, _ in self._people}):
            roles = sorted(role for place, role in self._people if place == run)
            shares = [len(self._people[run, role]) for role in roles]
            # Funding is rounded down, so that the net cost to the cent never passes the budget.
            funding = np.floor(self.outcome.funding_eur[run].sum() * 100 + 1e-6) / 100
            costs = split_cents(float(self.outcome.gross_eur[run]), shares)
            paid = split_cents(float(funding), shares)
            found |= {(run, role): pair for role, pair in zip(roles, zip(costs, paid, strict=True), strict=True)}
        return found

    def items(self) -> tuple[PlanItem, ...]:
        """Return the lines of the plan, in order of planned start, then offer and role."""
        window = self.company.constraints
        when = schedule(self.problem, self.seats, window.start, window.end)
        made = [self._item(run, role, when[run, role]) for run, role in self._people]
        return tuple(sorted(made, key=lambda item: (item.planned_start or date.max, item.offer, item.role)))

    def _item(self, place: int, role: str, when: tuple[date, date]) -> PlanItem:
        run, offer = self.problem.runs[place], self.catalogue.offer(self.problem.runs[place].offer)
        gross, funding = self._money[place, role]
        return PlanItem(
            offer=offer.id,
            title=offer.title,
            provider=offer.provider,
            role=role,
            people=tuple(self.problem.people[person].name for person in self._people[place, role]),
            start=run.start,
            end=run.end,
            hours=run.hours,
            cost_eur_gross=gross,
            funding_eur=funding,
            cost_eur_net=round(gross - funding, 2),
            closes=self._closes(place, role),
            reasons=tuple(render(RULES, reason) for reason in self._reasons(place, role)),
            sample=offer.sample,
            mode=offer.mode,
            language=offer.language,
            url=offer.url,
            planned_start=when[0],
            planned_end=when[1],
            pinned=self._pinned(place, role),
            assumed=offer.assumed,
            weekdays=offer.weekdays,
        )

    def _closes(self, place: int, role: str) -> tuple[Closed, ...]:
        """Return what the run closes for the role, by skill and levels."""
        people: Counter[tuple[str, int, int]] = Counter()
        value: dict[tuple[str, int, int], float] = defaultdict(float)
        for step in self._steps.get((place, role), ()):
            name = (self.problem.demands[step.demand].skill, step.level_from, step.level_to)
            people[name] += 1
            value[name] += step.value
        total = self.problem.total_weight or 1.0
        return tuple(
            Closed(
                skill=name[0], people=people[name], level_from=name[1], level_to=name[2], coverage=value[name] / total
            )
            for name in sorted(people)
        )

    def _pinned(self, place: int, role: str) -> bool:
        cohorts = {self.problem.cohort_of[person] for person in self._people[place, role]}
        return any(pin.run == place and cohorts & set(pin.cohorts) for pin in self.problem.pins)

    def _reasons(self, place: int, role: str) -> list[Reason]:
        """Return why the booking is in the plan and what its numbers rest on."""
        offer = self.catalogue.offer(self.problem.runs[place].offer)
        taught = {skill.skill: skill for skill in self.catalogue.skills_of(offer.id)}
        title = next(one.title for one in self.company.roles if one.id == role)
        reasons = [Reason("pinned")] if self._pinned(place, role) else []
        closes = self._closes(place, role)
        for part in closes:
            values: dict[str, str | int | float] = {
                "people": "1 person" if part.people == 1 else f"{part.people} people",
                "role": title,
                "level": part.level_to,
                "before": part.level_from,
                "skill": self._label(part.skill),
                "share": part.coverage,
            }
            reasons.append(Reason("raises", values))
        for skill in sorted({part.skill for part in closes}):
            reasons += self._evidence(taught[skill])
        reasons += [Reason("comes before", {"title": later}) for later in self._builds_on(place, role)]
        if not closes and not reasons:
            reasons.append(Reason("fills the group"))
        reasons += self._prices(place)
        if offer.assumed:
            reasons.append(
                Reason("fields assumed", {"fields": ", ".join(FIELD_WORDS.get(name, name) for name in offer.assumed)})
            )
        return reasons

    def _evidence(self, skill: OfferSkill) -> list[Reason]:
        label = self._label(skill.skill)
        rule = "stated" if skill.source == "stated" else "read"
        found = [Reason(rule, {"skill": label, "evidence": skill.evidence, "probability": skill.probability})]
        if not skill.level_stated:
            low, high = LEVELS[skill.level_from], LEVELS[skill.level_to]
            found.append(Reason("level assumed", {"skill": label, "low": low, "high": high}))
        return found

    def _builds_on(self, place: int, role: str) -> list[str]:
        """Return the titles of bookings of the role that need this one first."""
        cohorts = {self.problem.cohort_of[person] for person in self._people[place, role]}
        later = {
            run
            for run, other in self._people
            if other == role and any(place in options for options in self.problem.runs[run].prerequisites)
        }
        for step in self._steps.get((place, role), ()):
            stakes = (
                stake for cohort in cohorts for stake in self.problem.stakes_of[cohort] if stake.demand == step.demand
            )
            later |= {
                way.run
                for stake in stakes
                for way in stake.ways
                if place in way.lifts and (way.run, role) in self._people
            }
        return sorted(self.catalogue.offer(self.problem.runs[run].offer).title for run in later)

    def _prices(self, place: int) -> list[Reason]:
        run, reasons = self.problem.runs[place], []
        people = sum(run_place == place for run_place, _ in self.seats)
        if run.per_group:
            groups = run.groups(people)
            reasons.append(Reason("group price", {"groups": groups, "price": run.price_eur, "people": people}))
        for number, scheme in enumerate(self.schemes):
            if (amount := float(self.outcome.funding_eur[place, number])) >= 0.01:
                reasons.append(Reason("funded", {"scheme": scheme.name, "amount": amount}))
        return reasons

    def _label(self, skill: str) -> str:
        return self.taxonomy.label(skill, self.company.language)
