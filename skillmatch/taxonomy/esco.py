"""Read the official ESCO CSV bundle, in any language, into a `Taxonomy`."""

import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from skillmatch.errors import InputError, Problem
from skillmatch.taxonomy.bundle import DOWNLOAD, LAYOUTS, Bundle, find_bundle
from skillmatch.taxonomy.labels import stack_labels
from skillmatch.taxonomy.model import COLLECTIONS, Taxonomy
from skillmatch.taxonomy.tables import read_table

Tables = dict[str, dict[str, list[pd.DataFrame]]]
"""``tables[stem][language]`` are the frames read from the files of that kind and language."""

SKILL_TYPES = frozenset({"knowledge", "skill/competence", ""})
RELATIONS = frozenset({"essential", "optional"})
PILLARS = ("broaderRelationsSkillPillar", "broaderRelationsOccPillar")


def read_esco(paths: Sequence[Path], *, name: str | None = None) -> Taxonomy:
    """Read an ESCO CSV bundle: zips as downloaded or folders, one or several languages, with or without relation files.

    Skills and occupations are all those that any of the languages has. Type, reuse level, ISCO code and description are
    taken from English, else from the first language (by code) that gives them. A relation to a concept that no file
    describes is left out, and counted in `Taxonomy.warnings`.

    Parameters
    ----------
    paths
        Zip files, folders, or single CSV files.
    name
        Name of the taxonomy; None means ``"esco-"`` and the version found in the names of the files.

    Raises
    ------
    InputError
        With every problem found: files missing, damaged or given twice, columns missing, URIs malformed or repeated.
    """
    bundle = find_bundle(paths)
    return assemble(bundle, read_tables(bundle), name or f"esco-{bundle.version}", bundle.version)


def read_tables(bundle: Bundle) -> Tables:
    """Read every file of a bundle and check that nothing needed is missing and nothing is given twice."""
    tables: Tables = {layout.stem: {} for layout in LAYOUTS}
    first: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    for file in bundle.files:
        stem, language = file.layout.stem, file.language
        try:
            frame = read_table(file)
        except InputError as error:
            problems.extend(error.problems)
            continue
        earlier = tables[stem].setdefault(language, [])
        if any(frame.equals(other) for other in earlier):
            continue
        if earlier and "preferredLabel" in frame:
            found, remedy = f"other content than {first[stem, language]}", "give only one of the two"
            problems.append(Problem(file.where, found, f"one file {stem}_{language}.csv", remedy))
        first.setdefault((stem, language), file.where)
        earlier.append(frame)
    for stem in ("skills", "occupations"):
        if not tables[stem] and not problems:
            where = ", ".join(source.name for source in bundle.sources)
            problems.append(
                Problem(where, f"no file {stem}_en.csv", "skills and occupations of at least one language", DOWNLOAD)
            )
    if problems:
        raise InputError(problems)
    return tables


def assemble(bundle: Bundle, tables: Tables, name: str, version: str) -> Taxonomy:
    """Put the tables of a bundle together, leaving out what refers to unknown concepts."""
    warnings: list[str] = []
    skill_labels = stack_labels(_by_language(tables["skills"]))
    occupation_labels = stack_labels(_by_language(tables["occupations"]))
    skills = _concepts(tables, ["skills"], ("skillType", "reuseLevel", "description"))
    skills = _labelled(skills, skill_labels, "skills", warnings)
    occupations = _concepts(tables, ["occupations"], ("iscoGroup", "code", "description"))
    occupations = _labelled(occupations, occupation_labels, "occupations", warnings)
    groups = _concepts(tables, ["skillGroups", "ISCOGroups"], ("code", "preferredLabel", "description"))
    known = {"skill": set(skills.index.tolist()), "occupation": set(occupations.index.tolist())}
    known["concept"] = known["skill"] | known["occupation"] | set(groups.index.tolist())
    frames: dict[str, Any] = {
        "skills": _typed(skills, tables, warnings),
        "occupations": occupations.rename(columns={"iscoGroup": "isco"}),
        "groups": groups.rename(columns={"preferredLabel": "label"}),
        "skill_labels": _keep(skill_labels, "uri", known["skill"]),
        "occupation_labels": _keep(occupation_labels, "uri", known["occupation"]),
        "relations": _relations(tables, "occupationSkillRelations", known, warnings),
        "skill_relations": _relations(tables, "skillSkillRelations", known, warnings),
        "broader": _broader(tables, known["concept"], warnings),
    }
    return Taxonomy(
        name=name,
        version=version,
        languages=tuple(sorted({*tables["skills"], *tables["occupations"]})),
        key=digest_frames(frames, version),
        **frames,
        sources=bundle.sources,
        warnings=tuple(warnings),
    )


