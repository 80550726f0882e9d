"""Fit the probabilities of matches. Run it again when the model, the weights or the rules of mapping change.

    python -m skillmatch.evaluation.calibrate DATA --taxonomy NAME

DATA is the folder with the validation annotations of the skill extraction benchmark, NAME an imported full ESCO in
English. The two files beside `skillmatch.mapping.calibration` are replaced.
"""

import argparse
import logging
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from skillmatch.company.topics import associations
from skillmatch.evaluation.metrics import calibration_error
from skillmatch.evaluation.needs import FILE as NEEDS_FILE
from skillmatch.evaluation.needs import read_needs
from skillmatch.evaluation.skill_extraction import PATTERN, read_sentences
from skillmatch.mapping.cache import CachedEncoder
from skillmatch.mapping.calibration import FEATURES, FILE, MINIMUM_PROBABILITY, OCCUPATIONS, Calibration, features
from skillmatch.mapping.encoder import Encoder, file_sha256, load_encoder
from skillmatch.mapping.examples import load_examples
from skillmatch.mapping.index import FusionWeights, LabelIndex
from skillmatch.mapping.labels import Concepts, concept_labels
from skillmatch.mapping.mapper import CANDIDATES, Mapper
from skillmatch.mapping.occupations import TITLE_WEIGHTS, plain_title
from skillmatch.mapping.segment import clean, is_wordless, segment
from skillmatch.resources import DATA, home
from skillmatch.taxonomy.model import Taxonomy
from skillmatch.taxonomy.storage import active

SIZES = (200, 1_000, 4_000)
"""Sizes of the smaller taxonomies drawn from the full one, so that probabilities fit those too."""
NEEDS = DATA / "evaluation" / NEEDS_FILE
SEED = 0
FOLDS = 10
TITLES = 1_500

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """A text, the concepts that are right for it, and the number of the text that it is a part of."""

    text: str
    right: frozenset[str]
    group: int


