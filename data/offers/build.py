"""Make sample.csv from the hand-written parts: `python data/offers/build.py [FILE]`, the same bytes every time.

The parts say what is taught, how long, for how much, how often and by whom; this script only spreads the runs over the
18 months after REFERENCE, puts them into places and modes, and drops what a badly kept catalogue would not say.
"""

import csv
import hashlib
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from skillmatch.company.model import Mode, Record
from skillmatch.offers.model import Offer
from skillmatch.offers.tabular import write_offers
from skillmatch.words import ECOSYSTEMS, Transition

HERE = Path(__file__).resolve().parent
REFERENCE = date(2026, 12, 1)
"""The day on which the catalogue pretends to have been printed."""
SEED = "sample catalogue 1"
FIRST_DAYS, LAST_DAYS = 36, 530
"""Runs begin so many days after REFERENCE at the earliest and, but for a shift past holidays, at the latest."""
HOURS_A_WEEK = {"online": 8.0, "blended": 10.0, "on-site": 15.0}
LONGEST_BLOCK_HOURS = 40.0
"""On-site courses up to this length run on consecutive working days, longer ones some days a week."""
HOURS_A_DAY = 7.5
PRICE_PLACE = {"self-paced": 0.0, "online": 1 / 3, "blended": 2 / 3, "on-site": 1.0}
"""Where in its price band a course stands, by mode: premises and travelling trainers cost money."""


class Provider(Record):
    """A made-up provider; `pact_member` None: the catalogue does not say. `partnership` is an id of data/pact."""

    name: str
    country: str
    region: str
    pact_member: bool | None = None
    partnership: str = ""


class Group(Record):
    """The price of a run for one company's group, and how many people it takes."""

    price: float
    people: tuple[int, int]


class Course(Record):
    """A hand-written course.

    `levels` and `teaches` (ESCO label, with ``@level`` where it differs from the course's) say the truth; what the
    catalogue shows of it is decided by `states` (skills with levels, labels alone, or none) and `hides`. `price` is one
    sum or a band from the cheapest mode to the dearest; `runs` counts dated runs, and a self-paced one and one for
    groups on request come on top.
    """

    id: str
    title: str
    text: str
    provider: str
    ecosystems: tuple[str, ...]
    serves: Transition
    levels: tuple[int, int]
    hours: float = Field(ge=2, le=200)
    price: float | tuple[float, float] | None = None
    group: Group | None = None
    modes: tuple[Mode, ...]
    runs: int = Field(ge=0, le=4)
    after: tuple[str, ...] = ()
    certificate: str = ""
    funding: str = ""
    partnership: str = ""
    teaches: tuple[str, ...] = Field(min_length=1)
    states: Literal["levels", "labels", "nothing"] = "nothing"
    hides: frozenset[Literal["levels", "price"]] = frozenset()
    language: str

    @model_validator(mode="after")
    def _whole(self) -> "Course":
        if unknown := set(self.ecosystems) - set(ECOSYSTEMS):
            raise ValueError(f"unknown ecosystems {sorted(unknown)}")
        if self.price is None and (self.modes or self.group is None):
            raise ValueError("a price is missing")
        return self

    @property
    def skills(self) -> dict[str, int]:
        """Skill, as an ESCO label -> level reached."""
        pairs = (words.partition("@") for words in self.teaches)
        return {label.strip(): int(level or self.levels[1]) for label, _, level in pairs}


@dataclass(frozen=True)
class Run:
    """When, how and for whom a course is held; `group` marks the run on request for one company."""

    mode: Mode
    start: date | None = None
    end: date | None = None
    group: bool = False


def read_courses(folder: Path = HERE / "parts") -> tuple[Course, ...]:
    """Return all courses of the parts, sorted by id."""
    courses = []
    for path in sorted(folder.glob("*.toml")):
        if path.name != "providers.toml":
            part = tomllib.loads(path.read_text("utf-8"))
            courses += [Course(language=part["language"], **course) for course in part["course"]]
    return tuple(sorted(courses, key=lambda course: course.id))


def read_providers(folder: Path = HERE / "parts") -> dict[str, Provider]:
    """Return key -> provider."""
    table = tomllib.loads((folder / "providers.toml").read_text("utf-8"))
    return {key: Provider(**fields) for key, fields in table.items()}


