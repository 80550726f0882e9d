"""Write docs/coverage.md: how much of what ships there is for whom, where the holes are, and how the texts read."""

import importlib.util
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from skillmatch.company.measures import MEASURE_LANGUAGES, load_measures
from skillmatch.resources import DATA
from skillmatch.taxonomy.starter import load_starter
from skillmatch.words import ECOSYSTEMS, TRANSITIONS

FEW = {"measures": 5, "skills": 5, "courses": 5}
"""A cell of digital, green or twin with fewer of something is named as thin."""

INTRODUCTION = """# Coverage of what ships

How much there is for each industrial ecosystem of the Pact for Skills and each transition, where the holes are, and how
the English texts read. Counted from the data; the page is made again whenever the data changes.

## Measures, skills, courses

Each cell: **measures** / **skills** / **courses**. A measure for all ecosystems counts in each. Skills are those that
the measures of the ecosystem call for, by their own transition. Courses are those of the sample catalogue, by the
change they really serve, whatever their provider says. *None* holds what carries either transition: leading change,
learning, inclusion, and the trade itself. Jobs are the occupations chosen for the ecosystem or for all of them.
"""


def load(path: Path) -> ModuleType:
    """Return a script that belongs to no package as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


check = load(DATA / "check.py")


def coverage() -> str:
    """Return the page as Markdown."""
    measures, taxonomy = load_measures(), load_starter()
    courses = [part | course for part, course in check.tables(DATA / "offers" / "parts", "course")]
    counts = {name: Counter[tuple[str, str]]() for name in FEW}
    skills: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for measure in measures:
        for ecosystem in ECOSYSTEMS if "all" in measure.ecosystems else measure.ecosystems:
            counts["measures"][ecosystem, measure.transition] += 1
            for skill in measure.skills:
                skills[ecosystem, taxonomy.skill(skill.uri).transition].add(skill.uri)
    counts["skills"].update({cell: len(found) for cell, found in skills.items()})
    for course in courses:
        counts["courses"].update((ecosystem, course["serves"]) for ecosystem in course["ecosystems"])
    chosen = Counter(
        name
        for row in check.rows(DATA / "taxonomy" / "editorial" / "occupations.csv")
        for name in (ECOSYSTEMS if row["ecosystems"] == "all" else row["ecosystems"].split())
    )
    cells = [
        [
            name,
            *(" / ".join(str(counts[what][ecosystem, transition]) for what in FEW) for transition in TRANSITIONS),
            chosen[ecosystem],
        ]
        for ecosystem, name in ECOSYSTEMS.items()
    ]
    parts = [INTRODUCTION, table(["ecosystem", *TRANSITIONS, "jobs"], cells), white_spots(counts, measures, courses)]
    return "\n".join([*parts, example_wishes(measures), reading()])


def white_spots(counts: dict[str, Counter[tuple[str, str]]], measures: Iterable, courses: list[dict]) -> str:
    """Return the thin cells, the core skills that nobody teaches, and how much is taught in which language."""
    thin = [
        f"- {name}, {transition}: {what} {number}"
        for what, few in FEW.items()
        for ecosystem, name in ECOSYSTEMS.items()
        for transition in TRANSITIONS[:3]
        if (number := counts[what][ecosystem, transition]) < few
    ]
    core: defaultdict[str, list[str]] = defaultdict(list)
    for measure in measures:
        for skill in measure.skills:
            if skill.kind == "core":
                core[skill.label.strip()].append(measure.id)
    taught: defaultdict[str, set[str]] = defaultdict(set)
    for course in courses:
        taught[course["language"]] |= {words.split("@")[0].strip() for words in course["teaches"]}
    everywhere = set().union(*taught.values())
    shares = [
        [
            language,
            sum(course["language"] == language for course in courses),
            f"{len(core.keys() & taught[language]) / len(core):.0%}",
        ]
        for language in MEASURE_LANGUAGES
    ]
    untaught = [f"- {label} ({', '.join(core[label])})" for label in sorted(core.keys() - everywhere)]
    return "\n".join([
        "\n## White spots\n",
        f"Cells of digital, green and twin with fewer than {FEW['measures']} measures, skills or courses:\n",
        *(thin or ["- none"]),
        "\nCore skills that no course of the sample catalogue teaches, and the measures that need them. Left open on",
        "purpose: a plan must be able to say that nobody teaches something.\n",
        *untaught,
        f"\nOf the {len(core)} core skills of the measures, taught by at least one course in the language:\n",
        table(["language", "courses", "core skills taught"], shares),
    ])  # fmt: skip


def example_wishes(measures: Iterable) -> str:
    """Return how many example wishes there are in each language, and for the measure that has fewest."""
    said = {measure.id: {language: len(wishes) for language, wishes in measure.wishes.items()} for measure in measures}
    rows = []
    for language in sorted({language for numbers in said.values() for language in numbers}):
        numbers = [each.get(language, 0) for each in said.values()]
        rows.append([language, f"{sum(numbers):,}", min(numbers), max(numbers)])
    return "\n".join([
        "\n## Example wishes\n",
        "Wishes as people say them, by which measures are found (`data/measures/wishes`). Each measure has between",
        "least and most of them.\n",
        table(["language", "wishes", "least", "most"], rows),
    ])  # fmt: skip


def reading() -> str:
    """Return the readability table and the hardest descriptions of measures."""
    texts = list(check.texts())
    rows = [
        [row.kind, row.count, f"{row.words_a_sentence:.1f}", f"{row.ease:.0f}", f"{row.hard:.0%}"]
        for row in check.readability(texts)
    ]
    hardest = sorted(
        (check.reading_ease(text.words), text.place)
        for text in texts
        if text.kind == "measure description" and text.language == "en"
    )[:5]
    return "\n".join([
        "\n## How the English texts read\n",
        "Flesch reading ease, 206.835 - 1.015 words a sentence - 84.6 syllables a word (R. Flesch, Journal of Applied",
        "Psychology 32, 1948), with syllables counted by groups of vowels. Above 60 is plain English, 30 to 50 hard,",
        "below 30 the language of journals. Medians over texts; on one short sentence the formula says little.",
        "Measured, not asserted.\n",
        table(["texts", "number", "words a sentence", "reading ease", "below 30"], rows),
        f"\nHardest descriptions of measures: {', '.join(f'{place} ({ease:.0f})' for ease, place in hardest)}.\n",
    ])  # fmt: skip


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a Markdown table; the first column is words, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
