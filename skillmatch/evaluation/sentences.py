"""Sentences written for this project, kept out of training and of the examples, to the skills that they speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skillmatch.company.places import LANGUAGES
from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.jsonlines import read_json_lines
from skillmatch.evaluation.normalisation import is_held_out
from skillmatch.evaluation.rankers import BASELINES, Baseline
from skillmatch.evaluation.result import DataSet, EvaluationResult
from skillmatch.evaluation.skill_extraction import score_sets
from skillmatch.mapping.encoder import Progress
from skillmatch.mapping.mapper import Mapper

TASK = "sentences"
PATTERN = "*.jsonl"


@dataclass(frozen=True)
class Written:
    """A sentence, its language (two-letter code) and the labels of its skills."""

    text: str
    language: str
    skills: tuple[str, ...]


def read_held_out(folder: Path) -> list[Written]:
    """Read the sentences of ``*.jsonl`` that training does not see, in the order of the files, each text once.

    A line is an object with ``text``, ``skills`` (labels) and perhaps ``lang`` (else English). A text that differs from
    one of training only in case, spaces or marks at its ends is left out.

    Raises
    ------
    InputError
        If there is no file, or with every line that is no such object.
    """
    paths = sorted(folder.glob(PATTERN))
    if not paths:
        raise InputError(Problem(str(folder), f"no file {PATTERN}", "a folder with at least one", "check --data"))
    kept: dict[str, Written] = {}
    seen = set()
    for one in read_json_lines(paths, _written, "an object with text and skills", blank=True):
        if is_held_out(one.text):
            kept.setdefault(_fold(one.text), one)
        else:
            seen.add(_fold(one.text))
    return [one for folded, one in kept.items() if folded not in seen]


def _written(item: Any) -> Written:  # noqa: ANN401 - whatever the line holds
    return Written(str(item["text"]), str(item.get("lang", "en")), tuple(map(str, item["skills"])))


def evaluate_sentences(
    data: Path, mapper: Mapper, baselines: Sequence[Baseline] = BASELINES, progress: Progress | None = None
) -> EvaluationResult:
    """Return the scores of the mapper, beside baselines, for each language; sentences without a known skill are out."""
    written = read_held_out(data)
    sets = []
    for language in sorted({one.language for one in written}, key=lambda code: (code != "en", code)):
        some = [one for one in written if one.language == language]
        gold = [(one.text, frozenset(filter(None, map(mapper.taxonomy.find_skill, one.skills)))) for one in some]
        kept = [(text, uris) for text, uris in gold if uris]
        if kept:
            sets.append(
                DataSet(
                    name=language_name(language),
                    queries=tuple(text for text, _ in kept),
                    relevant=tuple(uris for _, uris in kept),
                    counts={"sentences": len(some), "evaluated": len(kept)},
                )
            )
    if not sets:
        allowed = "labels of the taxonomy in use"
        raise InputError(Problem(str(data), "no sentence with a known skill", allowed, "use the full ESCO in English"))
    return score_sets(TASK, sets, mapper, baselines, progress)


def language_name(code: str) -> str:
    """Return the English name of a language; the code itself where it has none.

    >>> language_name("mt"), language_name("xx")
    ('Maltese', 'xx')
    """
    return LANGUAGES[code][0] if code in LANGUAGES else code


def _fold(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!?;:,")
