"""The dashboard in words: what tiles and charts say, and which rows stand behind a mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import C_, HOME_CURRENCY
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.kpi.layout import CHARTS
from csdesk.ui.kpi.tiles import TileWords

if TYPE_CHECKING:
    from datetime import date

    from csdesk.services.kpi.charts import Part
    from csdesk.services.kpi.dashboard import Dashboard
    from csdesk.services.kpi.figures import Entry
    from csdesk.services.kpi.rules import Figure, Row
    from csdesk.ui.core.chart import Drawing

Drawn = tuple["Drawing | None", str]


def sentence_of(view: Dashboard, today: date) -> str:
    """What the period is compared with, and how many accounts there are."""
    from csdesk.services.kpi.comparing import period_name

    parts = [_("compared with {days}").format(days=period_name(view.before, today))]
    if view.wish.period.end >= today:
        parts.insert(0, _("not over yet"))
    accounts = ngettext("{n} account", "{n} accounts", view.accounts)
    return " \u00b7 ".join([*parts, accounts.format(n=formats.number(view.accounts))])


def tile_words(view: Dashboard, key: str) -> TileWords:
    """A figure as its tile says it: the counts before the percentage where the base is small; of several currencies the home
    one large, the others beneath it."""
    from csdesk.services.kpi.comparing import is_few, is_met, missing_text
    from csdesk.services.kpi.figures import FIGURES
    from csdesk.services.kpi.wording import beside_text, counts_text, other_texts, value_text

    whole = view.figures[key]
    figure = whole.main()
    value, counts = value_text(figure), counts_text(figure) if figure.kind == "rate" and figure.denominator else ""
    if is_few(figure):
        value, counts = counts, value
    others = other_texts(whole)
    if others:
        counts = figure.currency
    target, change = target_and_change(view, key)
    below = [*others, change, missing_text(figure) or beside_text(figure)]
    if target:
        below = [" \u00b7 ".join(filter(None, below))]
    return TileWords(_(FIGURES[key].name), value, counts, target, is_met(figure), tuple(filter(None, below)))


def target_and_change(view: Dashboard, key: str) -> tuple[str, str]:
    """The target of a figure and its change against the period before, "" where there is none."""
    from csdesk.services.kpi.comparing import change_text, target_text

    figure, before = view.figures[key].main(), view.earlier.get(key)
    return target_text(figure), change_text(figure, None if before is None else before.main())


# --- charts -------------------------------------------------------------------------------------------------------------


def chart_of(view: Dashboard, key: str) -> Drawn:
    """What a chart draws, None where there is nothing, and the note beside its title."""
    return CHART_MAKERS[key](view)


def _trend(view: Dashboard) -> Drawn:
    from csdesk.ui.kpi.drawings import trend_drawing

    known = [month for month in view.trend if month.base]
    note = ngettext("last {n} month", "last {n} months", len(view.trend)).format(n=len(view.trend))
    parts = [note]
    if any(figure.by_currency for month in view.trend for figure in month.figures.values()):
        parts.append(_alone(HOME_CURRENCY))
    if any(month.changed or month.changed_later for month in view.trend):
        parts.append(_("\u25bc a definition was changed"))
    parts.append(_("NRR, GRR (%) and accounts lost"))
    if any(month.provisional for month in view.trend):
        parts.append(_("hatched: may still change"))
    return (trend_drawing(view.trend) if known else None), " \u00b7 ".join(parts)


def _alone(currency: str) -> str:
    """Beside a chart that draws one currency of several."""
    return _("contracts in {currency} alone").format(currency=currency)


def _bridge(view: Dashboard) -> Drawn:
    from csdesk.ui.kpi.drawings import bridge_drawing, bridge_floor

    if view.bridge is None or not (view.bridge.opening or view.bridge.closing):
        return None, ""
    floor = bridge_floor(view.bridge)
    parts = [unit_words(view.bridge.currency)]
    if floor:
        parts.append(_("axis from {floor}").format(floor=formats.money_in_unit(floor).removesuffix(".0")))
    if view.bridge.by_currency:
        parts.append(_alone(view.bridge.currency))
    return bridge_drawing(view.bridge), " \u00b7 ".join(parts)


def unit_words(currency: str = HOME_CURRENCY) -> str:
    """The unit that sums are told in."""
    unit = formats.money_unit()[1]
    return _("in {unit} CNY").format(unit=unit) if currency == HOME_CURRENCY else f"{unit} {currency}"


def _cohorts(view: Dashboard) -> Drawn:
    from csdesk.ui.kpi.cohorts import cohorts_drawing

    heads = {"month": C_("cohort", "Month"), "quarter": C_("cohort", "Quarter"), "year": C_("cohort", "Year")}
    note = _("ARR after n spans, % of that at first") if view.wish.revenue else _("still customers after n spans, %")
    if view.cohort_currency:
        note = " \u00b7 ".join([note, _alone(view.cohort_currency)])
    lines = [line for line in view.cohorts if line.size]
    return (cohorts_drawing(lines, (_(heads[view.wish.unit]), _(C_("cohort", "Accounts")))) if lines else None), note


def _churn_reasons(view: Dashboard) -> Drawn:
    return _parts(view.churn_reasons, _("last 12 months"), _lost_words)


def _renewal_reasons(view: Dashboard) -> Drawn:
    return _parts(view.renewal_reasons, _("last 12 months"), _contract_words)


def _ageing(view: Dashboard) -> Drawn:
    return _parts(view.ageing, _("open today, days past due"), None, by_amount=True)


def _parts(parts: Sequence[Part], note: str, words: Callable[[int], str] | None, by_amount: bool = False) -> Drawn:
    from csdesk.ui.kpi.bars import parts_drawing

    if not any(part.count for part in parts):
        return None, ""
    told = [note]
    if words is not None:
        told.append(words(sum(part.count for part in parts)))
    for currency in dict.fromkeys(part.currency for part in parts if part.count):
        cents = sum(part.cents for part in parts if part.currency == currency)
        told.append(formats.money_short_in(cents, currency))
    return parts_drawing(parts, by_amount), " \u00b7 ".join(told)


def _lost_words(count: int) -> str:
    return ngettext("{n} account", "{n} accounts", count).format(n=formats.number(count))


def _contract_words(count: int) -> str:
    return ngettext("{n} contract", "{n} contracts", count).format(n=formats.number(count))


def _calendar(view: Dashboard) -> Drawn:
    from csdesk.ui.kpi.bars import calendar_drawing

    note = " \u00b7 ".join([_("ARR that ends, by month"), unit_words(), *_others(view)])
    return (calendar_drawing(view.endings) if any(month.count for month in view.endings) else None), note


def _forecast(view: Dashboard) -> Drawn:
    from csdesk.ui.kpi.bars import forecast_drawing

    note = " \u00b7 ".join([_("renewals by month, weighted"), unit_words(), *_others(view)])
    return (forecast_drawing(view.endings) if any(month.wanted for month in view.endings) else None), note


def _others(view: Dashboard) -> list[str]:
    return [_alone(HOME_CURRENCY)] if any(month.others for month in view.endings) else []


def _pareto(view: Dashboard) -> Drawn:
    from csdesk.ui.tiers.drawing import pareto_drawing

    ranked = view.pareto is not None and view.pareto.ranked
    note = _("ARR on {day}").format(day=view.wish.period.end.isoformat())
    if view.figures["pareto_share"].by_currency and view.pareto is not None:
        note = " \u00b7 ".join([note, _alone(view.pareto.currency)])
    return (pareto_drawing(view.pareto) if view.pareto is not None and ranked else None), note


CHART_MAKERS: dict[str, Callable[[Dashboard], Drawn]] = {
    "trend": _trend,
    "bridge": _bridge,
    "cohorts": _cohorts,
    "churn_reasons": _churn_reasons,
    "calendar": _calendar,
    "forecast": _forecast,
    "ageing": _ageing,
    "renewal_reasons": _renewal_reasons,
    "pareto": _pareto,
}


# --- what stands behind a mark ------------------------------------------------------------------------------------------


def rows_behind(view: Dashboard, chart: str, mark: Any) -> tuple[str, tuple[Row, ...], str]:
    """The name, the rows and the explanation of a bar."""
    from csdesk.services.kpi.chart_tables import bridge_name, parts_of

    if chart == "bridge" and view.bridge is not None:
        name = bridge_name(view, mark)
        words = _(
            "Of each account: ARR on the last day less ARR the day before the first; opening + movements = closing"
        )
        bars = {bar.move.value: bar.rows for bar in view.bridge.bars}
        rows = {"opening": view.opening_rows, "closing": view.closing_rows, **bars}[mark]
        return name, tuple(rows), words
    if chart == "pareto":
        return (
            _("ARR on {day}").format(day=view.wish.period.end.isoformat()),
            _between(view, mark),
            _(CHARTS[chart].title),
        )
    if chart == "calendar":
        month = next(one for one in view.endings if one.first == mark)
        words = _("Contracts that end in this month, with the ARR that ends")
        return formats.month_title(month.first), month.rows, words
    part = next(one for one in parts_of(view, chart) if one.key == mark)
    return part.name, part.rows, _(CHARTS[chart].title)


def forecast_behind(view: Dashboard, first: date) -> tuple[str, dict[str, Figure], dict[str, Entry]]:
    """A month of the forecast: its name, and each contract with what is expected of it and with what is wanted."""
    from csdesk.services.kpi.figures import Entry
    from csdesk.services.kpi.rules import Figure, Kind

    month = next(one for one in view.endings if one.first == first)
    name = formats.month_title(first)
    words = _(
        "Of the contracts that end in this month: what is expected by the weights, or has come ÷ what is to come of them"
    )
    figure = Figure("rows", Kind.MONEY_RATE, month.forecast, month.wanted, month.forecast_rows, month.wanted_rows)
    return name, {"rows": figure}, {"rows": Entry(name, Kind.MONEY_RATE, words)}


def _between(view: Dashboard, mark: tuple[int, int]) -> tuple[Row, ...]:
    """The accounts of the Pareto whose ARR lies between two amounts."""
    least, most = mark
    base = view.figures["pareto_share"]
    base = base.by_currency.get(HOME_CURRENCY, base)
    return tuple(row for row in base.base if least <= (row.cents or 0) <= most)


def list_figure(name: str, rows: tuple[Row, ...], formula: str) -> tuple[dict[str, Figure], dict[str, Entry]]:
    """Rows as a figure of their own, for the dialog that shows rows."""
    from csdesk.services.kpi.figures import Entry
    from csdesk.services.kpi.rules import Kind, money, number

    if any(row.cents is not None for row in rows):
        return {"rows": money("rows", rows)}, {"rows": Entry(name, Kind.MONEY, formula)}
    return {"rows": number("rows", rows)}, {"rows": Entry(name, Kind.COUNT, formula)}


def cohort_entries(name: str, revenue: bool) -> dict[str, Entry]:
    """A cell of the cohorts, for the dialog that shows rows."""
    from csdesk.services.kpi.figures import Entry
    from csdesk.services.kpi.rules import Kind

    if revenue:
        words = _(
            "Accounts whose first contract starts in these days: ARR on the day ÷ ARR on the first day of each, those not"
            " decided yet apart"
        )
        return {"rows": Entry(name, Kind.MONEY_RATE, words)}
    words = _(
        "Accounts whose first contract starts in these days: customers on the day ÷ all, those not decided yet apart"
    )
    return {"rows": Entry(name, Kind.RATE, words)}
