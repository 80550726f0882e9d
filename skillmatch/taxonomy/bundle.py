"""Find the files of an ESCO CSV bundle in zip files and folders, by the pattern of their names."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from skillmatch.errors import InputError, Problem
from skillmatch.taxonomy.model import COLLECTIONS, Source

MAX_FILE_BYTES = 1_000_000_000
"""A single file larger than this, unpacked, is no ESCO file (the largest of v1.1.1 has 21 MB)."""

DOWNLOAD = "download the CSV version from the ESCO portal (Use ESCO > Download) and give the zip file as it arrived"


@dataclass(frozen=True)
class Layout:
    """A kind of file: its name without language and ending, the columns it must have, and those it may have."""

    stem: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


_LABELS = ("conceptUri", "preferredLabel", "altLabels")
LAYOUTS: tuple[Layout, ...] = (
    Layout("skills", (*_LABELS, "skillType", "reuseLevel", "description"), ("hiddenLabels",)),
    Layout("occupations", (*_LABELS, "iscoGroup", "description"), ("hiddenLabels", "code")),
    Layout("skillGroups", ("conceptUri", "preferredLabel", "code"), ("description",)),
    Layout("ISCOGroups", ("conceptUri", "preferredLabel", "code"), ("description",)),
    Layout("occupationSkillRelations", ("occupationUri", "relationType", "skillUri")),
    Layout("skillSkillRelations", ("originalSkillUri", "relationType", "relatedSkillUri")),
    Layout("broaderRelationsSkillPillar", ("conceptUri", "broaderUri")),
    Layout("broaderRelationsOccPillar", ("conceptUri", "broaderUri")),
    *(
        Layout(f"{'digComp' if name == 'digcomp' else name}SkillsCollection", ("conceptUri",))
        for name in COLLECTIONS
    ),
)  # fmt: skip
"""The files that are read. The others of a bundle (conceptSchemes, skillsHierarchy …) repeat what these say."""

_BY_STEM = {layout.stem.lower(): layout for layout in LAYOUTS}
_NAME = re.compile(rf"({'|'.join(_BY_STEM)})(?:_([a-z]{{2}}))?(?: ?\(\d+\))?\.csv", re.IGNORECASE)
_VERSION = re.compile(r"(?<![a-z])v(\d+\.\d+(?:\.\d+)?)", re.IGNORECASE)
_BUNDLE_LANGUAGE = re.compile(r"classification - ([a-z]{2}) - ", re.IGNORECASE)


@dataclass(frozen=True)
class BundleFile:
    """One file of a bundle that is to be read: its layout, language, the place it was found, and how to get its bytes.

    `language` comes from the name of the file, else of the zip, else it is English. `where` names the zip and the file.
    """

    layout: Layout
    language: str
    where: str
    open: Callable[[], bytes]


@dataclass(frozen=True)
class Bundle:
    """What was found: files sorted by layout, language and place; the version in their names; fingerprints."""

    files: tuple[BundleFile, ...]
    version: str
    sources: tuple[Source, ...]


@dataclass
class _Search:
    """What a search through the given paths has found so far."""

    files: list[BundleFile]
    versions: set[str]
    sources: list[Source]
    problems: list[Problem]


def find_bundle(paths: Sequence[Path]) -> Bundle:
    """Find the files of a bundle in zips, folders (searched with all sub-folders and the zips in them) and CSV files.

    Parameters
    ----------
    paths
        Zip files as downloaded, folders, or CSV files; several languages and versions of the relations may be mixed.

    Raises
    ------
    InputError
        A path does not exist, is no zip, is damaged, holds no file of ESCO; or the names tell of different versions.
    """
    search = _Search([], set(), [], [])
    for path in dict.fromkeys(Path(path) for path in paths):
        before = len(search.files), len(search.problems)
        if path.is_dir():
            _search_folder(path, search)
        elif path.is_file():
            _search_file(path, path.name, search)
        else:
            search.problems.append(Problem(str(path), "nothing there", "a zip file or a folder", "check the path"))
        if (len(search.files), len(search.problems)) == before:
            search.problems.append(_nothing_found(path))
    if not paths:
        search.problems.append(Problem("ESCO bundle", "no path", "zip files or folders", DOWNLOAD))
    if len(search.versions) > 1:
        found, remedy = (
            ", ".join(sorted(search.versions)),
            "give files of one version; import the others under another name",
        )
        search.problems.append(Problem("ESCO bundle", f"versions {found}", "files of one version", remedy))
    if search.problems:
        raise InputError(search.problems)
    files = sorted(search.files, key=lambda file: (LAYOUTS.index(file.layout), file.language, file.where))
    return Bundle(tuple(files), "".join(search.versions) or "unknown", tuple(sorted(set(search.sources))))


def _search_folder(folder: Path, search: _Search) -> None:
    search.versions.update(_VERSION.findall(folder.name))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (_NAME.fullmatch(path.name) or path.suffix.lower() == ".zip"):
            _search_file(path, path.relative_to(folder).as_posix(), search)


def _search_file(path: Path, shown: str, search: _Search) -> None:
    """Add a CSV file, or what is in a zip; `shown` is the name by which problems call it."""
    try:
        if _NAME.fullmatch(path.name):
            _add(path.name, shown, shown, path.read_bytes, search)
            search.sources.append(_fingerprint(path))
        elif zipfile.is_zipfile(path):
            if list(_search_zip(path, shown, search)):
                search.sources.append(_fingerprint(path))
        else:
            search.problems.append(
                Problem(shown, "a file that is no readable zip", "an undamaged zip with CSV files", DOWNLOAD)
            )
    except OSError as error:
        search.problems.append(
            Problem(shown, str(error.strerror), "a file that can be read", "check its access rights")
        )


def _search_zip(path: Path, shown: str, search: _Search) -> Iterator[str]:
    """Add every file of a zip that belongs to a bundle, and give their names."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except zipfile.BadZipFile as error:
        search.problems.append(Problem(shown, f"a damaged zip ({error})", "an undamaged zip", DOWNLOAD))
        return
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/")).name
        where = f"{shown}, file {member.filename}"
        if not _NAME.fullmatch(name) or "__MACOSX" in member.filename:
            continue
        if member.flag_bits & 1:
            search.problems.append(Problem(where, "an encrypted file", "a zip without password", DOWNLOAD))
        elif member.file_size > MAX_FILE_BYTES:
            search.problems.append(
                Problem(where, f"{member.file_size:,} bytes", f"at most {MAX_FILE_BYTES:,}", DOWNLOAD)
            )
        else:
            _add(name, where, shown, _unpacker(path, member.filename, where), search)
            yield name


def _add(name: str, where: str, container: str, read: Callable[[], bytes], search: _Search) -> None:
    match = _NAME.fullmatch(name)
    assert match
    in_container = _BUNDLE_LANGUAGE.search(container)
    language = match[2] or (in_container[1] if in_container else "en")
    search.versions.update(_VERSION.findall(container))
    search.files.append(BundleFile(_BY_STEM[match[1].lower()], language.lower(), where, read))


def _unpacker(path: Path, member: str, where: str) -> Callable[[], bytes]:
    def unpack() -> bytes:
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise InputError(Problem(where, f"damaged data ({error})", "an undamaged zip", DOWNLOAD)) from error

    return unpack


def _fingerprint(path: Path) -> Source:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Source(path.name, digest, file.seek(0, io.SEEK_END))


def _nothing_found(path: Path) -> Problem:
    names: list[str] = []
    if path.is_dir():
        names = [entry.relative_to(path).as_posix() for entry in sorted(path.rglob("*")) if entry.is_file()]
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist())
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
    return Problem(
        str(path), f"no file of ESCO ({shown or 'it is empty'})", "skills_en.csv, occupations_en.csv …", DOWNLOAD
    )
