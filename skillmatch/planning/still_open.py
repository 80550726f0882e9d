"""Why a gap stays open: what stands between its people and the trainings that would close it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skillmatch.company.model import Company
from skillmatch.gap.model import Gap
from skillmatch.offers.catalogue import Catalogue
from skillmatch.planning.eligibility import obstacles
from skillmatch.planning.outcome import TOLERANCE, climb
from skillmatch.planning.problem import PlanProblem, Stake
from skillmatch.planning.rules import RULES
from skillmatch.planning.state import State
from skillmatch.words import Reason, render

MOST_OBSTACLES = 3
"""So many different obstacles are named, the most frequent ones."""
NEARNESS = (
    "not chosen", "budget", "group too small", "group full", "too many away", "same time", "prerequisites", "hours"
)  # fmt: skip
"""Of several reasons the one is given that is nearest to being overcome."""


@dataclass(frozen=True)
class Explainer:
    """Everything that a reason may have to do with; `state` holds the seats of the plan."""

    company: Company
    catalogue: Catalogue
    problem: PlanProblem
    state: State
    rate: float = 0.0

    def why(self, gap: Gap, demand: int) -> Reason:
        """Return why the gap is not closed for everybody."""
        offers = self.catalogue.teaching(gap.skill)
        if not offers:
            return Reason("nobody teaches it")
        there = {run.offer for run in self.problem.runs}
        if not any(offer.id in there for offer in offers):
            return self._barred(gap)
        stakes = [stake for stake in self.problem.stakes if stake.demand == demand]
        if not stakes:
            return self._no_way(gap, [offer.id for offer in offers if offer.id in there])
        return self._limits(gap, stakes)

    def _barred(self, gap: Gap) -> Reason:
        """Say what keeps all offers from being booked."""
        offers = self.catalogue.teaching(gap.skill)
        first = Counter(self._first_obstacle(offer.id) for offer in offers)
        shown = " ".join(
            sentence if number == 1 else f"{sentence} ({number} offers)"
            for sentence, number in sorted(first.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_OBSTACLES]
        )
        return Reason(
            "all barred", {"offers": "1 offer" if len(offers) == 1 else f"{len(offers)} offers", "obstacles": shown}
        )

    def _first_obstacle(self, offer_id: str) -> str:
        found = obstacles(self.catalogue.offer(offer_id), self.company, self.rate)
        return render(RULES, found[0]) if found else "Its prerequisites cannot be booked in time."

    def _no_way(self, gap: Gap, offers: Sequence[str]) -> Reason:
        """Say why offers that can be booked lead nobody up: level reached, level needed to begin, or date."""
        taught = [skill for offer in offers for skill in self.catalogue.skills_of(offer) if skill.skill == gap.skill]
        held = max((level for level in gap.held if level < gap.requirement.level), default=0)
        higher = [skill for skill in taught if skill.level_to > held]
        if not higher:
            return Reason(
                "levels too low", {"reached": max(skill.level_to for skill in taught), "level": gap.requirement.level}
            )
        entry = min(skill.level_from for skill in higher)
        if entry > held:
            return Reason("entry too high", {"entry": entry, "held": held})
        return Reason("too late", {"due": str(gap.requirement.due or self.company.constraints.end)})

    def _limits(self, gap: Gap, stakes: Sequence[Stake]) -> Reason:
        """Say which limit keeps people from the ways that there are."""
        highest = max(way.level for stake in stakes for way in stake.ways)
        climbed = any(climb(stake, self.state.taken[person]) for stake in stakes
                      for person in self.problem.cohorts[stake.cohort].people)  # fmt: skip
        found = [reason for stake in stakes for reason in self._tries(stake)]
        if not found:
            return Reason("levels too low", {"reached": highest, "level": gap.requirement.level})
        best = min(found, key=lambda reason: (NEARNESS.index(reason.rule), _size(reason)))
        return Reason("partly", {"rest": render(RULES, best)}) if climbed and highest < gap.requirement.level else best

    def _tries(self, stake: Stake) -> Iterator[Reason]:
        """Yield what hinders each person of the stake who is not up yet from each way that leads higher."""
        for person in self.state.representatives(stake.cohort):
            taken = self.state.taken[person]
            steps = climb(stake, taken)
            level = steps[-1][2] if steps else stake.held
            for way in stake.ways:
                if way.level <= level or way.run in taken:
                    continue
                if way.lifts and taken.isdisjoint(way.lifts):
                    yield Reason("prerequisites")
                elif self.state.gain([(way.run, person)]) > TOLERANCE:
                    yield self._hindrance(way.run, person)

    def _hindrance(self, run: int, person: int) -> Reason:
        state, problem = self.state, self.problem
        new, taken = problem.runs[run], state.taken[person]
        limit = problem.hours_per_person
        used = sum(problem.runs[other].hours for other in taken)
        if limit is not None and used + new.hours > limit + TOLERANCE:
            return Reason("hours", {"hours": new.hours, "left": limit - used})
        if any(problem.clash(run, other) for other in taken):
            return Reason("same time")
        if any(taken.isdisjoint(before) for before in new.prerequisites):
            return Reason("prerequisites")
        after = state.people[run] + 1
        if new.groups(after) > new.most_groups:
            return Reason("group full")
        cost, budget = state.extra_cost([(run, person)]), problem.budget_eur
        left = float("inf") if budget is None else budget - state.net_eur
        if cost > left + TOLERANCE:
            return Reason("budget", {"cost": cost, "left": max(left, 0.0)})
        if not new.seats(after):
            return Reason("group too small", {"least": new.group_min})
        if not state.allows([(run, person)]):
            return Reason("too many away")
        return Reason("not chosen")


def _size(reason: Reason) -> float:
    """Return the cost or hours a reason speaks of, so that the smallest is named."""
    value = reason.values.get("cost", reason.values.get("hours", 0.0))
    return float(value)
