"""What the English model learns from: texts and the skills they speak of."""

import ast
import csv
import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import grammar

from skillmatch.evaluation.normalisation import is_held_out as held_out
from skillmatch.taxonomy.esco import read_esco
from skillmatch.taxonomy.model import Taxonomy

BUNDLE = "ESCO dataset - v1.1.1 - classification - {} - csv.zip"


@dataclass(frozen=True)
class Example:
    """A text in a language (two-letter code) and the skills that it speaks of, as rows of `Corpus.uris`."""

    text: str
    skills: tuple[int, ...]
    language: str = "en"


@dataclass
class Corpus:
    """Skills with their words, and examples by source.

    Parameters
    ----------
    uris, labels, types
        The skills: identifier, preferred English label, ESCO type; all of length n.
    alternatives
        Row -> alternative labels that are not held out.
    descriptions
        Row -> description.
    siblings
        Row -> rows of skills that have the same parent.
    near
        Row -> rows that may be right wherever the row is right: parents and children; never used as negatives.
    jobs
        (title, essential skills) of occupations that are not held out.
    fixed
        Source -> examples that are read, not generated.
    """

    uris: list[str]
    labels: list[str]
    types: list[str]
    alternatives: dict[int, list[str]]
    descriptions: dict[int, str]
    siblings: dict[int, list[int]]
    near: dict[int, set[int]]
    jobs: list[tuple[list[str], str, list[int]]]
    fixed: dict[str, list[Example]] = field(default_factory=dict)


def load_taxonomy(shared: Path) -> Taxonomy:
    """Read the English ESCO bundle with its relations."""
    folder = shared / "esco" / "v1.1.1"
    return read_esco([folder / BUNDLE.format("en"), folder / BUNDLE.format("").replace("-  -", "-  -")])


def load_corpus(shared: Path, sentences: Path, measures: Path) -> Corpus:
    """Gather everything that the model may learn from.

    Parameters
    ----------
    shared
        Folder with ``esco`` and ``benchmarks``.
    sentences
        Folder with hand-written ``*.jsonl``.
    measures
        Folder with the library of measures.
    """
    taxonomy = load_taxonomy(shared)
    uris = taxonomy.skills.index.tolist()
    row = {uri: place for place, uri in enumerate(uris)}
    skills = [taxonomy.skill(uri) for uri in uris]
    children: defaultdict[str, list[int]] = defaultdict(list)
    near: defaultdict[int, set[int]] = defaultdict(set)
    for place, skill in enumerate(skills):
        for parent in skill.groups:
            children[parent].append(place)
            if parent in row:
                near[place].add(row[parent])
                near[row[parent]].add(place)
    corpus = Corpus(
        uris=uris,
        labels=[skill.label for skill in skills],
        types=[skill.skill_type for skill in skills],
        alternatives={
            place: [text for text in skill.alternatives if not held_out(skill.uri, text)]
            for place, skill in enumerate(skills)
        },
        descriptions={place: " ".join(skill.description.split()) for place, skill in enumerate(skills)},
        siblings={
            place: sorted({other for parent in skill.groups for other in children[parent]} - {place})
            for place, skill in enumerate(skills)
        },
        near=dict(near),
        jobs=_jobs(taxonomy, row),
    )
    find = {}
    for place in reversed(range(len(uris))):
        find.update({words.casefold(): place for words in skills[place].alternatives})
    find.update({label.casefold(): place for place, label in enumerate(corpus.labels)})
    corpus.fixed["skillskape"] = list(_skillskape(shared / "benchmarks/skill-extraction/skillskape_train.csv", find))
    written = list(_written(sentences, find))
    english = [(kind, example) for kind, example in written if example.language == "en"]
    corpus.fixed["written"] = [example for kind, example in english if kind != "need"]
    corpus.fixed["needs"] = [example for kind, example in english if kind == "need"]
    corpus.fixed["local"] = [example for _, example in written if example.language != "en"]
    corpus.fixed["measures"] = list(_measures(measures, row))
    return corpus


def _jobs(taxonomy: Taxonomy, row: dict[str, int]) -> list[tuple[list[str], str, list[int]]]:
    jobs = []
    for uri in taxonomy.occupations.index.tolist():
        if held_out(uri):
            continue
        occupation = taxonomy.occupation(uri)
        essential = [row[skill] for skill, kind in taxonomy.skills_of(uri).items() if kind == "essential"]
        titles = [occupation.label, *occupation.alternatives]
        if essential:
            jobs.append((titles, " ".join(occupation.description.split()), essential))
    return jobs


