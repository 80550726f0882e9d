"""What an evaluation gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from skillmatch.evaluation.metrics import Mean, Metric, bootstrap_mean, ranks_of
from skillmatch.evaluation.rankers import PRODUCT, Ranker
from skillmatch.mapping.mapper import Mapper

Scores = Mapping[str, Mapping[str, Mapping[str, Mean]]]
"""Data set -> system -> metric -> mean in percent with its interval."""


@dataclass(frozen=True)
class DataSet:
    """Queries with the ids that are right for each.

    Parameters
    ----------
    name
        Name of the file or folder.
    queries
        Texts of shape (q,).
    relevant
        For each query the ids that are right, at least one.
    counts
        What was read and what was left out, by name.
    """

    name: str
    queries: tuple[str, ...]
    relevant: tuple[frozenset[str], ...]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class EvaluationResult:
    """Scores of the product and of baselines on one task.

    Parameters
    ----------
    task
        Such as ``"skill-extraction"``.
    model, model_hash
        Name of the encoder, and the key that identifies its weights.
    searched
        What was searched: name, version, key and number of items.
    counts
        Data set -> what was read and what was left out.
    scores
        The product is called ``"skillmatch"``. Data sets named ``"GROUP: ROW"`` are shown as one table a group.
    setting
        Of the mapper: ``"best"`` or ``"fast"``.
    """

    task: str
    model: str
    model_hash: str
    searched: Mapping[str, str | int]
    counts: Mapping[str, Mapping[str, int]]
    scores: Scores
    setting: str = "best"

    @classmethod
    def of(cls, task: str, mapper: Mapper, counts: Mapping[str, Mapping[str, int]], scores: Scores) -> Self:
        """Return the result of a mapper."""
        taxonomy, encoder = mapper.taxonomy, mapper.index.encoder
        searched: dict[str, str | int] = {
            "taxonomy": taxonomy.name,
            "version": taxonomy.version,
            "key": taxonomy.key,
            "items": len(mapper.index.ids),
        }
        return cls(task, encoder.name, mapper.model_key or encoder.key, searched, counts, scores, mapper.setting)

    @property
    def queries(self) -> int:
        """Number of queries that were evaluated, over all data sets."""
        return sum(count["evaluated"] for count in self.counts.values())

    def average(self, system: str = PRODUCT) -> dict[str, float]:
        """Return metric -> mean over the data sets that have it, each counting the same, in percent."""
        sets = [systems[system] for systems in self.scores.values() if system in systems]
        values: dict[str, list[float]] = {}
        for metric, mean in (item for metrics in sets for item in metrics.items()):
            values.setdefault(metric, []).append(mean.value)
        return {metric: round(sum(some) / len(some), 2) for metric, some in values.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the result as one object: ``metrics`` are the product's means over data sets, in percent."""
        systems = list(dict.fromkeys(system for some in self.scores.values() for system in some))
        return {
            "task": self.task,
            "setting": self.setting,
            "date": datetime.now(UTC).date().isoformat(),
            "model": self.model,
            "model_hash": self.model_hash,
            "searched": dict(self.searched),
            "counts": {"queries": self.queries, **{name: dict(count) for name, count in self.counts.items()}},
            "metrics": self.average(),
            "datasets": {name: _plain(systems[PRODUCT]) for name, systems in self.scores.items()},
            "baselines": {
                system: {
                    "metrics": self.average(system),
                    "datasets": {
                        name: _plain(systems[system]) for name, systems in self.scores.items() if system in systems
                    },
                }
                for system in systems
                if system != PRODUCT
            },
        }

    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns of `rows`."""
        metrics = dict.fromkeys(metric for systems in self.scores.values() for metric in systems[PRODUCT])
        return ("data", "system", *metrics)

    def rows(self) -> list[dict[str, str]]:
        """Return one row for each data set and system, with ``mean (low-high)`` for each metric it has."""
        names = self.columns()[2:]
        return [
            {"data": data, "system": system, **{name: _shown(metrics.get(name)) for name in names}}
            for data, systems in self.scores.items()
            for system, metrics in systems.items()
        ]


def measure(data: DataSet, rankers: Sequence[Ranker], metrics: Mapping[str, Metric]) -> dict[str, dict[str, Mean]]:
    """Return system -> metric -> mean over the queries of one data set."""
    scores = {}
    for ranker in rankers:
        rankings = zip(data.relevant, ranker.rank(data.queries), strict=True)
        ranks = [(ranks_of(relevant, ranking), len(relevant)) for relevant, ranking in rankings]
        scores[ranker.name] = {
            name: bootstrap_mean([metric(found, count) for found, count in ranks]) for name, metric in metrics.items()
        }
    return scores


def _shown(mean: Mean | None) -> str:
    return f"{mean.value:.1f} ({mean.low:.0f}-{mean.high:.0f})" if mean else ""


def _plain(metrics: Mapping[str, Mean]) -> dict[str, dict[str, float]]:
    return {name: {"value": mean.value, "low": mean.low, "high": mean.high} for name, mean in metrics.items()}
