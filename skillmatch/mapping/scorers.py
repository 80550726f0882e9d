"""Scorers of words and pieces, kept on disk: counting the words of a hundred thousand labels takes seconds."""

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from skillmatch.mapping import lexical
from skillmatch.mapping.lexical import PieceScorer, WordScorer

KEPT = 8
"""Files kept; the ones not used for longest go."""

SMALL = 2_000
"""Up to so many labels, counting is as quick as reading."""

log = logging.getLogger(__name__)


def load_scorers(labels: Sequence[str], cache: Path | None) -> tuple[WordScorer, PieceScorer]:
    """Return the scorers of these labels, from the cache if they are there.

    A file holds the words of the labels, so this is for labels that anybody may see, as `CachedEncoder` is. Its name is
    a hash of the labels and the rules; one that is damaged is made again.

    Parameters
    ----------
    labels
        Labels of shape (l,).
    cache
        Folder of the cache; None: nothing is kept.
    """
    if cache is None or len(labels) <= SMALL:
        return WordScorer(labels), PieceScorer(labels)
    content = "\n".join([lexical.VERSION, *labels])
    path = cache / "words" / f"{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:  # the format checks each array against its checksum
            known = {name: file[name] for name in file.files}
        os.utime(path)
        return WordScorer(labels, _part(known, "w_")), PieceScorer(labels, _part(known, "p_"))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("The words of the labels are counted again: %s is damaged (%s).", path, error)
    scorers = WordScorer(labels), PieceScorer(labels)
    _store(path, scorers)
    return scorers


def _part(arrays: lexical.Arrays, prefix: str) -> lexical.Arrays:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _store(path: Path, scorers: tuple[WordScorer, PieceScorer]) -> None:
    """Write beside and move into place; delete what was not used for longest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words, pieces = scorers
    arrays = {f"w_{name}": array for name, array in words.arrays.items()}
    arrays |= {f"p_{name}": array for name, array in pieces.arrays.items()}
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", suffix=".npz", delete=False) as file:
        np.savez(file, allow_pickle=False, **arrays)
    Path(file.name).replace(path)
    for old in sorted(path.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink(missing_ok=True)
