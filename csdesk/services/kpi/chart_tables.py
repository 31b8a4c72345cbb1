"""What each chart of the dashboard draws, as a table: for a workbook, and for paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.columns import Kind
from csdesk.services.core.texts import C_, _
from csdesk.services.files.writing import Heading, OutSheet, Value
from csdesk.services.kpi.charts import TITLES, EndingMonth, Part
from csdesk.services.kpi.dashboard import Dashboard
from csdesk.services.kpi.movements import MOVE_NAMES, Move
from csdesk.services.kpi.wording import scope_text

Table = tuple[list[str], list[list[Value]]]
"""Heads and rows; the first column is a name, the others are numbers."""


def chart_sheet(view: Dashboard, key: str) -> OutSheet:
    """The values that a chart draws, as a table."""
    heads, rows = TABLES[key](view)
    columns = [Heading(heads[0], width=24), *(Heading(head, Kind.NUMBER, 14) for head in heads[1:])]
    return OutSheet(_(TITLES[key]), columns, rows, note=scope_text(view.wish.scope))


def bridge_name(view: Dashboard, mark: str) -> str:
    """What a bar of the bridge is called."""
    period = view.wish.period
    ends = {"opening": period.start - timedelta(1), "closing": period.end}
    return _("ARR on {day}").format(day=ends[mark].isoformat()) if mark in ends else _(MOVE_NAMES[Move(mark)])


def parts_of(view: Dashboard, chart: str) -> Sequence[Part]:
    """The bars of one of the charts of parts."""
    return {"churn_reasons": view.churn_reasons, "renewal_reasons": view.renewal_reasons, "ageing": view.ageing}[chart]


def _yuan(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _share(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


def _arr_in(currency: str) -> str:
    return _("ARR (CNY)") if currency == HOME_CURRENCY else f"{_('ARR')} ({currency})"


def _trend_table(view: Dashboard) -> Table:
    heads = [
        _("Month"),
        _("Lost"),
        _("Accounts"),
        _("Gross revenue retention"),
        _("Net revenue retention"),
        _("May still change"),
    ]
    rows: list[list[Value]] = [
        [
            f"{one.first:%Y-%m}",
            one.lost,
            one.base,
            _share(one.gross),
            _share(one.net),
            _("yes") if one.provisional else "",
        ]
        for one in view.trend
    ]
    changed = ["\n".join((*one.changed, *one.changed_later)) for one in view.trend]
    if not any(changed):
        return heads, rows
    return [*heads, _("Definition changed")], [[*row, told] for row, told in zip(rows, changed, strict=True)]


def _bridge_table(view: Dashboard) -> Table:
    bridge = view.bridge
    if bridge is None:
        return [_("Movement"), _arr_in(HOME_CURRENCY)], []
    heads = [_("Movement"), _arr_in(bridge.currency)]
    rows: list[list[Value]] = [[bridge_name(view, "opening"), _yuan(bridge.opening)]]
    rows += [[_(MOVE_NAMES[bar.move]), _yuan(bar.cents)] for bar in bridge.bars]
    return heads, [*rows, [bridge_name(view, "closing"), _yuan(bridge.closing)]]


def _cohort_table(view: Dashboard) -> Table:
    longest = max((len(line.shares) for line in view.cohorts), default=0)
    rows: list[list[Value]] = [
        [line.name, line.size, *(_share(share) for share in line.shares)] for line in view.cohorts
    ]
    return [_("Cohort"), _("Accounts"), *map(str, range(longest))], rows


def _parts_table(view: Dashboard, chart: str) -> Table:
    parts = parts_of(view, chart)
    heads = [_(TITLES[chart]), _(C_("how many", "Count"))]
    if all(part.currency == HOME_CURRENCY for part in parts):
        return [*heads, _("Amount (CNY)")], [[part.name, part.count, _yuan(part.cents)] for part in parts]
    rows: list[list[Value]] = [[part.name, part.count, _yuan(part.cents), part.currency] for part in parts]
    return [*heads, _("Amount"), _("Currency")], rows


def _ending_table(view: Dashboard) -> Table:
    heads = [
        _("Month"), _("Contracts"), _("ARR that ends (CNY)"), _("Renewed (CNY)"), _("Undecided (CNY)"), _("Lost (CNY)"),
    ]  # fmt: skip

    def row(one: EndingMonth) -> list[Value]:
        return [f"{one.first:%Y-%m}", one.count, *map(_yuan, (one.ends, one.renewed, one.open, one.lost))]

    return heads, [row(one) for one in view.endings]


def _forecast_table(view: Dashboard) -> Table:
    heads = [_("Month"), _("Target (CNY)"), _("Forecast (CNY)"), _(C_("of a target", "Reached"))]

    def row(one: EndingMonth) -> list[Value]:
        share = one.forecast / one.wanted if one.wanted else None
        return [f"{one.first:%Y-%m}", _yuan(one.wanted), _yuan(one.forecast), share]

    return heads, [row(one) for one in view.endings]


def _pareto_table(view: Dashboard) -> Table:
    ranked = view.pareto.ranked if view.pareto is not None else ()
    rows: list[list[Value]] = [[one.name, _yuan(one.arr_cents), one.reached] for one in ranked]
    return [
        _("Account"),
        _arr_in(view.pareto.currency if view.pareto is not None else HOME_CURRENCY),
        _("Share reached"),
    ], rows


TABLES: Mapping[str, Callable[[Dashboard], Table]] = {
    "trend": _trend_table,
    "bridge": _bridge_table,
    "cohorts": _cohort_table,
    "churn_reasons": lambda view: _parts_table(view, "churn_reasons"),
    "renewal_reasons": lambda view: _parts_table(view, "renewal_reasons"),
    "ageing": lambda view: _parts_table(view, "ageing"),
    "calendar": _ending_table,
    "forecast": _forecast_table,
    "pareto": _pareto_table,
}
"""By chart: its heads and rows."""
