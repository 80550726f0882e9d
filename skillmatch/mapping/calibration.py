"""Scores to probabilities: how often a careful annotator agrees with a match like this one."""

import json
import math
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from skillmatch.mapping.index import PARTS

FILE = Path(__file__).with_name("calibration.json")
OCCUPATIONS = Path(__file__).with_name("calibration_occupations.json")
FEATURES = (*PARTS, "behind_best", "log10_skills")
MINIMUM_PROBABILITY = 0.2
"""A match below this is not shown unless asked for: near it, precision and recall of the validation files balance."""


@dataclass(frozen=True)
class Calibration:
    """A logistic function of what is known about a match.

    ``probability = 1 / (1 + exp(-(intercept + sum of coefficient x feature)))``. Features: the three parts of the
    score; ``behind_best``, the score of the segment's best skill minus this one's; ``log10_skills``, the logarithm of
    the number of skills in the taxonomy (the larger it is, the likelier that the right skill is in it, and the more
    rivals a winner has beaten).

    Parameters
    ----------
    intercept, coefficients
        The fitted values; `coefficients` has one entry for each of `FEATURES`.
    encoder_key
        The encoder whose scores it was fitted on. With another encoder probabilities are rough.
    provenance
        What it was fitted on, when, how, and how good it is.
    """

    intercept: float
    coefficients: MappingType[str, float]
    encoder_key: str
    provenance: MappingType[str, Any]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the calibration that ships, or another one."""
        content = json.loads((path or FILE).read_text("utf-8"))
        return cls(
            intercept=float(content["intercept"]),
            coefficients={name: float(content["coefficients"].get(name, 0.0)) for name in FEATURES},
            encoder_key=str(content["encoder_key"]),
            provenance=content["provenance"],
        )

    def save(self, path: Path) -> None:
        """Write the calibration as JSON, with sorted keys."""
        content = {
            "intercept": self.intercept,
            "coefficients": dict(self.coefficients),
            "encoder_key": self.encoder_key,
            "provenance": dict(self.provenance),
        }
        path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")

    def probability(self, parts: tuple[tuple[str, float], ...], behind_best: float, skills: int) -> float:
        """Return the probability in [0, 1], rounded to four decimals, that the match is right."""
        values = features(parts, behind_best, skills)
        logit = self.intercept + sum(self.coefficients[name] * values[name] for name in FEATURES)
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 4)


def features(parts: tuple[tuple[str, float], ...], behind_best: float, skills: int) -> dict[str, float]:
    """Return feature -> value for a match, as the logistic function takes them."""
    found = dict.fromkeys(PARTS, 0.0) | dict(parts)
    return {**found, "behind_best": behind_best, "log10_skills": math.log10(max(1, skills))}
