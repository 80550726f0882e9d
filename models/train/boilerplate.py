"""Fit the recogniser of boilerplate: lines of documents that say nothing about skills, in six languages."""

import argparse
import csv
import hashlib
import json
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from examples import read_wishes
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from skillmatch.mapping.boilerplate import ABOUT, BUCKETS, FILE, KINDS, columns_of

FOLDS = 5
BLOCK = 5
"""Lines that stand together are often the same in several languages, so each block of them shares a fold."""
AT_MOST = 0.01
"""Share of the lines with skills, of any one group, that may be left out when nothing was fitted on them."""
STRENGTH = 10.0
HARD = 15.0
"""How much a line with skills counts that was written in the words of boilerplate."""
OTHER_CASES = 3_000
"""Sentences of SkillSkape (training split) that are taken."""


def read_lines(folder: Path) -> list[tuple[str, str, int]]:
    """Return (line, kind, fold) of the lines of this folder: a text file a language, with a heading for each kind.

    Lines of the kind "skills" carry skills though they use the words of boilerplate.
    """
    found = []
    for path in sorted(folder.glob("??.txt")):
        kind, place = "", 0
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("# "):
                kind, place = line[2:], 0
            elif line:
                found.append((line, kind, place // BLOCK % FOLDS))
                place += 1
    return found


def read_others(sentences: Path, measures: Path, benchmarks: Path) -> list[tuple[str, str]]:
    """Return (line, group) of lines that carry skills: job ads, courses, CVs, needs, measures, SkillSkape."""
    found = []
    for path in sorted(sentences.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                item = json.loads(line)
                found.append((item["text"], item["kind"]))
    for path in sorted(measures.glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8")).get("measure", []):
            texts = [*measure["title"].values(), *measure["description"].values()]
            texts += [text for some in measure["synonyms"].values() for text in some]
            found += [(text, "measure") for text in texts]
    found += [(wish, "wish") for _, _, wish in read_wishes(measures)]
    with (benchmarks / "skillskape_train.csv").open(encoding="utf-8", newline="") as file:
        cases = [row["sentence"] for row in csv.DictReader(file) if "UNK" not in row["skills"]]
    chosen = np.random.default_rng(0).permutation(len(cases))[:OTHER_CASES]
    return [*dict.fromkeys(found), *((cases[place], "SkillSkape train") for place in sorted(chosen.tolist()))]


def read_held_out(benchmarks: Path) -> dict[str, list[str]]:
    """Return name -> sentences with a skill, of sets that nothing is fitted on."""
    found = {}
    for name in ("house", "tech"):
        with (benchmarks / f"{name}_validation_annotations.csv").open(encoding="utf-8", newline="") as file:
            rows = [row["sentence"] for row in csv.DictReader(file) if row["label"] not in NO_SKILL]
        found[name] = list(dict.fromkeys(rows))
    with (benchmarks / "skillskape_dev.csv").open(encoding="utf-8", newline="") as file:
        found["SkillSkape dev"] = [row["sentence"] for row in csv.DictReader(file) if "UNK" not in row["skills"]]
    return found


NO_SKILL = frozenset({"LABEL NOT PRESENT", "UNDERSPECIFIED", ""})


def matrix(lines: Sequence[str]) -> csr_matrix:
    """Return the counts of pieces as the recogniser takes them, of shape (lines, `BUCKETS`)."""
    counts = [columns_of(line) for line in lines]
    rows = np.repeat(np.arange(len(lines)), [len(count) for count in counts])
    columns = np.array([column for count in counts for column in count], dtype=np.intp)
    values = np.array([number for count in counts for number in count.values()], dtype=np.float64)
    features: csr_matrix = normalize(csr_matrix((1 + np.log(values), (rows, columns)), (len(lines), BUCKETS)))
    return features


def fit(
    features: csr_matrix, is_it: NDArray[np.bool_], weights: NDArray[np.float64] | None = None
) -> LogisticRegression:
    """Return a logistic regression; `weights` says how much each line counts."""
    return LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0).fit(features, is_it, weights)


def main() -> None:
    """Fit, choose the threshold, write weights and what is known about them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with benchmarks")
    options = parser.parse_args()
    here = Path(__file__).resolve().parent
    benchmarks = options.data / "benchmarks" / "skill-extraction"
    lines = read_lines(here / "boilerplate")
    others = read_others(here / "sentences", here.parents[1] / "data" / "measures", benchmarks)
    held_out = read_held_out(benchmarks)
    features = matrix([line[0] for line in lines] + [text for text, _ in others])
    group = np.array([kind for _, kind, _ in lines] + [kind for _, kind in others])
    is_it = np.isin(group, list(KINDS))
    fold = np.array([fold for *_, fold in lines] + np.random.default_rng(1).integers(0, FOLDS, len(others)).tolist())
    weights = np.where(group == "skills", HARD, 1.0)
    crossed = np.zeros(len(group))
    for left in range(FOLDS):
        seen = fold != left
        part = fit(features[seen], is_it[seen], weights[seen])
        crossed[~seen] = part.decision_function(features[~seen])
    model = fit(features, is_it, weights)
    unseen = {name: model.decision_function(matrix(texts)) for name, texts in held_out.items()}
    groups = {name: crossed[group == name] for name in sorted(set(group[~is_it].tolist()))}
    groups["House, Tech, SkillSkape dev"] = np.concatenate(list(unseen.values()))
    chosen = [odds for name, odds in groups.items() if name != "skills"]  # those are hard cases, written to be so
    threshold = max(float(np.quantile(odds, 1 - AT_MOST)) for odds in chosen)
    kinds = [fit(features[is_it], group[is_it] == kind) for kind in KINDS]
    write([model, *kinds], threshold)
    about = {
        "lines": int(is_it.sum()),
        "lines_with_skills": int((~is_it).sum()),
        "threshold": round(threshold, 3),
        "cross_validation": {
            "recognised": {kind: share(crossed[group == kind], threshold) for kind in KINDS}
            | {"all": share(crossed[is_it], threshold)},
            "wrongly_left_out": {name: share(odds, threshold) for name, odds in groups.items()},
        },
        "held_out_wrongly_left_out": {name: share(odds, threshold) for name, odds in unseen.items()},
    }
    describe(about)


def share(odds: NDArray[np.float64], threshold: float) -> float:
    """Return the percentage above the threshold."""
    return round(100 * float((odds > threshold).mean()), 2)


def write(models: Sequence[LogisticRegression], threshold: float) -> None:
    """Write weights as whole numbers of one byte, with a scale for each row."""
    weights = np.array([model.coef_[0] for model in models])
    scale = np.abs(weights).max(axis=1) / 127
    intercepts = np.array([float(model.intercept_[0]) for model in models])
    intercepts[0] -= threshold
    np.savez_compressed(
        FILE,
        weights=np.round(weights / scale[:, np.newaxis]).astype(np.int8),
        scale=scale.astype(np.float32),
        intercepts=intercepts.astype(np.float32),
    )


def describe(about: dict[str, Any]) -> None:
    """Write where the weights come from and how good they are."""
    content = {
        **about,
        "sha256": hashlib.sha256(FILE.read_bytes()).hexdigest(),
        "date": datetime.now(UTC).date().isoformat(),
        "method": "logistic regression on hashed pieces of words; fitted by models/train/boilerplate.py",
        "data": "boilerplate: models/train/boilerplate; lines that carry skills: models/train/sentences, data/measures "
        "and the training split of SkillSkape",
        "figures": "percent of single lines, without the help of their neighbours in a document",
    }
    ABOUT.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
