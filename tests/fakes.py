"""Stand-ins that can be worked out by hand (`from fakes import ...`): an encoder and a taxonomy."""

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from skillmatch.taxonomy.model import COLLECTIONS, Taxonomy

BASE = "http://example.org/"


class BagOfWordsEncoder:
    """An encoder with one axis for each known word: a text's vector counts its known words, scaled to length 1.

    So the similarity of two texts is (words in common) / sqrt(words of one x words of the other) where no word repeats:
    "sort waste" and "waste separation" give 1 / sqrt(2 * 2) = 0.5. A text without a known word is all zeros.
    `encoded` keeps every text that was given, in order, so that a test can see what was asked for.
    """

    def __init__(self, words: Sequence[str] = (), name: str = "bag of words") -> None:
        self.words = {word: axis for axis, word in enumerate(words or WORDS)}
        self.name = name
        self.dimension = len(self.words)
        self.key = hashlib.sha256("\n".join(self.words).encode()).hexdigest()
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                if word in self.words:
                    vectors[row, self.words[word]] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if progress:
            progress(len(texts), len(texts))
        return vectors / np.where(lengths == 0, 1, lengths)


# id: (type, reuse level, collections, preferred, alternatives, German, description)
SKILLS: dict[str, tuple[str, str, tuple[str, ...], str, tuple[str, ...], str, str]] = {
    "analyse-data": ("skill/competence", "cross-sector", ("digital", "digcomp"), "analyse data",
                     ("evaluate data", "data analysis"), "Daten analysieren", "Read figures and draw conclusions."),
    "energy-audit": ("skill/competence", "cross-sector", ("green",), "carry out energy audit",
                     ("energy audits", "audit energy use"), "Energieaudits durchführen", "Find where energy is lost."),
    "lead-team": ("skill/competence", "transversal", ("transversal",), "lead a team",
                  ("team leadership",), "ein Team leiten", "Set goals for a group and guide it."),
    "maintain-machines": ("skill/competence", "sector-specific", (), "maintain machines",
                          ("machine maintenance", "service machinery"), "Maschinen warten", "Keep machines running."),
    "paperless": ("skill/competence", "cross-sector", ("digital", "green"), "manage documents electronically",
                  ("paperless documents", "electronic document management"), "Dokumente elektronisch verwalten",
                  "Store and find documents without paper."),
    "predictive": ("skill/competence", "sector-specific", ("digital", "green"), "predictive maintenance",
                   ("predict machine failures",), "vorausschauende Wartung", "Repair before it breaks."),
    "robots": ("skill/competence", "sector-specific", ("digital",), "program robots",
               ("robot programming",), "Roboter programmieren", "Tell industrial robots what to do."),
    "safety": ("knowledge", "cross-sector", (), "workplace safety",
               ("occupational safety",), "Arbeitssicherheit", "Rules that keep people unharmed at work."),
    "sort-waste": ("skill/competence", "cross-sector", ("green",), "sort waste",
                   ("waste separation",), "Abfall trennen", "Put waste where it can be recycled."),
    "spreadsheets": ("skill/competence", "transversal", ("digital", "digcomp"), "use spreadsheets",
                     ("spreadsheet software",), "Tabellenkalkulation verwenden", "Work with tables of figures."),
    "weld": ("skill/competence", "occupation-specific", (), "weld metal",
             ("welding techniques", "join metal parts"), "Metall schweißen", "Join metal by heat."),
    "write-reports": ("skill/competence", "transversal", ("transversal",), "write reports",
                      ("report writing",), "Berichte schreiben", "Put results into words."),
}  # fmt: skip

# id: (ISCO, preferred, alternatives, German, essential skills, optional skills)
OCCUPATIONS: dict[str, tuple[str, str, tuple[str, ...], str, tuple[str, ...], tuple[str, ...]]] = {
    "clerk": ("4110", "office clerk", ("administrative clerk",), "Bürokraft",
              ("spreadsheets", "write-reports"), ("paperless",)),
    "manager": ("1321", "production manager", ("plant manager", "head of production"), "Produktionsleiter",
                ("lead-team", "write-reports"), ("analyse-data", "energy-audit")),
    "technician": ("7233", "maintenance technician", ("industrial mechanic",), "Wartungstechniker",
                   ("maintain-machines", "safety"), ("predictive", "robots")),
    "welder": ("7212", "welder", ("metal welder", "welding operator"), "Schweißer",
               ("safety", "weld"), ("robots", "sort-waste")),
}  # fmt: skip

