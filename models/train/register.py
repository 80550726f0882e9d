"""Learn to tell a need ("We want less paper") from a job advertisement ("You have experience with paper")."""

import argparse
import csv
import json
import tomllib
from pathlib import Path

import numpy as np
from examples import held_out, read_wishes
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from skillmatch.mapping.register import WORD

RAREST = 8
"""A word in fewer texts than this is left out."""


def read_texts(shared: Path, sentences: Path, measures: Path) -> tuple[list[str], list[str]]:
    """Return English texts that are needs, and others: job advertisements, courses, CVs."""
    needs, others = [], []
    for path in sorted(sentences.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if not line.strip() or held_out((item := json.loads(line))["text"]):
                continue
            if item.get("lang", "en") == "en":
                (needs if item["kind"] == "need" else others).append(item["text"])
    for path in sorted(measures.glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8"))["measure"]:
            needs += [measure["title"]["en"], measure["description"]["en"], *measure["synonyms"]["en"]]
    needs += [wish for language, _, wish in read_wishes(measures) if language == "en"]
    with (shared / "benchmarks/skill-extraction/skillskape_train.csv").open(encoding="utf-8", newline="") as file:
        others += [row["sentence"] for row in csv.DictReader(file)]
    return needs, others


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with benchmarks")
    options = parser.parse_args()
    here = Path(__file__).resolve().parent
    root = here.parents[1]
    needs, others = read_texts(options.data, here / "sentences", root / "data" / "measures")
    words = CountVectorizer(binary=True, token_pattern=WORD.pattern, min_df=RAREST)
    seen = words.fit_transform([*others, *needs])
    is_need = np.repeat([0, 1], [len(others), len(needs)])
    model = LogisticRegression(C=0.3, class_weight="balanced", max_iter=500).fit(seen, is_need)
    weights = dict(zip(words.get_feature_names_out().tolist(), model.coef_[0].round(2).tolist(), strict=True))
    content = {"intercept": round(float(model.intercept_[0]), 2), "weights": weights}
    target = root / "skillmatch" / "mapping" / "register.json"
    target.write_text(json.dumps(content, indent=0, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
