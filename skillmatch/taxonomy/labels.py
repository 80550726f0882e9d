"""Turn the label columns of ESCO's files, language by language, into one long table of labels."""

from collections.abc import Mapping

import pandas as pd

_COLUMNS = {"preferred": "preferredLabel", "alternative": "altLabels", "hidden": "hiddenLabels"}
"""Kind of label -> column of the file; where two kinds hold the same text, the first of them keeps it."""

_SEPARATED = r"[\n\r]+| \| "
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
    parts = []
    for language, table in sorted(tables.items()):
        for kind, column in _COLUMNS.items():
            cells = table.loc[table[column] != "", ["conceptUri", column]].set_axis(["uri", "text"], axis=1)
            if kind != "preferred":
                cells["text"] = cells["text"].str.split(_SEPARATED, regex=True)
                cells = cells.explode("text")
            parts.append(cells.assign(language=language, kind=kind))
    every = pd.concat(parts)[["uri", "language", "kind", "text"]].astype("str")
    every["text"] = every["text"].str.replace(r"\s+", " ", regex=True).str.strip()
    every = every[every["text"] != ""].drop_duplicates(["uri", "language", "text"])
    return every.sort_values(["uri", "language", "kind", "text"]).reset_index(drop=True)
