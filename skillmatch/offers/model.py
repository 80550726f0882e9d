"""Something one can enrol in, and what it teaches."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from skillmatch.company.model import Mode, Record

Source = Literal["stated", "text"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Offer(Record):
    """One run of a course: what a person enrols in. Runs of one course share `course`.

    `price_eur` is per person or per group, as `price_basis` says (None: unknown, so it is never planned, and said so);
    `group_min` and `group_max` bound the people in one run from this company (None: no bound); `level_from` is the
    level that people must already have (0: none), `level_to` the level they reach (None: not stated); `prerequisites`
    are course ids that must come first; `start` None: at any time (self-paced or on request); `weekdays` are the
    days of the week on which a dated run is held (empty: any from start to end); `skills` are the skills
    the provider states, as URIs or labels, each with ``@level`` after it where the level is stated; `assumed` are the
    names of fields that a mapping file filled in because the catalogue does not say.
    """

    id: str
    course: str
    title: str
    description: str = ""
    provider: str
    provider_pact_member: bool | None = None
    partnership: str = ""
    ecosystems: tuple[str, ...] = ()
    country: str = ""
    region: str = ""
    url: str = ""
    language: str = "en"
    mode: Mode = "online"
    start: date | None = None
    end: date | None = None
    weekdays: tuple[Weekday, ...] = ()
    hours: float = Field(gt=0)
    price_eur: float | None = Field(default=None, ge=0)
    price_basis: Literal["person", "group"] = "person"
    group_min: int | None = Field(default=None, ge=1)
    group_max: int | None = Field(default=None, ge=1)
    level_from: int | None = Field(default=None, ge=0, le=4)
    level_to: int | None = Field(default=None, ge=1, le=4)
    prerequisites: tuple[str, ...] = ()
    certificate: str = ""
    funding: str = ""
    skills: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    sample: bool = False


@dataclass(frozen=True)
class OfferSkill:
    """A skill that an offer teaches, from level `level_from` to level `level_to`; `evidence` are the words that say so.

    `level_stated` is False where the provider does not say the level, so that the product's default stands in.
    """

    offer: str
    skill: str
    level_from: int
    level_to: int
    probability: float
    source: Source
    evidence: str
    level_stated: bool = True