@dataclass(frozen=True, eq=False)
class Rows:
    """Candidates as the logistic function sees them: features of shape (n, f), right or not, and the text's number."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    group: NDArray[np.int64]


def collect(index: LabelIndex, examples: Sequence[Example]) -> Rows:
    """Return the features of the best candidates of each example."""
    values, right, group = [], [], []
    for example, hits in zip(examples, index.search([one.text for one in examples], CANDIDATES), strict=True):
        for hit in hits:
            found = features(hit.parts, hits[0].score - hit.score, len(index.ids))
            values.append([found[name] for name in FEATURES])
            right.append(hit.id in example.right)
            group.append(example.group)
    return Rows(np.array(values), np.array(right), np.array(group))


def fit(rows: Rows, encoder_key: str, provenance: MappingType[str, object]) -> Calibration:
    """Return the logistic function that fits the rows best, with its quality on texts that it was not fitted on."""
    from sklearn.linear_model import LogisticRegression

    unseen = np.zeros(len(rows.right))
    fold = np.random.default_rng(SEED).permutation(rows.group.max() + 1)[rows.group] % FOLDS
    for number in range(FOLDS):
        model = LogisticRegression(C=100, max_iter=2_000).fit(rows.features[fold != number], rows.right[fold != number])
        unseen[fold == number] = model.predict_proba(rows.features[fold == number])[:, 1]
    model = LogisticRegression(C=100, max_iter=2_000).fit(rows.features, rows.right)
    return Calibration(
        intercept=round(float(model.intercept_[0]), 4),
        coefficients={name: round(float(value), 4) for name, value in zip(FEATURES, model.coef_[0], strict=True)},
        encoder_key=encoder_key,
        provenance={
            **provenance,
            "date": datetime.now(UTC).date().isoformat(),
            "method": f"logistic regression on {', '.join(FEATURES)}; L2 penalty with C = 100",
            "candidates": len(rows.right),
            "right": int(rows.right.sum()),
            "texts": len(np.unique(rows.group)),
            "cross_validation": {"folds": FOLDS, "grouped_by": "text", **quality(unseen, rows.right)},
        },
    )


def quality(probability: NDArray[np.float64], right: NDArray[np.bool_]) -> dict[str, float]:
    """Return how good probabilities are: expected calibration error over ten bins of equal width, and what is shown."""
    shown = probability >= MINIMUM_PROBABILITY
    return {
        "expected_calibration_error": round(calibration_error(probability, right), 4),
        "expected_calibration_error_of_shown": round(calibration_error(probability[shown], right[shown]), 4),
        "brier": round(float(np.mean((probability - right) ** 2)), 4),
        "share_right_of_shown": round(float(right[shown].mean()), 3) if shown.any() else 0.0,
        "share_shown_of_right": round(float(shown[right].mean()), 3) if right.any() else 0.0,
    }


def skill_rows(taxonomy: Taxonomy, files: Sequence[Path], encoder: Encoder, cache: Path) -> Rows:
    """Return the candidates of annotated sentences and of needs, for the whole taxonomy and for smaller ones from it.

    A smaller one holds a random half of the skills that occur in the annotations, filled up with random others: half of
    what the sentences speak of is not in it, as happens with a taxonomy of a few hundred skills.
    """
    examples: list[Example] = []
    for path in files:
        for sentence, uris in read_sentences(path, taxonomy)[0].items():
            group = examples[-1].group + 1 if examples else 0
            units = [clean(span.text) for span in segment(sentence) if not is_wordless(span.text)]
            examples += [Example(unit, frozenset(uris), group) for unit in units]
    for number, need in enumerate(read_needs(NEEDS), start=examples[-1].group + 1 if examples else 0):
        examples.append(Example(clean(need.text), frozenset(need.grades), number))
    known, known_sentences = associations(), load_examples(encoder)
    concepts, _ = concept_labels(taxonomy.skill_labels)
    annotated = sorted(frozenset[str]().union(*(example.right for example in examples)))
    parts = []
    for chosen in [concepts, *(draw(concepts, annotated, size) for size in SIZES)]:
        labels = taxonomy.skill_labels[taxonomy.skill_labels["uri"].isin([uri for uri, _ in chosen])]
        mapper = Mapper.build(
            replace(taxonomy, skill_labels=labels),
            encoder,
            cache=cache,
            associations=known,
            examples=known_sentences,
        )
        parts.append(collect(mapper.index, examples))
        log.info("%d skills: %d candidates, %d right", len(chosen), len(parts[-1].right), parts[-1].right.sum())
    return join(parts)


def title_rows(labels: pd.DataFrame, encoder: Encoder, cache: Path) -> Rows:
    """Return the candidates of alternative labels that were taken out of the index: their occupation is known."""
    concepts, _ = concept_labels(labels)
    generator = np.random.default_rng(SEED)
    alternatives = [(uri, text) for uri, texts in concepts for text in texts[1:]]
    picked = [alternatives[row] for row in sorted(generator.choice(len(alternatives), TITLES, replace=False).tolist())]
    held_out = set(picked)
    rest = [(uri, [text for text in texts if (uri, text) not in held_out]) for uri, texts in concepts]
    examples = [
        Example(clean(plain_title(text)), frozenset({uri}), group) for group, (uri, text) in enumerate(sorted(held_out))
    ]
    asked = sorted({uri for uri, _ in held_out})
    parts = []
    for chosen in [rest, draw(rest, asked[::4], SIZES[1])]:
        index = LabelIndex.build(chosen, encoder, weights=TITLE_WEIGHTS, cache=cache)
        parts.append(collect(index, examples))
        log.info("%d occupations: %d candidates, %d right", len(chosen), len(parts[-1].right), parts[-1].right.sum())
    return join(parts)


def draw(concepts: Concepts, wanted: Sequence[str], size: int) -> Concepts:
    """Return `size` of the concepts: a random half of the wanted ones, and random others that are not wanted."""
    generator = np.random.default_rng([SEED, size])
    half = set(generator.choice(wanted, len(wanted) // 2, replace=False).tolist())
    others = sorted({uri for uri, _ in concepts} - set(wanted))
    filling = set(generator.choice(others, max(0, size - len(half)), replace=False).tolist())
    return [concept for concept in concepts if concept[0] in half | filling]


def join(parts: Sequence[Rows]) -> Rows:
    """Return all rows as one."""
    return Rows(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.group for part in parts]),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit both calibrations and write them beside the code."""
    parser = argparse.ArgumentParser(description="Fit the probabilities of matches.")
    parser.add_argument("data", type=Path, help="folder with *_annotations.csv")
    parser.add_argument("--taxonomy", default=None, help="name of the imported full ESCO; the one in use by default")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    taxonomy, encoder = active(options.taxonomy), load_encoder()
    taxonomy = replace(taxonomy, skill_labels=_english(taxonomy.skill_labels))
    cache = home() / "cache"
    files = sorted(options.data.glob(PATTERN))
    known = {"model": encoder.name, "taxonomy": f"{taxonomy.name} {taxonomy.version}", "taxonomy_key": taxonomy.key}
    skills = fit(
        skill_rows(taxonomy, files, encoder, cache),
        encoder.key,
        {
            **known,
            "weights": asdict(FusionWeights()),
            "files": {path.name: file_sha256(path) for path in [*files, NEEDS]},
            "skills_in_taxonomies": [len(taxonomy.skills), *SIZES],
        },
    )
    skills.save(FILE)
    occupations = fit(
        title_rows(_english(taxonomy.occupation_labels), CachedEncoder(encoder, cache), cache),
        encoder.key,
        {
            **known,
            "weights": asdict(TITLE_WEIGHTS),
            "files": {},
            "texts_are": f"{TITLES} alternative labels of ESCO occupations, taken out of the index",
            "occupations_in_taxonomies": [len(taxonomy.occupations), SIZES[1]],
        },
    )
    occupations.save(OCCUPATIONS)
    for calibration in (skills, occupations):
        log.info("%s", calibration.provenance["cross_validation"])


def _english(labels: pd.DataFrame) -> pd.DataFrame:
    return labels[labels["language"] == "en"]


if __name__ == "__main__":
    main()
