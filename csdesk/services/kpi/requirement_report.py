"""The figures of tickets and demands on paper: all of them, the charts, the demands with the most ARR, the groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from csdesk.services.core import formats
from csdesk.services.core.report import (
    Halves,
    PaperColumn,
    Paragraphs,
    Picture,
    Report,
    Row,
    Section,
    Table,
    cell,
    text,
)
from csdesk.services.core.texts import _, language
from csdesk.services.kpi.comparing import period_name
from csdesk.services.kpi.figures import REQUIREMENT_FIGURES
from csdesk.services.kpi.requirement_sheet import GROUP_TITLES
from csdesk.services.kpi.requirements import GroupLine, RequirementView
from csdesk.services.kpi.rules import Row as FigureRow
from csdesk.services.kpi.wording import beside_text, counts_text, row_text, short_text, value_text

CHART_PLACE = 245.0, 128.0
"""The width and height of a chart on paper, in points."""
GROUPED = ("open_tickets", "sent_in_time", "answered_in_time", "told_in_time", "declined_share", "bug_dates_kept")
"""The figures of a group that have a column on paper."""
MOST_GROUPS, MOST_LISTED = 40, 12
"""So many lines of a group, and rows behind a figure; the workbook has all."""


def requirement_report(
    view: RequirementView, charts: Sequence[tuple[str, bytes]], printed_at: datetime, author: str = ""
) -> Report:
    """``charts`` are titles with what was drawn for paper, in their order."""
    days = period_name(view.period, printed_at.date())
    return Report(
        title=_("Requirement figures, {days}").format(days=days),
        subtitle=" \u00b7 ".join(filter(None, (author, *_narrowed(view)))),
        summary=(text(_("As known on {day}.").format(day=printed_at.date().isoformat()), muted=True, small=True),),
        sections=(
            Section(_("Figures"), blocks=(Table(tuple(_figure(view, key) for key in view.figures), _columns()),), rule=0),
            *_charts(charts), *_top(view), *_groups(view), *_rows(view),
        ),
        footer=(),
        printed_at=printed_at,
        author=author,
        language=language(),
    )  # fmt: skip


def _narrowed(view: RequirementView) -> list[str]:
    """What the page was narrowed to."""
    cut = view.cut
    found = []
    if cut.module is not None:
        found.append(f"{_('Module')} {cut.module or _('No module')}")
    if cut.tier is not None:
        found.append(_("Tier {tier}").format(tier=cut.tier) if cut.tier else _("No tier"))
    if cut.account_id is not None:
        found.append(view.account or _("unknown"))
    return found or [_("all tickets")]


def _columns() -> tuple[PaperColumn, ...]:
    return (
        PaperColumn(_("Figure"), stretch=1), PaperColumn(_("These days"), 80, align="right"),
        PaperColumn(_("Of what"), stretch=0.9), PaperColumn(_("Formula"), stretch=2),
    )  # fmt: skip


def _figure(view: RequirementView, key: str) -> Row:
    figure, entry = view.figures[key], REQUIREMENT_FIGURES[key]
    made = _(", ").join(filter(None, (counts_text(figure), beside_text(figure))))
    return Row((
        cell(_(entry.name)), cell(text(value_text(figure), bold=True)), cell(text(made, small=True)),
        cell(text(_(entry.formula), muted=True, small=True)),
    ))  # fmt: skip


def _charts(charts: Sequence[tuple[str, bytes]]) -> list[Section]:
    made = [Section(title, blocks=(Picture(png, CHART_PLACE[1]),), rule=0) for title, png in charts]
    return [
        Section(blocks=(Halves((made[place],), tuple(made[place + 1 : place + 2])),))
        for place in range(0, len(made), 2)
    ]


def _top(view: RequirementView) -> list[Section]:
    columns = (
        PaperColumn(_("Demand"), stretch=1), PaperColumn(_("Accounts"), 50, align="right"),
        *(PaperColumn(tier, 30, align="right") for tier in "ABC"), PaperColumn(_("ARR (CNY)"), 90, align="right"),
    )  # fmt: skip
    rows = tuple(
        Row((
            cell(one.row.account), cell(formats.number(one.accounts)),
            *(cell(formats.number(one.tiers.get(tier, 0))) for tier in "ABC"), cell(formats.cents(one.arr_cents)),
        ))
        for one in view.top
    )  # fmt: skip
    return [Section(_("Top demands by ARR"), blocks=(Table(rows, columns),), rule=0)] if rows else []


def _groups(view: RequirementView) -> list[Section]:
    found = []
    for group, lines in view.groups.items():
        if not lines:
            continue
        heads = (_(REQUIREMENT_FIGURES[key].name) for key in GROUPED)
        columns = (PaperColumn("", stretch=1), *(PaperColumn(head, 68, align="right") for head in heads))
        table = Table(tuple(map(_group, lines[:MOST_GROUPS])), columns)
        found.append(Section(_(GROUP_TITLES[group]), blocks=(table, *_more(len(lines) - MOST_GROUPS)), rule=0))
    return found


def _group(line: GroupLine) -> Row:
    shares = [cell(text(_share(line, key), small=True)) for key in GROUPED]
    return Row((cell(line.name or _("none")), *shares))


def _share(line: GroupLine, key: str) -> str:
    figure = line.figures[key]
    if figure.denominator is None:
        return formats.number(figure.numerator)
    return short_text(figure) if figure.denominator else formats.NOTHING


def _rows(view: RequirementView) -> list[Section]:
    """Who was counted in each share, the first few."""
    columns = (PaperColumn(_("Account"), 130), PaperColumn(_("About"), stretch=1))
    found: list[Section] = []
    for key, figure in view.figures.items():
        if figure.denominator is None or not figure.counted:
            continue
        rows = tuple(_row(row) for row in figure.counted[:MOST_LISTED])
        more = _more(len(figure.counted) - MOST_LISTED)
        note = f"{_('Counted')} {formats.number(len(figure.counted))}"
        found.append(
            Section(_(REQUIREMENT_FIGURES[key].name), note, value_text(figure), (Table(rows, columns), *more), 0)
        )
    return [Section(_("Rows behind the figures"), new_page=True), *found] if found else []


def _row(row: FigureRow) -> Row:
    return Row((cell(text(row.account, small=True)), cell(text(row_text(row), small=True))))


def _more(count: int) -> tuple[Paragraphs, ...]:
    if count <= 0:
        return ()
    words = _("{n} more: in the workbook").format(n=formats.number(count))
    return (Paragraphs((text(words, muted=True, small=True),)),)
