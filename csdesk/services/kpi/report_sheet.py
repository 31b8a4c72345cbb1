"""The report of a period as a workbook: figures, who was lost, what ends, each chart's numbers, every row, definitions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from csdesk.models.vocabulary import RenewalCategory
from csdesk.services.core.columns import Kind
from csdesk.services.core.texts import _
from csdesk.services.files.writing import Heading, OutSheet, Value, write_workbook
from csdesk.services.kpi.chart_tables import TABLES, chart_sheet
from csdesk.services.kpi.comparing import change_text, target_text
from csdesk.services.kpi.dashboard import Dashboard
from csdesk.services.kpi.figures import FIGURES
from csdesk.services.kpi.report import definition_lines, report_title
from csdesk.services.kpi.report_facts import AHEAD, ReportFacts
from csdesk.services.kpi.sheet import figure_sheets
from csdesk.services.kpi.wording import scope_text


def write_report(path: Path, view: Dashboard, facts: ReportFacts) -> None:
    """Write it whole or not at all. Raises StorageError."""
    write_workbook(path, report_sheets(view, facts))


def report_sheets(view: Dashboard, facts: ReportFacts) -> list[OutSheet]:
    """All of its sheets; rows are never cut as they are on paper."""
    beside = {
        key: (target_text(one), change_text(one.main(), view.earlier[key].main())) for key, one in view.figures.items()
    }
    figures, rows = figure_sheets(view.figures, FIGURES, beside)
    title = report_title(view.wish.period, facts.printed_at.date())
    note = " \u00b7 ".join(filter(None, (title, scope_text(view.wish.scope))))
    told = OutSheet(figures.title, figures.columns, figures.rows, note=note)
    charts = [chart_sheet(view, key) for key in view.wish.charts if TABLES[key](view)[1]]
    return [told, _losses(facts), _ending(facts), _tasks(facts), *charts, rows, _definitions(view, facts)]


def _losses(facts: ReportFacts) -> OutSheet:
    heads = (
        Heading(_("Account"), width=28), Heading(_("Tier"), width=8), Heading(_("Lost on"), Kind.DAY, 12),
        Heading(_("ARR"), Kind.MONEY, 16), Heading(_("Currency"), width=10), Heading(_("Reason"), width=24),
        Heading(_("In words"), width=48, wraps=True),
    )  # fmt: skip
    rows: list[Sequence[Value]] = [
        (
            loss.row.account,
            loss.tier,
            loss.row.day,
            _money(loss.row.cents),
            loss.row.currency,
            loss.cause,
            loss.row.words,
        )
        for loss in facts.losses
    ]
    return OutSheet(_("Lost, and why"), heads, rows)


def _ending(facts: ReportFacts) -> OutSheet:
    heads = (
        Heading(_("Account"), width=28), Heading(_("Tier"), width=8), Heading(_("Contract"), width=18),
        Heading(_("Ends on"), Kind.DAY, 12), Heading(_("ARR"), Kind.MONEY, 16), Heading(_("Forecast amount"), Kind.MONEY, 16),
        Heading(_("Currency"), width=10), Heading(_("Forecast"), width=12), Heading(_("Next step"), width=36),
        Heading(_("Due"), Kind.DAY, 12),
    )  # fmt: skip
    rows: list[Sequence[Value]] = [
        (
            card.account, card.tier or "", card.number, card.end_on, _money(card.target_cents), _money(card.forecast_cents),
            card.currency, _(RenewalCategory(card.category).label) if card.category else "", card.step, card.step_on,
        )
        for card in facts.ending
    ]  # fmt: skip
    return OutSheet(_("Ends within {n} days").format(n=AHEAD), heads, rows)


def _tasks(facts: ReportFacts) -> OutSheet:
    heads = (
        Heading(_("Due"), Kind.DAY, 12), Heading(_("Account"), width=28), Heading(_("Task"), width=48, wraps=True),
        Heading(_("Comes from"), width=28), Heading(_("Owner"), width=14),
    )  # fmt: skip
    rows: list[Sequence[Value]] = [
        (task.due_on, task.account, task.text, task.source_text, task.owner) for task in facts.tasks
    ]
    return OutSheet(_("What is to be done next"), heads, rows)


def _definitions(view: Dashboard, facts: ReportFacts) -> OutSheet:
    heads = (Heading(_("Figure"), width=28), Heading(_("Formula"), width=100, wraps=True))
    rows: list[Sequence[Value]] = [(_(one.name), _(one.formula)) for one in FIGURES.values() if one.formula]
    rows += [("", line) for line in definition_lines(view, facts)]
    return OutSheet(_("Definitions"), heads, rows)


def _money(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)
