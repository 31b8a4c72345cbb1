"""What the charts of the figures show: plain values, in the order in which they are drawn. Pure.

Amounts are cents in the home currency, shares exact fractions. ``rows`` are what a mark was counted from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from csdesk.models.vocabulary import HOME_CURRENCY, N_
from csdesk.services.kpi.rules import Figure, Row

TITLES: Mapping[str, str] = {
    "trend": N_("Churn trend"),
    "bridge": N_("ARR bridge"),
    "cohorts": N_("Retention cohorts"),
    "churn_reasons": N_("Reasons for churn"),
    "calendar": N_("Renewal calendar"),
    "forecast": N_("Forecast against target"),
    "ageing": N_("Age of receivables"),
    "renewal_reasons": N_("Reasons for renewing"),
    "pareto": N_("ABC and Pareto"),
}
"""What each chart is called, in the order of a fresh dashboard."""


@dataclass(frozen=True)
class TrendMonth:
    """A month: accounts lost of those active before it, gross and net retention, whether it may still change.

    ``changed`` says which definitions were changed in it, as sentences, ``changed_later`` of the last month which were since;
    ``figures`` are what all this was read from.
    """

    first: date
    lost: int
    base: int
    gross: Fraction | None
    net: Fraction | None
    provisional: bool = False
    changed: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    changed_later: tuple[str, ...] = ()


@dataclass(frozen=True)
class CohortLine:
    """Accounts that began in the same days, and what was left of them after 0, 1, 2 … such spans; None: not known."""

    first: date
    name: str
    size: int
    shares: tuple[Fraction | None, ...]


@dataclass(frozen=True)
class Part:
    """One bar of several: its key, name, how many, and their amount."""

    key: str
    name: str
    count: int
    cents: int
    rows: tuple[Row, ...] = ()
    currency: str = HOME_CURRENCY


@dataclass(frozen=True)
class EndingMonth:
    """The ARR that ends in a month, by what became of it; what was wanted of it, and what is expected by the weights.

    ``others`` are the contracts among ``count`` in a currency without a rate: in no sum.
    """

    first: date
    ends: int = 0
    renewed: int = 0
    open: int = 0
    lost: int = 0
    wanted: int = 0
    forecast: int = 0
    count: int = 0
    rows: tuple[Row, ...] = ()
    others: int = 0
    wanted_rows: tuple[Row, ...] = ()
    forecast_rows: tuple[Row, ...] = ()


def level(share: Fraction | None) -> int:
    """How dark the cell of a cohort is: 6 for all of it, 1 for little, 0 for nothing known."""
    if share is None:
        return 0
    return next((step for step, least in LEVELS if share >= least), 1)


LEVELS: Sequence[tuple[int, Fraction]] = (
    (6, Fraction(199, 200)),
    (5, Fraction(183, 200)),
    (4, Fraction(173, 200)),
    (3, Fraction(159, 200)),
    (2, Fraction(139, 200)),
)
"""By darkness: the least share, a little below 100, 92, 87, 80 and 70 %, as they are shown rounded."""
