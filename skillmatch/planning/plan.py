"""The plan as data: what is booked for whom, what it costs and closes, and what stays open."""

from datetime import date
from typing import Literal

from skillmatch.company.model import Constraints, Record
from skillmatch.words import Transition

SCHEMA = "https://skillmatch.example/plan/1"


class Closed(Record):
    """A part of a gap that an item closes: `people` of the role go from `level_from` to `level_to`; `coverage` is its share of all weighted gap."""

    skill: str
    people: int
    level_from: int
    level_to: int
    coverage: float


class PlanItem(Record):
    """An offer booked for a role. `people` are pseudonyms or numbered places of the role; hours are per person."""

    offer: str
    title: str
    provider: str
    role: str
    people: tuple[str, ...]
    start: date | None
    end: date | None
    hours: float
    cost_eur_gross: float
    funding_eur: float
    cost_eur_net: float
    closes: tuple[Closed, ...]
    reasons: tuple[str, ...]
    sample: bool


class PlanSkill(Record):
    """A skill that matters: `weight` is its share of all weighted gap, in [0, 1]."""

    skill: str
    label: str
    transition: Transition
    weight: float
    reasons: tuple[str, ...]


class PlanGap(Record):
    role: str
    role_title: str
    skill: str
    label: str
    level: int
    people_required: int
    people_short: int
    people_closed: int
    weight: float
    reasons: tuple[str, ...]


class OpenGap(Record):
    """What stays open, for how many people, and why."""

    role: str
    skill: str
    label: str
    people: int
    why: str


class Solver(Record):
    """`optimality_gap` is the proven relative distance to the best possible coverage (0: proven best; None: no proof)."""

    name: Literal["exact", "greedy"]
    status: Literal["optimal", "time limit", "feasible"]
    optimality_gap: float | None
    seconds: float


class Totals(Record):
    """Sums over the items. `coverage` in [0, 1] is the share of all weighted gap that the plan closes."""

    cost_eur_gross: float
    funding_eur: float
    cost_eur_net: float
    hours: float
    people: int
    coverage: float


class Source(Record):
    """What the plan was made from: the kind of thing, its name and version, and whether it is sample data."""

    kind: Literal["taxonomy", "model", "catalogue", "company", "measures"]
    name: str
    version: str
    sample: bool


class Plan(Record):
    schema_: str = SCHEMA
    company: str
    constraints: Constraints
    solver: Solver
    skills: tuple[PlanSkill, ...]
    gaps: tuple[PlanGap, ...]
    items: tuple[PlanItem, ...]
    totals: Totals
    open: tuple[OpenGap, ...]
    sources: tuple[Source, ...]
    attribution: str
