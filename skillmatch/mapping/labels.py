"""Labels of a taxonomy in the order in which an index wants them."""

import pandas as pd

Concepts = list[tuple[str, list[str]]]

_KINDS = {"preferred": 0, "alternative": 1, "hidden": 2}


def concept_labels(labels: pd.DataFrame) -> tuple[Concepts, list[int]]:
    """Return each concept with its labels in all languages, and how many of them are preferred ones.

    Parameters
    ----------
    labels
        One row a label, with columns ``uri``, ``language``, ``kind`` and ``text``, as in `Taxonomy`.

    Returns
    -------
    concepts, preferred
        Concepts sorted by URI. Preferred labels come first, then alternative and hidden ones, each sorted by language
        and text; a wording that occurs twice (in two languages, or with other capitals) is kept once.
    """
    rows = sorted(
        zip(
            labels["uri"].tolist(),
            map(_KINDS.__getitem__, labels["kind"].tolist()),
            labels["language"].tolist(),
            labels["text"].tolist(),
            strict=True,
        )
    )
    concepts: Concepts = []
    preferred: list[int] = []
    seen: set[str] = set()
    for uri, kind, _, text in rows:
        if not concepts or concepts[-1][0] != uri:
            concepts.append((uri, []))
            preferred.append(0)
            seen = set()
        if text.casefold() in seen:
            continue
        seen.add(text.casefold())
        concepts[-1][1].append(text)
        preferred[-1] += kind == 0
    return concepts, [max(1, count) for count in preferred]


def preferred_labels(labels: pd.DataFrame, language: str) -> dict[str, str]:
    """Return URI -> preferred label in the language; where it has none in English, then in the first language."""
    rows = labels[labels["kind"] == "preferred"]
    order = {language: 0, "en": 1}
    found: dict[str, tuple[int, str, str]] = {}
    for uri, code, text in zip(rows["uri"].tolist(), rows["language"].tolist(), rows["text"].tolist(), strict=True):
        candidate = (order.get(code, 2), code, text)
        if uri not in found or candidate < found[uri]:
            found[uri] = candidate
    return {uri: text for uri, (_, _, text) in found.items()}
