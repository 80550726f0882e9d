"""Turn the label columns of ESCO's files, language by language, into one long table of labels."""

import re
from collections.abc import Mapping

import pandas as pd

_COLUMNS = {"preferred": "preferredLabel", "alternative": "altLabels", "hidden": "hiddenLabels"}
"""Kind of label -> column of the file; where two kinds hold the same text, the first of them keeps it."""

_SEPARATED = re.compile(r"[\n\r]+| \| ")
"""Between labels in one cell: line breaks in the files of concepts, `` | `` in those of collections."""


def stack_labels(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    r"""Return one row a label: ``uri``, ``language``, ``kind``, ``text``, sorted by these four; no text twice.

    Runs of white space inside a label become one space; blank labels are dropped.

    Parameters
    ----------
    tables
        Language -> frame with ``conceptUri``, ``preferredLabel``, ``altLabels``, ``hiddenLabels``.

    Examples
    --------
    >>> cells = {"conceptUri": ["u"], "preferredLabel": ["weld"], "altLabels": ["welding\nweld"], "hiddenLabels": [""]}
    >>> stack_labels({"en": pd.DataFrame(cells)})["text"].tolist()
    ['welding', 'weld']
    """
    rows: list[tuple[str, str, str, str]] = []
    for language, table in tables.items():
        known: set[tuple[str, str]] = set()
        for kind, column in _COLUMNS.items():
            for uri, cell in zip(table["conceptUri"].tolist(), table[column].tolist(), strict=True):
                if not cell:
                    continue
                for text in [cell] if kind == "preferred" else _SEPARATED.split(cell):
                    label = " ".join(text.split())
                    if label and (uri, label) not in known:
                        known.add((uri, label))
                        rows.append((uri, language, kind, label))
    rows.sort()
    columns = dict(
        zip(("uri", "language", "kind", "text"), zip(*rows, strict=True) if rows else ((),) * 4, strict=True)
    )
    return pd.DataFrame(columns, dtype="str")
