"""The plan as data: what is booked for whom, what it costs and closes, and what stays open."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from skillmatch.company.model import Constraints, Mode, Record
from skillmatch.offers.model import Weekday
from skillmatch.words import Transition

SCHEMA = "https://skillmatch.example/plan/1"


class Closed(Record):
    """A part of a gap that an item closes: `people` of the role go from `level_from` to `level_to`.

    `coverage` is its share of all weighted gap, in [0, 1].
    """

    skill: str
    people: int
    level_from: int
    level_to: int
    coverage: float


class PlanItem(Record):
    """An offer booked for a role.

    `people` are pseudonyms or numbered places of the role; hours are per person; money is for all of them, in euros.
    `start` and `end` are the dates of the run (None: at any time); `planned_start` and `planned_end` are when the plan
    puts it; `weekdays` are the days of the week on which it is held (empty: any). `assumed` names what a mapping file
    filled in because the catalogue does not say.
    """

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
    mode: Mode = "online"
    language: str = ""
    url: str = ""
    planned_start: date | None = None
    planned_end: date | None = None
    pinned: bool = False
    assumed: tuple[str, ...] = ()
    weekdays: tuple[Weekday, ...] = ()


class PlanSkill(Record):
    """A skill that matters: `weight` is its share of all weighted gap, in [0, 1]."""

    skill: str
    label: str
    transition: Transition
    weight: float
    reasons: tuple[str, ...]


class PlanGap(Record):
    """A gap: `weight` is its share of all weighted gap, `coverage` the part of it that the plan closes, both in [0, 1].

    `people_closed` reach the whole level; somebody who climbs part of the way counts in `coverage` only.
    """

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
    coverage: float = 0.0


class OpenGap(Record):
    """What stays open, for how many people, and why."""

    role: str
    skill: str
    label: str
    people: int
    why: str


class Solver(Record):
    """`optimality_gap` is the proven distance to the best coverage, relative to it (0: proven best; None: no proof)."""

    name: Literal["exact", "greedy"]
    status: Literal["optimal", "time limit", "feasible"]
    optimality_gap: float | None
    seconds: float


class Totals(Record):
    """Sums over the items; `people` are counted once each. `coverage` in [0, 1] is the share of weighted gap closed."""

    cost_eur_gross: float
    funding_eur: float
    cost_eur_net: float
    hours: float
    people: int
    coverage: float


class Source(Record):
    """What the plan was made from: the kind of thing, its name and version, and whether it is sample data."""

    kind: Literal["taxonomy", "model", "catalogue", "company", "measures", "funding"]
    name: str
    version: str
    sample: bool


class Plan(Record):
    """The whole answer to *what to book*; in JSON the first key is ``schema``."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    schema_: str = Field(default=SCHEMA, alias="schema")
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
    notes: tuple[str, ...] = ()
    """What the reader must know beside the numbers, such as funding that could not be applied."""
