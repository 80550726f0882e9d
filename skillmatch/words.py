"""The few words that every stage shares: transitions, levels, ecosystems and the reasons given for a number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Transition = Literal["digital", "green", "twin", "none"]
TRANSITIONS: tuple[Transition, ...] = ("digital", "green", "twin", "none")

LEVELS: Mapping[int, str] = {0: "none", 1: "basic", 2: "intermediate", 3: "advanced", 4: "highly specialised"}
"""The four proficiency levels of DigComp 3.0 (JRC144121), and 0 for nothing at all."""

ATTRIBUTION = "This service uses the ESCO classification of the European Commission."

ECOSYSTEMS: Mapping[str, str] = {
    "aerospace-defence": "Aerospace & Defence",
    "agri-food": "Agri-food",
    "construction": "Construction",
    "creative": "Cultural & Creative Industries",
    "digital": "Digital",
    "electronics": "Electronics",
    "energy-intensive": "Energy-Intensive Industries",
    "health": "Health",
    "mobility": "Mobility, Transport & Automotive",
    "social-economy": "Proximity & Social Economy",
    "renewable-energy": "Renewable Energy",
    "retail": "Retail",
    "textile": "Textile",
    "tourism": "Tourism",
}
"""The 14 industrial ecosystems of the Pact for Skills (pact-for-skills.ec.europa.eu)."""


def combine(digital: bool, green: bool) -> Transition:
    """Name the transition of something that is digital, green, both (twin) or neither.

    >>> combine(True, True), combine(False, True), combine(False, False)
    ('twin', 'green', 'none')
    """
    if digital and green:
        return "twin"
    return "digital" if digital else "green" if green else "none"


@dataclass(frozen=True)
class Reason:
    """Why a number is what it is: a rule of one of the stages' tables and the values it was applied to.

    Stages give reasons as data; only the report turns them into sentences, so that one table holds every sentence.
    """

    rule: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


def render(templates: Mapping[str, str], reason: Reason) -> str:
    """Put the values of a reason into the template of its rule; KeyError names a rule or a value that is missing.

    >>> render({"lives in": "{who} lives in {place}"}, Reason("lives in", {"who": "Ada", "place": "Turin"}))
    'Ada lives in Turin'
    """
    return templates[reason.rule].format_map(reason.values)
