"""Two plans side by side: what was added, dropped and changed, and what only one of them closes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import pandas as pd

from skillmatch.planning.model import Plan, PlanGap, PlanItem
from skillmatch.report.format import day, euros, hours, number, people, percent

What = Literal["added", "dropped", "other run", "changed", "same"]
ORDER: tuple[What, ...] = ("dropped", "added", "other run", "changed", "same")


@dataclass(frozen=True)
class Change:
    """A booking in the first plan, in the second, or in both; `other run`: the same course on other dates.

    `details` says what is different, in words; empty where nothing is. Where only one plan has it, it says what it is.
    """

    what: What
    before: PlanItem | None
    after: PlanItem | None
    details: str

    @property
    def item(self) -> PlanItem:
        """The booking as it is in the second plan, or was in the first."""
        found = self.after or self.before
        assert found is not None, "a change has a booking on one side at least"
        return found


@dataclass(frozen=True)
class GapChange:
    """A gap of which the two plans close a different part; a side without the gap is None."""

    before: PlanGap | None
    after: PlanGap | None

    @property
    def gap(self) -> PlanGap:
        """The gap as the second plan has it, or the first had it."""
        found = self.after or self.before
        assert found is not None, "a change has a gap on one side at least"
        return found

    @property
    def verdict(self) -> str:
        """Which plan closes more of it."""
        first, second = (_closed(gap) for gap in (self.before, self.after))
        if self.before is None or self.after is None:
            return f"only asked for in the {'second' if self.before is None else 'first'} plan"
        if first == 0 or second == 0:
            return f"closed only in the {'second' if first == 0 else 'first'} plan"
        return f"closed further in the {'second' if second > first else 'first'} plan"


@dataclass(frozen=True)
class Comparison:
    """What differs from plan `before` to plan `after`; changes in the order of `ORDER`, gaps heaviest first."""

    before: Plan
    after: Plan
    changes: tuple[Change, ...]
    gaps: tuple[GapChange, ...]

    def count(self, what: What) -> int:
        """Return how many bookings are of one kind."""
        return sum(change.what == what for change in self.changes)

    def titles(self) -> Mapping[str, str]:
        """Return role id -> title, as far as the plans say it."""
        return {gap.role: gap.role_title for gap in (*self.before.gaps, *self.after.gaps)}


def compare(before: Plan, after: Plan, language: str = "en") -> Comparison:
    """Compare two plans; `language` is that of the numbers in the details.

    A booking is an offer for a role. What one plan drops and the other adds counts as another run of the same course
    where title, provider and role are the same.
    """
    old = {(item.offer, item.role): item for item in before.items}
    new = {(item.offer, item.role): item for item in after.items}
    both = [_change(old[name], new[name], language) for name in old if name in new]
    gone = {name: item for name, item in old.items() if name not in new}
    come = {name: item for name, item in new.items() if name not in old}
    moved = []
    for name, item in list(gone.items()):
        twin = next((other for other, there in come.items() if _course(there) == _course(item)), None)
        if twin is not None:
            moved.append(Change("other run", item, come[twin], "; ".join(_details(item, come.pop(twin), language))))
            del gone[name]
    dropped = [Change("dropped", item, None, _alone(item, language)) for item in gone.values()]
    added = [Change("added", None, item, _alone(item, language)) for item in come.values()]
    changes = sorted((*dropped, *added, *moved, *both), key=lambda change: ORDER.index(change.what))
    return Comparison(before, after, tuple(changes), _gaps(before, after))


def _course(item: PlanItem) -> tuple[str, str, str]:
    return (item.title, item.provider, item.role)


def _change(before: PlanItem, after: PlanItem, language: str) -> Change:
    details = "; ".join(_details(before, after, language))
    return Change("changed" if details else "same", before, after, details)


def _details(before: PlanItem, after: PlanItem, language: str) -> Iterator[str]:
    """Say in what the two lines differ, each as *now instead of before*."""
    if len(before.people) != len(after.people):
        yield f"{people(len(after.people))} instead of {len(before.people)}"
    elif _named(before) != _named(after):
        yield f"{', '.join(_named(after)) or 'others'} instead of {', '.join(_named(before)) or 'others'}"
    starts = [day(item.planned_start or item.start, language) for item in (before, after)]
    if starts[0] != starts[1]:
        yield f"begins {starts[1]} instead of {starts[0]}"
    if before.hours != after.hours:
        yield f"{hours(after.hours, language)} each instead of {hours(before.hours, language)}"
    if before.cost_eur_net != after.cost_eur_net:
        yield f"{euros(after.cost_eur_net, language)} to pay instead of {euros(before.cost_eur_net, language)}"


def _named(item: PlanItem) -> list[str]:
    """Return the people of a booking who have a pseudonym; numbered places of a role are all alike."""
    return [person for person in item.people if not person.startswith("place ")]


def _alone(item: PlanItem, language: str) -> str:
    """Say what a booking is that only one of the plans has."""
    begins = day(item.planned_start or item.start, language)
    return f"{people(len(item.people))}, {begins}, {euros(item.cost_eur_net, language)} to pay"


def _gaps(before: Plan, after: Plan) -> tuple[GapChange, ...]:
    old = {(gap.role, gap.skill): gap for gap in before.gaps}
    new = {(gap.role, gap.skill): gap for gap in after.gaps}
    names = sorted(old.keys() | new.keys(), key=lambda name: (-(new.get(name) or old[name]).weight, name))
    found = (GapChange(old.get(name), new.get(name)) for name in names)
    return tuple(each for each in found if _closed(each.before) != _closed(each.after))


def _closed(gap: PlanGap | None) -> float:
    """Return the part of a gap that is closed, in [0, 1]; rounded, so that two ways of adding up count as equal."""
    return round(gap.coverage, 6) if gap else 0.0


@dataclass(frozen=True)
class Figure:
    """A number of both plans; `show` writes it in the reader's language."""

    name: str
    before: float
    after: float
    show: Callable[[float], str]

    @property
    def difference(self) -> str:
        """The second minus the first, with its sign; "no change" where they are equal to the reader."""
        if self.show(self.before) == self.show(self.after):
            return "no change"
        more = self.after - self.before
        return f"{'+' if more > 0 else '−'}{self.show(abs(more))}"


