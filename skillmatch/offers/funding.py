"""Schemes that pay a part of training: who may use them, and what they take off the costs of a plan."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from skillmatch.company.model import Company, Record
from skillmatch.errors import InputError, Problem
from skillmatch.files import replace_file
from skillmatch.words import Reason, Transition


class FundingScheme(Record):
    """A scheme that pays `rate` of a training's price, up to `cap_eur` for the company over the whole plan.

    An amount that is None is not known: the scheme is then named but not applied, until the user fills it in. Empty
    `countries` (two-letter codes), `ecosystems` and `transitions` mean any; `largest_company` is the most people that
    the company may have (None: any size). `source` and `checked` say where and when the facts were read.
    """

    id: str
    name: str
    country: str = ""
    rate: float | None = Field(default=None, gt=0, le=1)
    cap_eur: float | None = Field(default=None, ge=0)
    capped: bool = True
    largest_company: int | None = Field(default=None, ge=1)
    countries: tuple[str, ...] = ()
    ecosystems: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()
    url: str = ""
    source: str = ""
    checked: str = ""
    note: str = ""

    @property
    def limit_eur(self) -> float:
        """The most the scheme pays; infinite where it has no cap."""
        return float("inf") if not self.capped or self.cap_eur is None else self.cap_eur


def obstacles(scheme: FundingScheme, company: Company) -> tuple[Reason, ...]:
    """Return why a scheme cannot be applied to a company; empty if it can."""
    people = sum(role.people for role in company.roles)
    places = scheme.countries or ((scheme.country,) if scheme.country else ())
    found: list[Reason] = []
    unknown = [name for name, missing in _unknown(scheme).items() if missing]
    if unknown:
        found.append(Reason("funding unknown", {"scheme": scheme.name, "amounts": " and ".join(unknown)}))
    if places and company.country not in places:
        found.append(Reason("funding country", {"scheme": scheme.name, "countries": ", ".join(places)}))
    if scheme.largest_company is not None and people > scheme.largest_company:
        found.append(Reason("funding size", {"scheme": scheme.name, "most": scheme.largest_company, "people": people}))
    if scheme.ecosystems and company.ecosystem not in scheme.ecosystems:
        found.append(Reason("funding ecosystem", {"scheme": scheme.name, "ecosystems": ", ".join(scheme.ecosystems)}))
    return tuple(found)


def _unknown(scheme: FundingScheme) -> Mapping[str, bool]:
    return {"the rate": scheme.rate is None, "the cap": scheme.capped and scheme.cap_eur is None}


def allocate(
    gross_eur: NDArray[np.float64],
    eligible: NDArray[np.bool_],
    rates: NDArray[np.float64],
    caps_eur: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the funding of each cost by each scheme that takes most off the whole, so that no euro is funded twice.

    Maximises ``sum(f)`` with ``f[i, k] <= 0`` unless eligible, ``sum_k f[i, k] / rates[k] <= gross_eur[i]`` and
    ``sum_i f[i, k] <= caps_eur[k]``: a linear programme, in closed form where only one scheme applies.

    Parameters
    ----------
    gross_eur
        Costs, of shape (n,), in euros.
    eligible
        Of shape (n, k): whether scheme k may pay for cost i.
    rates, caps_eur
        Of shape (k,): share in (0, 1] and most euros of each scheme (infinite: no cap).

    Returns
    -------
    funding
        Of shape (n, k), in euros, not rounded.

    Examples
    --------
    >>> allocate(np.array([1000.0, 400.0]), np.array([[True], [False]]), np.array([0.5]), np.array([300.0]))
    array([[300.],
           [  0.]])
    """
    funding = np.zeros(eligible.shape)
    useful = [k for k in range(len(rates)) if (eligible[:, k] & (gross_eur > 0)).any()]
    if not useful:
        return funding
    if len(useful) == 1:
        k = useful[0]
        room = np.where(eligible[:, k], gross_eur * rates[k], 0.0)
        paid_before = np.concatenate([[0.0], np.cumsum(room)[:-1]])
        funding[:, k] = np.clip(caps_eur[k] - paid_before, 0.0, room)
        return funding
    return _share_out(gross_eur, eligible, rates, caps_eur)


