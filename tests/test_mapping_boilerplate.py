"""Boilerplate of documents: the arithmetic by hand, and what ships."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillmatch.mapping.boilerplate import (
    ABOUT,
    BUCKETS,
    FILE,
    KINDS,
    Recogniser,
    columns_of,
    left_out,
    shipped,
    with_neighbours,
)
from skillmatch.mapping.model import Span
from skillmatch.mapping.segment import segment

AD = """About us
We are a family business with 80 employees and have stood for quality since 1971.
Your tasks
- You weld frames of stainless steel and read technical drawings
- You program the robot and check the seams
What we offer
- 30 days of holiday and a company pension
How to apply
Please send your CV to jobs@firm.example by 30 June. We look forward to hearing from you.
We are an equal opportunity employer.
All rights reserved. Privacy policy
"""


def one_word(word: str, odds: float) -> Recogniser:
    """Return a recogniser that knows one word of one letter: a line with nothing else has these log-odds, plus 0."""
    (column,) = columns_of(word)
    weights = np.zeros((1 + len(KINDS), BUCKETS), dtype=np.float32)
    weights[0, column] = odds
    weights[1 + list(KINDS).index("apply"), column] = 1
    return Recogniser(weights, np.zeros(1 + len(KINDS), dtype=np.float32))


def test_pieces_of_a_word() -> None:
    assert sum(columns_of("weld").values()) == 4 + 3 + 2  # " weld " has six characters: pieces of 3, 4 and 5
    assert columns_of("WELD 7") == columns_of("weld 3")
    assert columns_of("a") == columns_of("A")
    assert sum(columns_of("a a").values()) == 2
    assert columns_of("") == Counter()
    assert set(columns_of("\ud800 a")) <= set(range(BUCKETS))  # half a character, as broken files have it


def test_scores_by_hand() -> None:
    recogniser = one_word("x", 2.0)
    scores = recogniser.scores(["x", "y", "x y", ""])
    # one column: value 1; two columns of count 1: each 1 / sqrt(2)
    assert scores[:, 0].tolist() == pytest.approx([2.0, 0.0, 2 / np.sqrt(2), 0.0])


def test_neighbours_by_hand() -> None:
    # the middle: 1 + (3 - 2) / 2, for 9 counts as 3; the ends have one neighbour each
    assert with_neighbours(np.array([9, 1, -2], dtype=np.float32)).tolist() == [10.0, 1.5, -1.0]
    assert with_neighbours(np.array([4], dtype=np.float32)).tolist() == [4.0]
    assert with_neighbours(np.zeros(0, dtype=np.float32)).tolist() == []


def test_kinds_by_hand() -> None:
    # odds 2, 0, 0: with neighbours 2 + 0, 0 + (2 + 0) / 2, 0 + 0; above 0 is boilerplate
    kinds = one_word("x", 2.0).kinds(["x", "y", "z"])
    assert kinds[0] == "apply"
    assert kinds[1] is not None
    assert kinds[2] is None
    assert one_word("x", 2.0).kinds([]) == []


def test_what_is_left_out_keeps_its_place() -> None:
    found = left_out(segment("z\ny\nx"), one_word("x", 2.0))[-1]
    assert (found.start, found.end, found.text, found.kind) == (4, 5, "x", "apply")
    (title, *_) = segment("x\nx")
    assert title not in left_out(segment("x\nx"), one_word("x", 2.0))
    assert left_out((), one_word("x", 2.0)) == ()


def test_an_advertisement_keeps_its_tasks() -> None:
    out = {each.text: each.kind for each in left_out(segment(AD))}
    assert not any("weld" in text or "robot" in text for text in out)
    assert out["We are an equal opportunity employer."] == "equal"
    assert out["Please send your CV to jobs@firm.example by 30 June."] == "apply"
    assert len(out) >= 6


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Bitte senden Sie Ihre Bewerbung mit Lebenslauf bis zum 3. Mai an uns.", "apply"),
        ("Nous étudions toutes les candidatures sans distinction d'origine, d'âge ou de sexe.", "equal"),
        ("El próximo curso empieza el 3 de mayo, el precio es de 300 euros.", "practical"),
        ("Questo sito usa i cookie. Leggi l'informativa sulla privacy.", "privacy"),
        ("Jesteśmy firmą rodzinną z tradycjami, od 1985 roku obsługujemy klientów w całej Polsce.", "company"),
    ],
)
def test_kinds_in_other_languages(line: str, kind: str) -> None:
    assert shipped().kinds([line]) == [kind]


@pytest.mark.parametrize(
    "line",
    [
        "We want to use less energy in the workshop",
        "You handle customer complaints by phone",
        "Buchhaltung und Lohnabrechnung für 80 Beschäftigte",
        "Conduire un chariot élévateur",
        "Programar robots de soldadura",
        "Spawanie rur ze stali nierdzewnej",
    ],
)
def test_lines_with_skills_stay(line: str) -> None:
    assert shipped().kinds([line]) == [None]


def test_what_ships_says_where_it_comes_from(tmp_path: Path) -> None:
    about = json.loads(ABOUT.read_text("utf-8"))
    assert about["sha256"] == hashlib.sha256(FILE.read_bytes()).hexdigest()
    wrongly = about["cross_validation"]["wrongly_left_out"]
    assert all(share <= 1.05 for name, share in wrongly.items() if name != "skills")  # "skills" are written to be hard
    assert about["cross_validation"]["recognised"]["all"] > 45
    assert FILE.stat().st_size < 200_000
    with pytest.raises(FileNotFoundError):
        Recogniser.load(tmp_path / "none.npz")


def test_batch_equals_single() -> None:
    lines = [span.text for span in segment(AD)]
    together = shipped().scores(lines)
    assert np.allclose(together, np.vstack([shipped().scores([line]) for line in lines]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=50), max_size=8))
def test_any_lines_are_read(lines: list[str]) -> None:
    kinds = shipped().kinds(lines)
    assert len(kinds) == len(lines)
    assert left_out([Span(0, len(line), line) for line in lines]) is not None
