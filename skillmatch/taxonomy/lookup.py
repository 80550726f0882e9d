"""Ask tables by key: dictionaries made from frames once, so that each question takes microseconds."""

from collections import defaultdict
from functools import cached_property

import pandas as pd

PREFERENCE = {"preferred": 0, "alternative": 1, "hidden": 2}
"""Which kind of label wins where two skills share the same words."""


def nest(frame: pd.DataFrame, outer: str, inner: str, value: str) -> dict[str, dict[str, str]]:
    """Return ``{outer: {inner: value}}`` for the rows of a frame, both keys sorted.

    >>> nest(pd.DataFrame({"a": ["y", "x", "y"], "b": ["2", "1", "1"], "c": ["p", "q", "r"]}), "a", "b", "c")
    {'x': {'1': 'q'}, 'y': {'1': 'r', '2': 'p'}}
    """
    nested: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for key, name, content in sorted(zip(*(frame[column].tolist() for column in (outer, inner, value)), strict=True)):
        nested[key][name] = content
    return dict(nested)


class Labels:
    """The labels of skills or of occupations, by concept and language.

    Parameters
    ----------
    frame
        One row a label: ``uri``, ``language``, ``kind``, ``text``, sorted by these four.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._languages: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}

    def preferred(self, uri: str, language: str) -> str:
        """Return the preferred label in `language`, else in English, else in the first language that has one.

        KeyError if the concept has no preferred label at all.
        """
        for candidate in (language, "en"):
            label, _ = self._read(candidate).get(uri, ("", ()))
            if label:
                return label
        return self._first[uri]

    def alternatives(self, uri: str, language: str) -> tuple[str, ...]:
        """Return the alternative labels in `language`, sorted; empty if it has none."""
        return self._read(language).get(uri, ("", ()))[1]

    def find(self, words: str) -> str | None:
        """Return the concept with these words as a label: preferred before alternative before hidden, then by URI."""
        return self._by_text.get(words.strip().casefold())

    def _read(self, language: str) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Return ``{uri: (preferred label, alternative labels)}`` of one language; made when first asked for."""
        if language not in self._languages:
            rows = self._frame[self._frame["language"] == language]
            labels: dict[str, str] = {}
            others: defaultdict[str, list[str]] = defaultdict(list)
            for uri, kind, text in zip(*(rows[name].tolist() for name in ("uri", "kind", "text")), strict=True):
                if kind == "preferred":
                    labels.setdefault(uri, text)
                elif kind == "alternative":
                    others[uri].append(text)
            uris = labels.keys() | others.keys()
            self._languages[language] = {uri: (labels.get(uri, ""), tuple(sorted(others.get(uri, ())))) for uri in uris}
        return self._languages[language]

    @cached_property
    def _first(self) -> dict[str, str]:
        preferred = self._frame[self._frame["kind"] == "preferred"].drop_duplicates("uri")
        return dict(zip(preferred["uri"].tolist(), preferred["text"].tolist(), strict=True))

    @cached_property
    def _by_text(self) -> dict[str, str]:
        best: dict[str, tuple[int, str]] = {}
        columns = (self._frame[name].tolist() for name in ("uri", "kind", "text"))
        for uri, kind, text in zip(*columns, strict=True):
            key, candidate = text.casefold(), (PREFERENCE[kind], uri)
            if key not in best or candidate < best[key]:
                best[key] = candidate
        return {text: uri for text, (_, uri) in best.items()}
