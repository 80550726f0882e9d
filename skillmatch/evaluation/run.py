"""One door for all tasks, as the command line uses it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from skillmatch.company.topics import associations
from skillmatch.errors import InputError, Problem
from skillmatch.evaluation import (
    confidence,
    languages,
    melo,
    needs,
    normalisation,
    sentences,
    skill_extraction,
    speed,
    titles,
)
from skillmatch.evaluation.rankers import BASELINES, Baseline, encoder_ranker
from skillmatch.evaluation.result import EvaluationResult
from skillmatch.mapping.encoder import Encoder, Progress, load_encoder
from skillmatch.mapping.examples import load_examples
from skillmatch.mapping.mapper import Mapper, Setting
from skillmatch.resources import home
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.taxonomy.storage import active

RAW = "all-MiniLM-L6-v2"
"""The encoder that training began from, as it is published: a baseline of every task."""

SETTINGS: tuple[Setting, ...] = ("best", "fast")
"""Settings of the mapper; the first one is the default."""


@dataclass(frozen=True, eq=False)
class Bench:
    """What tasks are scored with. The mapper is built when a task first needs it, and kept.

    Parameters
    ----------
    taxonomy, encoder
        What is searched, and with what.
    baselines
        What stands beside the product; empty where only the product is asked for.
    cache
        Folder in which vectors of labels are kept; None: nowhere.
    setting
        One of `SETTINGS`.
    """

    taxonomy: Taxonomy
    encoder: Encoder
    baselines: Sequence[Baseline] = BASELINES
    cache: Path | None = None
    setting: Setting = "best"
    progress: Progress | None = None

    @cached_property
    def mapper(self) -> Mapper:
        """The mapper as the product uses it: with examples, and what the library of measures knows."""
        return self.build(self.taxonomy)

    def build(self, taxonomy: Taxonomy) -> Mapper:
        """Return the mapper for another taxonomy."""
        return Mapper.build(
            taxonomy,
            self.encoder,
            cache=self.cache,
            progress=self.progress,
            associations=associations(),
            examples=load_examples(self.encoder),
            setting=self.setting,
        )


def all_baselines(cache: Path | None) -> tuple[Baseline, ...]:
    """Return every baseline, the raw encoder last."""
    return (*BASELINES, partial(encoder_ranker, encoder=load_encoder(RAW), cache=cache))


def run_task(
    task: str,
    data: Path,
    *,
    taxonomy: str | None = None,
    encoder: Encoder | None = None,
    setting: Setting = "best",
    progress: Progress | None = None,
    bench: Bench | None = None,
) -> EvaluationResult:
    """Return the scores on a public benchmark.

    Parameters
    ----------
    task
        One of `TASKS`.
    data
        Folder with the files of the benchmark.
    taxonomy
        Name of an imported taxonomy; None: the one in use. ``"melo"`` brings its own.
    encoder
        None: the default one.
    setting
        One of `SETTINGS`; ``"melo"`` is the same in all.
    progress
        Called with (done, total).
    bench
        What to score with, where several tasks share it; then nothing else is said.
    """
    if task not in TASKS:
        raise InputError(Problem("evaluation task", task, ", ".join(sorted(TASKS)), "choose one of these"))
    if not data.is_dir():
        raise InputError(Problem("--data", str(data), "an existing folder", "check the path"))
    if setting not in SETTINGS:
        raise InputError(Problem("--setting", setting, ", ".join(SETTINGS), "choose one of these"))
    if bench is None:
        cache = home() / "cache"
        bench = Bench(active(taxonomy), encoder or load_encoder(), all_baselines(cache), cache, setting, progress)
    return TASKS[task](data, bench)


def _melo(data: Path, bench: Bench) -> EvaluationResult:
    return melo.evaluate_melo(
        data, bench.encoder, baselines=bench.baselines, cache=bench.cache, progress=bench.progress
    )


def _languages(data: Path, bench: Bench) -> EvaluationResult:
    return languages.evaluate_languages(
        data, bench.mapper, bench.encoder, cache=bench.cache, baselines=bench.baselines, progress=bench.progress
    )


Task = Callable[[Path, Bench], EvaluationResult]

TASKS: dict[str, Task] = {
    skill_extraction.TASK: lambda data, bench: skill_extraction.evaluate_skill_extraction(
        data, bench.mapper, bench.baselines, bench.progress
    ),
    sentences.TASK: lambda data, bench: sentences.evaluate_sentences(
        data, bench.mapper, bench.baselines, bench.progress
    ),
    needs.TASK: lambda data, bench: needs.evaluate_needs(data, bench.mapper, bench.baselines, bench.progress),
    normalisation.TASK: lambda data, bench: normalisation.evaluate_normalisation(
        bench.taxonomy, bench.build, bench.baselines
    ),
    titles.TASK: lambda data, bench: titles.evaluate_titles(bench.mapper, bench.baselines),
    melo.TASK: _melo,
    confidence.TASK: lambda data, bench: confidence.evaluate_confidence(
        data, bench.mapper, bench.baselines, bench.progress
    ),
    languages.TASK: _languages,
    speed.TASK: lambda data, bench: speed.evaluate_speed(bench.mapper, bench.baselines),
}
"""Name of a task -> what scores it, in the order of the page of results."""
