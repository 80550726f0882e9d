"""The library of measures: what a company can decide to do, and the skills that this calls for."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from skillmatch.company.model import Record
from skillmatch.company.wordlists import GRADES, GradedSkill, read_graded, read_sentences
from skillmatch.errors import InputError, Problem
from skillmatch.mapping.associations import Association, AssociationIndex
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.resources import DATA
from skillmatch.words import ECOSYSTEMS, Transition

MEASURE_LANGUAGES = ("en", "de", "fr", "es", "it", "pl")
"""Languages in which every shipped measure has a title, a description and synonyms."""

SUPPORTING = 0.6
"""Weight of a supporting skill where a text is like a measure; that of a core skill is 1."""

Part = Literal["lead", "user"]
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REMEDIES: Mapping[str, str] = {
    "missing": "add the field",
    "extra_forbidden": "remove the field, or correct its name",
}


class MeasureRole(Record):
    """A role usually concerned, `occupation` as URI: "lead" plans and runs the change, "user" works the new way."""

    title: str = Field(min_length=1)
    occupation: str = Field(pattern=r"^https?://\S+$")
    part: Part


class MeasureSkill(Record):
    """A skill that those named in `who` need at `level`; `label` is its English preferred label."""

    uri: str = Field(pattern=r"^https?://\S+$")
    label: str = Field(min_length=1)
    kind: Literal["core", "supporting"]
    level: int = Field(ge=1, le=4)
    who: Literal["lead", "user", "both"]


class Measure(Record):
    """Something a company can decide to do so as to become digital or green.

    Parameters
    ----------
    id
        Kebab-case, unique in the library.
    ecosystems
        Where it is typical: identifiers of `skillmatch.words.ECOSYSTEMS`, or ``("all",)``.
    frameworks
        Topics of public frameworks that it belongs to, such as ``"VSME B3 Energy and greenhouse gas emissions"``.
    lead_people
        How many people at least must be able to plan and run it.
    prerequisites, enables
        Measures typically done before; measures that it makes possible or better.
    first_steps
        What to do on Monday, in English.
    title, description, outcome
        Language code -> text.
    synonyms
        Language code -> what people also call it.
    wishes
        Language code -> sentences in which people say that they want it, often without its name.
    related
        Further skills of the whole ESCO that an expert would accept for it; they help to read words, and no more.
    """

    id: str
    transition: Transition
    ecosystems: tuple[str, ...] = Field(min_length=1)
    frameworks: tuple[str, ...]
    lead_people: int = Field(ge=1)
    prerequisites: tuple[str, ...]
    enables: tuple[str, ...]
    first_steps: tuple[str, ...] = Field(min_length=1)
    title: Mapping[str, str]
    description: Mapping[str, str]
    outcome: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    wishes: Mapping[str, tuple[str, ...]] = {}
    roles: tuple[MeasureRole, ...]
    skills: tuple[MeasureSkill, ...]
    related: tuple[GradedSkill, ...] = ()

    @field_validator("id")
    @classmethod
    def _is_kebab(cls, value: str) -> str:
        if not KEBAB.fullmatch(value):
            raise ValueError("lower-case words joined by hyphens, such as waste-heat-recovery")
        return value

    @field_validator("ecosystems")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value != ("all",) and not set(value) <= set(ECOSYSTEMS):
            raise ValueError(f'["all"], or some of {", ".join(ECOSYSTEMS)}')
        return value

    @field_validator("title", "description", "outcome", "synonyms")
    @classmethod
    def _has_english(cls, value: Mapping[str, object]) -> Mapping[str, object]:
        if not value.get("en"):
            raise ValueError("at least an English text (key en)")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        uris = [skill.uri for skill in self.skills]
        parts = {role.part for role in self.roles}
        if not self.roles or not self.skills:
            raise ValueError("at least one [[measure.roles]] and one [[measure.skills]]")
        if twice := sorted({uri for uri in uris if uris.count(uri) > 1}):
            raise ValueError(f"each skill once; {', '.join(twice)} stands there twice")
        for skill in self.skills:
            if skill.who != "both" and skill.who not in parts:
                raise ValueError(f"a role with part {skill.who!r}, because the skill {skill.label!r} names it")
        return self

    def words(self, language: str = "en") -> str:
        """Return the title in `language`, in English where there is none."""
        return self.title.get(language) or self.title["en"]


def load_measures(folder: Path = DATA / "measures") -> tuple[Measure, ...]:
    """Read the library: every ``*.toml`` file of a folder, ``wishes/<language>.csv`` and ``related.csv`` beside them.

    Returns
    -------
    tuple of Measure
        Sorted by id.

    Raises
    ------
    InputError
        With everything that is wrong in any of the files: TOML syntax, fields, identifiers used twice, prerequisites
        or enabled measures that do not exist, and wishes or related skills for measures that do not exist.
    """
    problems: list[Problem] = []
    wishes = read_sentences(folder / "wishes", ("measure", "wish"), problems)
    related = read_graded(folder / "related.csv", "measure", problems)
    found: dict[str, tuple[Measure, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for place, entry in _entries(path, problems):
            id_ = str(entry.get("id"))
            beside = {"wishes": wishes.get(id_), "related": related.get(id_)}
            measure = _measure(place, {**entry, **{key: value for key, value in beside.items() if value}}, problems)
            if measure is None:
                continue
            if measure.id in found:
                there = found[measure.id][1]
                problems.append(Problem(place, f"an id that {there} has too", "ids used once", "rename one of the two"))
            else:
                found[measure.id] = (measure, place)
    measures = tuple(found[key][0] for key in sorted(found))
    if not problems:
        problems.extend(dangling_links(measures))
        problems.extend(
            Problem(str(folder / place), f"{place} for {id_!r}", "the id of a measure of the library", "correct it")
            for place, ids in (("wishes", wishes), ("related.csv", related))
            for id_ in sorted(ids.keys() - found.keys())
        )
    if not found and not problems:
        problems.append(
            Problem(str(folder), "no measure", "at least one *.toml file", "restore the folder data/measures")
        )
    if problems:
        raise InputError(problems)
    return measures


@dataclass(frozen=True)
class MeasureHit:
    """A measure that resembles a text: `score` in [0, 1], and which of its texts was nearest."""

    measure: str
    score: float
    label: str


@dataclass(frozen=True, eq=False)
class MeasureSearch:
    """Measures, searchable by words in any of their languages, in an index that may know other things too."""

    index: AssociationIndex
    measures: frozenset[str]

    @classmethod
    def build(
        cls,
        measures: Sequence[Measure],
        encoder: Encoder,
        *,
        cache: Path | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Index titles, synonyms, descriptions and wishes of all languages, for the search alone.

        Parameters
        ----------
        measures
            Ids must be unique.
        encoder
            Encodes them and, later, the texts.
        cache
            Folder in which their vectors are kept; None: nowhere.
        progress
            Called with (done, total).
        """
        index = AssociationIndex.build([association(one) for one in measures], (), encoder, cache, progress)
        return cls.within(index, measures)

    @classmethod
    def within(cls, index: AssociationIndex, measures: Iterable[Measure]) -> Self:
        """Return the search for measures that an index knows already, perhaps beside other things."""
        return cls(index, frozenset(measure.id for measure in measures))

    def search(self, texts: Sequence[str], k: int) -> list[tuple[MeasureHit, ...]]:
        """Return the k measures most like each text: highest score first, then smallest id."""
        return [
            tuple(MeasureHit(hit.id, hit.likeness, hit.text) for hit in hits)
            for hits in self.index.search(texts, k, self.measures)
        ]


