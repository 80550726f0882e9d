"""Job titles of national classifications to ESCO occupations: the MELO benchmark (Avature)."""

import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path

from skillmatch.errors import InputError, Problem
from skillmatch.evaluation.metrics import Metric, accuracy_at, reciprocal_rank
from skillmatch.evaluation.rankers import BASELINES, Baseline, title_ranker
from skillmatch.evaluation.result import DataSet, EvaluationResult, measure
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.index import LabelIndex
from skillmatch.mapping.occupations import TITLE_WEIGHTS

TASK = "melo"
TABLES = {"queries": 2, "corpus_elements": 2, "annotations": 4, "concept_mapping": 2}
"""Name of a file -> number of its columns, tab separated and without a heading."""
METRICS: dict[str, Metric] = {
    "MRR": reciprocal_rank,
    "A@1": accuracy_at(1),
    "A@5": accuracy_at(5),
    "A@10": accuracy_at(10),
}


def read_melo(folder: Path) -> tuple[DataSet, list[tuple[str, str]]]:
    """Read a folder of MELO: the job titles with the corpus elements that are right, and all (id, text) of the corpus.

    Raises
    ------
    InputError
        If a file is missing or a line has the wrong number of columns; all problems at once.
    """
    problems: list[Problem] = []
    tables = {name: _read_table(folder, name, columns, problems) for name, columns in TABLES.items()}
    if problems:
        raise InputError(problems)
    relevant: dict[str, set[str]] = {}
    for query, _, element, grade in tables["annotations"]:
        if grade.strip() not in {"", "0"}:
            relevant.setdefault(query, set()).add(element)
    queries = [(id_, text) for id_, text in tables["queries"] if id_ in relevant]
    if not queries:
        raise InputError(
            Problem(
                str(folder),
                "no query with an annotation",
                "annotations of the queries",
                "check that files belong together",
            )
        )
    data = DataSet(
        name=folder.name,
        queries=tuple(text for _, text in queries),
        relevant=tuple(frozenset(relevant[id_]) for id_, _ in queries),
        counts={
            "queries": len(tables["queries"]),
            "evaluated": len(queries),
            "elements": len(tables["corpus_elements"]),
            "concepts": len({concept for _, concept in tables["concept_mapping"]}),
        },
    )
    return data, [(id_, text) for id_, text in tables["corpus_elements"]]


def evaluate_melo(
    data: Path,
    encoder: Encoder,
    *,
    baselines: Sequence[Baseline] = BASELINES,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Return the scores of linking titles as `OccupationLinker` does, beside baselines, on one folder.

    As in the published evaluation the elements of the corpus (wordings of occupations) are ranked, not the occupations.
    Alike wordings are told apart by their ids only.
    """
    titles, corpus = read_melo(data)
    concepts = [(id_, [text]) for id_, text in corpus]
    index = LabelIndex.build(concepts, encoder, weights=TITLE_WEIGHTS, cache=cache, progress=progress)
    rankers = [*(make(index) for make in baselines), title_ranker(index)]
    wordings = hashlib.sha256("\n".join(f"{id_}\t{text}" for id_, text in corpus).encode()).hexdigest()
    return EvaluationResult(
        task=TASK,
        model=encoder.name,
        model_hash=encoder.key,
        searched={"taxonomy": data.name, "key": wordings, "items": len(corpus)},
        counts={titles.name: titles.counts},
        scores={titles.name: measure(titles, rankers, METRICS)},
    )


def _read_table(folder: Path, name: str, columns: int, problems: list[Problem]) -> list[list[str]]:
    """Return the rows of a table, plain or compressed; what is wrong is added to the problems."""
    plain, packed = folder / f"{name}.tsv", folder / f"{name}.tsv.gz"
    if plain.is_file():
        text = plain.read_text("utf-8")
    elif packed.is_file():
        text = gzip.decompress(packed.read_bytes()).decode("utf-8")
    else:
        problems.append(Problem(str(folder), f"no {name}", f"{name}.tsv or {name}.tsv.gz", "check --data"))
        return []
    rows = [line.split("\t") for line in text.split("\n") if line.strip()]
    for number, row in enumerate(rows, start=1):
        if len(row) != columns:
            problems.append(
                Problem(
                    f"{folder}, {name}, line {number}",
                    f"{len(row)} columns",
                    f"{columns}",
                    "mend or leave out the line",
                )
            )
    return rows
