"""Learn to tell a need ("We want less paper") from a job advertisement ("You have experience with paper")."""

import argparse
import csv
import json
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
from examples import held_out, read_topics, read_wishes
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from skillmatch.mapping.register import WORD

RAREST = 5
"""A word in fewer texts than this is left out."""
STRENGTH = 0.3
"""Inverse of the penalty on weights."""


Texts = list[tuple[str, str]]
"""Texts, each with its language."""


def read_texts(shared: Path, sentences: Path, data: Path) -> tuple[Texts, Texts]:
    """Return texts that are needs, and others: job advertisements, courses, CVs."""
    needs, others = [], []
    for path in sorted(sentences.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip() and not held_out((item := json.loads(line))["text"]):
                (needs if item["kind"] == "need" else others).append((item.get("lang", "en"), item["text"]))
    spoken = {language for language, _ in others}
    for path in sorted((data / "measures").glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8"))["measure"]:
            needs += [pair for field in ("title", "description") for pair in measure[field].items()]
            needs += [(language, text) for language, texts in measure["synonyms"].items() for text in texts]
    needs += [(language, text) for language, _, text in read_wishes(data / "measures") if language in spoken]
    needs += [(language, text) for language, _, text in read_topics(data / "topics")]
    with (shared / "benchmarks/skill-extraction/skillskape_train.csv").open(encoding="utf-8", newline="") as file:
        others += [("en", row["sentence"]) for row in csv.DictReader(file)]
    return needs, others


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with benchmarks")
    options = parser.parse_args()
    here = Path(__file__).resolve().parent
    root = here.parents[1]
    needs, others = read_texts(options.data, here / "sentences", root / "data")
    words = CountVectorizer(binary=True, token_pattern=WORD.pattern, min_df=RAREST)
    seen = words.fit_transform([text for _, text in [*others, *needs]])
    is_need = np.repeat([0, 1], [len(others), len(needs)])
    group = [(language, place >= len(others)) for place, (language, _) in enumerate([*others, *needs])]
    size = Counter(group)
    share = np.array([len(group) / len(size) / size[each] for each in group])  # each language, needs or others, alike
    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(seen, is_need, sample_weight=share)
    weights = dict(zip(words.get_feature_names_out().tolist(), model.coef_[0].round(2).tolist(), strict=True))
    content = {"intercept": round(float(model.intercept_[0]), 2), "weights": weights}
    target = root / "skillmatch" / "mapping" / "register.json"
    target.write_text(json.dumps(content, indent=0, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