def digest_frames(frames: dict[str, pd.DataFrame], *words: str) -> str:
    """Return the sha256 of the content of frames, with index and names of columns, and of further words."""
    digest = hashlib.sha256("\x1d".join(words).encode())
    for name, frame in frames.items():
        digest.update(f"\x1c{name}\x1d".encode())
        if frame.index.name:
            digest.update("\x1f".join(frame.index.tolist()).encode())
        for column in frame:
            values = frame[column].astype("str") if frame[column].dtype == bool else frame[column]
            digest.update(f"\x1d{column}\x1e".encode() + "\x1f".join(values.tolist()).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _languages(tables: Iterable[str]) -> list[str]:
    """Return languages in the order in which they are asked: English first, then by code."""
    return sorted(tables, key=lambda language: (language != "en", language))


def _by_language(tables: dict[str, list[pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    return {language: tables[language][0] for language in _languages(tables)}


def _concepts(tables: Tables, stems: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Return one row a concept, index ``uri`` sorted; each cell from the first language in which it is not blank."""
    frames = [frame for stem in stems for frame in _by_language(tables[stem]).values()]
    if not frames:
        return pd.DataFrame(columns=list(columns), index=pd.Index([], name="uri", dtype="str"), dtype="str")
    every = pd.concat(frames)[["conceptUri", *columns]].rename(columns={"conceptUri": "uri"})
    every[list(columns)] = every[list(columns)].mask(every[list(columns)] == "")
    return every.groupby("uri", sort=True).first().fillna("").astype("str")


def _labelled(concepts: pd.DataFrame, labels: pd.DataFrame, what: str, warnings: list[str]) -> pd.DataFrame:
    """Keep the concepts that have a preferred label in some language."""
    named = _among(concepts.index, set(labels.loc[labels["kind"] == "preferred", "uri"].tolist()))
    if not named.all():
        left_out = concepts.index[~named].tolist()
        warnings.append(f"{len(left_out):,} {what} without any preferred label were left out, such as {left_out[0]}.")
    return concepts[named]


def _typed(skills: pd.DataFrame, tables: Tables, warnings: list[str]) -> pd.DataFrame:
    """Give the frame of skills its final columns: types that ESCO knows, and a flag for each collection."""
    skills = skills.rename(columns={"skillType": "skill_type", "reuseLevel": "reuse_level"})
    unknown = ~_among(skills["skill_type"], SKILL_TYPES)
    if unknown.any():
        found = ", ".join(sorted(set(skills.loc[unknown, "skill_type"])))
        warnings.append(f"{unknown.sum():,} skills have a type that is not known ({found}); it was left blank.")
        skills.loc[unknown, "skill_type"] = ""
    for collection in COLLECTIONS:
        stem = next(layout.stem for layout in LAYOUTS if layout.stem.lower() == f"{collection}skillscollection")
        members = {uri for frame in _every(tables[stem]) for uri in frame["conceptUri"].tolist()}
        skills[collection] = _among(skills.index, members)
        strange = len(members.difference(skills.index.tolist()))
        if strange:
            warnings.append(
                f"{strange:,} members of the collection {collection} are no skills of the bundle and were left out."
            )
    return skills


def _every(tables: dict[str, list[pd.DataFrame]]) -> list[pd.DataFrame]:
    return [frame for language in _languages(tables) for frame in tables[language]]


_ENDS = {
    "occupationSkillRelations": {"occupationUri": "occupation", "skillUri": "skill"},
    "skillSkillRelations": {"originalSkillUri": "skill", "relatedSkillUri": "related"},
}


def _relations(tables: Tables, stem: str, known: dict[str, set[str]], warnings: list[str]) -> pd.DataFrame:
    """Return the relations between two concepts, once a pair (essential wins), sorted."""
    ends = _ENDS[stem]
    names = [*ends.values(), "relation"]
    frames = _every(tables[stem])
    if not frames:
        warnings.append(f"No file {stem}.csv was given; the taxonomy has no such relations.")
        return pd.DataFrame(columns=names, dtype="str")
    every = pd.concat(frames).rename(columns={**ends, "relationType": "relation"})[names]
    every["relation"] = every["relation"].str.lower()
    usable = _among(every["relation"], RELATIONS)
    for end in ends.values():
        usable &= _among(every[end], known["occupation" if end == "occupation" else "skill"])
    _count_left_out(every, usable, stem, warnings)
    return every[usable].sort_values(names).drop_duplicates(names[:2]).reset_index(drop=True)


def _broader(tables: Tables, known: set[str], warnings: list[str]) -> pd.DataFrame:
    """Return pairs of a concept and a parent, from both pillars, sorted."""
    names = ["uri", "broader"]
    frames = [frame for stem in PILLARS for frame in _every(tables[stem])]
    if not frames:
        warnings.append(f"No file {PILLARS[0]}.csv was given; the taxonomy has no hierarchy.")
        return pd.DataFrame(columns=names, dtype="str")
    every = pd.concat(frames).rename(columns={"conceptUri": "uri", "broaderUri": "broader"})[names]
    usable = _among(every["uri"], known) & _among(every["broader"], known)
    _count_left_out(every, usable, "broaderRelations", warnings)
    return every[usable].sort_values(names).drop_duplicates().reset_index(drop=True)


def _among(values: "pd.Series[str] | pd.Index[str]", known: AbstractSet[str]) -> NDArray[np.bool_]:
    """Return for each value whether it is known: ``isin``, several times as fast on text."""
    return np.fromiter((value in known for value in values.tolist()), dtype=np.bool_, count=len(values))


def _keep(frame: pd.DataFrame, column: str, known: AbstractSet[str]) -> pd.DataFrame:
    return frame[_among(frame[column], known)].reset_index(drop=True)


def _count_left_out(every: pd.DataFrame, usable: NDArray[np.bool_], what: str, warnings: list[str]) -> None:
    if not usable.all():
        first = " – ".join(every[~usable].iloc[0].tolist()[:2])
        count = int((~usable).sum())
        warnings.append(
            f"{count:,} of {len(every):,} {what} name a concept that no file describes; left out, such as {first}."
        )
