import dataclasses
import json

import pandas as pd
import pytest
from bundles import english, german, relations, table, write_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillmatch.errors import InputError
from skillmatch.taxonomy import storage
from skillmatch.taxonomy.esco import read_esco
from skillmatch.taxonomy.starter import load_starter, starter_manifest
from skillmatch.words import ATTRIBUTION


@pytest.fixture
def taxonomy(tmp_path):
    return read_esco([write_folder(tmp_path / "bundle", {**english(), **german(), **relations()})], name="mine")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SKILLMATCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SKILLMATCH_TAXONOMY", raising=False)
    return tmp_path / "home"


def assert_equal(one, other):
    for field in dataclasses.fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right)
        else:
            assert left == right, field.name


def test_folder_without_taxonomy(tmp_path):
    with pytest.raises(InputError, match="no taxonomy"):
        storage.load(tmp_path)


def test_manifest_that_is_no_json_or_of_another_format(tmp_path, taxonomy):
    storage.save(taxonomy, tmp_path / "t")
    (tmp_path / "t" / "manifest.json").write_text('{"format": 99}')
    with pytest.raises(InputError, match="format 99"):
        storage.load(tmp_path / "t")
    (tmp_path / "t" / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="no JSON"):
        storage.load(tmp_path / "t")


def test_every_changed_or_missing_table_is_named(tmp_path, taxonomy):
    storage.save(taxonomy, tmp_path / "t")
    (tmp_path / "t" / "skills.parquet").write_bytes(b"PAR1")
    (tmp_path / "t" / "broader.parquet").unlink()
    with pytest.raises(InputError) as caught:
        storage.load(tmp_path / "t")
    assert [problem.where.rsplit("/")[-1] for problem in caught.value.problems] == ["skills.parquet", "broader.parquet"]


def test_a_folder_with_other_files_is_not_overwritten(tmp_path, taxonomy):
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(InputError, match="a folder with other files"):
        storage.save(taxonomy, tmp_path)
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


@pytest.mark.parametrize("name", ["", "../up", "a/b", "starter", ".hidden", "a b", "x" * 65])
def test_names_that_cannot_be_stored(taxonomy, name):
    with pytest.raises(InputError, match="name of the taxonomy"):
        storage.store(dataclasses.replace(taxonomy, name=name))


def test_using_what_is_not_there_names_what_is(taxonomy, monkeypatch):
    storage.store(taxonomy)
    for ask in (storage.use, storage.active):
        with pytest.raises(InputError, match="starter, mine"):
            ask("esco-9")
    monkeypatch.setenv("SKILLMATCH_TAXONOMY", "esco-9")
    with pytest.raises(InputError, match="SKILLMATCH_TAXONOMY"):
        storage.active()


def test_round_trip(tmp_path, taxonomy):
    storage.save(taxonomy, tmp_path / "t")
    assert_equal(storage.load(tmp_path / "t"), taxonomy)


def test_saving_again_replaces_and_leaves_nothing_behind(tmp_path, taxonomy):
    storage.save(load_starter(), tmp_path / "out" / "t")
    storage.save(taxonomy, tmp_path / "out" / "t")
    assert_equal(storage.load(tmp_path / "out" / "t"), taxonomy)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["t"]


def test_a_failed_save_keeps_the_old_one(tmp_path, taxonomy):
    storage.save(taxonomy, tmp_path / "out" / "t")
    with pytest.raises(AttributeError):
        storage.save(dataclasses.replace(taxonomy, broader=None), tmp_path / "out" / "t")
    assert_equal(storage.load(tmp_path / "out" / "t"), taxonomy)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["t"]


def test_same_taxonomy_same_bytes(tmp_path, taxonomy):
    for name in ("a", "b"):
        storage.save(taxonomy, tmp_path / name)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == 9
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_manifest_tells_counts_sources_and_attribution(tmp_path, taxonomy):
    storage.save(taxonomy, tmp_path / "t")
    manifest = json.loads((tmp_path / "t" / "manifest.json").read_text("utf-8"))
    assert manifest["attribution"] == ATTRIBUTION
    assert manifest["counts"]["skills"] == 6
    assert manifest["warnings"] == list(taxonomy.warnings)
    assert {source["name"] for source in manifest["sources"]} >= {"skills_en.csv", "skills_de.csv"}


def test_the_starter_is_used_until_another_is_chosen(taxonomy):
    assert [(entry.name, entry.active) for entry in storage.stored()] == [("starter", True)]
    assert storage.active().name == "starter"
    entry = storage.store(taxonomy)
    assert (entry.name, entry.languages, entry.counts["occupations"]) == ("mine", ("de", "en"), 2)
    assert storage.active().name == "starter"
    storage.use("mine")
    assert [(entry.name, entry.active) for entry in storage.stored()] == [("starter", False), ("mine", True)]
    assert_equal(storage.active(), taxonomy)
    storage.use("starter")
    assert storage.active().name == "starter"


def test_name_given_before_environment_before_choice(taxonomy, monkeypatch):
    storage.store(taxonomy)
    storage.store(dataclasses.replace(taxonomy, name="other"))
    storage.use("other")
    assert storage.active().name == "other"
    monkeypatch.setenv("SKILLMATCH_TAXONOMY", "mine")
    assert storage.active().name == "mine"
    assert storage.active("starter").name == "starter"


def test_a_chosen_taxonomy_that_was_deleted_is_said(taxonomy, home):
    storage.store(taxonomy)
    storage.use("mine")
    for path in (home / "taxonomies" / "mine").iterdir():
        path.unlink()
    with pytest.raises(InputError, match="taxonomy use"):
        storage.active()


def test_the_manifest_of_the_starter_is_true():
    starter, manifest = load_starter(), starter_manifest()
    assert manifest["key"] == starter.key
    assert manifest["languages"] == list(starter.languages)
    assert manifest["counts"] == {name: len(getattr(starter, name)) for name in storage.TABLES}


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_survive_reading_and_the_round_trip(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    header = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description"
    uri = "http://data.europa.eu/esco/skill/"
    cells = [("K", f"{uri}{i}", "", "", label, other, text) for i, (label, other, text) in enumerate(rows)]
    taxonomy = read_esco([write_folder(folder / "in", {**english(), "skills_en.csv": table(header, cells)})])
    storage.save(taxonomy, folder / "out")
    again = storage.load(folder / "out")
    assert_equal(again, taxonomy)
    for i, (label, _, text) in enumerate(rows):
        if label.strip():
            assert again.skill(f"{uri}{i}").label == " ".join(label.split())
            assert again.skill(f"{uri}{i}").description == text.strip()
