"""Sentences of job advertisements to skills: the benchmark of Decorte et al. (TECH, HOUSE, TECHWOLF)."""

import csv
from collections.abc import Sequence
from pathlib import Path

from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.metrics import Metric, r_precision_at, reciprocal_rank
from skillmatch.evaluation.rankers import BASELINES, Baseline, product_ranker
from skillmatch.evaluation.result import DataSet, EvaluationResult, measure
from skillmatch.mapping.encoder import Progress
from skillmatch.mapping.mapper import Mapper
from skillmatch.taxonomy.model import Taxonomy

TASK = "skill-extraction"
PATTERN = "*_annotations.csv"
COLUMNS = ("sentence", "label")
NO_SKILL = frozenset({"LABEL NOT PRESENT", "UNDERSPECIFIED"})
METRICS: dict[str, Metric] = {
    "MRR": reciprocal_rank,
    "RP@1": r_precision_at(1),
    "RP@5": r_precision_at(5),
    "RP@10": r_precision_at(10),
}


def read_sentences(path: Path, taxonomy: Taxonomy) -> tuple[dict[str, set[str]], set[str]]:
    """Read one file of annotations: columns ``sentence`` and ``label``, a row for each label of a sentence.

    Returns
    -------
    gold, unknown
        Sentence -> URIs of its skills (those of the taxonomy that have the words as a label), in the order of the file;
        and the labels that the taxonomy does not have.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
        if missing:
            found, allowed = f"no column {', '.join(missing)}", f"columns {', '.join(COLUMNS)}"
            raise InputError(Problem(str(path), found, allowed, "name the columns so in the first line"))
        gold: dict[str, set[str]] = {}
        unknown = set()
        for row in reader:
            uris = gold.setdefault(row["sentence"] or "", set())
            label = (row["label"] or "").strip()
            uri = taxonomy.find_skill(label)
            if uri:
                uris.add(uri)
            elif label not in NO_SKILL:
                unknown.add(label)
    return gold, unknown


def read_annotations(path: Path, taxonomy: Taxonomy) -> DataSet:
    """Read one file of annotations as queries; sentences without any skill of the taxonomy are left out, as published.

    Raises
    ------
    InputError
        If a column is missing, or no sentence has a label of the taxonomy.
    """
    gold, unknown = read_sentences(path, taxonomy)
    kept = {sentence: uris for sentence, uris in gold.items() if uris}
    if not kept:
        raise InputError(
            Problem(
                str(path),
                f"no sentence with a label of the taxonomy {taxonomy.name}",
                "labels of the taxonomy in use",
                "choose the taxonomy that the benchmark was made with (the full ESCO in English)",
            )
        )
    return DataSet(
        name=path.name.removesuffix(".csv").removesuffix("_annotations"),
        queries=tuple(kept),
        relevant=tuple(frozenset(uris) for uris in kept.values()),
        counts={
            "sentences": len(gold),
            "evaluated": len(kept),
            "labels": sum(map(len, kept.values())),
            "unknown_labels": len(unknown),
        },
    )


def evaluate_skill_extraction(
    data: Path, mapper: Mapper, baselines: Sequence[Baseline] = BASELINES, progress: Progress | None = None
) -> EvaluationResult:
    """Return the scores of the mapper, beside baselines, on every file ``*_annotations.csv`` of a folder."""
    files = sorted(data.glob(PATTERN))
    if not files:
        raise InputError(Problem(str(data), f"no file {PATTERN}", "a folder with at least one", "check --data"))
    sets = [read_annotations(file, mapper.taxonomy) for file in files]
    return score_sets(TASK, sets, mapper, baselines, progress)


def score_sets(
    task: str,
    sets: Sequence[DataSet],
    mapper: Mapper,
    baselines: Sequence[Baseline],
    progress: Progress | None = None,
) -> EvaluationResult:
    """Return the scores of the mapper, beside baselines, of ranking all skills for the queries of each data set."""
    rankers = [*(make(mapper.index) for make in baselines), product_ranker(mapper)]
    scores = {}
    for done, one in enumerate(sets, start=1):
        scores[one.name] = measure(one, rankers, METRICS)
        if progress:
            progress(done, len(sets))
    return EvaluationResult.of(task, mapper, {one.name: one.counts for one in sets}, scores)
