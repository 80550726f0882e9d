"""How much a skill belongs to a role: what ESCO says where it says it, and a fitted prediction with visible parts."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from skillmatch.company.model import Role
from skillmatch.gap.cooccurrence import FEATURES, Standing
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.model import RoleLink
from skillmatch.gap.rules import because
from skillmatch.words import Reason

FILE = Path(__file__).with_name("relevance_model.json")
RELATION: Mapping[str, float] = {"essential": 1.0, "optional": 0.6}
"""What it counts that ESCO lists the skill for the role's occupation."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "near": ("near_essential", "near_optional"),
    "group": ("unit_group", "minor_group"),
    "kind": ("siblings",),
    "together": ("together",),
    "words": ("words",),
    "usual": ("popularity", "transversal", "cross-sector", "occupation-specific"),
}
"""The parts that a reason names, and the features in each."""
EVEN = 0.05
"""Probability at which a prediction counts one half: some 30 times the share of skills that an occupation needs.

A skill of a need is one that somebody must learn anyway; which role it belongs to is a question of more or less likely,
so odds are compared with these odds.
"""
SHOWN = 0.005
"""A prediction that counts less is not worth a sentence."""


@dataclass(frozen=True)
class RelevanceModel:
    """A logistic function of features; its value is the probability that ESCO would list the skill as essential.

    ``p = 1 / (1 + exp(-(intercept + sum of coefficient x feature)))``, with the features of `cooccurrence.FEATURES`.
    """

    intercept: float
    coefficients: Mapping[str, float]
    provenance: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path = FILE) -> Self:
        """Read the model that ships, or another one."""
        content = json.loads(path.read_text("utf-8"))
        found = {name: float(content["coefficients"][name]) for name in FEATURES}
        return cls(float(content["intercept"]), found, content["provenance"])

    def save(self, path: Path) -> None:
        """Write the model as JSON with sorted keys."""
        content = {
            "intercept": self.intercept,
            "coefficients": dict(self.coefficients),
            "provenance": dict(self.provenance),
        }
        path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")

    def parts(self, features: Mapping[str, NDArray[np.floating[Any]]]) -> dict[str, NDArray[np.float64]]:
        """Return part -> ``values[i, j]``, what it adds to the logarithm of the odds for role i and skill j."""
        return {
            part: np.sum([self.coefficients[name] * features[name] for name in names], axis=0, dtype=np.float64)
            for part, names in PARTS.items()
        }


@dataclass(frozen=True)
class Relevance:
    """How much a skill belongs to a role.

    ``value = looked_up + (1 - looked_up) * predicted`` in [0, 1]. `looked_up` is from `RELATION` (0 where ESCO lists no
    relation, or the role stands for no occupation). `predicted` is what the model's probability p counts:
    ``p / (p + (1 - p) * EVEN / (1 - EVEN))``. `probability` is p itself.
    """

    value: float
    looked_up: float
    predicted: float
    probability: float
    reasons: tuple[Reason, ...]


@cache
def shipped_model() -> RelevanceModel:
    """Return the model that ships, read once."""
    return RelevanceModel.load()


def relevances(
    roles: Sequence[Role], links: Sequence[RoleLink], skills: Sequence[str], knowledge: Knowledge
) -> dict[tuple[str, str], Relevance]:
    """Return the relevance of each skill to each role, by (role id, skill URI).

    Parameters
    ----------
    roles, links
        Of one length: roles and the occupations they stand for.
    skills
        URIs of the taxonomy.
    """
    if not roles or not skills:
        return {}
    features: dict[str, NDArray[Any]] = dict(
        knowledge.cooccurrence.features([standing(link, knowledge) for link in links], skills)
    )
    features["words"] = knowledge.reader(beside_measure=True).similarity([role_text(role) for role in roles], skills)
    model = shipped_model()
    parts = model.parts(features)
    found = {}
    for row, (role, link) in enumerate(zip(roles, links, strict=True)):
        related = knowledge.taxonomy.skills_of(link.occupation) if link.occupation else {}
        for column, skill in enumerate(skills):
            each = {part: round(float(values[row, column]), 2) for part, values in parts.items()}
            found[role.id, skill] = _combine(role, link, skill, related.get(skill, ""), each, model, knowledge)
    return found


def role_text(role: Role) -> str:
    """Return the words of a role that are compared with skills."""
    return f"{role.title}. {role.description}".strip()


def standing(link: RoleLink, knowledge: Knowledge) -> Standing:
    """Return where a role stands: at its occupation's ISCO group, else at that of the nearest occupation."""
    nearest = link.occupation or (link.neighbours[0][0] if link.neighbours else None)
    isco = knowledge.taxonomy.occupation(nearest).isco if nearest else ""
    return Standing(link.neighbours, isco, link.occupation)


def _combine(
    role: Role,
    link: RoleLink,
    skill: str,
    relation: str,
    parts: Mapping[str, float],
    model: RelevanceModel,
    knowledge: Knowledge,
) -> Relevance:
    """Put together what is looked up and what is predicted; the parts are rounded so that people can add them up."""
    label, looked_up = knowledge.label(skill), RELATION.get(relation, 0.0)
    base = round(model.intercept, 2)
    total = round(base + sum(parts.values()), 2)
    probability, predicted = _logistic(total), _logistic(total - math.log(EVEN / (1 - EVEN)))
    reasons = []
    if relation and link.occupation:
        occupation = knowledge.label(link.occupation)
        reasons.append(because(relation, role=role.title, skill=label, occupation=occupation, part=looked_up))
    if predicted >= SHOWN and looked_up < 1:
        reasons.append(
            because(
                "predicted", role=role.title, skill=label, part=predicted, probability=probability, total=total,
                base=base, **parts,
            )
        )  # fmt: skip
    value = round(looked_up + (1 - looked_up) * predicted, 4)
    return Relevance(value, looked_up, predicted, probability, tuple(reasons))


def _logistic(log_odds: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 4)
