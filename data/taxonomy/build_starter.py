"""Build data/taxonomy/starter/ from the official ESCO bundle and the editorial files beside this script.

    python data/taxonomy/build_starter.py BUNDLE_DIR [--out DIR]

BUNDLE_DIR holds the zip files of ESCO v1.1.1 as downloaded: English, the language-independent relations, and labels in
other languages. The same input gives the same bytes. What is missing (descriptions) or wrong (labels that are not
ESCO's, descriptions that copy ESCO's) is printed; what is wrong ends the run before anything is written.
"""

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from skillmatch.taxonomy.bundle import find_bundle
from skillmatch.taxonomy.esco import assemble, read_tables
from skillmatch.taxonomy.storage import TABLES
from skillmatch.words import ATTRIBUTION, ECOSYSTEMS

HERE = Path(__file__).resolve().parent
EDITORIAL = HERE / "editorial"
MEASURES = HERE.parent / "measures"
VERSION = "1, a modified subset of ESCO 1.1.1"
LANGUAGES = ("de", "es", "fr", "it", "nl", "pl", "sv")
"""Languages whose labels are added to the English ones, where ESCO's files have them."""

COLLECTIONS = ("digComp", "digital", "green", "research", "transversal")
OURS = "named by SkillMatch"
"""Status of a concept in a language in which ESCO's files do not name it, and we do."""

RUN = 8
"""A description may not share this many words in a row with ESCO's text."""

Row = dict[str, str]
csv.field_size_limit(10**9)


class Esco:
    """The tables of the bundle, as rows of text exactly as they stand in its files."""

    def __init__(self, folder: Path) -> None:
        self.zips = sorted(folder.glob("*.zip"))
        self._where = {}
        for path in self.zips:
            with zipfile.ZipFile(path) as archive:
                self._where.update({name.lower(): (path, name) for name in archive.namelist()})
        self.columns: dict[str, list[str]] = {}
        self.used: set[Path] = set()

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a file; none if the bundle does not have it."""
        if name.lower() not in self._where:
            return []
        path, member = self._where[name.lower()]
        self.used.add(path)
        with zipfile.ZipFile(path) as archive:
            reader = csv.DictReader(io.StringIO(archive.read(member).decode("utf-8-sig"), newline=""))
            self.columns[name] = list(reader.fieldnames or [])
            return [{column: (cell or "").replace("\r\n", "\n") for column, cell in row.items()} for row in reader]


def read_editorial(name: str) -> list[Row]:
    """Return the rows of an editorial file."""
    with (EDITORIAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_descriptions() -> list[Row]:
    """Return the rows of all files in editorial/descriptions."""
    paths = sorted((EDITORIAL / "descriptions").glob("*.csv"))
    return [row for path in paths for row in read_editorial(f"descriptions/{path.name}")]


def read_measures() -> tuple[set[str], set[str]]:
    """Return the URIs of the skills and of the occupations that the library of measures uses."""
    skills, occupations = set(), set()
    for path in sorted(MEASURES.glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8")).get("measure", []):
            skills |= {skill["uri"] for skill in measure["skills"]}
            occupations |= {role["occupation"] for role in measure["roles"]}
    return skills, occupations


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of `RUN` words of a text."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def check(esco_rows: dict[str, Row], chosen: set[str], descriptions: list[Row]) -> list[str]:
    """Return everything that is wrong with the editorial files."""
    wrong = [f"{uri} is no concept of ESCO" for uri in sorted(chosen - esco_rows.keys())]
    named = [row for name in ("occupations", "skills", "names") for row in read_editorial(f"{name}.csv")]
    named += descriptions
    for row in named:
        label = esco_rows.get(row["uri"], {}).get("preferredLabel", "").strip()
        if row["label"] != label:
            wrong.append(f"{row['uri']} is called {row['label']!r}; in ESCO it is {label!r}")
    for row in read_editorial("occupations.csv"):
        unknown = set(row["ecosystems"].split()) - {*ECOSYSTEMS, "all"}
        wrong += [f"{row['label']}: ecosystem {name!r} is unknown" for name in sorted(unknown)]
    for row in (*read_words(), *read_editorial("names.csv")):
        if row["uri"] not in chosen:
            wrong.append(f"words: {row['uri']} ({row['text']}) is not among the chosen concepts")
    texts_of = Counter((row["text"].casefold(), row["language"], row["uri"].split("/")[4]) for row in read_words())
    wrong += [
        f"words: {text!r} ({language}) is there {count} times"
        for (text, language, _), count in texts_of.items()
        if count > 1
    ]
    counts = Counter(row["uri"] for row in descriptions)
    wrong += [f"{uri} has {count} descriptions" for uri, count in counts.items() if count > 1]
    texts = set().union(*(runs(row["description"]) for row in esco_rows.values()))
    for row in descriptions:
        shared = runs(row["description"]) & texts
        wrong += [f"{row['label']}: the description shares {' '.join(run)!r} with ESCO" for run in sorted(shared)[:1]]
    return wrong


def read_words() -> list[Row]:
    """Return the rows of every file of words that people use."""
    return [row for path in sorted(EDITORIAL.glob("words*.csv")) for row in read_editorial(path.name)]


def own_words() -> dict[tuple[str, str], list[str]]:
    """Return (URI, language) -> our own labels, sorted."""
    words: dict[tuple[str, str], list[str]] = {}
    for row in read_words():
        words.setdefault((row["uri"], row["language"]), []).append(row["text"].strip())
    return {key: sorted(set(texts)) for key, texts in words.items()}


def own_names() -> dict[tuple[str, str], str]:
    """Return (URI, language) -> our name for a skill that ESCO's files do not name in that language."""
    return {(row["uri"], row["language"]): row["text"] for row in read_editorial("names.csv")}


