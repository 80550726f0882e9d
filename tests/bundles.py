"""A hand-made bundle in ESCO's layout, small enough to check by eye, with the traps of the real one."""

import csv
import functools
import io
import zipfile
from pathlib import Path

import pytest

from skillmatch.taxonomy.esco import read_esco
from skillmatch.taxonomy.model import Taxonomy

OFFICIAL = Path(__file__).parents[2] / "shared" / "data" / "esco" / "v1.1.1"

SKILL = "http://data.europa.eu/esco/skill/"
OCCUPATION = "http://data.europa.eu/esco/occupation/"
GROUP = "http://data.europa.eu/esco/isced-f/"
ISCO = "http://data.europa.eu/esco/isco/"

_SKILLS = [
    ("weld", "skill/competence", "cross-sector", "weld metal", "welding\nweld  tin\nweld metal", "wlding", "Join\nit."),
    ("solar", "knowledge", "cross-sector", "solar energy", "PV | photovoltaics", "", "Power from the sun."),
    ("grid", "", "", "smart grids", "", "", ""),
    ("initiative", "skill/competence", "transversal", "show initiative", "", "", "Start by oneself."),
    ("null", "knowledge", "sector-specific", "NA", "null", "", "A label that looks like a missing value."),
]  # fmt: skip
_OCCUPATIONS = [
    ("welder", "7212", "welder", "metal welder", "7212.3"),
    ("installer", "7411", "solar installer", "PV installer\nsolar installer", "7411.1.2.3"),
]


def table(header: str, rows: list[tuple[str, ...]]) -> bytes:
    """Return CSV as ESCO writes it: quoted multi-line cells, CRLF between records."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([header.split(","), *rows])
    return text.getvalue().encode()


def english() -> dict[str, bytes]:
    """Return name -> content of the files of the English zip."""
    skills = [
        (
            "KnowledgeSkillCompetence",
            SKILL + name,
            kind,
            reuse,
            label,
            other,
            hidden,
            "released",
            "",
            "",
            "",
            "x,\ny",
            text,
        )
        for name, kind, reuse, label, other, hidden, text in _SKILLS
    ]
    occupations = [
        ("Occupation", OCCUPATION + name, isco, label, other, "", "released", "", "", "", "", "", f"A {label}.", code)
        for name, isco, label, other, code in _OCCUPATIONS
    ]
    common, reordered = (
        "conceptType,conceptUri,preferredLabel,status",
        "conceptType,conceptUri,skillType,preferredLabel",
    )
    return {
        "skills_en.csv": table(
            "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
            "scopeNote,definition,inScheme,description",
            skills,
        ),
        "occupations_en.csv": table(
            "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,"
            "regulatedProfessionNote,scopeNote,definition,inScheme,description,code",
            occupations,
        ),
        "skillGroups_en.csv": table(
            "conceptType,conceptUri,preferredLabel,code,description",
            [("SkillGroup", GROUP + "07", "engineering", "07", ""), ("SkillGroup", GROUP + "071", "energy", "071", "")],
        ),
        "ISCOGroups_en.csv": table(
            "conceptType,conceptUri,code,preferredLabel,description",
            [("ISCOGroup", ISCO + "C7212", "7212", "Welders", "")],
        ),
        "greenSkillsCollection_en.csv": table(common, [("K", SKILL + "solar", "", ""), ("K", SKILL + "grid", "", "")]),
        "digitalSkillsCollection_en.csv": table(common, [("K", SKILL + "grid", "", "")]),
        "transversalSkillsCollection_en.csv": table(reordered, [("K", SKILL + "initiative", "", "")]),
        "conceptSchemes_en.csv": table("conceptType,hasTopConcept", [("ConceptScheme", "http://x/y,\n" * 20_000)]),
    }


def relations() -> dict[str, bytes]:
    """Return name -> content of the files without language; some rows name concepts that no file describes."""
    return {
        "occupationSkillRelations.csv": table(
            "occupationUri,relationType,skillType,skillUri",
            [
                (OCCUPATION + "welder", "essential", "", SKILL + "weld"),
                (OCCUPATION + "welder", "optional", "", SKILL + "weld"),
                (OCCUPATION + "installer", "essential", "", SKILL + "solar"),
                (OCCUPATION + "installer", "optional", "", SKILL + "grid"),
                (OCCUPATION + "installer", "optional", "", SKILL + "unknown"),
            ],
        ),
        "skillSkillRelations.csv": table(
            "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri",
            [(SKILL + "grid", "", "optional", "", SKILL + "solar")],
        ),
        "broaderRelationsSkillPillar.csv": table(
            "conceptType,conceptUri,broaderType,broaderUri",
            [
                ("K", SKILL + "grid", "SkillGroup", GROUP + "071"),
                ("K", SKILL + "grid", "SkillGroup", GROUP + "07"),
                ("K", SKILL + "grid", "K", SKILL + "solar"),
                ("SkillGroup", GROUP + "071", "SkillGroup", GROUP + "07"),
            ],
        ),
        "broaderRelationsOccPillar.csv": table(
            "conceptType,conceptUri,broaderType,broaderUri",
            [("Occupation", OCCUPATION + "welder", "ISCOGroup", ISCO + "C7212")],
        ),
    }


def german() -> dict[str, bytes]:
    """Return name -> content of a bundle with labels only; one skill is in German only."""
    return {
        "skills_de.csv": table(
            "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description",
            [
                ("K", SKILL + "weld", "skill/competence", "sector-specific", "Metall schweißen", "schweißen", ""),
                ("K", SKILL + "bahn", "knowledge", "sector-specific", "Eisenbahnrecht", "", "Regeln für Züge."),
            ],
        ),
        "occupations_de.csv": table(
            "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description",
            [("Occupation", OCCUPATION + "welder", "7212", "Schweißer/Schweißerin", "Schweißer\nSchweißerin", "")],
        ),
    }


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    """Write files into a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_folder(path: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


@functools.cache
def read_official() -> Taxonomy:
    """Read the official bundle in all its languages, once a test run; skip the test where it is not at hand."""
    if not OFFICIAL.is_dir():
        pytest.skip("the ESCO bundle is not beside the checkout (../shared/data/esco)")
    return read_esco([OFFICIAL])
