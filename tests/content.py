"""What the tests of the data that ships share: scripts loaded by path, and the rows of the official ESCO bundle."""

import csv
import functools
import importlib.util
import io
import re
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from bundles import OFFICIAL

BUNDLE = OFFICIAL / "ESCO dataset - v1.1.1 - classification - en - csv.zip"

needs_bundle = pytest.mark.skipif(not BUNDLE.exists(), reason="the ESCO bundle is not beside the checkout (../shared)")
"""Goes with `pytest.mark.shared` on tests that compare with the official bundle."""


def load_script(path: Path) -> ModuleType:
    """Return a script that belongs to no package as a module; its name is made of its folder and its own."""
    name = f"{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@functools.cache
def official_rows(name: str) -> dict[str, dict[str, str]]:
    """Return URI -> row of a file of the official bundle, exactly as it stands there."""
    csv.field_size_limit(10**9)
    with zipfile.ZipFile(BUNDLE) as archive:
        member = next(entry for entry in archive.namelist() if f"/{entry}".endswith(f"/{name}"))
        with archive.open(member) as file:
            return {row["conceptUri"]: row for row in csv.DictReader(io.TextIOWrapper(file, "utf-8-sig"))}


def runs(text: str, size: int) -> set[tuple[str, ...]]:
    """Return every run of `size` words of a text."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}
