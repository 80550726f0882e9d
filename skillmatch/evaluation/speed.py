"""How fast the mapping is on this machine: many texts at once, and one alone."""

import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from skillmatch.evaluation.metrics import Mean
from skillmatch.evaluation.rankers import BASELINES, PRODUCT, Baseline
from skillmatch.evaluation.result import EvaluationResult
from skillmatch.mapping.mapper import Mapper

TASK = "speed"
SENTENCES = {
    "English": "We are looking for somebody who can plan the maintenance of {} and keep records of faults number {}.",
    "German": "Wir suchen jemanden, der die Wartung von {} plant und die Störungen Nummer {} dokumentiert.",
}
THINGS = ("pumps", "presses", "lathes", "vans", "roofs", "boilers", "servers", "cranes")
MANY, SINGLE, ROUNDS = 256, 30, 3

Act = Callable[[list[str]], object]
"""What is timed: something done to texts."""


def evaluate_speed(mapper: Mapper, baselines: Sequence[Baseline] = BASELINES) -> EvaluationResult:
    """Return texts a second in bulk and milliseconds for one text, each as median with the range of the rounds.

    ``texts/s`` and ``ms alone`` go by the clock, so they depend on the machine and on what else it does;
    ``texts/core s`` goes by the seconds of processor time used, on all cores together. ``encoded/s``, by the clock, is
    the encoder alone. Every text is a new one, so that nothing is remembered.
    """
    systems: dict[str, Act] = {ranker.name: ranker.scores for ranker in (make(mapper.index) for make in baselines)}
    systems[PRODUCT] = mapper.map_many
    scores = {}
    for number, (name, frame) in enumerate(SENTENCES.items()):
        scores[name] = {system: _measure(act, frame, 10_000 * number) for system, act in systems.items()}
        encoded = _texts(frame, 10_000 * number + 5_000, ROUNDS * MANY)
        rates = [len(batch) / clock for batch, clock, _ in _rounds(mapper.index.encoder.encode, encoded)]
        scores[name][PRODUCT]["encoded/s"] = _range(rates)
    return EvaluationResult.of(TASK, mapper, {name: {"evaluated": ROUNDS * MANY} for name in SENTENCES}, scores)


def _measure(act: Act, frame: str, first: int) -> dict[str, Mean]:
    texts = _texts(frame, first, ROUNDS * MANY + SINGLE + 1)
    act([texts.pop()])  # loads what is loaded when first needed
    rounds = _rounds(act, texts[: ROUNDS * MANY])
    alone = [1_000 * _seconds(act, [text])[0] for text in texts[ROUNDS * MANY :]]
    return {
        "texts/s": _range([len(batch) / clock for batch, clock, _ in rounds]),
        "texts/core s": _range([len(batch) / processor for batch, _, processor in rounds]),
        "ms alone": _range(alone),
    }


def _texts(frame: str, first: int, count: int) -> list[str]:
    return [frame.format(THINGS[number % len(THINGS)], number) for number in range(first, first + count)]


def _rounds(act: Act, texts: list[str]) -> list[tuple[list[str], float, float]]:
    """Return each batch with its seconds by the clock and of the processor."""
    batches = [texts[start : start + MANY] for start in range(0, len(texts), MANY)]
    return [(batch, *_seconds(act, batch)) for batch in batches]


def _seconds(act: Act, texts: list[str]) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    act(texts)
    return time.perf_counter() - clock, max(1e-9, time.process_time() - processor)


def _range(values: Sequence[float]) -> Mean:
    """Return the median, with the smallest and the largest value."""
    middle = quantiles(values, n=2, method="inclusive")[0]
    return Mean(round(middle, 1), round(min(values), 1), round(max(values), 1))
