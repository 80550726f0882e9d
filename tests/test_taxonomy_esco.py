import io
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from bundles import (
    GROUP,
    ISCO,
    OCCUPATION,
    SKILL,
    english,
    german,
    read_official,
    relations,
    table,
    write_folder,
    write_zip,
)

from skillmatch.errors import InputError
from skillmatch.taxonomy.esco import read_esco
from skillmatch.taxonomy.model import Taxonomy

TABLES = [name for name, kind in Taxonomy.__annotations__.items() if kind is pd.DataFrame]


def problems_of(*paths):
    with pytest.raises(InputError) as caught:
        read_esco(paths)
    return [str(problem) for problem in caught.value.problems]


def frames_equal(one, other):
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


# --- what is wrong is said, all of it, with the place and the remedy


def test_path_that_does_not_exist(tmp_path):
    assert "nothing there" in problems_of(tmp_path / "esco.zip")[0]


def test_no_path_at_all():
    assert "no path" in problems_of()[0]


def test_file_that_is_no_zip(tmp_path):
    (tmp_path / "esco.zip").write_text("<html>Not found</html>")
    assert problems_of(tmp_path / "esco.zip")[0].startswith("esco.zip: found a file that is no readable zip")


def test_zip_of_something_else_names_what_is_in_it(tmp_path):
    path = write_zip(tmp_path / "photos.zip", {f"img{i}.png": b"" for i in range(7)})
    assert "img0.png, img1.png, img2.png, img3.png, img4.png and 2 more" in problems_of(path)[0]


def test_empty_folder(tmp_path):
    assert "it is empty" in problems_of(tmp_path)[0]


def test_zip_cut_short(tmp_path):
    path = write_zip(tmp_path / "esco.zip", english())
    path.write_bytes(path.read_bytes()[:-200])
    assert "no readable zip" in problems_of(path)[0]


def test_zip_with_damaged_data_names_the_file_in_it(tmp_path):
    path = tmp_path / "esco.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in english().items():
            archive.writestr(name, content)
    path.write_bytes(path.read_bytes().replace(b"solar energy", b"solar enemy!"))
    assert "esco.zip, file skills_en.csv: found damaged data" in problems_of(path)[0]


def test_occupations_missing(tmp_path):
    path = write_zip(tmp_path / "esco.zip", {"skills_en.csv": english()["skills_en.csv"]})
    assert "no file occupations_en.csv" in problems_of(path)[0]


def test_all_problems_of_all_files_at_once(tmp_path):
    bad = table("conceptUri,preferredLabel", [("x", "y")])
    files = {**english(), "skills_en.csv": bad, "occupations_en.csv": b"", "ISCOGroups_en.csv": b"\xff\xfe\x00a"}
    found = problems_of(write_folder(tmp_path, files))
    assert len(found) == 3
    assert "altLabels, skillType, reuseLevel, description missing" in found[0]
    assert "an empty file" in found[1]


def test_text_that_is_not_utf8(tmp_path):
    files = {**english(), "skills_en.csv": english()["skills_en.csv"].replace(b"solar energy", b"sol\xe9r energy")}
    assert "is not UTF-8" in problems_of(write_folder(tmp_path, files))[0]


def test_quote_that_is_never_closed_is_no_csv(tmp_path):
    content = english()["ISCOGroups_en.csv"] + b'ISCOGroup,"http://x/y,1,a\r\n'
    assert "no CSV" in problems_of(write_folder(tmp_path, {**english(), "ISCOGroups_en.csv": content}))[0]


def test_repeated_and_malformed_uris_with_record_number(tmp_path):
    rows = [("S", GROUP + "1", "a", "1"), ("S", GROUP + "1", "b", "1"), ("S", "no uri", "c", "1")]
    files = {**english(), "skillGroups_en.csv": table("conceptType,conceptUri,preferredLabel,code", rows)}
    found = problems_of(write_folder(tmp_path, files))
    assert "record 3, column conceptUri: found 'no uri'" in found[0]
    assert "record 2, column conceptUri" in found[1]
    assert "each URI once" in found[1]


def test_many_bad_records_are_counted_not_listed(tmp_path):
    rows = [("S", f"bad {i}", "a", "1") for i in range(50)]
    files = {**english(), "skillGroups_en.csv": table("conceptType,conceptUri,preferredLabel,code", rows)}
    found = problems_of(write_folder(tmp_path, files))
    assert len(found) == 21
    assert "30 more" in found[-1]