WORDS = tuple(
    sorted(
        {
            word
            for labels in [
                *((row[3], *row[4], row[5]) for row in SKILLS.values()),
                *((row[1], *row[2], row[3]) for row in OCCUPATIONS.values()),
            ]
            for text in labels
            for word in re.findall(r"\w+", text.lower())
            if word != "a"
        }
    )
)
"""Every word of the labels below, except the article: the axes of the fake encoder."""


def skill_uri(name: str) -> str:
    return f"{BASE}skill/{name}"


def occupation_uri(name: str) -> str:
    return f"{BASE}occupation/{name}"


def _labels(rows: list[tuple[str, str, tuple[str, ...], str]]) -> pd.DataFrame:
    """Return label rows of (uri, preferred, alternatives, German)."""
    table = [
        (uri, language, kind, text)
        for uri, preferred, alternatives, german in rows
        for language, kind, text in [
            ("en", "preferred", preferred),
            *(("en", "alternative", alternative) for alternative in alternatives),
            ("de", "preferred", german),
        ]
    ]
    return pd.DataFrame(sorted(table), columns=["uri", "language", "kind", "text"])


def tiny_taxonomy() -> Taxonomy:
    """Return 12 skills and 4 occupations in English and German (German without alternatives), made by hand.

    Twin: paperless, predictive. Digital: analyse-data, robots, spreadsheets. Green: energy-audit, sort-waste.
    """
    skills = pd.DataFrame(
        [
            (skill_uri(name), row[0], row[1], row[6], *(collection in row[2] for collection in COLLECTIONS))
            for name, row in SKILLS.items()
        ],
        columns=["uri", "skill_type", "reuse_level", "description", *COLLECTIONS],
    ).set_index("uri")
    occupations = pd.DataFrame(
        [(occupation_uri(name), row[0], f"{row[0]}.1", f"Works as {row[1]}.") for name, row in OCCUPATIONS.items()],
        columns=["uri", "isco", "code", "description"],
    ).set_index("uri")
    groups = pd.DataFrame(
        [
            (f"{BASE}group/S1", "S1", "working with information", ""),
            (f"{BASE}group/S8", "S8", "working with machinery", ""),
        ],
        columns=["uri", "code", "label", "description"],
    ).set_index("uri")
    relations = sorted(
        (occupation_uri(name), skill_uri(skill), relation)
        for name, row in OCCUPATIONS.items()
        for relation, names in (("essential", row[4]), ("optional", row[5]))
        for skill in names
    )
    machinery = {"maintain-machines", "predictive", "robots", "safety", "weld", "sort-waste"}
    broader = [(skill_uri(name), f"{BASE}group/{'S8' if name in machinery else 'S1'}") for name in SKILLS]
    return Taxonomy(
        name="tiny",
        version="1",
        languages=("de", "en"),
        key=hashlib.sha256(repr((SKILLS, OCCUPATIONS)).encode()).hexdigest(),
        skills=skills.sort_index(),
        occupations=occupations.sort_index(),
        groups=groups,
        skill_labels=_labels([(skill_uri(name), row[3], row[4], row[5]) for name, row in SKILLS.items()]),
        occupation_labels=_labels(
            [(occupation_uri(name), row[1], row[2], row[3]) for name, row in OCCUPATIONS.items()]
        ),
        relations=pd.DataFrame(relations, columns=["occupation", "skill", "relation"]),
        skill_relations=pd.DataFrame(
            [(skill_uri("predictive"), skill_uri("maintain-machines"), "essential")],
            columns=["skill", "related", "relation"],
        ),
        broader=pd.DataFrame(broader, columns=["uri", "broader"]),
    )
