"""The small taxonomy that ships with the product, read by the reader of the official bundles."""

import json
from typing import Any

from skillmatch import resources
from skillmatch.taxonomy.bundle import find_bundle
from skillmatch.taxonomy.esco import assemble, read_tables
from skillmatch.taxonomy.model import Taxonomy

STARTER = "starter"
_FOLDER = resources.DATA / "taxonomy" / STARTER


def load_starter() -> Taxonomy:
    """Read the starter taxonomy; its version tells the version of ESCO that it is a modified subset of.

    >>> load_starter().version
    '1, a modified subset of ESCO 1.1.1'
    """
    bundle = find_bundle([_FOLDER])
    return assemble(bundle, read_tables(bundle), STARTER, starter_manifest()["version"])


def starter_manifest() -> dict[str, Any]:
    """Return the manifest beside the starter's files: version, languages, key, counts and sources."""
    manifest: dict[str, Any] = json.loads((_FOLDER / "manifest.json").read_text("utf-8"))
    return manifest
