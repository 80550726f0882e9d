"""The most targets a person can match with k courses: an integer programme, with its proof.

The product's planner is not used here: it closes weighted gaps, which add up, with courses that require courses. Here
targets with a threshold are counted, and a course requires skills, to a share. The programme is made with the product's
layer over HiGHS (`skillmatch.planning.integer`).

For one person and some targets that are all to be matched (one; then two at once, and so on, until no set of that size
can be): ``x[c]`` course c is taken, ``u[s, l]`` skill s reaches level l.

    sum of x[c] <= k
    u[s, l] <= sum of x[c] over courses that teach s to l or higher
    sum of u[s, l] over the skills of t >= levels missing in t           for each target t
    what u gives of the requirements of c >= what is missing of them * x[c]     (without what c itself teaches)

Left out beforehand, which keeps the optimum:

- courses that cannot be entered within k steps even if everything possible were taken before;
- targets that no k courses reach even if they could all be entered (a small branch and bound, `best_cover`);
- for a target t, courses whose gain for t falls short even beside the best k - 1 others (what courses give together is
  at most the sum of what each gives alone). A course that gains nothing for t but opens another one is thus kept only
  where k - 1 courses could be enough, and only if it brings something that a course kept requires.

The rows on requirements ask that they hold in the end; whether there is an order is checked, and a set without one is
cut off until the best set has one.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jcrec_data import TARGET_LEVEL, THRESHOLD, TINY, Array, World

from skillmatch.planning.integer import IntegerModel

MOST_CUTS = 50
MOST_SETS = 60
"""So many sets of targets are tried; with more, the bound stays above what was found."""


@dataclass(frozen=True)
class Exact:
    """Courses in an order that can be followed, targets matched, and what no choice exceeds."""

    courses: tuple[int, ...]
    matches: int
    bound: int
    programmes: int = 0


def in_order(world: World, state: Array, chosen: list[int]) -> tuple[list[int], list[int]]:
    """Return the courses in an order in which each admits the person, and those for which there is none."""
    order: list[int] = []
    left = sorted(chosen)
    while True:
        admits = world.admits(world.after(state, order))
        able = [course for course in left if admits[course]]
        if not able:
            return order, left
        order += able
        left = [course for course in left if course not in able]


def solve(
    world: World,
    state: Array,
    k: int,
    known: Sequence[tuple[int, ...]],
    covers: "Covers",
    *,
    seconds: float,
    enough: int = 1_000_000,
) -> Exact:
    """Return the best choice of at most k courses.

    Parameters
    ----------
    known
        Choices that can be followed, in order; at least one.
    covers
        Those of the person.
    seconds
        Limit for each programme.
    enough
        The search stops at so many targets; the bound is then that of the targets that nothing excludes.
    """
    search = Search(world, state, k, covers, seconds)
    for courses in known:
        search.compare(courses)
    held = world.matches(state)
    survivors = search.survivors()
    if search.matches >= enough:
        return search.result(held + len(survivors))
    possible = []
    for place, target in enumerate(survivors):
        if search.can_match((target,)) is not False:
            possible.append(target)
        if search.matches >= enough:
            return search.result(held + len(possible) + len(survivors) - place - 1)
    size = search.matches - held + 1
    while size <= len(possible):
        sets = list(itertools.islice(search.joint(possible, size), MOST_SETS + 1))
        if len(sets) > MOST_SETS:
            return search.result(held + len(possible))
        answers: list[bool | None] = []
        while len(answers) < len(sets) and True not in answers:
            answers.append(search.can_match(sets[len(answers)]))
        if True not in answers:
            return search.result(held + (len(possible) if None in answers else size - 1))
        size = search.matches - held + 1
    return search.result(held + len(possible))


class Search:
    """What is known so far about one person and k: the best courses, and what programmes found."""

    def __init__(self, world: World, state: Array, k: int, covers: "Covers", seconds: float) -> None:
        self.world, self.state, self.k, self.covers, self.seconds = world, state, k, covers, seconds
        self.before = first_steps(world, state, k)
        self.missing = world.need - world.units(state)
        self.best: tuple[int, ...] = ()
        self.matches, self.programmes = world.matches(state), 0
        self._seen: list[Array] = []

    def compare(self, courses: Sequence[int]) -> None:
        """Keep courses that can be followed if they match more targets."""
        matched = self.world.units(self.world.after(self.state, courses)) >= self.world.need
        self._seen.append(matched)
        if int(matched.sum()) > self.matches:
            self.best, self.matches = tuple(courses), int(matched.sum())

    def survivors(self) -> list[int]:
        """Return the targets that k courses might reach if all could be entered, the nearest first."""
        able = np.flatnonzero(self.before < self.k)
        gains = self.world.units(np.maximum(self.state, self.world.teach[able])) - self.world.units(self.state)
        top = -np.sort(-gains, axis=0)[: self.k].sum(axis=0)
        near = np.flatnonzero((self.missing > 0) & (top >= self.missing)).tolist()
        near.sort(key=lambda target: (self.missing[target] - top[target], target))
        return [t for t in near if self.covers.best(t, self.k, able, int(self.missing[t])) >= self.missing[t]]

    def joint(self, targets: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
        """Yield the sets of so many targets that k courses might reach at once if all could be entered."""
        able = np.flatnonzero(self.before < self.k)
        for chosen in itertools.combinations(targets, size):
            if size == 1 or together(self.world, self.state, able, chosen, self.missing, self.k):
                yield chosen

    def can_match(self, targets: tuple[int, ...]) -> bool | None:
        """Tell whether k courses can match all these targets; None: not known within the limits."""
        if any(matched[list(targets)].all() for matched in self._seen):
            return True
        program = Program(self.world, self.state, self.k, self.before, self.covers, targets, self.missing)
        for _ in range(MOST_CUTS):
            self.programmes += 1
            answer = program.model.minimise({}, seconds=self.seconds, gap=0.0)
            if answer.values is None:
                return False if answer.infeasible else None
            chosen = program.chosen(answer.values)
            order, stuck = in_order(self.world, self.state, chosen)
            self.compare(order)
            if not stuck:
                return True
            program.cut(chosen, stuck)
        return None

    def result(self, bound: int) -> Exact:
        """Return what was found, with a bound."""
        return Exact(self.best, self.matches, max(bound, self.matches), self.programmes)


def first_steps(world: World, state: Array, k: int) -> Array:
    """Return how many courses must come before each one at least (k: it cannot be one of k)."""
    before = np.full(len(world.names), k)
    reached = state
    for step in range(k):
        fresh = world.admits(reached) & (before == k)
        before[fresh] = step
        if not fresh.any():
            break
        reached = np.maximum(reached, world.teach[fresh].max(axis=0))
    return before


class Covers:
    """The best cover of each target of one person by j courses, each worked out when first asked for."""

    def __init__(self, world: World, state: Array) -> None:
        self._world, self._state = world, state
        self._known: dict[tuple[int, int, int], int] = {}

    def best(self, target: int, j: int, able: Array, need: int) -> int:
        """Return the most levels that j of the courses `able` (sorted) add to the target, at most `need`."""
        key = (target, j, len(able))
        if key not in self._known:
            self._known[key] = best_cover(self._sets(target, able), j, need) if j else 0
        return self._known[key]

    def _sets(self, target: int, able: Array) -> Array:
        """Return what each course adds, of shape (courses, levels missing), without those that another one covers."""
        skills = np.flatnonzero(self._world.wanted[:, target])
        taught = self._world.teach[np.ix_(able, skills)]
        levels = [(taught >= level) & (self._state[skills] < level) for level in range(1, TARGET_LEVEL + 1)]
        sets = np.unique(np.concatenate(levels, axis=1), axis=0)
        small = sets.astype(np.float32)
        covered = (small @ small.T == small.sum(axis=1)[:, None]) & ~np.eye(len(sets), dtype=bool)
        return small[~covered.any(axis=1)]


def best_cover(sets: Array, k: int, enough: int) -> int:
    """Return the most elements that k rows of `sets` (0 or 1) cover together, at most `enough`.

    >>> best_cover(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]], dtype=np.float32), 2, 4)
    4
    """
    best = 0

    def search(left: Array, count: int, covered: int, open_: Array) -> None:
        nonlocal best
        gains = left @ open_
        order = np.argsort(-gains, kind="stable")[: int((gains > 0).sum())]
        if not len(order):
            best = max(best, covered)
            return
        best = max(best, covered + int(gains[order[0]]))
        if count == 1:
            return
        left, gains = left[order], gains[order]
        sums = np.concatenate([[0.0], np.cumsum(gains)])
        for place in range(len(order)):
            if best >= enough or covered + sums[min(place + count, len(order))] - sums[place] <= best:
                return
            search(left[place + 1 :], count - 1, covered + int(gains[place]), open_ * (1 - left[place]))

    search(sets, k, 0, np.ones(sets.shape[1], dtype=np.float32))
    return min(best, enough)


def together(world: World, state: Array, able: Array, targets: tuple[int, ...], missing: Array, k: int) -> bool:
    """Tell whether k courses could bring all targets at once to a match if all could be entered."""
    skills = np.flatnonzero(world.wanted[:, targets].any(axis=1))
    taught = world.teach[np.ix_(able, skills)]
    levels = [(taught >= level) & (state[skills] < level) for level in range(1, TARGET_LEVEL + 1)]
    sets = np.unique(np.concatenate(levels, axis=1), axis=0).astype(np.float32)
    sets = sets[~((sets @ sets.T == sets.sum(axis=1)[:, None]) & ~np.eye(len(sets), dtype=bool)).any(axis=1)]
    weights = np.tile(world.wanted[np.ix_(skills, targets)], (TARGET_LEVEL, 1))

    def search(left: Array, count: int, open_: Array, short: Array) -> bool:
        gains = (left * open_) @ weights
        top = -np.sort(-gains, axis=0)[:count].sum(axis=0) if len(left) else np.zeros(len(short))
        if (top < short).any():
            return False
        if (short <= 0).all():
            return True
        if count == 1:
            return bool((gains >= short).all(axis=1).any())
        order = np.argsort(-np.minimum(gains, np.maximum(short, 0)).sum(axis=1), kind="stable")
        left, gains = left[order], gains[order]
        return any(
            search(left[place + 1 :], count - 1, open_ * (1 - left[place]), short - gains[place])
            for place in range(len(left))
            if (-np.sort(-gains[place:], axis=0)[:count].sum(axis=0) >= short).all()
        )

    return search(sets, k, np.ones(sets.shape[1], dtype=np.float32), missing[list(targets)].astype(np.float32))


class Program:
    """The integer programme of one person who is to match all of some targets."""

    def __init__(
        self,
        world: World,
        state: Array,
        k: int,
        before: Array,
        covers: Covers,
        targets: tuple[int, ...],
        missing: Array,
    ) -> None:
        self.world, self.state, self.k, self.before = world, state, k, before
        self.courses = np.flatnonzero(self._keep(covers, targets, missing))
        self.model = IntegerModel()
        self._x = {int(course): self.model.column(1.0, whole=True) for course in self.courses}
        self._u: dict[tuple[int, int, int], int] = {}
        self.model.row(dict.fromkeys(self._x.values(), 1.0), high=k)
        for target in targets:
            self._add_target(target, int(missing[target]))
        for course in self._x:
            if before[course] > 0:
                self._add_entry(course)

    def chosen(self, values: Array) -> list[int]:
        """Return the courses taken."""
        return [course for course, column in self._x.items() if values[column] > 0.5]

    def _keep(self, covers: Covers, targets: tuple[int, ...], missing: Array) -> Array:
        """Return which courses may be among k that match all targets."""
        able = np.flatnonzero(self.before < self.k)
        gains = self.world.units(np.maximum(self.state, self.world.teach[able])) - self.world.units(self.state)
        allowed, slack = np.ones(len(able), dtype=bool), self.k
        for target in targets:
            need = int(missing[target])
            allowed &= gains[:, target] >= need - covers.best(target, self.k - 1, able, need)
            spare = (j for j in range(1, self.k) if covers.best(target, self.k - j, able, need) < need)
            slack = min(slack, next(spare, self.k) - 1)
        kept, open_to = np.zeros(len(self.before), dtype=bool), np.zeros(len(self.before), dtype=bool)
        kept[able[allowed & (gains[:, list(targets)] > 0).any(axis=1)]] = True
        open_to[able[allowed]] = True
        return self._with_openers(kept, slack) & open_to

    def _with_openers(self, kept: Array, slack: int) -> Array:
        """Add the courses that bring what a course kept requires, and so on, in so many rounds."""
        course, skill, level = self.world.entry
        for _ in range(slack):
            asked = kept[course] & (self.before[course] > 0) & (self.state[skill] < level)
            goal = np.zeros(len(self.state), dtype=np.int8)
            np.maximum.at(goal, skill[asked], level[asked].astype(np.int8))
            kept = kept | ((self.before < self.k) & (np.minimum(self.world.teach, goal) > self.state).any(axis=1))
        return kept

    def _reach(self, skill: int, level: int, without: int = -1) -> int | None:
        """Return the variable that says that the skill reaches the level; None: no course brings it there."""
        found = self.courses[self.world.teach[self.courses, skill] >= level]
        teachers = [course for course in found.tolist() if course != without]
        if not teachers:
            return None
        key = (skill, level, without if without in self._x and self.world.teach[without, skill] >= level else -1)
        if key not in self._u:
            self._u[key] = self.model.column(1.0)
            self.model.row({self._u[key]: 1.0} | {self._x[course]: -1.0 for course in teachers}, high=0.0)
        return self._u[key]

    def _add_target(self, target: int, need: int) -> None:
        terms: dict[int, float] = {}
        for skill in np.flatnonzero(self.world.wanted[:, target]):
            for level in range(int(self.state[skill]) + 1, TARGET_LEVEL + 1):
                if (column := self._reach(int(skill), level)) is not None:
                    terms[column] = 1.0
        self.model.row(terms, low=float(need))

    def _add_entry(self, course: int) -> None:
        """Add that enough of what a course requires is held in the end, without what it teaches itself."""
        courses, skills, levels = self.world.entry
        rows = slice(*np.searchsorted(courses, [course, course + 1]))
        asked = list(zip(skills[rows].tolist(), levels[rows].tolist(), strict=True))
        held = sum(min(int(self.state[skill]), level) / level for skill, level in asked)
        short = THRESHOLD * len(asked) - held - TINY
        terms = {self._x[course]: -short}
        steps = [(skill, step, 1 / level) for skill, level in asked
                 for step in range(int(self.state[skill]) + 1, level + 1)]  # fmt: skip
        spare = sum(part for _, _, part in steps) - short
        for skill, step, part in steps:
            column = self._reach(skill, step, without=course)
            if column is not None:
                terms[column] = terms.get(column, 0.0) + part
            if part > spare + TINY:  # nothing else makes up for this level: said apart, it makes the bound tight
                self.model.row({self._x[course]: 1.0} | ({} if column is None else {column: -1.0}), high=0.0)
        self.model.row(terms, low=0.0)

    def cut(self, chosen: list[int], stuck: list[int]) -> None:
        """Forbid the courses that wait for each other, unless another course helps to enter one of them."""
        courses, skills, _ = self.world.entry
        asked = skills[np.isin(courses, stuck)]
        helping = [c for c in self.courses.tolist() if c not in chosen and self.world.teach[c, asked].any()]
        terms = {self._x[course]: 1.0 for course in stuck} | {self._x[course]: -1.0 for course in helping}
        self.model.row(terms, high=len(stuck) - 1.0)
