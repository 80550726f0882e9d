"""Offers mapped to skills: each text once, stated skills first, levels flagged where assumed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import skill_uri, tiny_taxonomy

from skillmatch.mapping.model import Mapping, Match
from skillmatch.offers.catalogue import Catalogue
from skillmatch.offers.model import Offer


class WordMapper:
    """Finds a skill where its label stands in the text, with probability 0.9 (0.2 for "weld metal")."""

    key = "words"

    def __init__(self) -> None:
        self.taxonomy = tiny_taxonomy()
        self.asked: list[str] = []

    def map_many(self, texts: Sequence[str], *, top_k: int, minimum_probability: float) -> list[Mapping]:
        self.asked += texts
        return [Mapping(text, tuple(self._matches(text)), ()) for text in texts]

    def _matches(self, text: str) -> list[Match]:
        labels = self.taxonomy.skill_labels.query("language == 'en' and kind == 'preferred'")
        return [
            Match(uri, label, 0.9, 0.2 if label == "weld metal" else 0.9, 0, len(label), label)
            for uri, label in zip(labels["uri"], labels["text"], strict=True)
            if label in text.lower()
        ]


def offer(name: str, **changes: object) -> Offer:
    return Offer(**({"id": name, "course": name, "title": name, "provider": "P", "hours": 8} | changes))


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLMATCH_HOME", str(tmp_path))


def test_each_distinct_text_is_read_once_and_remembered() -> None:
    mapper = WordMapper()
    runs = [offer("b", title="Sort waste"), offer("a", title="Sort waste"), offer("c", title="Program robots")]
    seen: list[tuple[int, int]] = []
    first = Catalogue.build(runs, mapper, progress=lambda done, total: seen.append((done, total)))
    assert mapper.asked == ["Program robots.", "Sort waste."]
    assert seen == [(2, 2)]
    again = WordMapper()
    assert Catalogue.build(runs, again).taught == first.taught
    assert again.asked == []
    other = WordMapper()
    other.key = "another mapper"
    Catalogue.build(runs, other)
    assert other.asked == mapper.asked


def test_a_damaged_memory_is_written_anew(tmp_path: Path) -> None:
    Catalogue.build([offer("a", title="Sort waste")], WordMapper())
    (path,) = (tmp_path / "catalogues").glob("*.jsonl")
    path.write_text("{half a line", "utf-8")
    mapper = WordMapper()
    Catalogue.build([offer("a", title="Sort waste")], mapper)
    assert mapper.asked == ["Sort waste."]


def test_what_the_provider_states_wins_over_the_text() -> None:
    stated = offer("a", title="Sort waste", skills=("weld metal @3", skill_uri("robots"), "flying"), level_from=1)
    catalogue = Catalogue.build([stated, offer("b", title="Sort waste", skills=("flying",))], WordMapper())
    robots, weld = catalogue.skills_of("a")
    assert (robots.skill, robots.level_from, robots.level_to, robots.level_stated) == (skill_uri("robots"), 1, 2, False)
    assert (weld.skill, weld.level_from, weld.level_to, weld.level_stated) == (skill_uri("weld"), 1, 3, True)
    assert {robots.source, weld.source} == {"stated"}
    assert [skill.skill for skill in catalogue.skills_of("b")] == [skill_uri("sort-waste")]
    assert catalogue.unread == (("a", "flying"), ("b", "flying"))


def test_what_is_unlikely_is_left_out_and_what_teaches_nothing_stays() -> None:
    catalogue = Catalogue.build([offer("a", title="Weld metal"), offer("b", title="Yoga")], WordMapper())
    assert catalogue.skills_of("a") == ()
    assert [one.id for one in catalogue.offers] == ["a", "b"]
    assert catalogue.skills.shape == (2, 0)


def test_the_matrix_holds_the_levels() -> None:
    offers = [
        offer("b", title="Sort waste", level_from=1, level_to=3),
        offer("a", title="Program robots and sort waste"),
    ]
    catalogue = Catalogue.build(offers, WordMapper())
    assert catalogue.skill_uris == (skill_uri("robots"), skill_uri("sort-waste"))
    assert np.array_equal(catalogue.skills.toarray(), [[2, 2], [0, 3]])
    assert catalogue.entry_levels.tolist() == [0, 0, 1]
    assert [one.id for one in catalogue.teaching(skill_uri("sort-waste"))] == ["a", "b"]
    assert catalogue.teaching("nowhere") == ()


def test_the_transitions_an_offer_serves() -> None:
    offers = [
        offer("both", title="Program robots and sort waste"),
        offer("green", title="Sort waste"),
        offer("none", title="Yoga"),
        offer("twin", title="Predictive maintenance"),
    ]
    catalogue = Catalogue.build(offers, WordMapper())
    assert catalogue.serves("green") == {"green"}
    assert catalogue.serves("none") == frozenset()
    assert catalogue.serves("both") == catalogue.serves("twin") == {"digital", "green", "twin"}