def _skillskape(path: Path, find: dict[str, int]) -> Iterator[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            rows = {find[name.casefold()] for name in ast.literal_eval(line["skills"]) if name.casefold() in find}
            if rows:
                yield Example(line["sentence"], tuple(sorted(rows)))


def _written(folder: Path, find: dict[str, int]) -> Iterator[tuple[str, Example]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if not line.strip():
                continue
            item = json.loads(line)
            rows = sorted({find[name.casefold()] for name in item["skills"] if name.casefold() in find})
            if rows and not held_out(item["text"]):
                yield item.get("kind", "job ad"), Example(item["text"], tuple(rows), item.get("lang", "en"))


def read_wishes(measures: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (language, id of the measure, wish) of the wishes beside the library of measures."""
    return _texts(measures / "wishes", "measure", "wish")


def read_topics(topics: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (language, id of the topic, text) of the topics; the first of a topic in a language is its name."""
    return _texts(topics / "texts", "topic", "text")


def _texts(folder: Path, id_: str, text: str) -> Iterator[tuple[str, str, str]]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield path.stem, row[id_], row[text]


def _measures(folder: Path, row: dict[str, int]) -> Iterator[Example]:
    wishes: defaultdict[str, list[str]] = defaultdict(list)
    for language, measure, wish in read_wishes(folder):
        if language == "en":
            wishes[measure].append(wish)
    for path in sorted(folder.glob("*.toml")):
        for measure in tomllib.loads(path.read_text("utf-8"))["measure"]:
            rows = tuple(sorted(row[skill["uri"]] for skill in measure["skills"] if skill["uri"] in row))
            texts = [measure["title"]["en"], measure["description"]["en"], *measure.get("synonyms", {}).get("en", [])]
            texts += [measure["outcome"]["en"]] if "outcome" in measure else []
            texts += wishes.get(measure["id"], [])
            yield from (Example(text, rows) for text in texts if rows)


class Sampler:
    """Draws examples: which source by its share, then one of its texts.

    Parameters
    ----------
    corpus
        What to draw from.
    shares
        Source -> share of the draws: ``label``, ``description``, ``sentence``, ``several``, ``job`` or a source of
        `Corpus.fixed`. Sources that are empty are left out.
    seed
        Seed of all draws.
    """

    def __init__(self, corpus: Corpus, shares: dict[str, float], seed: int) -> None:
        self.corpus = corpus
        self.random = random.Random(seed)
        drawn = {"label", "description", "sentence", "several", "job"}
        usable = {name: share for name, share in shares.items() if name in drawn or corpus.fixed.get(name)}
        self.sources, self.shares = list(usable), list(usable.values())

    def draw(self, count: int) -> list[Example]:
        """Return so many examples."""
        return [self._one(source) for source in self.random.choices(self.sources, self.shares, k=count)]

    def _one(self, source: str) -> Example:
        if source in self.corpus.fixed:
            return self.random.choice(self.corpus.fixed[source])
        if source == "several":
            return self._several()
        if source == "job":
            titles, description, skills = self.random.choice(self.corpus.jobs)
            text = description if description and self.random.random() < 0.3 else self.random.choice(titles)
            return Example(text, tuple(skills))
        place = self.random.randrange(len(self.corpus.uris))
        if source == "description":
            return Example(self._description(place), (place,))
        if source == "sentence":
            kind = None
            return Example(grammar.sentence(self.random, [self._words(place)], kind=kind), (place,))
        return Example(self._alternative(place), (place,))

    def _several(self) -> Example:
        titles, _, skills = self.random.choice(self.corpus.jobs)
        chosen = self.random.sample(skills, min(len(skills), self.random.choice((2, 2, 3, 3, 4))))
        job = self.random.choice(titles)
        if len(chosen) < 2:
            chosen = [*chosen, self.random.randrange(len(self.corpus.uris))]
        words = [self._words(place) for place in chosen]
        return Example(grammar.sentence(self.random, words, job), tuple(sorted(set(chosen))))

    def _alternative(self, place: int) -> str:
        others = self.corpus.alternatives[place]
        return self.random.choice(others) if others and self.random.random() < 0.85 else self.corpus.labels[place]

    def _words(self, place: int) -> tuple[str, bool]:
        words = self._alternative(place)
        return words, grammar.is_verb_phrase(self.corpus.types[place], words)

    def _description(self, place: int) -> str:
        text = self.corpus.descriptions[place]
        if not text:
            return self.corpus.labels[place]
        sentences = [part for part in text.replace("; ", ". ").split(". ") if len(part) > 25]
        draw = self.random.random()
        if draw < 0.35 or not sentences:
            return text
        chosen = self.random.choice(sentences)
        return chosen if draw < 0.75 else f"{self.random.choice(_LEADS)} {chosen[:1].lower()}{chosen[1:]}"


_LEADS: Sequence[str] = (
    "Responsible for the following:",
    "You",
    "You will",
    "Your tasks:",
    "In this role:",
    "We need people who",
    "Experience with",
)
