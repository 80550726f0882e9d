"""What the user chose beside the company's own workbook: how far, how many at once, and which funding pays what."""

from collections.abc import Iterator

from pydantic import Field

from skillmatch.company.model import Company, Record
from skillmatch.offers.funding import FundingScheme, read_funding
from skillmatch.planning.problem import PlanOptions, Reach
from skillmatch.resources import DATA

REACHES: dict[Reach, str] = {
    "anywhere": "anywhere",
    "country": "within the country",
    "region": "within the region",
    "online": "not at all: online only",
}
"""How far people travel to training on site, in words."""


class Choices(Record):
    """What bounds a plan beside the company's constraints, and what makes training cheaper.

    Parameters
    ----------
    reach, away_share, other_sectors
        As in `skillmatch.planning.problem.PlanOptions`.
    schemes
        Funding schemes that the user filled in or added; one with the id of a scheme that ships replaces it.
    """

    reach: Reach = "anywhere"
    away_share: float | None = Field(default=None, gt=0, le=1)
    other_sectors: bool = False
    schemes: tuple[FundingScheme, ...] = ()

    @property
    def options(self) -> PlanOptions:
        """The limits as planning takes them."""
        return PlanOptions(away_share=self.away_share, reach=self.reach, other_sectors=self.other_sectors)

    def sentences(self) -> tuple[str, ...]:
        """Say what differs from a plan without choices, so that a reader of the plan knows.

        >>> Choices(away_share=0.25).sentences()
        ('At most 25% of a role are in dated training at the same time; one person always may be.',)
        """
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        if self.reach != "anywhere":
            yield f"People travel to training {REACHES[self.reach]}."
        if self.away_share is not None:
            share = f"{self.away_share:.0%}"
            yield f"At most {share} of a role are in dated training at the same time; one person always may be."
        if self.other_sectors:
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
