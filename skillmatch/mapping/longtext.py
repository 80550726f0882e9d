"""Scores of texts of any length: the best of their segments, in documents without boilerplate."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.document import telling
from skillmatch.mapping.index import LabelIndex
from skillmatch.mapping.segment import clean, is_wordless, segment


def text_scores(index: LabelIndex, texts: Sequence[str], columns: Sequence[int] | None = None) -> NDArray[np.float32]:
    """Return `scores[i, j]`, the fused score of text i and the j-th of the columns: the best of the text's segments.

    Parameters
    ----------
    index
        The concepts.
    texts
        Texts of any length; one without words scores 0.
    columns
        Places of concepts in ``index.ids``; None: all of them.
    """
    owners: list[int] = []
    units: list[str] = []
    for row, text in enumerate(texts):
        for span in telling(segment(text)):
            if not is_wordless(span.text):
                owners.append(row)
                units.append(clean(span.text))
    chosen = slice(None) if columns is None else list(columns)
    width = len(index.ids) if columns is None else len(columns)
    scores = np.zeros((len(texts), width), dtype=np.float32)
    for first, block in index.fused(units):
        np.maximum.at(scores, owners[first : first + len(block)], block[:, chosen])
    return scores
