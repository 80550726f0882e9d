"""What each offer would close for each role, for all offers at once, from the sparse matrix of offers and skills."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillmatch.gap.model import Gap
from skillmatch.offers.catalogue import Catalogue

LEVELS = 5
"""Levels are 0 to 4."""


@dataclass(frozen=True, eq=False)
class Gains:
    """Every offer that closes something for a role: arrays with one entry for each such pair.

    Parameters
    ----------
    offer, role
        Row of the offer in the catalogue, and place of the role in `roles`.
    value
        Weighted gap closed.
    units
        Gap closed in persons: 1 for each person and skill brought from the level held to the one required.
    fit
        Share, in [0, 1], of the levels that the offer leads through which these people need (mean, by value).
    people
        How many of the role gain from it.
    roles
        Ids, sorted.
    """

    offer: NDArray[np.int64]
    role: NDArray[np.int64]
    value: NDArray[np.float64]
    units: NDArray[np.float64]
    fit: NDArray[np.float64]
    people: NDArray[np.int64]
    roles: tuple[str, ...]


def gain_table(gap: Gap) -> NDArray[np.float64]:
    """Return ``table[k, low, high]`` for one gap and offers from level `low` to `high`.

    k = 0: persons' gaps closed (of those who can follow, the ones who gain most, up to the people short); k = 1: how
    many people that is; k = 2: mean share of the offer's levels that they need.
    """
    table = np.zeros((3, LEVELS, LEVELS))
    needed = gap.requirement.level
    for low in range(LEVELS):
        able = [level for level in gap.held if low <= level < needed]
        for high in range(low + 1, LEVELS):
            top = min(high, needed)
            gains = sorted(((top - held) / (needed - held), held) for held in able if held < top)[::-1]
            counted = gains[: gap.people_short]
            if counted:
                table[0, low, high] = sum(gain for gain, _ in counted)
                table[1, low, high] = len(counted)
                table[2, low, high] = sum((top - held) / (high - low) for _, held in counted) / len(counted)
    return table


def all_gains(gaps: Sequence[Gap], catalogue: Catalogue) -> Gains:
    """Return what every offer closes for every role with a gap; pairs that close nothing are left out."""
    roles = tuple(sorted({gap.role for gap in gaps}))
    entry, which = _entries_by_gap(gaps, catalogue)
    matrix = catalogue.skills
    offer = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[entry]
    low, high = catalogue.entry_levels[entry].astype(np.int64), matrix.data[entry].astype(np.int64)
    tables = np.stack([gain_table(gap) for gap in gaps]) if gaps else np.zeros((0, 3, LEVELS, LEVELS))
    units, people, fit = (tables[which, k, low, high] for k in range(3))
    role = np.array([roles.index(gap.role) for gap in gaps], dtype=np.int64)[which]
    weight = np.array([gap.requirement.weight for gap in gaps], dtype=np.float64)[which]
    useful = units > 0
    pair, place = np.unique(offer[useful] * max(len(roles), 1) + role[useful], return_inverse=True)
    value = (weight * units)[useful]
    summed = np.bincount(place, value, len(pair)).astype(np.float64)
    most = np.zeros(len(pair), dtype=np.int64)
    np.maximum.at(most, place, people[useful].astype(np.int64))
    return Gains(
        offer=pair // max(len(roles), 1),
        role=pair % max(len(roles), 1),
        value=summed,
        units=np.bincount(place, units[useful], len(pair)).astype(np.float64),
        fit=np.bincount(place, value * fit[useful], len(pair)) / np.where(summed > 0, summed, 1.0),
        people=most,
        roles=roles,
    )


def _entries_by_gap(gaps: Sequence[Gap], catalogue: Catalogue) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (entry of the matrix, gap) for every offer that teaches the skill of a gap."""
    by_skill: dict[str, list[int]] = defaultdict(list)
    for place, gap in enumerate(gaps):
        by_skill[gap.skill].append(place)
    columns = {uri: column for column, uri in enumerate(catalogue.skill_uris) if uri in by_skill}
    order = np.argsort(catalogue.skills.indices, kind="stable")
    sorted_columns = catalogue.skills.indices[order]
    entries, which = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for uri, column in columns.items():
        found = order[slice(*np.searchsorted(sorted_columns, [column, column + 1]))]
        for number in by_skill[uri]:
            entries.append(found)
            which.append(np.full(len(found), number))
    return np.concatenate(entries), np.concatenate(which)