def _share_out(
    gross_eur: NDArray[np.float64],
    eligible: NDArray[np.bool_],
    rates: NDArray[np.float64],
    caps_eur: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Solve the linear programme of `allocate`."""
    from scipy.optimize import linprog

    pairs = np.argwhere(eligible & (gross_eur > 0)[:, None])
    costs, schemes = sorted({int(i) for i, _ in pairs}), sorted({int(k) for _, k in pairs})
    rows = np.zeros((len(costs) + len(schemes), len(pairs)))
    for column, (i, k) in enumerate(pairs):
        rows[costs.index(int(i)), column] = 1 / rates[k]
        rows[len(costs) + schemes.index(int(k)), column] = 1
    limits = np.concatenate([gross_eur[costs], np.minimum(caps_eur[schemes], gross_eur.sum())])
    # A faint preference for the scheme that comes first makes the answer unique where several share the cost equally.
    worth = np.array([1 + 1e-6 / (1 + k) for _, k in pairs])
    answer = linprog(-worth, A_ub=rows, b_ub=limits, method="highs")
    funding = np.zeros(eligible.shape)
    assert answer.x is not None, "funding nothing is always feasible"
    funding[pairs[:, 0], pairs[:, 1]] = np.maximum(answer.x, 0.0)
    return funding


def read_funding(place: Path) -> tuple[FundingScheme, ...]:
    """Read all schemes (``[[scheme]]`` tables) of a TOML file, or of all TOML files of a folder, sorted by id.

    Raises
    ------
    InputError
        Every problem of every file.
    """
    problems: list[Problem] = []
    found: dict[str, FundingScheme] = {}
    for path in sorted(place.glob("*.toml")) if place.is_dir() else [place]:
        for number, row in enumerate(_tables(path, problems), start=1):
            where = f"{path.name}, scheme {number}"
            try:
                scheme = FundingScheme.model_validate(row)
            except ValidationError as error:
                problems += _explain(where, error)
                continue
            if scheme.id in found:
                problems.append(
                    Problem(where, f"id {scheme.id!r} for the second time", "an id used once", "rename one")
                )
            found[scheme.id] = scheme
    if problems:
        raise InputError(problems)
    return tuple(found[name] for name in sorted(found))


def write_funding(schemes: Sequence[FundingScheme], path: Path) -> None:
    """Write schemes to a TOML file that `read_funding` reads back equal; what says nothing is left out."""
    parts = [
        "# Funding schemes and what they pay: rate is the share of the price, cap_eur the most euros over the plan."
    ]
    for scheme in sorted(schemes, key=lambda scheme: scheme.id):
        # A string or list of JSON is one of TOML too, but for the one control character that JSON lets by.
        fields = scheme.model_dump(mode="json", exclude_defaults=True)
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
        parts.append("\n".join(["", "[[scheme]]", *lines]).replace("\x7f", "\\u007f"))
    replace_file(path, ("\n".join(parts) + "\n").encode())


def _tables(path: Path, problems: list[Problem]) -> Sequence[object]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        problems.append(Problem(str(path), error.strerror or "unreadable", "a readable file", "check its name"))
        return ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(path.name, str(error), "valid TOML in UTF-8", "correct the file"))
        return ()
    tables = content.get("scheme", [])
    if not isinstance(tables, list) or set(content) - {"scheme"}:
        found = ", ".join(sorted(set(content) - {"scheme"})) or "one table"
        problems.append(
            Problem(path.name, found, "[[scheme]] tables only", "write each scheme below a line [[scheme]]")
        )
        return ()
    return tables


def _explain(where: str, error: ValidationError) -> Iterator[Problem]:
    for item in error.errors():
        place = ".".join(str(part) for part in item["loc"])
        yield Problem(f"{where}, {place}", repr(item["input"])[:80], item["msg"], "correct the value (docs/offers.md)")
