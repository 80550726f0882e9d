"""Vectors of public texts, kept on disk so that a label is encoded once and not at every start."""

import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skillmatch.mapping.encoder import Encoder, Progress

Part = tuple[NDArray[np.uint64], NDArray[np.float32]]
"""Hashes of shape (n, 2), sorted, and the vectors that belong to them, of shape (n, dimension)."""

BLOCK = 16_384
"""Texts that are encoded before they are stored."""

MOST_PARTS = 8
"""With more parts than this, they are merged into one."""

_FILES = ("part.json", "hashes.npy", "vectors.npy")


class CachedEncoder:
    """An encoder that remembers on disk what it encoded.

    Only for texts that anybody may see (labels of a taxonomy, a public catalogue): the words of a company must never
    reach a disk this way. Not the texts but their hashes are stored; yet the text behind a hash can be guessed.

    Layout: ``folder/<key of the encoder>/<part>/`` with ``hashes.npy`` (uint64 of shape (n, 2), sorted),
    ``vectors.npy`` (float32 of shape (n, dimension)) and ``part.json`` (rows and checksums). A part is written beside
    and moved into place whole, and never changed; new texts make a new part. A part that is incomplete or whose
    checksum is wrong is deleted, and its texts are encoded again.

    Parameters
    ----------
    encoder
        Encodes what is not stored yet.
    folder
        Folder of the cache; made when first written.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.encoder = encoder
        self.folder = folder / encoder.key[:32]
        self.name = encoder.name
        self.key = encoder.key

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return vectors of shape (n, dimension) in the order of `texts`; only texts never seen before are encoded."""
        hashes = _hashes(texts)
        parts = self._load()
        dimension = parts[0][1].shape[1] if parts else self.dimension  # with a full cache the weights are never loaded
        vectors, missing = _look_up(hashes, parts, dimension)
        new = sorted({texts[row] for row in np.flatnonzero(missing).tolist()}, key=lambda text: (len(text), text))
        fresh = []
        for start in range(0, len(new), BLOCK):  # what is done stays done when the work is interrupted
            block = new[start : start + BLOCK]
            fresh.append(self._store(_hashes(block), self.encoder.encode(block, _shifted(progress, start, len(new)))))
        vectors[missing] = _look_up(hashes[missing], fresh, dimension)[0]
        if len(list(self.folder.glob("part-*"))) > MOST_PARTS:
            self._merge()
        if progress and not new:
            progress(len(texts), len(texts))
        return vectors

    def _load(self) -> list[Part]:
        """Return (hashes, vectors) of each sound part; what is not sound is deleted."""
        sound = []
        for folder in sorted(self.folder.glob("part-*")):
            try:
                sound.append(_read_part(folder))
            except (OSError, ValueError, KeyError, EOFError):
                shutil.rmtree(folder, ignore_errors=True)
        return sound

    def _store(self, hashes: NDArray[np.uint64], vectors: NDArray[np.float32]) -> Part:
        """Write a part and return its arrays, sorted by hash."""
        order = np.lexsort((hashes[:, 1], hashes[:, 0]))
        hashes, vectors = hashes[order], np.ascontiguousarray(vectors[order])
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        np.save(beside / "hashes.npy", hashes)
        np.save(beside / "vectors.npy", vectors)
        about = {"rows": len(hashes), "hashes": _checksum(hashes), "vectors": _checksum(vectors)}
        (beside / "part.json").write_text(json.dumps(about), "utf-8")
        target = self.folder / f"part-{hashlib.sha256(hashes.tobytes()).hexdigest()[:16]}"
        try:
            beside.rename(target)
        except OSError:  # another process has stored the very same texts meanwhile
            shutil.rmtree(beside, ignore_errors=True)
        return hashes, vectors

    def _merge(self) -> None:
        """Put all parts into one."""
        folders = sorted(self.folder.glob("part-*"))
        parts = self._load()
        hashes = np.concatenate([part[0] for part in parts])
        vectors = np.concatenate([part[1] for part in parts])
        _, first = np.unique(hashes, axis=0, return_index=True)
        self._store(hashes[first], vectors[first])
        if len(parts) > 1:
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)


def _hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return 128 bits for each text as uint64 of shape (n, 2); two texts with one hash will not be met in practice."""
    digest = b"".join(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts)
    return np.frombuffer(digest, dtype="<u8").reshape(len(texts), 2)


def _look_up(
    hashes: NDArray[np.uint64], parts: Sequence[Part], dimension: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the vectors found (rows not found are zero), and which rows are missing."""
    missing = np.ones(len(hashes), dtype=bool)
    vectors = np.zeros((len(hashes), dimension), dtype=np.float32)
    for known, stored in parts:
        place = np.minimum(np.searchsorted(known[:, 0], hashes[:, 0]), len(known) - 1)
        found = missing & (known[place] == hashes).all(axis=1)
        vectors[found] = stored[place[found]]
        missing &= ~found
    return vectors, missing


def _shifted(progress: Progress | None, done: int, total: int) -> Progress | None:
    """Return a progress that counts one block as a part of the whole."""
    return None if progress is None else lambda now, _: progress(done + now, total)


def _read_part(folder: Path) -> Part:
    """Return the arrays of one part; ValueError if they are not what was written."""
    return _checked_part(folder, tuple((folder / name).stat().st_mtime_ns for name in _FILES))


@lru_cache(maxsize=MOST_PARTS)
def _checked_part(folder: Path, _written: tuple[int, ...]) -> Part:
    """Read a part and its checksums once in a process, as long as its files stay as they are."""
    about = json.loads((folder / "part.json").read_text("utf-8"))
    hashes = np.load(folder / "hashes.npy", mmap_mode="r", allow_pickle=False)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    if not len(hashes) == len(vectors) == about["rows"] > 0:
        raise ValueError("wrong number of rows")
    if (_checksum(hashes), _checksum(vectors)) != (about["hashes"], about["vectors"]):
        raise ValueError("wrong checksum")
    return hashes, vectors


def _checksum(array: NDArray[np.generic]) -> int:
    return zlib.crc32(np.ascontiguousarray(array).data)