def select(rows: Iterable[Row], uris: set[str], key: str = "conceptUri") -> list[Row]:
    """Return the rows of chosen concepts, by URI."""
    return sorted((row for row in rows if row[key] in uris), key=lambda row: row[key])


def ancestors(pairs: list[tuple[str, str]], groups: set[str], start: set[str]) -> set[str]:
    """Return the groups above some concepts: their parents that are groups, the parents of these, and so on."""
    parents: dict[str, set[str]] = {}
    for child, parent in pairs:
        if parent in groups:
            parents.setdefault(child, set()).add(parent)
    found, todo = set[str](), set(start)
    while todo:
        todo = set().union(*(parents.get(uri, set()) for uri in todo)) - found
        found |= todo
    return found


def build(bundle: Path, out: Path) -> list[str]:
    """Write the starter taxonomy; return what is still missing."""
    esco = Esco(bundle)
    skills, occupations = esco.rows("skills_en.csv"), esco.rows("occupations_en.csv")
    every = {row["conceptUri"]: row for row in (*skills, *occupations)}
    measure_skills, measure_occupations = read_measures()
    skill_uris = measure_skills | {row["uri"] for row in read_editorial("skills.csv")}
    occupation_uris = measure_occupations | {row["uri"] for row in read_editorial("occupations.csv")}
    chosen = skill_uris | occupation_uris
    described = read_descriptions()
    wrong = check(every, chosen, described)
    if wrong:
        sys.exit("\n".join(["Nothing was written:", *wrong]))
    descriptions = {row["uri"]: row["description"].strip() for row in described}
    tables = concept_tables(esco, skill_uris, occupation_uris, descriptions)
    tables |= relation_tables(esco, tables, skill_uris, occupation_uris)
    out.mkdir(parents=True, exist_ok=True)
    for path in out.glob("*.csv"):
        path.unlink()
    for name, rows in tables.items():
        if rows:
            write(out / name, esco.columns[name], rows)
    write_manifest(esco, out)
    missing = [f"no description: {every[uri]['preferredLabel']}\t{uri}" for uri in sorted(chosen - descriptions.keys())]
    return missing + [
        f"description not used: {every[uri]['preferredLabel']}" for uri in sorted(descriptions.keys() - chosen)
    ]


def _unnamed(uris: set[str], language: str, columns: list[str]) -> list[Row]:
    """Return a row for each of some concepts that ESCO does not name in a language, but we do, or have words for."""
    names, words = own_names(), own_words()
    rows = []
    for uri in sorted(uri for uri in uris if (uri, language) in names or (uri, language) in words):
        label = names.get((uri, language), "")
        row = {"conceptUri": uri, "preferredLabel": label, "status": OURS if label else ""}
        rows.append(dict.fromkeys(columns, "") | row)
    return rows


