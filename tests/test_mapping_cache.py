"""The cache: only what is new is encoded, damage is noticed, and nothing but vectors and hashes lies on the disk."""

from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEncoder

from skillmatch.mapping import cache
from skillmatch.mapping.cache import CachedEncoder

TEXTS = ["weld metal", "sort waste", "", "weld metal", "nothing known"]


def files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.rglob(pattern))


def test_cached_vectors_equal_encoded_ones(tmp_path: Path) -> None:
    plain = BagOfWordsEncoder().encode(TEXTS)
    for _ in range(2):
        np.testing.assert_array_equal(CachedEncoder(BagOfWordsEncoder(), tmp_path).encode(TEXTS), plain)


def test_only_new_texts_are_encoded_and_once(tmp_path: Path) -> None:
    CachedEncoder(BagOfWordsEncoder(), tmp_path).encode(TEXTS)
    encoder = BagOfWordsEncoder()
    CachedEncoder(encoder, tmp_path).encode([*TEXTS, "lead a team", "lead a team"])
    assert encoder.encoded == ["lead a team"]


@pytest.mark.parametrize("damage", ["cut", "flip", "no hashes", "no json", "not json", "empty"])
def test_damage_is_noticed_and_mended(tmp_path: Path, damage: str) -> None:
    CachedEncoder(BagOfWordsEncoder(), tmp_path).encode(TEXTS)
    (vectors,), (hashes,), (about,) = (files(tmp_path, name) for name in ("vectors.npy", "hashes.npy", "part.json"))
    content = bytearray(vectors.read_bytes())
    if damage == "cut":
        vectors.write_bytes(content[:-100])
    elif damage == "flip":
        content[-3] ^= 0xFF
        vectors.write_bytes(content)
    elif damage == "empty":
        vectors.write_bytes(b"")
    elif damage == "not json":
        about.write_text("{", "utf-8")
    else:
        (hashes if damage == "no hashes" else about).unlink()
    encoder = BagOfWordsEncoder()
    np.testing.assert_array_equal(CachedEncoder(encoder, tmp_path).encode(TEXTS), encoder.encode(TEXTS))
    assert sorted(encoder.encoded[:4]) == ["", "nothing known", "sort waste", "weld metal"]


def test_another_model_does_not_see_the_vectors(tmp_path: Path) -> None:
    CachedEncoder(BagOfWordsEncoder(), tmp_path).encode(TEXTS)
    other = BagOfWordsEncoder(["metal", "waste"])
    assert CachedEncoder(other, tmp_path).encode(TEXTS).shape == (5, 2)
    assert other.encoded


def test_the_texts_themselves_are_not_stored_and_nothing_is_a_pickle(tmp_path: Path) -> None:
    CachedEncoder(BagOfWordsEncoder(), tmp_path).encode(["weld metal"])
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"weld" not in path.read_bytes()
            if path.suffix == ".npy":
                np.load(path, allow_pickle=False)


def test_many_small_parts_are_merged(tmp_path: Path) -> None:
    for number in range(cache.MOST_PARTS + 1):
        CachedEncoder(BagOfWordsEncoder(), tmp_path).encode([f"weld {number}", "sort waste"])
    assert len(files(tmp_path, "part.json")) == 1
    encoder = BagOfWordsEncoder()
    CachedEncoder(encoder, tmp_path).encode([f"weld {number}" for number in range(cache.MOST_PARTS + 1)])
    assert encoder.encoded == []


def test_interrupted_work_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "BLOCK", 2)

    class Tired(BagOfWordsEncoder):
        def encode(self, texts, progress=None):
            if len(self.encoded) >= 2:
                raise KeyboardInterrupt
            return super().encode(texts, progress)

    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Tired(), tmp_path).encode(["weld", "sort", "lead"])
    encoder = BagOfWordsEncoder()
    CachedEncoder(encoder, tmp_path).encode(["weld", "sort", "lead"])
    assert len(encoder.encoded) == 1


def test_progress_counts_to_the_end_without_going_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "BLOCK", 2)
    seen: list[tuple[int, int]] = []
    CachedEncoder(BagOfWordsEncoder(), tmp_path).encode(
        ["weld", "sort", "lead"], lambda done, total: seen.append((done, total))
    )
    assert seen == [(2, 3), (3, 3)]


def test_no_texts_give_no_vectors(tmp_path: Path) -> None:
    encoder = BagOfWordsEncoder()
    assert CachedEncoder(encoder, tmp_path).encode([]).shape == (0, encoder.dimension)
