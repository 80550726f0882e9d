"""The JCRec data as arrays: courses, people and targets, and what a person may enrol in.

Rules and defaults are those of the JCRec paper (SIGIR 2024) where it has any: a skill counts ``min(held, required) /
required``, a match is the mean of that over the skills required, and 0.8 is enough for a target and for enrolment.
"""

import csv
import gzip
import io
import json
import math
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
THRESHOLD = 0.8
TARGET_LEVEL = 2
"""ESCO states no levels: intermediate is assumed for each skill of a target."""
UNKNOWN = {"person": 1, "course": 2}
"""Level that stands for *unknown*."""
LEAST_SKILLS, LEAST_SHARE = 5, 0.5
"""A target has at least so many linked essential skills, which are at least this share of all its essential ones."""
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class World:
    """Courses and targets; skills are known by number.

    Parameters
    ----------
    names
        Ids of the courses, sorted.
    teach
        ``teach[c, s]`` is the level to which course c teaches skill s (0: not).
    entry
        Rows (course, skill, level) of what courses require, of shape (3, entries), sorted by course.
    wanted
        ``wanted[s, t]`` is 1 where target t requires skill s.
    need
        Levels, summed over the skills of a target, that make a match.
    """

    names: tuple[str, ...]
    teach: NDArray[np.int8]
    entry: NDArray[np.int64]
    wanted: NDArray[np.float32]
    need: NDArray[np.int64]

    @property
    def target_skills(self) -> Array:
        """Numbers of the skills that any target requires."""
        return np.flatnonzero(self.wanted.any(axis=1))

    def admits(self, state: Array) -> NDArray[np.bool_]:
        """Tell for each course whether somebody with these levels has enough of what it requires."""
        course, skill, level = self.entry
        asked = np.bincount(course, minlength=len(self.names))
        held = np.bincount(course, np.minimum(state[skill], level) / level, len(self.names))
        return np.asarray(held >= THRESHOLD * asked - TINY)

    def enrollable(self, state: Array) -> NDArray[np.bool_]:
        """Tell which courses admit the person and teach something new."""
        return np.asarray(self.admits(state) & (self.teach > state).any(axis=1))

    def units(self, states: Array) -> Array:
        """Return the levels that count for each target, of shape (..., targets); `states` are (..., skills)."""
        skills = self.target_skills
        counted = np.minimum(states[..., skills], TARGET_LEVEL).astype(np.float32)
        return np.rint(counted @ self.wanted[skills]).astype(np.int64)

    def matches(self, state: Array) -> int:
        """Return how many targets are matched."""
        return int((self.units(state) >= self.need).sum())

    def after(self, state: Array, courses: Sequence[int]) -> Array:
        """Return the levels after courses."""
        return np.maximum(state, self.teach[list(courses)].max(axis=0)) if courses else state


@dataclass(frozen=True, eq=False)
class Data:
    """The world, the people (levels, of shape (people, skills)), and numbers for the record."""

    world: World
    people: NDArray[np.int8]
    counts: dict[str, int | float]


def read(jcrec: Path, esco: Path, *, least_skills: int = LEAST_SKILLS, least_share: float = LEAST_SHARE) -> Data:
    """Read the benchmark and the essential relations of ESCO; people and courses are sorted by id."""
    linked = _rows(gzip.decompress((jcrec / "taxonomy.csv.gz").read_bytes()))
    uri_of = {int(row["unique_id"]): row["Source"] for row in linked}
    number = {uri: place for place, uri in enumerate(sorted(set(uri_of.values())))}
    place_of = {key: number[uri] for key, uri in uri_of.items()}
    scale = _load(jcrec / "mastery_levels.json.gz")
    courses, resumes = _load(jcrec / "courses.json.gz"), _load(jcrec / "resumes.json.gz")
    names = tuple(sorted(courses))
    teach, asked = (np.zeros((len(names), len(number)), dtype=np.int8) for _ in range(2))
    for row, name in enumerate(names):
        for table, part in ((teach, "to_acquire"), (asked, "required")):
            for skill, level in _levels(courses[name].get(part, []), scale, UNKNOWN["course"]):
                table[row, place_of[skill]] = level
    # A course that requires what it teaches is taken to require one level less, as in JCRec.
    asked = np.where((teach > 0) & (asked >= teach), teach - 1, asked)
    people = np.zeros((len(resumes), len(number)), dtype=np.int8)
    for row, name in enumerate(sorted(resumes)):
        for skill, level in _levels(resumes[name], scale, UNKNOWN["person"]):
            people[row, place_of[skill]] = level
    wanted, counts = _targets(esco, number, least_skills, least_share)
    need = np.ceil(THRESHOLD * TARGET_LEVEL * wanted.sum(axis=0) - TINY).astype(np.int64)
    row, skill = np.nonzero(asked)
    entry = np.stack([row, skill, asked[row, skill].astype(np.int64)])
    world = World(names, teach, entry, wanted, need)
    counts |= {
        "people": len(people), "courses": len(names), "skills of the benchmark": len(number),
        "skills of targets that no course teaches to the level":
            int((teach[:, world.target_skills].max(axis=0) < TARGET_LEVEL).sum()),
        "skills of targets": len(world.target_skills),
    }  # fmt: skip
    return Data(world, people, counts)


def _targets(
    esco: Path, number: dict[str, int], least_skills: int, least_share: float
) -> tuple[NDArray[np.float32], dict[str, int | float]]:
    """Return what each target requires, by occupation URI, and how many occupations remained."""
    essential: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(esco) as bundle:
        for row in _rows(bundle.read("occupationSkillRelations.csv")):
            if row["relationType"] == "essential":
                essential[row["occupationUri"]].add(row["skillUri"])
    linked = {name: sorted(number[uri] for uri in skills if uri in number) for name, skills in essential.items()}
    chosen = [
        name
        for name in sorted(linked)
        if len(linked[name]) >= least_skills and len(linked[name]) >= least_share * len(essential[name])
    ]
    wanted = np.zeros((len(number), len(chosen)), dtype=np.float32)
    for target, name in enumerate(chosen):
        wanted[linked[name], target] = 1
    counts: dict[str, int | float] = {
        "occupations with essential skills": len(essential),
        "occupations with a linked essential skill": sum(bool(skills) for skills in linked.values()),
        "occupations with at least 5 linked": sum(len(skills) >= LEAST_SKILLS for skills in linked.values()),
        "targets": len(chosen),
        "mean skills of a target": round(math.fsum(len(linked[name]) for name in chosen) / max(len(chosen), 1), 2),
    }
    return wanted, counts


def _levels(pairs: list[list[Any]], scale: dict[str, int], unknown: int) -> Iterator[tuple[int, int]]:
    """Yield (skill, level); words that are no level of the benchmark are left out, as in JCRec."""
    for skill, level in pairs:
        if isinstance(level, str) and level in scale:
            yield skill, unknown if scale[level] < 0 else scale[level]


def _load(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return content


def _rows(content: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