def test_same_language_twice_with_other_content(tmp_path):
    one = write_zip(tmp_path / "one.zip", english())
    other = {**english(), "skills_en.csv": english()["skills_en.csv"].replace(b"solar energy", b"solar power")}
    assert "other content than one.zip" in problems_of(one, write_zip(tmp_path / "two.zip", other))[0]


def test_two_versions_do_not_mix(tmp_path):
    one = write_zip(tmp_path / "ESCO dataset - v1.1.1 - classification - en - csv.zip", english())
    two = write_zip(tmp_path / "ESCO dataset - v1.2.0 - classification - de - csv.zip", german())
    assert "versions 1.1.1, 1.2.0" in problems_of(one, two)[0]


# --- what is right is read


@pytest.fixture(scope="module")
def taxonomy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    return read_esco(
        [
            write_zip(folder / "ESCO dataset - v1.1.1 - classification - en - csv.zip", english()),
            write_zip(folder / "ESCO dataset - v1.1.1 - classification -  - csv.zip", relations()),
            write_zip(folder / "ESCO dataset - v1.1.1 - classification - de - csv (labels only).zip", german()),
        ]
    )


def test_name_version_languages_and_sources(taxonomy):
    assert (taxonomy.name, taxonomy.version, taxonomy.languages) == ("esco-1.1.1", "1.1.1", ("de", "en"))
    assert len(taxonomy.sources) == 3
    assert all("/" not in source.name and len(source.sha256) == 64 for source in taxonomy.sources)


def test_columns_and_order_are_those_of_the_contract(taxonomy):
    assert list(taxonomy.skills)[:3] == ["skill_type", "reuse_level", "description"]
    assert list(taxonomy.occupations) == ["isco", "code", "description"]
    assert list(taxonomy.groups) == ["code", "label", "description"]
    for name in ("skills", "occupations", "groups"):
        assert getattr(taxonomy, name).index.is_monotonic_increasing
        assert getattr(taxonomy, name).index.name == "uri"
    for name, by in (("skill_labels", 4), ("occupation_labels", 4), ("relations", 2), ("broader", 2)):
        rows = getattr(taxonomy, name)
        records = [tuple(row)[:by] for row in rows.itertuples(index=False)]
        assert records == sorted(records)
        assert rows.index.tolist() == list(range(len(rows)))
    assert all(dtype in ("str", "bool") for name in TABLES for dtype in getattr(taxonomy, name).dtypes)


def test_labels_in_multi_line_cells(taxonomy):
    skill = taxonomy.skill(SKILL + "weld")
    assert (skill.label, skill.alternatives) == ("weld metal", ("weld tin", "welding"))
    assert skill.description == "Join\nit."


def test_labels_separated_by_bars(taxonomy):
    assert taxonomy.skill(SKILL + "solar").alternatives == ("PV", "photovoltaics")


def test_a_label_that_looks_like_a_missing_value_is_text(taxonomy):
    assert taxonomy.label(SKILL + "null") == "NA"
    assert taxonomy.find_skill("null") == SKILL + "null"


def test_hidden_labels_are_found_but_not_shown(taxonomy):
    assert taxonomy.find_skill("Wlding") == SKILL + "weld"
    kinds = taxonomy.skill_labels.query("text == 'wlding'")["kind"].tolist()
    assert kinds == ["hidden"]


def test_blank_type_and_twin(taxonomy):
    grid = taxonomy.skill(SKILL + "grid")
    assert (grid.skill_type, grid.reuse_level, grid.transition) == ("", "", "twin")
    assert taxonomy.skill(SKILL + "initiative").collections == {"transversal"}


def test_our_own_twin_skills_stand_beside_escos_collections(taxonomy):
    because = {SKILL + "solar": "It needs data.", SKILL + "grid": "ESCO says so.", SKILL + "elsewhere": "Not here."}
    judged = replace(taxonomy, own_twins=because)
    assert (judged.key, taxonomy.skill(SKILL + "solar").transition) == (taxonomy.key, "green")
    solar = judged.skill(SKILL + "solar")
    assert (solar.transition, solar.esco_transition, solar.twin_because) == ("twin", "green", "It needs data.")
    assert solar.collections == {"green"}
    assert judged.skill(SKILL + "grid").esco_transition == "twin"


def test_many_parents_among_them_a_skill(taxonomy):
    assert taxonomy.skill(SKILL + "grid").groups == (GROUP + "07", GROUP + "071", SKILL + "solar")
    assert taxonomy.label(ISCO + "C7212") == "Welders"


