"""Whether a text speaks as a company does of what it wants, or as a job advertisement does of a person.

Associations are for the first: "We want less paper" calls for skills that it does not name, while a job advertisement
names what it asks for. The weights of words, of six languages together, were learned by ``models/train/register.py``.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"[^\W\d_]+|[()*:<>]")
FILE = Path(__file__).with_name("register.json")

FROM, TO = -1.0, 1.0
"""Log-odds of a need at which a text begins to count as one, and from which it counts fully."""

WHOLE = 4
"""Words from which a text is long enough to say what somebody wants; a single word never is."""

KNOWN_SHARE = 0.3
"""With a smaller share of known words (another language) nothing can be said, and the text counts fully."""


@cache
def _weights() -> tuple[float, dict[str, float]]:
    content = json.loads(FILE.read_text("utf-8"))
    return float(content["intercept"]), dict(content["weights"])


def need_likeness(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return for each text how much it speaks as a need does, in [0, 1].

    A text in words that are not known counts as a need. Fewer than `WHOLE` words count less: they may name skills.

    >>> need_likeness(["We want less paper", "You have 3 years of experience with SQL and Java", "Agile"]).tolist()
    [1.0, 0.0, 0.0]
    """
    intercept, weights = _weights()
    likeness = np.ones(len(texts), dtype=np.float32)
    for row, text in enumerate(texts):
        words = set(WORD.findall(text.lower()))
        known = [weights[word] for word in words if word in weights]
        if words and len(known) >= KNOWN_SHARE * len(words):
            likeness[row] = min(1.0, max(0.0, (intercept + sum(known) - FROM) / (TO - FROM)))
        likeness[row] *= min(1.0, max(0, len(text.split()) - 1) / (WHOLE - 1))
    return likeness