def figures(comparison: Comparison, language: str = "en") -> tuple[Figure, ...]:
    """Return the totals of both plans."""
    plans = (comparison.before, comparison.after)
    first, second = (plan.totals for plan in plans)
    money, time = partial(euros, language=language), partial(hours, language=language)
    count = partial(number, language=language)
    trainings = [len({item.offer for item in plan.items}) for plan in plans]
    still = [len(plan.open) for plan in plans]
    return (
        Figure("Closed of what is missing", first.coverage, second.coverage, partial(percent, language=language)),
        Figure("To pay", first.cost_eur_net, second.cost_eur_net, money),
        Figure("Price before funding", first.cost_eur_gross, second.cost_eur_gross, money),
        Figure("Funding", first.funding_eur, second.funding_eur, money),
        Figure("Training time of all people", first.hours, second.hours, time),
        Figure("People trained", first.people, second.people, count),
        Figure("Trainings", trainings[0], trainings[1], count),
        Figure("Gaps that stay open for somebody", still[0], still[1], count),
    )


def comparison_sentence(comparison: Comparison, language: str = "en") -> str:
    """Say in one or two sentences what the second plan does otherwise than the first."""
    first, second = comparison.before.totals, comparison.after.totals
    counts = {what: comparison.count(what) for what in ORDER}
    words = {"other run": "moved to another run"}
    parts = [f"{count} {words.get(what, what)}" for what, count in counts.items() if count and what != "same"]
    same = f"{counts['same']} as before"
    return (
        f"Closes {percent(second.coverage, language)} of what is missing "
        f"(before: {percent(first.coverage, language)}), for {euros(second.cost_eur_net, language)} "
        f"(before: {euros(first.cost_eur_net, language)}). "
        f"Bookings: {', '.join([*parts, same])}."
    )


def figures_table(comparison: Comparison, language: str = "en") -> pd.DataFrame:
    """Return the totals of both plans as text, with the difference."""
    rows = [
        (each.name, each.show(each.before), each.show(each.after), each.difference)
        for each in figures(comparison, language)
    ]
    return pd.DataFrame(rows, columns=["", "First plan", "Second plan", "Difference"])


def changes_table(comparison: Comparison, titles: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the bookings of both plans, what differs first; money in euros after funding."""
    titles = titles or comparison.titles()
    rows = []
    for change in comparison.changes:
        sides = [change.before, change.after]
        rows.append(
            (
                change.what,
                change.item.title,
                titles.get(change.item.role, change.item.role),
                *(len(side.people) if side else None for side in sides),
                *((side.planned_start or side.start) if side else None for side in sides),
                *(side.cost_eur_net if side else None for side in sides),
                change.details,
                change.item.offer,
            )
        )
    columns = [
        "What", "Training", "For", "People before", "People now", "Started", "Starts", "€ before", "€ now", "Details",
        "Offer",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"People before": "Int64", "People now": "Int64"})


def gap_changes_table(comparison: Comparison) -> pd.DataFrame:
    """Return the gaps that the two plans close differently; the shares are of the gap, in [0, 1]."""
    rows = [
        (
            each.verdict,
            each.gap.role_title,
            each.gap.label,
            *(_of_short(gap) for gap in (each.before, each.after)),
            *(_closed(gap) if gap else None for gap in (each.before, each.after)),
            each.gap.weight,
        )
        for each in comparison.gaps
    ]
    columns = [
        "What", "Role", "Skill", "People closed, first", "People closed, second", "Share closed, first",
        "Share closed, second", "Weight",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _of_short(gap: PlanGap | None) -> str:
    return f"{gap.people_closed} of {gap.people_short}" if gap else "–"


def comparison_rows(comparison: Comparison, language: str = "en") -> list[dict[str, object]]:
    """Return all that differs as rows of one shape, for other programs: figures, then bookings, then gaps.

    `first` and `second` are numbers: the figure itself, the people booked, or the share of the gap that is closed.
    """
    titles = comparison.titles()
    rows: list[dict[str, object]] = [
        {"kind": "figure", "what": each.difference, "name": each.name, "first": each.before, "second": each.after}
        for each in figures(comparison, language)
    ]
    rows += [
        {
            "kind": "booking",
            "what": change.what,
            "name": change.item.title,
            "offer": change.item.offer,
            "role": titles.get(change.item.role, change.item.role),
            "first": len(change.before.people) if change.before else 0,
            "second": len(change.after.people) if change.after else 0,
            "details": change.details,
        }
        for change in comparison.changes
    ]
    rows += [
        {
            "kind": "gap",
            "what": each.verdict,
            "name": each.gap.label,
            "uri": each.gap.skill,
            "role": each.gap.role_title,
            "first": _closed(each.before),
            "second": _closed(each.after),
        }
        for each in comparison.gaps
    ]
    return rows
