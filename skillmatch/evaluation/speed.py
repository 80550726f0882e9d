"""How fast the mapping is on this machine: many texts at once, and one alone."""

import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from skillmatch.evaluation.metrics import Mean
from skillmatch.evaluation.result import PRODUCT, EvaluationResult, searched
from skillmatch.mapping.mapper import Mapper

TASK = "speed"
SENTENCES = {
    "English": "We are looking for somebody who can plan the maintenance of {} and keep records of faults number {}.",
    "German": "Wir suchen jemanden, der die Wartung von {} plant und die Störungen Nummer {} dokumentiert.",
}
THINGS = ("pumps", "presses", "lathes", "vans", "roofs", "boilers", "servers", "cranes")
MANY, SINGLE, ROUNDS = 256, 30, 3


def evaluate_speed(mapper: Mapper) -> EvaluationResult:
    """Return texts a second in bulk and milliseconds for one text, each as median with the range of the rounds.

    The figures depend on the machine and on what else it does; every text is a new one, so that nothing is remembered.
    """
    scores = {}
    for name, frame in SENTENCES.items():
        texts = [frame.format(THINGS[number % len(THINGS)], number) for number in range(ROUNDS * MANY + SINGLE + 1)]
        mapper.map(texts.pop())  # loads the weights
        bulk = []
        for start in range(0, ROUNDS * MANY, MANY):
            batch = texts[start : start + MANY]
            bulk.append(len(batch) / _seconds(lambda batch=batch: mapper.map_many(batch)))  # type: ignore[misc]
        alone = [1_000 * _seconds(lambda text=text: mapper.map(text)) for text in texts[-SINGLE:]]  # type: ignore[misc]
        encoded = [
            MANY / _seconds(lambda batch=texts[start : start + MANY]: mapper.index.encoder.encode(batch))  # type: ignore[misc]
            for start in range(0, ROUNDS * MANY, MANY)
        ]
        scores[name] = {
            PRODUCT: {"texts/s": _range(bulk), "ms alone": _range(alone), "encoded/s": _range(encoded)},
        }
    return EvaluationResult(
        task=TASK,
        model=mapper.index.encoder.name,
        model_hash=mapper.index.encoder.key,
        searched=searched(mapper),
        counts={name: {"evaluated": ROUNDS * MANY} for name in SENTENCES},
        scores=scores,
    )


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _range(values: Sequence[float]) -> Mean:
    """Return the median, with the smallest and the largest value."""
    middle = quantiles(values, n=2, method="inclusive")[0]
    return Mean(round(middle, 1), round(min(values), 1), round(max(values), 1))