def read_partnerships(path: Path = HERE.parent / "pact" / "partnerships.csv") -> dict[str, tuple[str, str]]:
    """Return id -> name and ecosystem of each partnership in the register."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: (row["name"], row["ecosystem"]) for row in csv.DictReader(file)}


def choose(below: int, *words: object) -> int:
    """Return a whole number from 0 to below - 1 that depends on the seed and the words alone."""
    digest = hashlib.sha256("|".join(map(str, (SEED, *words))).encode()).digest()
    return int.from_bytes(digest[:8], "big") % below


def working_day(day: date) -> date:
    """Return the day, or the next one on which courses begin: no weekends, no late December, no first half of August."""
    while day.weekday() > 4 or (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 6) or _summer(day):
        day += timedelta(days=1)
    return day


def _summer(day: date) -> bool:
    return day.month == 8 and day.day <= 16


def last_day(start: date, hours: float, mode: Mode) -> date:
    """Return when a run ends that begins on `start`."""
    if hours <= (HOURS_A_DAY + 0.5 if mode == "on-site" else 4):
        return start
    if mode == "on-site" and hours <= LONGEST_BLOCK_HOURS:
        day = start
        for _ in range(int(-(-hours // (HOURS_A_DAY + 0.5))) - 1):
            day = working_day(day + timedelta(days=1))
        return day
    weeks = -(-hours // HOURS_A_WEEK[mode])
    return start + timedelta(days=max(1, int(weeks * 7 - 5)))


def runs_of(course: Course) -> Iterator[Run]:
    """Yield the runs of a course: dated ones spread evenly with some chance, then self-paced, then on request."""
    dated = [mode for mode in course.modes if mode != "self-paced"]
    step = (LAST_DAYS - FIRST_DAYS) // max(course.runs, 1)
    for number in range(course.runs if dated else 0):
        mode = dated[number % len(dated)]
        # Single runs stand in the first half: nobody announces only what is far away.
        days = FIRST_DAYS + number * step + choose(step if course.runs > 1 else step // 2, course.id, number)
        start = working_day(REFERENCE + timedelta(days=days))
        yield Run(mode, start, last_day(start, course.hours, mode))
    if "self-paced" in course.modes:
        yield Run("self-paced")
    if course.group:
        yield Run("on-site", group=True)


def price_of(course: Course, mode: Mode) -> float | None:
    """Return the price per person in euros, rounded to 5."""
    if not isinstance(course.price, tuple):
        return course.price
    low, high = course.price
    places = [PRICE_PLACE[each] for each in course.modes]
    span = max(places) - min(places)
    share = (PRICE_PLACE[mode] - min(places)) / span if span else 0.0
    return float(5 * round((low + share * (high - low)) / 5))


def offers_of(course: Course, provider: Provider, partnerships: dict[str, tuple[str, str]]) -> Iterator[Offer]:
    """Yield the rows of a course as its provider would enter them."""
    name, ecosystem = partnerships.get(course.partnership or provider.partnership, ("", ""))
    fits = bool(course.partnership) or ecosystem in course.ecosystems
    shown = {"levels": course.teaches, "labels": tuple(course.skills), "nothing": ()}[course.states]
    if course.states == "levels":
        shown = tuple(f"{label}@{level}" for label, level in course.skills.items())
    level_from, level_to = (None, None) if "levels" in course.hides else course.levels
    for number, run in enumerate(runs_of(course), start=1):
        price = course.group.price if run.group and course.group else price_of(course, run.mode)
        least, most = course.group.people if run.group and course.group else (None, None)
        yield Offer(
            id=f"{course.id}-{number}",
            course=course.id,
            title=course.title,
            description=course.text,
            provider=provider.name,
            provider_pact_member=provider.pact_member,
            partnership=name if fits else "",
            ecosystems=tuple(sorted(course.ecosystems)),
            country=provider.country,
            region=provider.region,
            url=f"https://example.org/{course.id}",
            language=course.language,
            mode=run.mode,
            start=run.start,
            end=run.end,
            hours=course.hours,
            price_eur=None if "price" in course.hides else price,
            price_basis="group" if run.group else "person",
            group_min=least,
            group_max=most,
            level_from=level_from,
            level_to=level_to,
            prerequisites=course.after,
            certificate=course.certificate,
            funding=course.funding,
            skills=shown,
            sample=True,
        )


def build(path: Path) -> None:
    """Write the sample catalogue."""
    providers, partnerships = read_providers(), read_partnerships()
    rows = [offer for course in read_courses() for offer in offers_of(course, providers[course.provider], partnerships)]
    write_offers(rows, path)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "sample.csv")
