"""A company as it describes itself: roles, people, what they can do, what is to change, and within which limits."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from skillmatch.words import Transition

Mode = Literal["online", "self-paced", "on-site", "blended"]
MODES: tuple[Mode, ...] = ("online", "self-paced", "on-site", "blended")
Reach = Literal["anywhere", "country", "region", "online"]
REACHES: dict[Reach, str] = {
    "anywhere": "anywhere",
    "country": "within the country",
    "region": "within the region",
    "online": "not at all: online only",
}
"""How far people travel to training on site, in words."""
Evidence = Literal["stated", "confirmed", "certificate"]
Level = int


class Record(BaseModel):
    """Base of everything that comes from outside: frozen, and strict about fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Role(Record):
    """A job in the company. `occupation`: URI or exact label the user chose; None lets the product propose one."""

    id: str
    title: str
    people: int = Field(ge=1, le=100_000)
    description: str = ""
    occupation: str | None = None


class Person(Record):
    """Somebody in a role, under a pseudonym."""

    id: str
    role: str


class Held(Record):
    """A skill that everybody in a role has, or one person has. Exactly one of `role` and `person` is given.

    `skill` is a URI or a label; `expires` is the last valid day of the evidence, None if it does not expire.
    """

    role: str | None = None
    person: str | None = None
    skill: str
    level: int = Field(ge=0, le=4)
    evidence: Evidence = "stated"
    expires: date | None = None


class Need(Record):
    """Something the company wants to become able to do.

    `measure` is the id of a measure of the library, chosen by the user; None lets the product read `text`.
    `transition` None lets the product decide from the skills. `priority`: 1 useful, 2 important, 3 essential.
    `due` None means by the end of the plan.
    """

    id: str
    text: str
    measure: str | None = None
    transition: Transition | None = None
    priority: int = Field(default=2, ge=1, le=3)
    due: date | None = None


class Constraints(Record):
    """What the plan must keep to; None means no limit.

    `budget_eur` is for the whole plan, net of funding; `hours_per_person` is training time for each person over the
    whole plan; a training must begin on or after `start` and finish on or before `end`; `languages` are two-letter
    codes in which people can follow a training (empty: any); `modes` empty: any. `reach` is how far people travel to
    training on site; at most `away_share` of a role is in dated training at the same time (one person always may be;
    None: no limit); `other_sectors`: training made for other industrial ecosystems may be booked as well.
    """

    budget_eur: float | None = Field(default=None, ge=0)
    hours_per_person: float | None = Field(default=None, ge=0)
    start: date
    end: date
    languages: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()
    reach: Reach = "anywhere"
    away_share: float | None = Field(default=None, gt=0, le=1)
    other_sectors: bool = False


CorrectionKind = Literal[
    "skill not meant",      # need, skill: the text does not call for this skill
    "skill added",          # need, skill, level: it also calls for this one
    "measure not meant",    # need, measure: the need is not this measure
    "not required",         # role, skill: this role need not have the skill
    "required",             # role, skill, level, people: this role must have it
    "offer excluded",       # offer: never plan it
    "offer pinned",         # offer, role, people, who: plan it in any case
]  # fmt: skip


class Correction(Record):
    """A decision of the user that every later run keeps to; which fields are filled depends on `kind`.

    `who` names the very people of the role that an offer is pinned for: pseudonyms, or numbered places as a plan names
    them; empty: whoever of the role gains most.
    """

    kind: CorrectionKind
    need: str | None = None
    measure: str | None = None
    role: str | None = None
    skill: str | None = None
    offer: str | None = None
    level: int | None = Field(default=None, ge=0, le=4)
    people: int | None = Field(default=None, ge=0)
    who: tuple[str, ...] = ()
    note: str = ""


class Company(Record):
    """Everything the user told us. `sample` marks data made up for demonstration, shown wherever the data are."""

    name: str
    country: str
    region: str = ""
    ecosystem: str | None = None
    language: str = "en"
    sample: bool = False
    roles: tuple[Role, ...]
    needs: tuple[Need, ...]
    held: tuple[Held, ...] = ()
    people: tuple[Person, ...] = ()
    constraints: Constraints
    corrections: tuple[Correction, ...] = ()
