"""A small firm and taxonomy for the tests of the gap stage, whose answers can be worked out by hand."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from fakes import BagOfWordsEncoder, occupation_uri, skill_uri, tiny_taxonomy
from numpy.typing import NDArray

from skillmatch.company.measures import Measure, MeasureRole, MeasureSearch, MeasureSkill
from skillmatch.company.model import Company, Constraints, Need, Role
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import Gap, GapAnalysis, Requirement
from skillmatch.mapping.model import Mapping, Match, Span
from skillmatch.words import Reason

START, END = date(2027, 1, 1), date(2027, 12, 31)
TAXONOMY = tiny_taxonomy()
SKILL_LABELS = {row.text.lower(): row.uri for row in TAXONOMY.skill_labels.itertuples() if row.language == "en"}
OCCUPATION_LABELS = {row.text.lower(): row.uri for row in TAXONOMY.occupation_labels.itertuples()}
PAPER, PREDICT, ROBOTS, WELD = (skill_uri(name) for name in ("paperless", "predictive", "robots", "weld"))


@dataclass(frozen=True)
class LabelReader:
    """Finds the skills and occupations whose label stands in a text, word for word, with probability 0.9.

    A text resembles a skill by the share of the words of its preferred label that stand in it.
    """

    def map_many(self, texts: list[str], *, top_k: int | None = 5) -> list[Mapping]:
        return [self._map(text) for text in texts]

    def _map(self, text: str) -> Mapping:
        found = {}
        for label, uri in sorted(SKILL_LABELS.items()):
            start = text.lower().find(label)
            if start >= 0:
                words = text[start : start + len(label)]
                found[uri] = Match(uri, label, 0.8, 0.9, start, start + len(label), words, label)
        unmatched = () if found or not text.strip() else (Span(0, len(text), text),)
        return Mapping(text, tuple(found[uri] for uri in sorted(found)), unmatched)

    def rank(self, texts: list[str], k: int) -> list[tuple[Match, ...]]:
        return [mapping.matches[:k] for mapping in self.map_many(texts)]

    def similarity(self, texts: list[str], uris: list[str]) -> NDArray[np.float32]:
        labels = [set(TAXONOMY.label(uri).split()) for uri in uris]
        rows = [{word.strip(".,") for word in text.lower().split()} for text in texts]
        return np.array([[len(row & label) / len(label) for label in labels] for row in rows], dtype=np.float32)

    def link(self, jobs: list[tuple[str, str]], k: int) -> list[tuple[Match, ...]]:
        return [
            tuple(
                Match(uri, title, score, score, 0, len(title), title)
                for uri, score in [(OCCUPATION_LABELS.get(title.lower()), 0.9), (occupation_uri("clerk"), 0.2)]
                if uri
            )
            for title, _ in jobs
        ]


def measure(key: str, title: str, skills: list[tuple[str, str, int, str]], **fields: object) -> Measure:
    """Make a measure from (skill, kind, level, who), led by production managers and used by welders."""
    content: dict[str, object] = {
        "id": key,
        "transition": "twin",
        "ecosystems": ("all",),
        "frameworks": (),
        "lead_people": 2,
        "prerequisites": (),
        "enables": (),
        "first_steps": ("Start.",),
        "title": {"en": title},
        "description": {"en": title},
        "outcome": {"en": "Afterwards it works."},
        "synonyms": {"en": (title,)},
        "roles": (
            MeasureRole(title="production manager", occupation=occupation_uri("manager"), part="lead"),
            MeasureRole(title="welder", occupation=occupation_uri("welder"), part="user"),
        ),
        "skills": tuple(
            MeasureSkill(uri=skill_uri(name), label=TAXONOMY.label(skill_uri(name)), kind=kind, level=level, who=who)
            for name, kind, level, who in skills
        ),
    }
    return Measure.model_validate({**content, **fields})


MEASURES = (
    measure(
        "paperless-shop",
        "paperless documents",
        [("paperless", "core", 2, "user"), ("lead-team", "core", 3, "lead"), ("safety", "supporting", 1, "both")],
    ),
    measure(
        "robot-cell", "robot programming", [("robots", "core", 3, "user"), ("analyse-data", "supporting", 2, "lead")]
    ),
)


def knowledge(measures: tuple[Measure, ...] = MEASURES) -> Knowledge:
    encoder = BagOfWordsEncoder()
    reader = LabelReader()
    return Knowledge(TAXONOMY, reader, reader, encoder, measures, MeasureSearch.build(measures, encoder))


KNOWN = knowledge()
ROLES = (
    Role(id="boss", title="Production manager", people=1),
    Role(id="weld", title="Welder", people=8, description="Weld metal"),
    Role(id="tech", title="Maintenance technician", people=3),
)


def firm(*needs: Need, roles: tuple[Role, ...] = ROLES, **fields: object) -> Company:
    needs = needs or (Need(id="paper", text="paperless documents", priority=3),)
    limits = Constraints(start=START, end=END)
    return Company.model_validate(
        {"name": "Firm", "country": "DE", "roles": roles, "needs": needs, "constraints": limits, **fields}
    )


def requirement(analysis: GapAnalysis, role: str, skill: str) -> Requirement | None:
    return next((each for each in analysis.requirements if (each.role, each.skill) == (role, skill)), None)


def gap(analysis: GapAnalysis, role: str, skill: str) -> Gap:
    return next(each for each in analysis.gaps if (each.role, each.skill) == (role, skill))


def rules(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.rule for reason in reasons]
