"""What the user chose beside the company's own workbook, which is what funding pays; and limits in words."""

from collections.abc import Iterator

from skillmatch.company.model import REACHES, Company, Record
from skillmatch.offers.funding import FundingScheme, read_funding
from skillmatch.resources import DATA


class Choices(Record):
    """What makes training cheaper.

    Parameters
    ----------
    schemes
        Funding schemes that the user filled in or added; one with the id of a scheme that ships replaces it.
    """

    schemes: tuple[FundingScheme, ...] = ()


def limits_in_words(company: Company) -> Iterator[str]:
    """Say which limits keep training out that would be possible otherwise, so that a reader of the plan knows."""
    limits = company.constraints
    if limits.reach != "anywhere":
        yield f"People travel to training {REACHES[limits.reach]}."
    if limits.reach == "region" and not company.region:
        yield "Your region is not named on page 1 or in the workbook, so no training on site counts as near."
    if limits.away_share is not None:
        share = f"{limits.away_share:.0%}"
        yield f"At most {share} of a role are in dated training at the same time; one person always may be."
    if limits.other_sectors:
        yield "Training made for other sectors may be booked as well."


def known_schemes(company: Company, own: tuple[FundingScheme, ...] = ()) -> tuple[FundingScheme, ...]:
    """Return the schemes of the company's country and of the whole EU, and the user's `own`, sorted by id.

    An own scheme takes the place of the one that ships under the same id.
    """
    shipped = (
        scheme
        for scheme in read_funding(DATA / "funding")
        if company.country in (scheme.countries or (scheme.country or company.country,))
    )
    merged = {scheme.id: scheme for scheme in (*shipped, *own)}
    return tuple(merged[name] for name in sorted(merged))
