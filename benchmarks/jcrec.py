"""Compare ways to choose k courses for a person on the JCRec data: `python benchmarks/jcrec.py [--minutes M]`.

Targets are occupations of ESCO, whose essential skills count as far as the taxonomy of the benchmark links them. See
docs/benchmarks.md for the set-up. The data is read where it lies, nothing of it is copied or learnt from. Results, with
machine, date and method, go to benchmarks/results/jcrec.json.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from jcrec_data import LEAST_SHARE, LEAST_SKILLS, TARGET_LEVEL, THRESHOLD, Array, Data, World, read
from jcrec_exact import Covers, Exact, solve

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "jcrec.json"
SHARED = ROOT.parent / "shared" / "data"
ESCO = SHARED / "esco" / "v1.1.1" / "ESCO dataset - v1.1.1 - classification -  - csv.zip"
STEPS = 5
DRAWS = 20
RESAMPLES = 2000
COUNTED = 3
"""Up to so many courses, the number of targets is proven best; beyond, only whether there is one at all."""
SEED = 20240714

Chooser = Callable[[World, Array, Array], int]
"""World, levels, numbers of the courses that can be entered -> the course to take."""


def follow(world: World, state: Array, choose: Chooser) -> tuple[int, ...]:
    """Return the courses chosen one after the other; fewer than `STEPS` where no course can be entered any more."""
    taken: list[int] = []
    for _ in range(STEPS):
        able = np.flatnonzero(world.enrollable(state))
        if not len(able):
            break
        taken.append(choose(world, state, able))
        state = world.after(state, taken[-1:])
    return tuple(taken)


def followable(world: World, state: Array, courses: Sequence[int]) -> bool:
    """Tell whether each course admits the person once those before it are done."""
    return all(world.admits(world.after(state, courses[:place]))[course] for place, course in enumerate(courses))


def popular(world: World) -> Chooser:
    """The same ranking for everybody: how many (skill, target) pairs the skills of a course occur in."""
    rank = (world.teach > 0).astype(np.float32) @ world.wanted.sum(axis=1)
    return lambda _, __, able: int(able[np.argmax(rank[able])])


def greedy(world: World, state: Array, able: Array) -> int:
    """Most targets matched, then the nearest target not matched, then nearness over all targets, then the id."""
    units = world.units(np.maximum(state, world.teach[able]))
    matched = units >= world.need
    near = np.where(matched, 0.0, units / world.need)
    return int(able[np.lexsort((able, -near.sum(axis=1), -near.max(axis=1), -matched.sum(axis=1)))[0]])


def greedy_jcrec(world: World, state: Array, able: Array) -> int:
    """The rule of the paper: most targets matched, then most (skill, target) pairs of the skills held, then the id."""
    after = np.maximum(state, world.teach[able])
    matched = (world.units(after) >= world.need).sum(axis=1)
    attractive = (after > 0).astype(np.float32) @ world.wanted.sum(axis=1)
    return int(able[np.lexsort((able, -attractive, -matched))[0]])


def profile(world: World, state: Array, taken: Sequence[int]) -> list[int]:
    """Return the targets matched after 1, 2 ... `STEPS` of the courses."""
    return [world.matches(world.after(state, taken[:k])) for k in range(1, STEPS + 1)]


def random_profiles(data: Data) -> Array:
    """Return the targets matched after random courses, of shape (draws, people, steps)."""
    generator = np.random.default_rng(SEED)

    def choose(_: World, __: Array, able: Array) -> int:
        return int(generator.choice(able))

    world = data.world
    return np.array([[profile(world, p, follow(world, p, choose)) for p in data.people] for _ in range(DRAWS)])


def exact_profiles(
    data: Data, order: Sequence[int], known: Sequence[Sequence[tuple[int, ...]]], end: float
) -> Iterator[list[Exact]]:
    """Yield the best for each k, one person after the other, until the time is up.

    `known[i]` are choices for person i that can be followed; nothing may be worse than any of them.
    """
    world = data.world
    for person in order:
        if time.perf_counter() > end:
            return
        state, covers, found = data.people[person], Covers(data.world, data.people[person]), []
        best: tuple[int, ...] = ()
        for k in range(1, STEPS + 1):
            candidates = [courses[:k] for courses in known[person]]
            enough = 1_000_000 if k <= COUNTED else 1
            one = solve(world, state, k, [best, *candidates], covers, seconds=10.0, enough=enough)
            assert len(one.courses) <= k
            assert followable(world, state, one.courses)
            assert one.matches == world.matches(world.after(state, one.courses))
            assert all(one.matches >= world.matches(world.after(state, courses)) for courses in candidates)
            best = one.courses
            found.append(one)
        yield found


def interval(values: Array) -> list[float]:
    """Return the 95 % percentile bootstrap interval of the mean over draws."""
    generator = np.random.default_rng(SEED)
    means = values[generator.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
    return [round(float(value), 3) for value in np.quantile(means, (0.025, 0.975))]


def row(matches: Array) -> dict[str, list[float]]:
    """Return people with a match, and mean targets matched, for each k; `matches` are (people, steps)."""
    return {
        "people who reach a match": [int(number) for number in (matches > 0).sum(axis=0)],
        "mean applicable targets": [round(float(mean), 3) for mean in matches.mean(axis=0)],
    }


def random_row(matches: Array) -> dict[str, Any]:
    """Return the same for random choice: means over draws, with intervals; `matches` are (draws, people, steps)."""
    reached, counts = (matches > 0).sum(axis=1), matches.mean(axis=1)
    return {
        "people who reach a match": [round(float(mean), 2) for mean in reached.mean(axis=0)],
        "people, 95 % interval": [interval(reached[:, k]) for k in range(STEPS)],
        "mean applicable targets": [round(float(mean), 4) for mean in counts.mean(axis=0)],
    }


def exact_row(found: list[list[Exact]]) -> dict[str, Any]:
    """Return the same for the best choice, with what is proven."""
    matches = np.array([[one.matches for one in person] for person in found])
    bounds = np.array([[one.bound for one in person] for person in found])
    return row(matches) | {
        "people at most (bound)": [int(number) for number in (bounds > 0).sum(axis=0)],
        "people for whom reaching a match is proven either way":
            [int(number) for number in ((matches > 0) | (bounds == 0)).sum(axis=0)],
        "people whose number of targets is proven": [int(number) for number in (matches == bounds).sum(axis=0)],
        "integer programmes": [sum(person[k].programmes for person in found) for k in range(STEPS)],
    }  # fmt: skip


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=240.0, help="for the exact solver; then it stops at a person")
    minutes = parser.parse_args().minutes
    begun = time.perf_counter()
    data = read(SHARED / "benchmarks" / "jcrec", ESCO)
    world, people = data.world, data.people
    policies: dict[str, Chooser] = {
        "popularity": popular(world),
        "greedy, rule of JCRec": greedy_jcrec,
        "greedy": greedy,
    }
    taken = {name: [follow(world, person, choose) for person in people] for name, choose in policies.items()}
    matches = {
        name: np.array([profile(world, person, courses) for person, courses in zip(people, chosen, strict=True)])
        for name, chosen in taken.items()
    }
    draws = random_profiles(data)
    cheap = time.perf_counter() - begun
    print(f"{cheap:.0f} s for all but exact", flush=True)
    order = np.random.default_rng(SEED).permutation(len(people)).tolist()
    known = [[chosen[person] for chosen in taken.values()] for person in range(len(people))]
    found = []
    for one in exact_profiles(data, order, known, time.perf_counter() + 60 * minutes):
        found.append(one)
        print(len(found), [(each.matches, each.bound) for each in one], round(time.perf_counter() - begun), flush=True)
    done = sorted(order[: len(found)])
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(),
                    "python": platform.python_version(), "system": platform.system()},
        "method": {
            "target": f"ESCO 1.1.1 occupation with at least {LEAST_SKILLS} linked essential skills that are at least "
                      f"{LEAST_SHARE:.0%} of its essential skills; each linked skill required at level {TARGET_LEVEL}",
            "match": f"mean of min(held, required) / required over the skills of the target, at least {THRESHOLD}; "
                     "the same for entering a course",
            "k": list(range(1, STEPS + 1)), "seed": SEED, "random draws": DRAWS, "bootstrap resamples": RESAMPLES,
            "exact": f"number of targets for k <= {COUNTED}, whether there is one for more; in an order drawn by the "
                     "seed, until the time was up",
        },
        "counts": data.counts,
        "people matched before any course": int(sum(world.matches(person) > 0 for person in people)),
        "seconds": {"all but exact": round(cheap, 1), "in all": round(time.perf_counter() - begun, 1)},
        "all people": {"people": len(people), "random": random_row(draws)}
                      | {name: row(found_) for name, found_ in matches.items()},
        "people with exact": {"people": len(done), "random": random_row(draws[:, done])}
                             | {name: row(found_[done]) for name, found_ in matches.items()}
                             | ({"exact": exact_row(found)} if found else {}),
    }  # fmt: skip
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