def association(measure: Measure) -> Association:
    """Return what a measure knows in the form that mapping takes: its words, titles first, and the skills it calls for.

    A core skill weighs 1, a supporting one `SUPPORTING`, a related one as its grade says; of two weights of one skill
    the larger counts.
    """
    synonyms = [synonym for language in measure.synonyms.values() for synonym in language]
    wishes = [wish for language in measure.wishes.values() for wish in language]
    texts = dict.fromkeys([*measure.title.values(), *synonyms, *measure.description.values(), *wishes])
    weights = {skill.uri: GRADES[skill.grade] for skill in measure.related}
    for skill in measure.skills:
        own = 1.0 if skill.kind == "core" else SUPPORTING
        weights[skill.uri] = max(own, weights.get(skill.uri, 0.0))
    return Association(measure.id, tuple(texts), tuple(weights.items()), names=len(set(measure.title.values())))


def dangling_links(measures: Sequence[Measure]) -> tuple[Problem, ...]:
    """Return a problem for each prerequisite or enabled measure that the library does not have."""
    known = {measure.id for measure in measures}
    return tuple(
        Problem(f"measure {measure.id}, {field}", link, "the id of a measure of the library", "correct or remove it")
        for measure in measures
        for field in ("prerequisites", "enables")
        for link in getattr(measure, field)
        if link not in known
    )


def _entries(path: Path, problems: list[Problem]) -> Iterable[tuple[str, Mapping[str, object]]]:
    """Yield (place, raw measure) for one file; what is no list of tables becomes a problem."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(path.name, str(error), "TOML in UTF-8", "correct the file at that place"))
        return
    problems.extend(
        Problem(path.name, f"the table {key!r}", "[[measure]] only", "remove or rename it")
        for key in sorted(document.keys() - {"measure"})
    )
    entries = document.get("measure")
    if not isinstance(entries, list):
        problems.append(Problem(path.name, "no [[measure]]", "one [[measure]] or more", "add one, or remove the file"))
        return
    for number, entry in enumerate(entries, 1):
        yield f"{path.name}, measure {entry.get('id', f'number {number}')}", entry


def _measure(place: str, entry: Mapping[str, object], problems: list[Problem]) -> Measure | None:
    try:
        return Measure.model_validate(entry)
    except ValidationError as error:
        problems.extend(_problem(place, detail) for detail in error.errors(include_url=False))
        return None


def _problem(place: str, detail: ErrorDetails) -> Problem:
    """Turn one complaint of pydantic into ours."""
    field = ".".join(str(part) for part in detail["loc"])
    found = "nothing" if detail["type"] == "missing" else repr(detail["input"])
    if len(found) > 80:
        found = found[:77] + "..."
    allowed = detail["msg"].removeprefix("Value error, ")
    return Problem(
        f"{place}, {field}" if field else place, found, allowed, REMEDIES.get(detail["type"], "correct the value")
    )
