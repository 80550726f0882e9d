"""Skills that we count as digital and green at once, beyond those that ESCO has in both of its collections."""

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from skillmatch import resources


@cache
def own_twins() -> Mapping[str, str]:
    """Return skill URI -> why we count it as both; the same for every taxonomy in ESCO's shape.

    ESCO's collections stay as they are: this judgement stands beside them, and whoever uses it says so.

    >>> len(own_twins())
    26
    """
    with (resources.DATA / "taxonomy" / "twin.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["uri"]: row["why"] for row in csv.DictReader(file)})
