"""What an evaluation gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from skillmatch.evaluation.metrics import Mean, Metric, bootstrap_mean, ranks_of
from skillmatch.evaluation.rankers import Ranker
from skillmatch.mapping.mapper import Mapper

PRODUCT = "skillmatch"


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
        Data set -> system -> metric -> mean in percent with its interval. The product is called ``"skillmatch"``.
    """

    task: str
    model: str
    model_hash: str
    searched: Mapping[str, str | int]
    counts: Mapping[str, Mapping[str, int]]
    scores: Mapping[str, Mapping[str, Mapping[str, Mean]]]

    @property
    def queries(self) -> int:
        """Number of queries that were evaluated, over all data sets."""
        return sum(count["evaluated"] for count in self.counts.values())

    def average(self, system: str = PRODUCT) -> dict[str, float]:
        """Return metric -> mean over data sets, each counting the same, in percent."""
        sets = [systems[system] for systems in self.scores.values()]
        return {metric: round(sum(values[metric].value for values in sets) / len(sets), 2) for metric in sets[0]}

    def to_json(self) -> dict[str, Any]:
        """Return the result as one object: ``metrics`` are the product's means over data sets, in percent."""
        systems = list(next(iter(self.scores.values())))
        return {
            "task": self.task,
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
                    "datasets": {name: _plain(systems[system]) for name, systems in self.scores.items()},
                }
                for system in systems
                if system != PRODUCT
            },
        }

    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns of `rows`."""
        first = next(iter(self.scores.values()))[PRODUCT]
        return ("data", "system", *first)

    def rows(self) -> list[dict[str, str]]:
        """Return one row for each data set and system, with ``mean (low-high)`` in percent for each metric."""
        return [
            {
                "data": data,
                "system": system,
                **{metric: f"{mean.value:.1f} ({mean.low:.0f}-{mean.high:.0f})" for metric, mean in metrics.items()},
            }
            for data, systems in self.scores.items()
            for system, metrics in systems.items()
        ]


def searched(mapper: Mapper) -> dict[str, str | int]:
    """Return what a mapper searches: name, version and key of the taxonomy, and the number of its skills."""
    taxonomy = mapper.taxonomy
    return {
        "taxonomy": taxonomy.name,
        "version": taxonomy.version,
        "key": taxonomy.key,
        "items": len(mapper.index.ids),
    }


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


def _plain(metrics: Mapping[str, Mean]) -> dict[str, dict[str, float]]:
    return {name: {"value": mean.value, "low": mean.low, "high": mean.high} for name, mean in metrics.items()}
