"""Fit and score the relevance of skills to roles on the relations of a taxonomy, with occupations held out.

An occupation that is held out plays a role: its title (and description) and ISCO group are known, its relations are
not. They are removed before anything is counted, so that neither popularity nor siblings nor co-occurrence know them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillmatch.evaluation.metrics import Mean, bootstrap_mean, calibration_error
from skillmatch.gap.cooccurrence import FEATURES, NEAR, Cooccurrence, Standing
from skillmatch.gap.relevance import RelevanceModel
from skillmatch.mapping.encoder import Encoder, Progress
from skillmatch.mapping.protocols import SkillMapper, TitleLinker
from skillmatch.taxonomy.model import Taxonomy

DEPTH = 50
LINKED = 3 * NEAR
"""Occupations kept for each one, so that enough are left when those held out are taken away."""
SAMPLE = 0.02
"""Share of skills far from an occupation that are used for fitting, with 1 / SAMPLE as their weight."""
PENALTY = 1.0
"""Inverse strength of the L2 penalty on standardised features."""
BATCH = 100

Values = NDArray[np.floating[Any]]
Scorer = Callable[[Mapping[str, Values]], Values]


@dataclass(frozen=True, eq=False)
class Roles:
    """Occupations that play roles.

    Parameters
    ----------
    occupations
        URIs of shape (n,).
    near
        For each the occupations like it, itself among them, as (URI, likeness), best first.
    words
        ``words[i, j]`` is the likeness of the text of occupation i and skill j, as the product works it out.
    title
        ``title[i, j]`` is the cosine of the title of occupation i and the preferred label of skill j: the baseline.
    """

    occupations: tuple[str, ...]
    near: tuple[tuple[tuple[str, float], ...], ...]
    words: Values
    title: Values

    def part(self, places: slice) -> "Roles":
        """Return some of the occupations."""
        return Roles(self.occupations[places], self.near[places], self.words[places], self.title[places])


def choose(taxonomy: Taxonomy, count: int, seed: int = 0) -> tuple[str, ...]:
    """Return `count` occupations that have essential skills, drawn at random."""
    related = taxonomy.relations.loc[taxonomy.relations["relation"] == "essential", "occupation"]
    every = sorted(set(related.tolist()))
    drawn = np.random.default_rng(seed).permutation(len(every))[:count]
    return tuple(every[place] for place in drawn.tolist())


def prepare(
    taxonomy: Taxonomy,
    occupations: Sequence[str],
    mapper: SkillMapper,
    linker: TitleLinker,
    encoder: Encoder,
    *,
    described: bool,
    progress: Progress | None = None,
) -> Roles:
    """Return what the product sees of each occupation: with its description, or only its title.

    `mapper` must not know the library of measures; see `Knowledge.reader`.
    """
    skills = taxonomy.skills.index.tolist()
    jobs = [(taxonomy.label(uri), taxonomy.occupation(uri).description if described else "") for uri in occupations]
    links = linker.link(jobs, LINKED)
    words = []
    for start in range(0, len(jobs), BATCH):
        texts = [f"{title}. {description}".strip() for title, description in jobs[start : start + BATCH]]
        words.append(mapper.similarity(texts, skills))
        if progress:
            progress(min(start + BATCH, len(jobs)), len(jobs))
    labels = encoder.encode([taxonomy.label(uri) for uri in skills])
    title = encoder.encode([title for title, _ in jobs]) @ labels.T
    near = tuple(tuple((match.uri, match.score) for match in matches) for matches in links)
    return Roles(tuple(occupations), near, np.concatenate(words), title)


def fit(taxonomy: Taxonomy, roles: Roles, left_out: Collection[str], provenance: Mapping[str, Any]) -> RelevanceModel:
    """Return the model fitted on the essential relations of `roles`; those and `left_out` are removed beforehand."""
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    rows, answers, weights = [], [], []
    for features, essential in _batches(taxonomy, roles, {*roles.occupations, *left_out}):
        close = essential | (features["near_essential"] + features["near_optional"] > 0)
        chosen = close | (rng.random(essential.shape) < SAMPLE)
        rows.append(np.stack([features[name][chosen] for name in FEATURES], axis=-1))
        answers.append(essential[chosen])
        weights.append(np.where(close[chosen], 1.0, 1 / SAMPLE))
    table, right, weight = np.concatenate(rows), np.concatenate(answers), np.concatenate(weights)
    scale = table.std(axis=0)
    scale[scale == 0] = 1
    found = LogisticRegression(C=PENALTY, max_iter=2_000).fit(table / scale, right, sample_weight=weight)
    coefficients = {name: round(float(value), 4) for name, value in zip(FEATURES, found.coef_[0] / scale, strict=True)}
    return RelevanceModel(round(float(found.intercept_[0]), 4), coefficients, dict(provenance))


def score(
    taxonomy: Taxonomy, roles: Roles, left_out: Collection[str], scorers: Mapping[str, Scorer]
) -> dict[str, dict[str, Mean]]:
    """Return system -> metric -> mean over `roles`: average precision and recall@50 of their essential skills.

    Every skill of the taxonomy is ranked; equal scores are ordered by URI.
    """
    found: dict[str, dict[str, list[float]]] = {name: {"AP": [], f"recall@{DEPTH}": []} for name in scorers}
    for features, essential in _batches(taxonomy, roles, {*roles.occupations, *left_out}):
        for name, scorer in scorers.items():
            for scores, right in zip(scorer(features), essential, strict=True):
                if right.any():
                    hits = right[np.argsort(-scores, kind="stable")]
                    found[name]["AP"].append(average_precision(hits))
                    found[name][f"recall@{DEPTH}"].append(float(hits[:DEPTH].sum() / hits.sum()))
    return {
        name: {metric: bootstrap_mean(values) for metric, values in metrics.items()} for name, metrics in found.items()
    }


def average_precision(hits: NDArray[np.bool_]) -> float:
    """Return the mean, over the right items, of the precision at their rank.

    >>> round(average_precision(np.array([True, False, True])), 4)
    0.8333
    """
    places = np.flatnonzero(hits)
    return float(np.mean(np.arange(1, len(places) + 1) / (places + 1))) if len(places) else 0.0


def scorers(model: RelevanceModel, seed: int = 0) -> dict[str, Scorer]:
    """Return the model and its baselines."""
    rng = np.random.default_rng(seed)
    return {
        "random": lambda features: rng.random(features["words"].shape),
        "popularity": lambda features: features["popularity"],
        "title-only similarity": lambda features: features["title"],
        "similarity of texts": lambda features: features["words"],
        "similar occupations": lambda features: features["near_essential"],
        "model": lambda features: log_odds(model, features),
    }


def log_odds(model: RelevanceModel, features: Mapping[str, Values]) -> Values:
    """Return the logarithm of the odds that the model gives."""
    total: Values = model.intercept + np.sum(list(model.parts(features).values()), axis=0)
    return total


def stated_and_true(
    taxonomy: Taxonomy, roles: Roles, left_out: Collection[str], model: RelevanceModel
) -> tuple[float, int]:
    """Return the calibration error over the `DEPTH` best predictions of each occupation, and their number."""
    stated, true = [], []
    for features, essential in _batches(taxonomy, roles, {*roles.occupations, *left_out}):
        for scores, right in zip(log_odds(model, features), essential, strict=True):
            best = np.argsort(-scores, kind="stable")[:DEPTH]
            stated.append(1 / (1 + np.exp(-scores[best])))
            true.append(right[best])
    return calibration_error(np.concatenate(stated), np.concatenate(true)), sum(map(len, true))


def whole_groups(taxonomy: Taxonomy, roles: Roles, count: int, seed: int = 0) -> tuple[Roles, set[str]]:
    """Return those of `roles` in `count` ISCO unit groups drawn at random, and all occupations of these groups."""
    isco = dict(zip(taxonomy.occupations.index.tolist(), taxonomy.occupations["isco"].tolist(), strict=True))
    groups = sorted({isco[uri] for uri in roles.occupations})
    drawn = {groups[place] for place in np.random.default_rng(seed).permutation(len(groups))[:count].tolist()}
    places = [place for place, uri in enumerate(roles.occupations) if isco[uri] in drawn]
    chosen = Roles(
        tuple(roles.occupations[place] for place in places),
        tuple(roles.near[place] for place in places),
        roles.words[places],
        roles.title[places],
    )
    return chosen, {uri for uri, code in isco.items() if code in drawn}


def _batches(
    taxonomy: Taxonomy, roles: Roles, left_out: Collection[str]
) -> Iterator[tuple[dict[str, Values], NDArray[np.bool_]]]:
    """Yield features, and whether each skill is essential, for some roles at a time."""
    known = Cooccurrence.build(taxonomy, left_out)
    skills = taxonomy.skills.index.tolist()
    column = {uri: place for place, uri in enumerate(skills)}
    for start in range(0, len(roles.occupations), BATCH):
        some = roles.part(slice(start, start + BATCH))
        standings = [
            Standing(near, taxonomy.occupation(uri).isco, uri)
            for uri, near in zip(some.occupations, some.near, strict=True)
        ]
        features: dict[str, Values] = dict(known.features(standings, skills))
        features |= {"words": some.words, "title": some.title}
        essential = np.zeros(some.words.shape, dtype=np.bool_)
        for row, uri in enumerate(some.occupations):
            listed = [skill for skill, relation in taxonomy.skills_of(uri).items() if relation == "essential"]
            essential[row, [column[skill] for skill in listed]] = True
        yield features, essential