def test_other_language_and_english_where_it_has_none(taxonomy):
    assert taxonomy.label(SKILL + "weld", "de") == "Metall schweißen"
    assert taxonomy.skill(SKILL + "weld", "de").alternatives == ("schweißen",)
    assert taxonomy.label(SKILL + "solar", "de") == "solar energy"
    assert taxonomy.occupation(OCCUPATION + "welder", "de").label == "Schweißer/Schweißerin"


def test_skill_that_exists_in_one_language_only(taxonomy):
    rail = taxonomy.skill(SKILL + "bahn", "en")
    assert (rail.label, rail.alternatives, rail.skill_type) == ("Eisenbahnrecht", (), "knowledge")
    assert rail.description == "Regeln für Züge."


def test_relations_once_a_pair_and_essential_wins(taxonomy):
    assert taxonomy.skills_of(OCCUPATION + "welder") == {SKILL + "weld": "essential"}
    assert taxonomy.skills_of(OCCUPATION + "installer") == {SKILL + "grid": "optional", SKILL + "solar": "essential"}
    assert taxonomy.occupations_of(SKILL + "weld") == {OCCUPATION + "welder": "essential"}
    assert taxonomy.skills_of("nobody") == {}


def test_relation_to_an_unknown_concept_is_left_out_and_counted(taxonomy):
    assert [text for text in taxonomy.warnings if text.startswith("1 of 5 occupationSkillRelations")]


def test_find_skill(taxonomy):
    assert taxonomy.find_skill("  SOLAR energy ") == SKILL + "solar"
    assert taxonomy.find_skill("METALL SCHWEISSEN") == SKILL + "weld"
    assert taxonomy.find_skill(SKILL + "grid") == SKILL + "grid"
    assert taxonomy.find_skill("juggling") is None
    assert taxonomy.find_skill("") is None


def test_find_skill_prefers_the_preferred_label(tmp_path):
    labels = [
        ("a", "welding", "joining"),
        ("b", "joining", ""),
        ("c", "hemming", "joining"),
        ("d", "d", "sewing"),
        ("e", "e", "sewing"),
    ]
    rows = [("K", SKILL + name, "", "", label, other, "") for name, label, other in labels]
    header = "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description"
    taxonomy = read_esco([write_folder(tmp_path, {**english(), "skills_en.csv": table(header, rows)})])
    assert taxonomy.find_skill("joining") == SKILL + "b"
    assert taxonomy.find_skill("sewing") == SKILL + "d"


def test_unknown_concepts_raise_key_error(taxonomy):
    for ask in (taxonomy.skill, taxonomy.occupation, taxonomy.label):
        with pytest.raises(KeyError):
            ask("http://nowhere")


def test_skills_of_returns_a_copy(taxonomy):
    taxonomy.skills_of(OCCUPATION + "welder").clear()
    assert taxonomy.skills_of(OCCUPATION + "welder")


# --- however the files come, the result is the same


def test_folder_zip_and_sub_folder_agree(tmp_path):
    files = {**english(), **relations()}
    plain = read_esco([write_folder(tmp_path / "plain", files)])
    nested = read_esco(
        [write_folder(tmp_path / "nested", {f"deep/er/{name.upper()}": text for name, text in files.items()})]
    )
    zipped = read_esco([write_zip(tmp_path / "x.zip", {f"dir/{name}": text for name, text in files.items()})])
    inside = read_esco([write_zip(write_folder(tmp_path / "z", {"readme.txt": b""}) / "y.zip", files).parent])
    for other in (nested, zipped, inside):
        frames_equal(plain, other)
        assert plain.key == other.key
    assert plain.version == "unknown"


def test_byte_order_mark_column_order_and_line_ends(tmp_path):
    plain = read_esco([write_folder(tmp_path / "a", english())])
    changed = english()
    rows = pd.read_csv(io.BytesIO(changed["skills_en.csv"]), dtype="str", keep_default_na=False)
    changed["skills_en.csv"] = b"\xef\xbb\xbf" + rows[list(rows)[::-1]].to_csv(index=False).encode()
    assert read_esco([write_folder(tmp_path / "b", changed)]).key == plain.key


def test_names_without_language_take_it_from_the_zip(tmp_path):
    files = {name.replace("_de", ""): text for name, text in german().items()}
    path = write_zip(tmp_path / "ESCO dataset - v1.2.0 - classification - de - csv.zip", files)
    assert read_esco([path]).languages == ("de",)
    assert read_esco([write_folder(tmp_path / "plain", files)]).languages == ("en",)


