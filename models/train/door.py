"""Learn which subwords are English: the door through which a text enters the shared space."""

import json
import logging
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from examples import held_out, read_wishes
from tokenizers import Tokenizer

from skillmatch.taxonomy.model import Taxonomy

LOG = logging.getLogger("door")
SMOOTHING = 0.3
ENGLISH_KEPT = 0.99
"""Share of English labels, not seen in training, that must pass as English; the threshold follows from it."""


def labelled_texts(taxonomy: Taxonomy, measures: Path, sentences: Path) -> list[tuple[str, bool]]:
    """Return texts, and whether they are English: labels of the taxonomy, measures and written sentences.

    A wording that several languages share counts as English if English has it.
    """
    found: dict[str, bool] = {}
    for labels in (taxonomy.occupation_labels, taxonomy.skill_labels):
        for language, text in zip(labels["language"].tolist(), labels["text"].tolist(), strict=True):
            found[text] = found.get(text, False) or language == "en"
    for path in sorted(measures.glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8"))["measure"]:
            for texts in (measure["title"], measure["description"]):
                found.update({text: language == "en" for language, text in texts.items()})
            for language, several in measure.get("synonyms", {}).items():
                found.update(dict.fromkeys(several, language == "en"))
    found.update({wish: language == "en" for language, _, wish in read_wishes(measures)})
    for path in sorted(sentences.glob("*.jsonl")):
        items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        found.update({item["text"]: item.get("lang", "en") == "en" for item in items})
    return sorted(found.items())


def learn(tokenizer: Tokenizer, texts: Sequence[tuple[str, bool]]) -> tuple[np.ndarray, float]:
    """Return the weight of each subword, and the threshold of their sum from which a text is English."""
    ids = [set(one.ids) for one in tokenizer.encode_batch([text for text, _ in texts], add_special_tokens=False)]
    seen = np.array([not held_out(text) for text, _ in texts])
    english = np.array([is_english for _, is_english in texts])
    counts = np.full((2, tokenizer.get_vocab_size()), SMOOTHING)
    for row, pieces in enumerate(ids):
        if seen[row]:
            counts[int(english[row]), list(pieces)] += 1
    share = counts / np.array([[(~english & seen).sum()], [(english & seen).sum()]])
    weights = np.clip(np.log(share[1] / share[0]), -4, 4)
    sums = np.array([weights[list(pieces)].sum() for pieces in ids])
    unseen = sums[~seen & english]
    threshold = float(np.quantile(unseen, 1 - ENGLISH_KEPT))
    LOG.info(
        "English kept %.3f, others taken for English %.3f",
        (unseen >= threshold).mean(),
        (sums[~seen & ~english] >= threshold).mean(),
    )
    return weights, threshold


def save(folder: Path, weights: np.ndarray, threshold: float) -> None:
    """Write the door beside the table that it belongs to."""
    content = {"threshold": round(threshold, 3), "weights": [round(float(value), 2) for value in weights]}
    (folder / "english.json").write_text(json.dumps(content) + "\n", "utf-8")
