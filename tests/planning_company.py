"""A small company with gaps made by hand and a catalogue whose skills are given, to work plans out on paper."""

from collections.abc import Mapping, Sequence
from datetime import date

from fakes import skill_uri

from skillmatch.company.model import Company, Constraints, Correction, Need, Person, Role
from skillmatch.gap.model import Gap, GapAnalysis, Requirement
from skillmatch.offers.catalogue import Catalogue, levels_of
from skillmatch.offers.model import Offer, OfferSkill
from skillmatch.words import Reason, Transition

START, END = date(2027, 1, 4), date(2027, 12, 31)


def company(
    *,
    budget: float | None = 10_000.0,
    hours: float | None = 80.0,
    corrections: Sequence[Correction] = (),
    **limits: object,
) -> Company:
    """Return a company of 3 welders (one with a pseudonym) and 2 clerks."""
    constraints = Constraints(
        **({"budget_eur": budget, "hours_per_person": hours, "start": START, "end": END} | limits)
    )
    return Company(
        name="Test & Co",
        country="DE",
        region="Saxony",
        ecosystem="energy-intensive",
        roles=(Role(id="clerk", title="Clerk", people=2), Role(id="welder", title="Welder", people=3)),
        needs=(Need(id="n1", text="waste less"),),
        people=(Person(id="W-07", role="welder"),),
        constraints=constraints,
        corrections=tuple(corrections),
    )


def gap(
    role: str,
    skill: str,
    held: Sequence[int],
    *,
    level: int = 2,
    people: int | None = None,
    weight: float = 1.0,
    transition: Transition = "none",
    due: date | None = None,
) -> Gap:
    requirement = Requirement(
        role=role,
        skill=skill_uri(skill),
        level=level,
        people=len(held) if people is None else people,
        weight=weight,
        transition=transition,
        relevance=0.5,
        needs=("n1",),
        due=due,
        reasons=(Reason("skill added", {"skill": skill, "need": "waste less"}),),
    )
    return Gap(requirement, tuple(held), (Reason("nothing held", {"role": role}),))


def analysis(*gaps: Gap) -> GapAnalysis:
    return GapAnalysis((), (), (), tuple(one.requirement for one in gaps), gaps, ())


def offer(name: str, **changes: object) -> Offer:
    plain = {"id": name, "course": name, "title": name.title(), "provider": "School", "hours": 16, "price_eur": 500.0}
    return Offer(**(plain | changes))


def catalogue(offers: Mapping[Offer, Sequence[str]]) -> Catalogue:
    """Return a catalogue in which each offer teaches the skills given, at the offer's levels."""
    taught = {
        one.id: tuple(
            OfferSkill(one.id, skill_uri(skill), levels_of(one)[0], levels_of(one)[1], 0.9, "stated", skill, True)
            for skill in sorted(skills)
        )
        for one, skills in offers.items()
    }
    transitions: dict[str, Transition] = {skill_uri("sort-waste"): "green", skill_uri("robots"): "digital"}
    return Catalogue(tuple(sorted(offers, key=lambda one: one.id)), taught, (), "test", transitions)
