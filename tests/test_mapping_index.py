"""The label index: scores that can be worked out by hand, and a search that equals a full sort."""

from pathlib import Path

import numpy as np
import pytest
from fakes import BagOfWordsEncoder
from hypothesis import given
from hypothesis import strategies as st

from skillmatch.mapping import index as index_module
from skillmatch.mapping.cache import CachedEncoder
from skillmatch.mapping.index import FusionWeights, LabelIndex, top_k
from skillmatch.mapping.lexical import PieceScorer, WordScorer

CONCEPTS = [("waste", ["sort waste", "separate waste"]), ("weld", ["weld metal"]), ("none", [])]
MEANING = FusionWeights(embedding=1, words=0, characters=0, preferred=0)


def build(weights: FusionWeights | None = None, **options: object) -> LabelIndex:
    encoder = BagOfWordsEncoder(["sort", "separate", "waste", "weld", "metal"])
    return LabelIndex.build(CONCEPTS, encoder, weights=weights, **options)


def test_meaning_alone_is_the_cosine_of_the_best_label() -> None:
    scores = build(MEANING).scores(["separate waste and metal"])
    assert scores.ids == ("waste", "weld")  # a concept without labels is not there
    # three known words against two: 2 / sqrt(3 * 2) and 1 / sqrt(3 * 2)
    np.testing.assert_allclose(scores.fused, [[0.8165, 0.4082]], atol=1e-4)
    assert [scores.labels[row] for row in scores.nearest[0]] == ["separate waste", "weld metal"]


def test_the_preferred_label_has_its_share() -> None:
    weights = FusionWeights(embedding=1, words=0, characters=0, preferred=0.5)
    scores = build(weights).scores(["separate waste"])
    # the best label is the text itself (1), the preferred one shares one of two words (1/2)
    assert scores.fused[0, 0] == pytest.approx(0.75)
    both = build(weights, preferred=[2, 1, 0]).scores(["separate waste"])
    assert both.fused[0, 0] == pytest.approx(1.0)


def test_parts_add_up_to_the_score() -> None:
    scores = build().scores(["we weld and sort", "metal", ""])
    np.testing.assert_allclose(sum(scores.parts.values()), scores.fused, atol=1e-4)
    hit = build().search(["we weld and sort"], 1)[0][0]
    assert sum(value for _, value in hit.parts) == pytest.approx(hit.score, abs=2e-4)


def test_a_label_itself_scores_one_and_an_unknown_text_zero() -> None:
    scores = build().scores(["weld metal", "qqq", "", "🎉"])
    assert scores.fused[0, 1] == pytest.approx(1, abs=1e-4)
    assert not scores.fused[1:].any()


def test_equal_scores_are_ordered_by_id() -> None:
    encoder = BagOfWordsEncoder(["weld"])
    index = LabelIndex.build([("b", ["weld"]), ("a", ["weld"]), ("c", ["weld"])], encoder)
    assert [hit.id for hit in index.search(["weld"], 2)[0]] == ["a", "b"]


@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=7, max_size=7), max_size=4), st.integers(0, 9)
)
def test_top_k_equals_a_full_sort(rows: list[list[float]], k: int) -> None:
    scores = np.array(rows, dtype=np.float32).reshape(len(rows), 7)
    expected = [sorted(range(7), key=lambda column, row=row: (-row[column], column))[:k] for row in rows]
    assert [columns.tolist() for columns in top_k(scores, k)] == expected


def test_one_by_one_equals_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    index = build()
    texts = ["weld", "waste", "sort metal", "", "separate waste. weld"]
    together = index.search(texts, 2)
    assert [index.search([text], 2)[0] for text in texts] == together
    monkeypatch.setattr(index_module, "CELLS", 1)  # one text a block
    assert index.search(texts, 2) == together
    np.testing.assert_array_equal(np.concatenate([block for _, block in index.fused(texts)]), index.scores(texts).fused)


@pytest.mark.parametrize("concepts", [[], [("none", [])]])
def test_an_index_without_labels_finds_nothing(concepts: list[tuple[str, list[str]]]) -> None:
    index = LabelIndex.build(concepts, BagOfWordsEncoder())
    assert index.search(["weld", ""], 3) == [(), ()]
    assert index.scores(["weld"]).fused.shape == (1, 0)


def test_no_texts_give_nothing() -> None:
    assert build().search([], 3) == []
    assert build().scores([]).fused.shape[0] == 0


def test_labels_without_words_are_survived() -> None:
    index = LabelIndex.build([("a", ["!"]), ("b", ["of"])], BagOfWordsEncoder())
    assert [hit.score for hit in index.search(["the"], 2)[0]] == [0.0, 0.0]


def test_labels_are_cached_and_texts_never(tmp_path: Path) -> None:
    for encoder in (BagOfWordsEncoder(), CachedEncoder(BagOfWordsEncoder(), tmp_path / "given")):
        index = LabelIndex.build(CONCEPTS, encoder, cache=tmp_path / "own")
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        index.search(["a secret of the company"], 1)
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert list((tmp_path / "own").rglob("vectors.npy"))


def test_word_scores_by_hand() -> None:
    scorer = WordScorer(["weld", "weld metal"])
    # a label is said in full, so the share of its weight is 1, however long the text
    cosine, share = scorer.cosine(["we weld metal all day"]), scorer.scores(["we weld metal all day"])
    assert share[0, 1] == pytest.approx((cosine[0, 1] + 1) / 2)
    assert scorer.cosine(["weld"])[0, 0] == pytest.approx(1)
    assert scorer.scores(["R&D of C++"])[0].tolist() == [0, 0]


def test_names_with_signs_are_words_of_their_own() -> None:
    scorer = WordScorer(["C", "C++", "C#", "R", "R&D"])
    assert scorer.scores(["knows C++ well"])[0].argmax() == 1
    assert scorer.scores(["knows C#"])[0].argmax() == 2
    assert scorer.scores(["works in R&D"])[0].tolist()[:4] == [0, 0, 0, 0]


def test_pieces_forgive_inflection_and_misspelling() -> None:
    scores = PieceScorer(["welding robots", "sort waste"]).scores(["weldng robot"])
    assert scores[0, 0] > 0.4 > scores[0, 1]