def concept_tables(
    esco: Esco, skills: set[str], occupations: set[str], descriptions: dict[str, str]
) -> dict[str, list[Row]]:
    """Return the files of concepts and collections: ESCO's rows, our descriptions and our labels."""
    words = own_words()
    tables: dict[str, list[Row]] = {}
    for stem, uris in (("skills", skills), ("occupations", occupations)):
        for language in ("en", *LANGUAGES):
            name = f"{stem}_{language}.csv"
            rows = select(esco.rows(name), uris)
            columns = esco.columns.setdefault(name, esco.columns[f"{stem}_en.csv"])
            rows += _unnamed(uris - {row["conceptUri"] for row in rows}, language, columns)
            rows = select(rows, uris)
            for row in rows:
                row["hiddenLabels"] = "\n".join(words.get((row["conceptUri"], language), []))
                row["description"] = descriptions.get(row["conceptUri"], "") if language == "en" else ""
                row["scopeNote"] = row["definition"] = ""
            tables[name] = rows
    for collection in COLLECTIONS:
        name = f"{collection}SkillsCollection_en.csv"
        tables[name] = select(esco.rows(name), skills)
        for row in tables[name]:
            row["description"] = descriptions.get(row["conceptUri"], "")
    return tables


def relation_tables(
    esco: Esco, tables: dict[str, list[Row]], skills: set[str], occupations: set[str]
) -> dict[str, list[Row]]:
    """Return the files of groups and relations: ESCO's rows whose both ends are in the subset."""
    result: dict[str, list[Row]] = {}
    for name, pillar, uris in (
        ("skillGroups_en.csv", "broaderRelationsSkillPillar.csv", skills),
        ("ISCOGroups_en.csv", "broaderRelationsOccPillar.csv", occupations),
    ):
        rows, links = esco.rows(name), esco.rows(pillar)
        pairs = [(link["conceptUri"], link["broaderUri"]) for link in links]
        groups = ancestors(pairs, {row["conceptUri"] for row in rows}, uris)
        known = uris | groups
        result[name] = select(rows, groups)
        for row in result[name]:
            row["description"] = row["scopeNote"] = ""
            row["altLabels"] = row.get("altLabels", "")
        result[pillar] = [link for link in links if link["conceptUri"] in known and link["broaderUri"] in known]
        result[name] = [{column: row[column] for column in esco.columns[name]} for row in result[name]]
    name = "occupationSkillRelations.csv"
    result[name] = [row for row in esco.rows(name) if row["occupationUri"] in occupations and row["skillUri"] in skills]
    name = "skillSkillRelations.csv"
    result[name] = [row for row in esco.rows(name) if {row["originalSkillUri"], row["relatedSkillUri"]} <= skills]
    for rows in result.values():
        rows.sort(key=lambda row: tuple(row.values()))
    return result


def write(path: Path, columns: list[str], rows: list[Row]) -> None:
    """Write rows in the column order of ESCO's file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_manifest(esco: Esco, out: Path) -> None:
    """Write what the product shows about the starter, and the fingerprints of all it was made from."""
    bundle = find_bundle([out])
    taxonomy = assemble(bundle, read_tables(bundle), "starter", VERSION)
    manifest = {
        "name": "starter",
        "version": VERSION,
        "languages": list(taxonomy.languages),
        "key": taxonomy.key,
        "attribution": ATTRIBUTION,
        "licence": "Identifiers, labels, codes and relations: ESCO v1.1.1, European Commission, reuse with attribution under "
        "Decision 2011/833/EU; selected and modified for SkillMatch. Descriptions, hidden labels and names of the status "
        f"“{OURS}”: SkillMatch, Apache-2.0.",
        "counts": {table: len(getattr(taxonomy, table)) for table in TABLES},
        "sources": [fingerprint(path) for path in sorted(esco.used)],
        "files": [fingerprint(path) for path in sorted(out.glob("*.csv"))],
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")


def fingerprint(path: Path) -> dict[str, str | int]:
    """Return the name, sha256 and size of a file."""
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}


def main() -> None:
    """Build, then say what is still missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE_DIR")
    parser.add_argument("--out", type=Path, default=HERE / "starter")
    options = parser.parse_args()
    missing = build(options.bundle, options.out)
    manifest = json.loads((options.out / "manifest.json").read_text("utf-8"))
    print(*missing, json.dumps(manifest["counts"]), f"{len(missing)} remarks", sep="\n")


if __name__ == "__main__":
    main()
