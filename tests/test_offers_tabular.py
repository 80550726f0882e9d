"""Catalogues in and out: what is wrong is named with its place, what is right comes back equal."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from skillmatch.errors import InputError
from skillmatch.offers.columnmap import read_column_map
from skillmatch.offers.columns import join_list, split_list
from skillmatch.offers.model import Offer
from skillmatch.offers.tabular import read_offers, write_offers

MAPPINGS = Path(__file__).parents[1] / "data" / "offers" / "mappings"
SHARED = Path(__file__).parents[2] / "shared"
HEADER = "id,title,provider,hours"


def csv_file(folder: Path, *lines: str, name: str = "offers.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def problems(*paths: Path, **options: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_offers(paths, **options)
    return [str(problem) for problem in caught.value.problems]


def test_all_problems_are_reported_at_once_with_their_places(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "id,title,provider,hours,price_eur,language,mode,start,end,level_to,ecosystems",
        "a,Welding,School,zero,-5,en,online,2027-02-01,2027-01-01,2,",
        "b,,School,8,100 USD,klingon,by pigeon,2027-02-30,,7,fishing",
        "a,Sorting,School,8,100,en,online,2027-03-02,2027-03-01,2,",
    )
    found = problems(path)
    assert any("row 2, column hours: found 'zero'" in text for text in found)
    assert any("row 2, column price_eur: found '-5'" in text for text in found)
    assert any("row 3, column title: found an empty cell" in text for text in found)
    assert any("row 3, column price_eur" in text and "not in 'USD'" in text for text in found)
    assert any("row 3, column language: found 'klingon'" in text for text in found)
    assert any("row 3, column mode" in text and "self-paced" in text for text in found)
    assert any("row 3, column start: found '2027-02-30'" in text for text in found)
    assert any("row 3, column level_to: found '7'" in text for text in found)
    assert any("row 3, column ecosystems" in text and "fishing" in text for text in found)
    assert any("row 4: found end 2027-03-01 before start 2027-03-02" in text for text in found)
    assert len(found) == 10


def test_an_id_used_twice_names_both_places_even_across_files(tmp_path: Path) -> None:
    one = csv_file(tmp_path, HEADER, "a,Welding,School,8", name="one.csv")
    two = csv_file(tmp_path, HEADER, "a,Sorting,School,8", name="two.csv")
    assert problems(one, two) == [
        "two.csv, row 2: found id 'a', which one.csv, row 2 has too; allowed: an id used once. "
        "To mend it: give each run an id of its own, and runs of one course the same course."
    ]


def test_circular_and_unknown_prerequisites_are_refused(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        f"{HEADER},prerequisites",
        "a,A,School,8,c",
        "b,B,School,8,a; x",
        "c,C,School,8,b",
    )
    found = problems(path)
    assert any("circular prerequisites: a needs c needs b needs a" in text for text in found)
    assert any("row 3: found prerequisite 'x'" in text for text in found)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("title;provider", "A;B"), "at least id, hours"),
        (("id,title,provider,hours,langauge", "a,A,B,8,en"), "found 'langauge'; allowed: 'language'"),
        (("id,title,provider,hours,price,price_eur", "a,A,B,8,1,2"), "'price_eur' and 'price'"),
        ((HEADER, "a,Welding, basics,School,8"), "found 5 cells"),
        ((f"{HEADER},currency", "a,A,B,8,CHF"), "allowed: EUR"),
        ((f"{HEADER},group_min,group_max", "a,A,B,8,9,4"), "group_max 4 below group_min 9"),
        ((f"{HEADER},level_from,level_to", "a,A,B,8,2,2"), "a level_to above level_from"),
        ((f"{HEADER},start,weekdays", "a,A,B,8,2027-03-01,Mon Fun"), "such as Mon, Wed or Mon-Thu; not 'Fun'"),
        ((f"{HEADER},weekdays", "a,A,B,8,Mon"), "weekdays Mon without a start"),
        ((f"{HEADER},start,end,weekdays", "a,A,B,8,2027-03-01,2027-03-02,Sat"), "no Sat from 2027-03-01"),
    ],
)
def test_what_is_wrong_in_a_table(tmp_path: Path, lines: tuple[str, ...], expected: str) -> None:
    assert any(expected in text for text in problems(csv_file(tmp_path, *lines)))


def test_files_that_are_no_catalogue(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    empty = csv_file(tmp_path, "", name="empty.csv")
    picture = csv_file(tmp_path, "x", name="picture.png")
    found = problems(tmp_path / "nowhere.csv", broken, empty, picture)
    assert len(found) == 4
    assert "no such file" in found[0]
    assert "broken.xlsx" in found[1]
    assert "nothing in it" in found[2]
    assert ".png" in found[3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [
        ("ID", "Course Title", "Organisation", "Duration (hours)"),
        ("a", '"Schweißen, Grundkurs"', "Éducation", "7"),
    ]
    path = csv_file(tmp_path, *(delimiter.join(line) for line in lines), encoding=encoding)
    (offer,) = read_offers([path])
    assert (offer.title, offer.provider, offer.hours) == ("Schweißen, Grundkurs", "Éducation", 7)


def test_numbers_dates_and_lists_as_europeans_write_them(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "id;title;provider;hours;price;basis;start;end;skills;language;country;ecosystem;pact member",
        'a;A;B;7,5 h;1.250,50 €;per group;31.01.2027;2027-02-01;"weld metal @3; sort waste"',
        "b;A;B;8;480,-;;1/2/2027;;;Deutsch;Germany;Agri-food;ja",
    )
    first, second = read_offers([path])
    assert (first.hours, first.price_eur, first.price_basis) == (7.5, 1250.5, "group")
    assert first.skills == ("weld metal @3", "sort waste")
    assert (first.start, first.end) == (date(2027, 1, 31), date(2027, 2, 1))
    assert (second.price_eur, second.start, second.language, second.country) == (480, date(2027, 2, 1), "de", "DE")
    assert (second.ecosystems, second.provider_pact_member, second.course) == (("agri-food",), True, "b")


def test_a_sheet_that_is_no_catalogue_is_left_alone_and_cells_are_named(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["Ask Ms Meyer"])
    sheet = book.create_sheet("Spring")
    sheet.append(HEADER.split(","))
    sheet.append([])
    sheet.append(["a", "A", "B", "many"])
    book.save(tmp_path / "offers.xlsx")
    (found,) = problems(tmp_path / "offers.xlsx")
    assert found.startswith("offers.xlsx, sheet Spring, cell D3: found 'many'")


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from(" ;\\'\"=,"), min_size=1
).map(lambda text: text.strip() or "x")
offers = st.builds(
    Offer,
    id=texts,
    course=texts,
    title=texts,
    description=texts | st.just("two\nlines"),
    provider=texts,
    provider_pact_member=st.sampled_from([None, True, False]),
    hours=st.floats(0.5, 500).map(lambda hours: round(hours, 2)),
    price_eur=st.none() | st.floats(0, 1e5).map(lambda price: round(price, 2)),
    price_basis=st.sampled_from(["person", "group"]),
    language=st.sampled_from(["en", "de", "pl"]),
    mode=st.sampled_from(["online", "self-paced", "on-site", "blended"]),
    start=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    group_min=st.none() | st.integers(1, 9),
    skills=st.lists(texts.filter(lambda text: not text.endswith("\\")), max_size=3).map(tuple),
    sample=st.booleans(),
).map(lambda made: made.model_copy(update={"weekdays": ("Mon", "Thu")}) if made.start and made.sample else made)


@settings(max_examples=60, deadline=None)
@given(found=st.lists(offers, max_size=4, unique_by=lambda offer: offer.id), suffix=st.sampled_from([".csv", ".xlsx"]))
def test_what_is_written_is_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, found: list[Offer], suffix: str
) -> None:
    path = tmp_path_factory.mktemp("offers") / f"offers{suffix}"
    write_offers(found, path)
    assert read_offers([path]) == tuple(sorted(found, key=lambda offer: offer.id))


@given(st.lists(texts.filter(lambda text: not text.endswith("\\")), max_size=5))
def test_lists_in_a_cell_come_back(values: list[str]) -> None:
    assert split_list(join_list(values)) == tuple(values)


def test_the_same_offers_give_the_same_bytes(tmp_path: Path) -> None:
    offer = Offer(id="a", course="a", title="A", provider="B", hours=8)
    for name in ("one.xlsx", "two.xlsx"):
        write_offers([offer], tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_mapping_file_names_what_it_does_not_know(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'name = "x"', "[fields.titel]", 'constant = "x"', name="map.toml")
    with pytest.raises(InputError, match="no field of an offer: titel"):
        read_column_map(path)
    table = csv_file(
        tmp_path, "Title,Organization,Difficulty,Skills,Duration,Certificate Type", "A,B,Wild,,1 - 4 Weeks,C"
    )
    (found,) = problems(table, mapping=read_column_map(MAPPINGS / "coursera.toml"))[:1]
    assert "row 2, column Difficulty: found 'Wild'; allowed: one of Beginner" in found


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data (../shared) is not here")
def test_a_public_listing_of_a_thousand_courses() -> None:
    mapping = read_column_map(MAPPINGS / "coursera.toml")
    found = read_offers([SHARED / "data" / "catalogues" / "coursera.csv"], mapping)
    assert len(found) == 1007
    first = next(offer for offer in found if offer.title == "Tools for Data Science")
    assert (first.provider, first.level_from, first.level_to, first.hours) == ("IBM", 0, 2, 40)
    assert first.skills == (
        "Data Science", "R Programming", "Cloud Computing", "Computer Programming", "IBM Cloud", "Python Programming"
    )  # fmt: skip
    assert first.assumed == ("hours", "language", "level_to", "price_eur")
