import csv
import hashlib

import pandas as pd
import pytest
from bundles import OFFICIAL, read_official
from content import load_script

from skillmatch import resources
from skillmatch.company.measures import load_measures
from skillmatch.taxonomy.starter import load_starter, starter_manifest
from skillmatch.words import ATTRIBUTION, ECOSYSTEMS

FOLDER = resources.DATA / "taxonomy"
TABLES = ("relations", "skill_relations", "broader")


@pytest.fixture(scope="module")
def script():
    return load_script(FOLDER / "build_starter.py")


@pytest.fixture(scope="module")
def starter():
    return load_starter()


def editorial(name):
    with (FOLDER / "editorial" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the script refuses what is wrong


def concept(label, description=""):
    return {"preferredLabel": label, "description": description}


@pytest.fixture
def files(script, tmp_path, monkeypatch):
    """Empty editorial files; the test writes what is wrong into one of them."""
    monkeypatch.setattr(script, "EDITORIAL", tmp_path)
    headers = {"occupations": "uri,label,ecosystems,why", "skills": "uri,label,why", "words": "uri,language,text,note"}
    headers["names"] = "uri,label,language,text"
    for name, header in headers.items():
        (tmp_path / f"{name}.csv").write_text(f"{header}\n")
    return tmp_path


def test_labels_that_are_not_escos(script, files):
    (files / "skills.csv").write_text("uri,label,why\nu,welding,core\n")
    assert script.check({"u": concept("weld")}, {"u"}, []) == ["u is called 'welding'; in ESCO it is 'weld'"]


def test_concepts_that_esco_does_not_have(script, files):
    assert script.check({}, {"u"}, []) == ["u is no concept of ESCO"]


def test_unknown_ecosystem(script, files):
    (files / "occupations.csv").write_text("uri,label,ecosystems,why\nu,welder,all metals,core\n")
    assert script.check({"u": concept("welder")}, {"u"}, []) == ["welder: ecosystem 'metals' is unknown"]


def test_words_for_a_concept_that_is_not_chosen_or_given_twice(script, files):
    rows = "http://e/o/skill/a,en,PV,x\nhttp://e/o/skill/b,en,pv,x\n"
    (files / "words.csv").write_text(f"uri,language,text,note\n{rows}")
    wrong = script.check({"http://e/o/skill/a": concept("a")}, {"http://e/o/skill/a"}, [])
    assert wrong[0].startswith("words: http://e/o/skill/b (pv) is not among")
    assert wrong[1].startswith("words: 'pv' (en) is there 2 times")


def test_copied_descriptions(script, files):
    text = "Join metal parts by melting them with an electric arc."
    described = [{"uri": "u", "label": "weld", "description": "You join metal parts by melting them with care."}]
    wrong = script.check({"u": concept("weld", text)}, {"u"}, described)
    assert wrong == []
    described[0]["description"] = "One can join metal parts by melting them with an iron."
    assert (
        "shares 'join metal parts by melting them with an'"
        in script.check({"u": concept("weld", text)}, {"u"}, described)[0]
    )


def test_two_descriptions(script, files):
    described = [{"uri": "u", "label": "weld", "description": "x"}] * 2
    assert script.check({"u": concept("weld")}, {"u"}, described) == ["u has 2 descriptions"]


# --- what ships


def test_big_enough_and_over_all_ecosystems(starter):
    assert len(starter.skills) >= 700
    assert len(starter.occupations) >= 90
    assert starter.skills["digital"].sum() >= 180
    assert starter.skills["green"].sum() >= 160
    chosen = [name for row in editorial("occupations.csv") for name in row["ecosystems"].split()]
    assert all(chosen.count(name) >= 5 for name in ECOSYSTEMS)


def test_whole_sets_are_whole(starter):
    skills = starter.skills
    assert (skills["digital"] & skills["green"]).sum() == 15
    assert skills["digcomp"].sum() == 26
    assert skills["transversal"].sum() == 96
    assert skills["language"].sum() == 0


def own_twin_rows():
    with (FOLDER / "twin.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_our_own_twin_skills_are_apart_from_escos_and_say_why(starter):
    rows = own_twin_rows()
    assert 20 <= len({row["uri"] for row in rows}) == len(rows) <= 40
    for row in rows:
        skill = starter.skill(row["uri"])
        assert skill.label.strip() == row["label"]
        assert skill.esco_transition == row["esco"]
        assert row["esco"] in ("digital", "green")
        assert (skill.transition, skill.twin_because) == ("twin", row["why"])
        assert row["why"].endswith(".")
        assert 30 <= len(row["why"]) <= 160
    counted = [uri for uri in starter.skills.index if starter.skill(uri).transition == "twin"]
    assert len(counted) == 15 + len(rows)


def test_languages(starter):
    assert starter.languages == ("de", "en", "es", "fr", "it", "nl", "pl", "sv")
    assert starter.find_skill("SPS") == starter.find_skill("PLC")
    assert starter.label(starter.find_skill("solar energy"), "de") == "Sonnenenergie"


def test_nothing_dangles(starter):
    assert starter.warnings == ()


def test_every_occupation_has_skills(starter):
    without = [uri for uri in starter.occupations.index if not starter.skills_of(uri)]
    assert without == []


def test_the_measures_find_their_skills_and_occupations(script, starter):
    skills, occupations = script.read_measures()
    assert skills <= set(starter.skills.index)
    assert occupations <= set(starter.occupations.index)


def test_every_chosen_concept_says_why_and_is_described(starter):
    described = {
        row["uri"]
        for path in (FOLDER / "editorial" / "descriptions").glob("*.csv")
        for row in editorial(f"descriptions/{path.name}")
    }
    for name in ("skills.csv", "occupations.csv"):
        for row in editorial(name):
            assert row["why"]
            assert row["uri"] in described
    for frame in (starter.skills, starter.occupations):
        texts = frame["description"][frame["description"] != ""]
        assert texts.str.len().between(15, 260).all()
        assert texts.str.endswith(".").all()


def test_our_own_words_are_hidden_labels(script, starter):
    hidden = pd.concat([starter.skill_labels, starter.occupation_labels]).query("kind == 'hidden'")
    ours = {(row["uri"], row["language"], row["text"]) for row in script.read_words()}
    assert set(hidden[["uri", "language", "text"]].itertuples(index=False, name=None)) == ours


def test_our_own_names_are_shown_where_escos_files_name_none(script, starter):
    names = script.own_names()
    assert len(names) == len(editorial("names.csv"))
    core = {skill.uri for measure in load_measures() for skill in measure.skills if skill.kind == "core"}
    preferred = starter.skill_labels.query("kind == 'preferred'")
    shown = set(preferred[["uri", "language"]].itertuples(index=False, name=None))
    for language in ("de", "es", "fr", "it", "pl"):
        assert {uri for uri in core if (uri, language) not in shown} == set(), f"name them in names.csv: {language}"
    for (uri, language), name in names.items():
        assert starter.skill(uri, language).label == name
        assert starter.find_skill(name) == uri
    marked = {
        (row["conceptUri"], path.stem[-2:])
        for path in (FOLDER / "starter").glob("skills_??.csv")
        for row in csv.DictReader(path.read_text("utf-8").splitlines(keepends=True))
        if row["status"] == script.OURS
    }
    assert marked == set(names)


def test_manifest():
    manifest = starter_manifest()
    assert manifest["attribution"] == ATTRIBUTION
    assert "modified" in manifest["version"]
    assert "Decision 2011/833/EU" in manifest["licence"]
    on_disk = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (FOLDER / "starter").glob("*.csv")}
    assert {file["name"]: file["sha256"] for file in manifest["files"]} == on_disk


# --- the facts are ESCO's


@pytest.fixture(scope="module")
def esco():
    return read_official()


@pytest.mark.shared
def test_concepts_and_collections_are_escos(starter, esco):
    facts = [name for name in esco.skills if name != "description"]
    pd.testing.assert_frame_equal(starter.skills[facts], esco.skills.loc[starter.skills.index, facts])
    facts = ["isco", "code"]
    pd.testing.assert_frame_equal(starter.occupations[facts], esco.occupations.loc[starter.occupations.index, facts])
    facts = ["code", "label"]
    pd.testing.assert_frame_equal(starter.groups[facts], esco.groups.loc[starter.groups.index, facts])


@pytest.mark.shared
def test_our_own_twin_skills_count_in_the_full_esco_too(esco):
    for row in own_twin_rows():
        skill = esco.skill(row["uri"])
        assert (skill.esco_transition, skill.transition) == (row["esco"], "twin")


@pytest.mark.shared
@pytest.mark.parametrize(("labels", "concepts"), [("skill_labels", "skills"), ("occupation_labels", "occupations")])
def test_labels_are_escos(script, starter, esco, labels, concepts):
    ours, theirs = getattr(starter, labels), getattr(esco, labels)
    names = script.own_names()
    named = [pair in names for pair in zip(ours["uri"], ours["language"], strict=True)]
    ours = ours[(ours["kind"] != "hidden") & ~pd.Series(named, index=ours.index)]
    theirs = theirs[(theirs["kind"] != "hidden") & theirs["uri"].isin(getattr(starter, concepts).index)]
    theirs = theirs[theirs["language"].isin(starter.languages)]
    pd.testing.assert_frame_equal(ours.reset_index(drop=True), theirs.reset_index(drop=True))


@pytest.mark.shared
@pytest.mark.parametrize("table", TABLES)
def test_relations_are_escos_and_complete(starter, esco, table):
    known = {*starter.skills.index, *starter.occupations.index, *starter.groups.index}
    ends = list(getattr(starter, table))[:2]
    theirs = getattr(esco, table)
    theirs = theirs[theirs[ends[0]].isin(known) & theirs[ends[1]].isin(known)].reset_index(drop=True)
    pd.testing.assert_frame_equal(getattr(starter, table), theirs)


@pytest.mark.shared
def test_building_again_gives_the_same_bytes(script, esco, tmp_path):
    script.build(OFFICIAL, tmp_path)
    ours = {path.name: path.read_bytes() for path in (FOLDER / "starter").iterdir()}
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(built) == sorted(ours)
    assert [name for name in ours if built[name] != ours[name]] == []
