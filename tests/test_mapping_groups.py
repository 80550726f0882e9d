"""The best of groups of columns equals a loop; what scorers keep on disk equals what they work out."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.mapping import groups, scorers
from skillmatch.mapping.groups import Groups
from skillmatch.mapping.lexical import PieceScorer, WordScorer
from skillmatch.mapping.scorers import load_scorers

LABELS = ["weld metal", "sort waste", "R&D of C++", "", "Straße kehren", "waste waste"]
TEXTS = ["We weld", "STRASSE straße", "", "🎉", "sort the waste of c++ \ud800"]


@given(st.lists(st.integers(1, 5), max_size=8), st.sampled_from([0, 10_000]))
def test_the_best_of_each_group(sizes: list[int], run: int) -> None:
    values = np.random.default_rng(0).random((3, sum(sizes)), dtype=np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "RUN", run)
        layout = Groups.of(np.array(sizes, dtype=np.intp))
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    best = [[row[start : start + size].max() for start, size in zip(starts, sizes, strict=True)] for row in values]
    np.testing.assert_array_equal(layout.best(layout.lay(values)), np.array(best).reshape(3, len(sizes)))
    np.testing.assert_array_equal(layout.columns[layout.place], np.arange(sum(sizes)))


def scores(pair: tuple[WordScorer, PieceScorer]) -> np.ndarray:
    words, pieces = pair
    return np.stack([words.scores(TEXTS), words.cosine(TEXTS), pieces.scores(TEXTS)])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorers, "SMALL", -1)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("labels", [LABELS, [], [""], ["!", "of"]])
def test_what_is_kept_gives_the_same_scores(labels: list[str], tmp_path: Path) -> None:
    fresh = scores(load_scorers(labels, tmp_path))
    (stored,) = (tmp_path / "words").glob("*")
    before = stored.read_bytes()
    np.testing.assert_array_equal(scores(load_scorers(labels, tmp_path)), fresh)
    np.testing.assert_array_equal(scores(load_scorers(labels, None)), fresh)
    assert stored.read_bytes() == before
    scores(load_scorers([*labels, "more"], tmp_path))
    assert len(list((tmp_path / "words").glob("*"))) == 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_file_is_made_again(damage: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fresh = scores(load_scorers(LABELS, tmp_path))
    (stored,) = (tmp_path / "words").glob("*")
    whole = stored.read_bytes()
    stored.write_bytes(whole[: len(whole) // 2] + b"\0\0" + whole[len(whole) // 2 + 2 :] if damage is None else damage)
    np.testing.assert_array_equal(scores(load_scorers(LABELS, tmp_path)), fresh)
    assert "damaged" in caplog.text
    np.testing.assert_array_equal(scores(load_scorers(LABELS, tmp_path)), fresh)


@pytest.mark.usefixtures("small")
def test_old_files_go(tmp_path: Path) -> None:
    for number in range(scorers.KEPT + 3):
        load_scorers([f"label {number}"], tmp_path)
    assert len(list((tmp_path / "words").glob("*"))) == scorers.KEPT
    shutil.rmtree(tmp_path / "words")
    load_scorers(LABELS, tmp_path)


def test_few_labels_are_not_kept(tmp_path: Path) -> None:
    load_scorers(LABELS, tmp_path)
    assert not list(tmp_path.iterdir())
