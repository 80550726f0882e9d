"""Save and load a taxonomy as parquet with a manifest, and keep track of those the user imported."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from skillmatch import resources
from skillmatch.errors import InputError, Problem
from skillmatch.files import replace_file
from skillmatch.taxonomy.model import Source, Taxonomy
from skillmatch.taxonomy.starter import STARTER, load_starter, starter_manifest
from skillmatch.words import ATTRIBUTION

FORMAT = 1
"""Version of the layout on disk; a folder of another version has to be imported again."""

VARIABLE = "SKILLMATCH_TAXONOMY"
"""Environment variable that names the taxonomy to use."""

TABLES = (
    "skills",
    "occupations",
    "groups",
    "skill_labels",
    "occupation_labels",
    "relations",
    "skill_relations",
    "broader",
)
_MANIFEST = "manifest.json"
_CHOICE = "in-use.txt"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class StoredTaxonomy:
    """A taxonomy that can be used: what `skillmatch taxonomy list` shows.

    `counts` is the number of rows of each table; `active` tells whether it is the one used when none is named.
    """

    name: str
    version: str
    languages: tuple[str, ...]
    key: str
    counts: Mapping[str, int]
    folder: Path
    active: bool


def save(taxonomy: Taxonomy, folder: Path) -> None:
    """Write a taxonomy into a folder; one that stands there is replaced once the new one is complete.

    Raises
    ------
    InputError
        The folder exists and holds something else than a taxonomy.
    """
    folder = Path(folder)
    if folder.exists() and not (folder / _MANIFEST).is_file() and any(folder.iterdir()):
        allowed = "a new or empty folder, or one that holds a taxonomy"
        raise InputError(Problem(str(folder), "a folder with other files", allowed, "choose another folder"))
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        (new := work / "new").mkdir()
        for table in TABLES:
            getattr(taxonomy, table).to_parquet(new / f"{table}.parquet", compression="zstd")
        (new / _MANIFEST).write_text(json.dumps(_describe(taxonomy, new), indent=1, ensure_ascii=False) + "\n", "utf-8")
        if folder.exists():
            folder.rename(work / "old")
        new.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def load(folder: Path) -> Taxonomy:
    """Read what `save` wrote; equal to it in content and key.

    Raises
    ------
    InputError
        No taxonomy there, written by another version of the product, or changed since it was written.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    frames: dict[str, Any] = {}
    problems = []
    for table in TABLES:
        path = folder / f"{table}.parquet"
        if not path.is_file() or _sha256(path) != manifest["tables"].get(table):
            problems.append(_damaged(path, "a file that is missing or was changed"))
        elif not problems:
            frames[table] = pd.read_parquet(path)
    if problems:
        raise InputError(problems)
    return Taxonomy(
        name=manifest["name"],
        version=manifest["version"],
        languages=tuple(manifest["languages"]),
        key=manifest["key"],
        **frames,
        sources=tuple(Source(**source) for source in manifest["sources"]),
        warnings=tuple(manifest["warnings"]),
    )


def store(taxonomy: Taxonomy) -> StoredTaxonomy:
    """Save a taxonomy under its name among the user's own, replacing one of the same name."""
    if not _NAME.fullmatch(taxonomy.name) or taxonomy.name == STARTER:
        allowed = f"letters, digits, '.', '_' and '-', at most 64, other than {STARTER!r}"
        raise InputError(Problem("name of the taxonomy", repr(taxonomy.name), allowed, "choose another name"))
    save(taxonomy, _folder(taxonomy.name))
    return next(entry for entry in stored() if entry.name == taxonomy.name)


def stored() -> tuple[StoredTaxonomy, ...]:
    """Return the taxonomies that can be used: the starter first, then the imported ones by name."""
    in_use = _chosen()
    manifests = {resources.DATA / "taxonomy" / STARTER: starter_manifest()}
    manifests |= {path.parent: _read_manifest(path.parent) for path in sorted(_home().glob(f"[!.]*/{_MANIFEST}"))}
    return tuple(
        StoredTaxonomy(
            name=manifest["name"],
            version=manifest["version"],
            languages=tuple(manifest["languages"]),
            key=manifest["key"],
            counts=manifest["counts"],
            folder=folder,
            active=manifest["name"] == in_use,
        )
        for folder, manifest in manifests.items()
    )


def use(name: str) -> None:
    """Make a stored taxonomy the one that is used when none is named.

    Raises
    ------
    InputError
        No taxonomy of that name is stored.
    """
    _check_stored(name, "taxonomy use")
    replace_file(_home() / _CHOICE, f"{name}\n".encode())


def active(name: str | None = None) -> Taxonomy:
    """Load the taxonomy to work with.

    Parameters
    ----------
    name
        Name of a stored taxonomy; None means the environment variable ``SKILLMATCH_TAXONOMY``, else the one chosen
        by `use`, else the starter.

    Raises
    ------
    InputError
        No taxonomy of that name is stored, or it is damaged.
    """
    wanted = name or _chosen()
    if wanted == STARTER:
        return load_starter()
    _check_stored(wanted, "name given" if name else f"environment variable {VARIABLE} or `skillmatch taxonomy use`")
    return load(_folder(wanted))


def _home() -> Path:
    return resources.home() / "taxonomies"


def _folder(name: str) -> Path:
    return _home() / name


def _chosen() -> str:
    choice = _home() / _CHOICE
    return os.environ.get(VARIABLE, "").strip() or (choice.read_text("utf-8").strip() if choice.is_file() else STARTER)


def _check_stored(name: str, where: str) -> None:
    if name == STARTER or (_NAME.fullmatch(name) and (_folder(name) / _MANIFEST).is_file()):
        return
    names = ", ".join(entry.name for entry in stored())
    raise InputError(
        Problem(where, repr(name), names, "choose one of these, or import it with `skillmatch taxonomy import`")
    )


def _describe(taxonomy: Taxonomy, folder: Path) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": taxonomy.name,
        "version": taxonomy.version,
        "languages": list(taxonomy.languages),
        "key": taxonomy.key,
        "attribution": ATTRIBUTION,
        "counts": {table: len(getattr(taxonomy, table)) for table in TABLES},
        "sources": [asdict(source) for source in taxonomy.sources],
        "warnings": list(taxonomy.warnings),
        "tables": {table: _sha256(folder / f"{table}.parquet") for table in TABLES},
    }


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / _MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            Problem(str(folder), "no taxonomy", f"a folder with {_MANIFEST}", "import it again")
        ) from error
    except ValueError as error:
        raise InputError(_damaged(path, f"no JSON ({error})")) from error
    if manifest.get("format") != FORMAT:
        raise InputError(_damaged(path, f"format {manifest.get('format')!r}"))
    return manifest


def _damaged(path: Path, found: str) -> Problem:
    allowed = f"what `skillmatch taxonomy import` wrote (format {FORMAT})"
    return Problem(str(path), found, allowed, f"delete the folder {path.parent} and import the taxonomy again")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
