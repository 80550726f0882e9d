"""One door for all tasks, as the command line uses it."""

from collections.abc import Callable
from pathlib import Path

from skillmatch.company.measures import associations, load_measures
from skillmatch.errors import InputError, Problem
from skillmatch.evaluation import confidence, melo, needs, normalisation, skill_extraction, speed, titles
from skillmatch.evaluation.result import EvaluationResult
from skillmatch.mapping.encoder import Encoder, Progress, load_encoder
from skillmatch.mapping.examples import load_examples
from skillmatch.mapping.mapper import Mapper
from skillmatch.resources import home
from skillmatch.taxonomy.storage import active

Task = Callable[[Path, str | None, Encoder, Path, Progress | None], EvaluationResult]


def run_task(
    task: str,
    data: Path,
    *,
    taxonomy: str | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Return the scores on a public benchmark.

    Parameters
    ----------
    task
        One of `TASKS`.
    data
        Folder with the files of the benchmark.
    taxonomy
        Name of an imported taxonomy; None: the one in use. Not needed for ``"melo"``, which brings its own.
    encoder
        None: the default one.
    progress
        Called with (done, total).
    """
    if task not in TASKS:
        raise InputError(Problem("evaluation task", task, ", ".join(sorted(TASKS)), "choose one of these"))
    if not data.is_dir():
        raise InputError(Problem("--data", str(data), "an existing folder", "check the path"))
    return TASKS[task](data, taxonomy, encoder or load_encoder(), home() / "cache", progress)


def build_mapper(taxonomy: str | None, encoder: Encoder, cache: Path, progress: Progress | None = None) -> Mapper:
    """Return the mapper as the product uses it: with what the library of measures knows."""
    known = associations(load_measures())
    return Mapper.build(
        active(taxonomy), encoder, cache=cache, progress=progress, associations=known, examples=load_examples(encoder)
    )


def _with_mapper(evaluate: Callable[[Path, Mapper, Progress | None], EvaluationResult]) -> Task:
    def task(
        data: Path, taxonomy: str | None, encoder: Encoder, cache: Path, progress: Progress | None
    ) -> EvaluationResult:
        return evaluate(data, build_mapper(taxonomy, encoder, cache, progress), progress)

    return task


def _normalisation(
    data: Path, taxonomy: str | None, encoder: Encoder, cache: Path, progress: Progress | None
) -> EvaluationResult:
    return normalisation.evaluate_normalisation(active(taxonomy), encoder, cache=cache, progress=progress)


def _melo(
    data: Path, taxonomy: str | None, encoder: Encoder, cache: Path, progress: Progress | None
) -> EvaluationResult:
    return melo.evaluate_melo(data, encoder, cache=cache, progress=progress)


TASKS: dict[str, Task] = {
    skill_extraction.TASK: _with_mapper(skill_extraction.evaluate_skill_extraction),
    melo.TASK: _melo,
    needs.TASK: _with_mapper(needs.evaluate_needs),
    normalisation.TASK: _normalisation,
    titles.TASK: _with_mapper(lambda data, mapper, progress: titles.evaluate_titles(mapper)),
    confidence.TASK: _with_mapper(confidence.evaluate_confidence),
    speed.TASK: _with_mapper(lambda data, mapper, progress: speed.evaluate_speed(mapper)),
}