def test_relation_files_with_language_suffix_are_merged(tmp_path):
    files = {name.replace(".csv", "_de.csv"): text for name, text in relations().items()}
    both = read_esco([write_folder(tmp_path, {**english(), **files, **relations()})])
    assert len(both.relations) == 3


def test_the_same_file_given_twice_counts_once(tmp_path):
    one = write_zip(tmp_path / "one.zip", {**english(), **relations()})
    again = write_folder(tmp_path / "unpacked", {**english(), **relations()})
    assert read_esco([one, again, one]).key == read_esco([one]).key


def test_order_of_paths_does_not_matter(tmp_path):
    paths = [write_zip(tmp_path / f"{i}.zip", files) for i, files in enumerate((english(), german(), relations()))]
    assert read_esco(paths).key == read_esco(paths[::-1]).key


def test_files_of_a_mac_archive_are_ignored(tmp_path):
    path = write_zip(tmp_path / "x.zip", {**english(), "__MACOSX/skills_en.csv": b"\x00\x05"})
    assert len(read_esco([path]).skills) == 5


def test_without_relations_it_works_and_says_so(tmp_path):
    taxonomy = read_esco([write_folder(tmp_path, english())])
    assert taxonomy.skills_of(OCCUPATION + "welder") == {}
    assert len(taxonomy.warnings) == 3
    assert list(taxonomy.relations) == ["occupation", "skill", "relation"]
    assert list(taxonomy.broader) == ["uri", "broader"]


def test_concept_without_any_label_is_left_out_and_counted(tmp_path):
    content = english()["skills_en.csv"].replace(b"solar energy", b" ")
    taxonomy = read_esco([write_folder(tmp_path, {**english(), "skills_en.csv": content})])
    assert SKILL + "solar" not in taxonomy.skills.index
    assert SKILL + "solar" not in set(taxonomy.skill_labels["uri"])
    assert taxonomy.warnings[0].startswith("1 skills without any preferred label")


def test_unknown_type_is_left_blank_and_counted(tmp_path):
    content = english()["skills_en.csv"].replace(b"skill/competence", b"attitude")
    taxonomy = read_esco([write_folder(tmp_path, {**english(), "skills_en.csv": content})])
    assert taxonomy.skill(SKILL + "weld").skill_type == ""
    assert "2 skills have a type that is not known (attitude)" in taxonomy.warnings[0]


def test_another_label_is_another_key(tmp_path):
    files = {**english(), "skills_en.csv": english()["skills_en.csv"].replace(b"solar energy", b"solar power")}
    assert (
        read_esco([write_folder(tmp_path / "a", files)]).key != read_esco([write_folder(tmp_path / "b", english())]).key
    )


# --- the official bundle


@pytest.fixture(scope="module")
def official():
    return read_official()


@pytest.mark.shared
def test_counts_of_the_official_bundle(official):
    counts = {name: len(getattr(official, name)) for name in TABLES}
    assert counts["skills"] == 13_896
    assert counts["occupations"] == 3_007
    assert counts["groups"] == 640 + 619
    assert counts["skill_relations"] == 5_899
    assert counts["relations"] == 123_855 - 67
    assert counts["broader"] == 20_656 + 3_617 - 8
    sizes = official.skills[["green", "digital", "digcomp", "transversal", "research", "language"]].sum().tolist()
    assert sizes == [570, 1_201, 26, 96, 40, 346]
    assert int((official.skills["green"] & official.skills["digital"]).sum()) == 15
    assert [text[:40] for text in official.warnings] == [
        "67 of 123,855 occupationSkillRelations n",
        "8 of 24,273 broaderRelations name a conc",
    ]


@pytest.mark.shared
def test_languages_of_the_official_bundle(official):
    assert official.version == "1.1.1"
    assert len(official.languages) == 21
    preferred = official.skill_labels.query("kind == 'preferred'").groupby("language").size()
    assert preferred["nl"] == 5_418
    assert preferred[["de", "es", "fr", "sv"]].min() >= 12_310


@pytest.mark.shared
def test_parents_of_the_official_bundle(official):
    parents = official.broader[official.broader["uri"].isin(official.skills.index)].groupby("uri").size()
    assert int((parents > 1).sum()) == 4_646
    assert parents.max() == 9
