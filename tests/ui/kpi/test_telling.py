"""What stands beside the charts and behind their marks: the currency of every sum, the rows of every bar."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.services.core.desk import Desk
from csdesk.services.kpi.charts import Part
from csdesk.services.kpi.dashboard import Dashboard, Wish, dashboard, sparks
from csdesk.services.kpi.rules import Period
from csdesk.services.settings.commands import ChangeSettings, change_settings
from csdesk.ui.core.chart import ink_of, paint
from csdesk.ui.kpi.bars import parts_drawing
from csdesk.ui.kpi.layout import CHARTS
from csdesk.ui.kpi.telling import chart_of, rows_behind, tile_words
from tests.conftest import TODAY
from tests.services.kpi.test_foreign_and_narrowed import BOTH, FOREIGN, OCTOBER, aim, make, rate, term


def seen(desk: Desk, period: Period = OCTOBER, revenue: bool = False) -> Dashboard:
    with desk.read() as connection:
        return dashboard(connection, Wish(period, charts=tuple(CHARTS), revenue=revenue), TODAY)


def told(view: Dashboard, chart: str) -> list[str]:
    """What the marks of a chart say."""
    drawing, _note = chart_of(view, chart)
    assert drawing is not None
    return [spot.told for spot in paint(drawing, 480, 260, ink_of()).spots]


def test_sums_of_several_currencies_are_never_added_up(desk: Desk) -> None:
    desk.do(make, BOTH)
    view = seen(desk)
    assert chart_of(view, "churn_reasons")[1] == "last 12 months · 2 accounts · 0.9k CNY · 0.3k USD"
    assert told(view, "churn_reasons") == ["Price: 1, 0.9k CNY", "Price (USD): 1, 0.3k USD"]
    for chart in ("trend", "bridge", "calendar", "forecast"):
        assert "contracts in CNY alone" in chart_of(view, chart)[1]
    assert told(view, "calendar")[0] == (
        "October 2026: 2 contracts end, 0.9k CNY; renewed 0.0k, undecided 0.0k, lost 0.9k\n"
        "1 of the contracts is in another currency without a rate: not in the sums"
    )
    assert chart_of(seen(desk, revenue=True), "cohorts")[1].endswith("contracts in CNY alone")
    desk.do(rate, "7")
    rated = seen(desk)
    assert chart_of(rated, "churn_reasons")[1] == "last 12 months · 2 accounts · 3.0k CNY"
    assert not [chart for chart in CHARTS if "alone" in chart_of(rated, chart)[1]]
    assert told(rated, "calendar")[0].startswith("October 2026: 2 contracts end, 3.0k CNY;")


def test_a_store_in_one_foreign_currency_is_told_in_it(desk: Desk) -> None:
    desk.do(make, FOREIGN)
    view = seen(desk)
    assert chart_of(view, "bridge")[1].startswith("k USD")
    assert told(view, "bridge")[0] == "10-01: 800 USD"
    assert told(view, "pareto")[0] == "1. Abroad: tier —, ARR 0.5k USD, together 86.2\u00a0%"


def test_bars_of_amounts_are_measured_within_their_currency() -> None:
    parts = [Part("a", "One", 1, 100), Part("b", "Two", 1, 50), Part("c", "Three (USD)", 1, 10, currency="USD")]
    from tests.ui.kpi.test_drawings import INK, _hex, drawn

    figure, _spots = drawn(parts_drawing(parts, by_amount=True))
    found = [patch for patch in figure.axes[0].patches if _hex(patch.get_facecolor()) == INK["accent"]]
    track = figure.axes[0].patches[0].get_width()
    assert [patch.get_width() / track for patch in found] == pytest.approx([1, 0.5, 1])


def test_the_pareto_opens_the_accounts_between_two_amounts(desk: Desk) -> None:
    desk.do(make, [term(f"N{n}", "2026-01-01", "2027-12-31", n) for n in range(1, 6)])
    view = seen(desk, Period(date(2026, 10, 1), date(2026, 10, 31)))
    assert chart_of(view, "pareto")[1] == "ARR on 2026-10-31"
    name, rows, _words = rows_behind(view, "pareto", (200, 400))
    assert name == "ARR on 2026-10-31"
    assert sorted(row.account for row in rows) == ["N2", "N3", "N4"]


def test_a_tile_tells_every_currency_and_judges_the_home_one(desk: Desk) -> None:
    desk.do(make, [*BOTH, term("Stays", "2025-01-01", "2027-12-31", 1100)])
    desk.do(aim, ("gross_revenue_retention", "0.5"))
    view = seen(desk)
    said = tile_words(view, "gross_revenue_retention")
    assert (said.value, said.counts, said.met) == ("55.0\u00a0%", "CNY", True)
    assert said.below == ("USD 62.5\u00a0% · −45.0 pts",)
    with desk.read() as connection:
        line = sparks(connection, view.wish, ("gross_revenue_retention",), TODAY)["gross_revenue_retention"]
    assert line[-2:] == (1.0, 0.55)


def test_a_tile_of_amounts_names_each_currency_once(desk: Desk) -> None:
    desk.do(make, [*BOTH, term("Stays", "2025-01-01", "2027-12-31", 1100)])
    desk.do(change_settings, ChangeSettings({"figures.gross_margin": 100}))
    said = tile_words(seen(desk), "ltv")
    assert (said.value, said.counts, said.below[0]) == ("1,650", "CNY", "USD 435")
