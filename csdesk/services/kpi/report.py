"""The report of a period on paper: what it came to in two sentences, the figures, the charts, who was lost, what ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from csdesk.models.vocabulary import C_, HOME_CURRENCY, RenewalCategory
from csdesk.services.core import formats
from csdesk.services.core.report import (
    Cell,
    Halves,
    Line,
    PaperColumn,
    Paragraphs,
    Picture,
    Piece,
    Report,
    Row,
    Section,
    Span,
    Table,
    TierMark,
    cell,
    line_text,
    text,
)
from csdesk.services.core.texts import N_, _, is_chinese, language, ngettext
from csdesk.services.files.writing import Value
from csdesk.services.kpi.chart_tables import TABLES
from csdesk.services.kpi.charts import TITLES
from csdesk.services.kpi.comparing import change_text, is_few, is_met, missing_text, period_name, plain_text
from csdesk.services.kpi.dashboard import Dashboard
from csdesk.services.kpi.definitions import RECOGNITION
from csdesk.services.kpi.figures import FIGURES
from csdesk.services.kpi.report_facts import AHEAD, ReportFacts
from csdesk.services.kpi.rules import Figure, Kind, Period, whole_months
from csdesk.services.kpi.rules import Row as FigureRow
from csdesk.services.kpi.wording import beside_text, counts_text, other_texts, scope_text, value_text

REPORT_NAMES = {1: N_("Monthly report"), 3: N_("Quarterly report"), 12: N_("Yearly report")}
MARKS = {True: "\u2713", False: "!", None: ""}
MOST_FRONT, MOST_ROWS, MOST_LISTED = 3, 40, 12
"""So many rows of a list stand on the first page, in the tables behind, of each figure; the workbook has all."""
DRAWN_WHOLE = ("cohorts",)
"""Charts that name all their numbers."""
PAPER_WIDTH, PAPER_HALF = 504.0, 245.0
"""The width of the page and of a half of it, in points."""
HEIGHTS = {"trend": 94.0, "bridge": 94.0, "cohorts": 230.0, "pareto": 150.0}
"""How high charts stand on paper, in points; others as ``HEIGHT``."""
HEIGHT = 124.0
WIDE = ("cohorts", "pareto")
"""Charts over the whole width."""
LISTED = C_("between names", ", ")


@dataclass(frozen=True)
class ChartPicture:
    """A chart as it was drawn for paper, and the note beside its title."""

    png: bytes
    note: str


Pictures = Mapping[str, ChartPicture]
"""By chart; one with nothing to draw is missing."""


def chart_place(key: str) -> tuple[float, float]:
    """The width and height that a chart has on paper, in points."""
    return PAPER_WIDTH if key in WIDE else PAPER_HALF, HEIGHTS.get(key, HEIGHT)


def report_name(period: Period) -> str:
    """Monthly, quarterly, yearly report, else just report."""
    return _(REPORT_NAMES.get(whole_months(period), N_("Report")))


def report_title(period: Period, today: date) -> str:
    """What the report is called: its kind and its days."""
    return _("{report}, {days}").format(report=report_name(period), days=period_name(period, today))


def period_report(view: Dashboard, facts: ReportFacts, pictures: Pictures) -> Report:
    """The whole report: a page that tells it, then charts, lists, tables and definitions."""
    today = facts.printed_at.date()
    return Report(
        title=report_title(view.wish.period, today),
        subtitle=_subtitle(view, facts),
        summary=(
            text(_("compared with {days}").format(days=period_name(view.before, today)), muted=True, small=True),
            text(_("Amounts in CNY"), muted=True, small=True),
        ),
        sections=tuple(
            section
            for part in (
                [Section(blocks=(Paragraphs((_sentence(view, facts),)),))], _front(view, facts, pictures),
                _more_charts(pictures), _whole_lists(facts), _lists(view), _tables(view), _definitions(view, facts),
            )
            for section in part
        ),
        footer=(Span(_("Formula and rows of every figure: the pages behind, and the workbook")),),
        printed_at=facts.printed_at,
        author=facts.author,
        language=language(),
    )  # fmt: skip


# --- the first page ---------------------------------------------------------------------------------------------------


def _subtitle(view: Dashboard, facts: ReportFacts) -> str:
    tiers = (f"{tier or _('no tier')} {formats.number(count)}" for tier, count in facts.tiers.items())
    accounts = ngettext("{n} account", "{n} accounts", view.accounts).format(n=formats.number(view.accounts))
    parts = [facts.author, scope_text(view.wish.scope), _(": ").join(filter(None, (accounts, _(LISTED).join(tiers))))]
    if view.bridge is not None:
        parts.append(
            _("closing ARR {amount}").format(amount=formats.money_short_in(view.bridge.closing, view.bridge.currency))
        )
    return " \u00b7 ".join(filter(None, parts))


def _sentence(view: Dashboard, facts: ReportFacts) -> Line:
    """What happened, what misses its target, what comes."""
    churn, net = view.figures["logo_churn_rate"], value_text(view.figures["net_revenue_retention"])
    lost, gone = churn.numerator, {row.account_id for row in churn.counted}
    expansion = _money(view.figures["expansion"])
    if lost:
        words = _("Lost: {lost} ({amount}). Expansion: {expansion}. Net revenue retention: {net}.")
        amount = _row_sum(loss.row for loss in facts.losses if loss.row.account_id in gone)
        pieces = _told(words, lost=_accounts(lost), amount=amount, expansion=expansion, net=net)
    else:
        words = _("Nobody was lost. Expansion: {expansion}. Net revenue retention: {net}.")
        pieces = _told(words, expansion=expansion, net=net)
    judged = [figure for figure in (one.main() for one in view.figures.values()) if is_met(figure) is not None]
    missed = sorted((figure for figure in judged if not is_met(figure)), key=_shortfall, reverse=True)
    if missed:
        names = _(LISTED).join(f"{_(FIGURES[one.key].name)} {_shown(one)}" for one in missed[:2])
        pieces += _told(
            _(" {missed} of {n} figures miss their target, most of all {names}."), missed=str(len(missed)),
            n=str(len(judged)), names=names,
        )  # fmt: skip
    elif judged:
        pieces += _told(_(" All {n} figures with a target reach it."), n=str(len(judged)))
    if facts.ending:
        words = _(" Ahead: {n} within {days} days, {amount}.")
        pieces += _told(words, n=_contracts(len(facts.ending)), days=str(AHEAD), amount=_ending_sum(facts))
    return Line(tuple(pieces))


def _told(template: str, **values: str) -> list[Piece]:
    """A sentence whose values are bold."""
    parts = re.split(r"\{(\w+)\}", template)
    return [Span(values[part] if place % 2 else part, bold=bool(place % 2)) for place, part in enumerate(parts) if part]


def _accounts(count: int) -> str:
    return ngettext("{n} account", "{n} accounts", count).format(n=formats.number(count))


def _contracts(count: int) -> str:
    return ngettext("{n} contract ends", "{n} contracts end", count).format(n=formats.number(count))


def _row_sum(rows: Iterable[FigureRow]) -> str:
    return _sums((row.cents or 0, row.currency) for row in rows)


def _ending_sum(facts: ReportFacts) -> str:
    return _sums(
        (card.target_cents, card.currency) if card.home_target is None else (card.home_target, HOME_CURRENCY)
        for card in facts.ending
    )


def _sums(amounts: Iterable[tuple[int, str]]) -> str:
    """Sums by currency, the home currency first; of nothing 0 of it."""
    found: dict[str, int] = {}
    for cents, currency in amounts:
        found[currency] = found.get(currency, 0) + cents
    order = sorted(found or {HOME_CURRENCY: 0}, key=lambda currency: (currency != HOME_CURRENCY, currency))
    return " + ".join(formats.money_short_in(found.get(currency, 0), currency) for currency in order)


def _money(figure: Figure) -> str:
    return value_text(figure) if figure.by_currency else formats.money_short_in(figure.numerator, figure.currency)


def _shortfall(figure: Figure) -> Fraction:
    """By what share of it a figure misses its target."""
    target, value = Fraction(figure.target or 0), Fraction(figure.value or 0)
    return abs(target - value) / abs(target) if target else abs(value)


def _shown(figure: Figure) -> str:
    """Counts where the base is small, else the value."""
    return counts_text(figure) if is_few(figure) else value_text(figure)


def _front(view: Dashboard, facts: ReportFacts, pictures: Pictures) -> list[Section]:
    known = [key for key, figure in view.figures.items() if not missing_text(figure)]
    unknown: dict[str, list[str]] = {}
    for key, figure in view.figures.items():
        if key not in known:
            unknown.setdefault(missing_text(figure), []).append(_(FIGURES[key].name))
    note = _("\u2713 reached   ! missed   \u2014 nothing to measure")
    blocks: list[Table | Paragraphs] = [
        Table(tuple(_figure(view, key) for key in known), _figure_columns(), tight=True)
    ]
    missing = (f"{reason}{_(': ')}{_(LISTED).join(names)}" for reason, names in unknown.items())
    if unknown:
        blocks.append(Paragraphs((text(" \u00b7 ".join(missing), muted=True, small=True),)))
    sections = [Section(_("Figures"), note, blocks=tuple(blocks), rule=0)]
    sections += _beside(_chart("trend", pictures), _chart("bridge", pictures))
    sections += _beside(_losses(facts), _ending(facts)) if facts.losses else [_ending(facts)]
    return [*sections, *_tasks(facts)]


def _beside(left: Section | None, right: Section | None) -> list[Section]:
    """Two sections side by side; one alone stands at the left."""
    sides = [section for section in (left, right) if section is not None]
    return [Section(blocks=(Halves((sides[0],), tuple(sides[1:])),))] if sides else []


def _figure_columns() -> tuple[PaperColumn, ...]:
    names, remarks = (1.0, 1.0) if is_chinese() else (1.42, 1.0)
    return (
        PaperColumn(_("Figure"), stretch=names),
        PaperColumn(_("These days"), 56, align="right"),
        PaperColumn(_("Target"), 56, align="right"),
        PaperColumn("", 16, align="center"),
        PaperColumn(_(C_("figure", "Before")), 56, align="right"),
        PaperColumn(_(C_("figure", "Change")), 60, align="right"),
        PaperColumn(_("Remark"), stretch=remarks),
    )


def _figure(view: Dashboard, key: str) -> Row:
    """A line; of several currencies the home one, with the others in the remark."""
    whole, earlier = view.figures[key], view.earlier.get(key)
    figure, before = whole.main(), earlier.main() if earlier is not None else None
    met, few = is_met(figure), is_few(figure)
    others = other_texts(whole)
    remark = [*others, value_text(figure) if few else "" if others else _counts(figure), beside_text(whole)]
    change = change_text(figure, before)
    return Row(
        (
            cell(text(_(FIGURES[key].name), bold=met is False)),
            cell(text(_shown(figure), bold=True)),
            cell(_target(figure)),
            cell(text(MARKS[met], bold=True)),
            cell(_shown(before) if before is not None else ""),
            cell("" if before is not None and (few or is_few(before)) else change),
            cell(text(_(", ").join(filter(None, remark)), muted=True, small=True)),
        )
    )


def _counts(figure: Figure) -> str:
    """What a share is made of; money as people say it."""
    if figure.kind not in (Kind.MONEY_RATE, Kind.RATIO) or figure.by_currency or not figure.denominator:
        return counts_text(figure)
    whole = formats.money_shortest(figure.denominator)
    named = whole if figure.currency == HOME_CURRENCY else f"{whole} {figure.currency}"
    return f"{formats.money_in_unit(figure.numerator)} / {named}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = "\u2264" if FIGURES[figure.key].less_is_better else "\u2265"
    return f"{sign} {plain_text(figure.kind, figure.target)}"


def _chart(key: str, pictures: Pictures) -> Section | None:
    found = pictures.get(key)
    if found is None:
        return None
    note = Paragraphs((text(found.note, muted=True, small=True),))
    return Section(_(TITLES[key]), blocks=(note, Picture(found.png, chart_place(key)[1])), rule=0, whole=True)


def _losses(facts: ReportFacts, most: int = MOST_FRONT) -> Section:
    columns = (
        PaperColumn(_("Account"), stretch=1), PaperColumn(_(C_("head", "Tier")), 26), PaperColumn(_("ARR"), _short_room(), align="right"),
        PaperColumn(_("Why"), stretch=1.9),
    )  # fmt: skip
    rows = [
        Row((
            cell(loss.row.account), _tier(loss.tier), cell(_short_amount(loss.row.cents, loss.row.currency)),
            cell(text(_(": ").join(filter(None, (loss.cause, loss.row.words))), small=True)),
        ))
        for loss in facts.losses[:most]
    ]  # fmt: skip
    title = _("Lost, and why")
    more = _more(len(facts.losses) - len(rows), most)
    return Section(title, blocks=(Table(tuple(rows), columns, tight=True), *more), rule=0)


def _ending(facts: ReportFacts, most: int = MOST_FRONT) -> Section:
    columns = (
        PaperColumn(_("Account"), stretch=1), PaperColumn(_(C_("head", "Tier")), 26), PaperColumn(_("ARR"), _short_room(), align="right"),
        PaperColumn(_(C_("contract", "Ends")), 34, align="right"), PaperColumn(_("Next step"), stretch=1.55),
    )  # fmt: skip
    rows = [
        Row((
            cell(card.account), _tier(card.tier or ""), cell(_short_amount(card.target_cents, card.currency)),
            cell(f"{card.end_on:%m-%d}"), cell(text(_step(card.category, card.step, card.step_on), small=True)),
        ))
        for card in facts.ending[:most]
    ]  # fmt: skip
    title = _("Ends within {n} days").format(n=AHEAD)
    if not rows:
        return Section(title, _("No contract ends in these days."), rule=0)
    count = ngettext("{n} contract", "{n} contracts", len(facts.ending)).format(n=formats.number(len(facts.ending)))
    note = _(", ").join((count, _ending_sum(facts)))
    more = _more(len(facts.ending) - len(rows), most)
    return Section(title, note, blocks=(Table(tuple(rows), columns, tight=True), *more), rule=0)


def _step(category: str | None, step: str, on: date | None) -> str:
    judged = _(RenewalCategory(category).label) if category in set(RenewalCategory) else _("Not judged")
    return " \u00b7 ".join(filter(None, (judged, f"{on:%m-%d} {step}" if on is not None and step else step)))


def _tasks(facts: ReportFacts, most: int = MOST_FRONT) -> list[Section]:
    if not facts.tasks:
        return []
    columns = (
        PaperColumn("", 20, align="right"), PaperColumn("", stretch=1), PaperColumn("", 120), PaperColumn("", 70),
        PaperColumn("", 44, align="right"),
    )  # fmt: skip
    shown = facts.tasks[:most]
    rows = tuple(
        Row((
            cell(str(number)),
            cell(Line((Span(task.account, bold=True), Span(_(": ") if task.account else ""), Span(task.text)))),
            cell(text("" if task.source_text in task.text else task.source_text, muted=True, small=True)), cell(text(task.owner, muted=True, small=True)),
            cell(f"{task.due_on:%m-%d}" if task.due_on is not None else ""),
        ))
        for number, task in enumerate(shown, 1)
    )  # fmt: skip
    note = _more_words(len(facts.tasks) - len(shown), most)
    return [Section(_("What is to be done next"), note, blocks=(Table(rows, columns, tight=True),), rule=0)]


def _more(count: int, most: int) -> tuple[Paragraphs, ...]:
    words = _more_words(count, most)
    return (Paragraphs((text(words, muted=True, small=True),)),) if words else ()


def _more_words(count: int, most: int) -> str:
    """How many are not shown where at most so many are; those of the first page stand on the pages behind."""
    if count <= 0:
        return ""
    where = _("{n} more: in the workbook")
    if most == MOST_FRONT:
        where = _("{n} more: on the pages behind or in the workbook")
    return where.format(n=formats.number(count))


def _tier(tier: str) -> Cell:
    return cell(Line((TierMark(tier),))) if tier else cell(formats.NOTHING)


def _amount(cents: int | None, currency: str) -> str:
    return formats.cents(cents) if currency == HOME_CURRENCY else f"{formats.cents(cents)} {currency}"


def _short_room() -> float:
    """The width of a column of short amounts, in points: 200.0 万 or 2,000.0k."""
    return 44 if is_chinese() else 50


def _short_amount(cents: int | None, currency: str) -> str:
    return formats.money_shortest(cents) if currency == HOME_CURRENCY else _amount(cents, currency)


# --- the pages behind -------------------------------------------------------------------------------------------------


def _more_charts(pictures: Pictures) -> list[Section]:
    """The other charts: wide ones alone, the rest in pairs."""
    rest = [key for key in TITLES if key in pictures and key not in ("trend", "bridge")]
    small = [key for key in rest if key not in WIDE]
    found: list[Section] = []
    for key in WIDE[:1]:
        found += [one for one in (_chart(key, pictures),) if one is not None]
    for place in range(0, len(small), 2):
        pair = [_chart(key, pictures) for key in small[place : place + 2]]
        found += _beside(pair[0], pair[1] if len(pair) > 1 else None)
    for key in WIDE[1:]:
        found += [one for one in (_chart(key, pictures),) if one is not None]
    return [replace(section, new_page=not place) for place, section in enumerate(found)]


def _whole_lists(facts: ReportFacts) -> list[Section]:
    """The lists of the first page that had no room there."""
    found = []
    if len(facts.losses) > MOST_FRONT:
        found.append(_losses(facts, MOST_ROWS))
    if len(facts.ending) > MOST_FRONT:
        found.append(_ending(facts, MOST_ROWS))
    if len(facts.tasks) > MOST_FRONT:
        found += _tasks(facts, MOST_ROWS)
    return found


def _lists(view: Dashboard) -> list[Section]:
    """Who was counted in each figure, and who was left out, why."""
    found = []
    for key, figure in view.figures.items():
        rows = [(row, "") for row in _largest_first(figure.counted)[:MOST_LISTED]]
        rows += [(row, _(reason)) for row, reason in figure.left_out[:MOST_LISTED]]
        if not rows:
            continue
        told = (f"{_('Counted')} {formats.number(len(figure.counted))}",
                f"{_('Measured against')} {formats.number(len(figure.base))}" if figure.base else "",
                f"{_('Not counted')} {formats.number(len(figure.left_out))}" if figure.left_out else "")  # fmt: skip
        left = max(0, len(figure.counted) - MOST_LISTED) + max(0, len(figure.left_out) - MOST_LISTED)
        table = _without_empty(Table(tuple(_listed(row, reason) for row, reason in rows), _list_columns(), tight=True))
        note = " \u00b7 ".join(filter(None, told))
        found.append(Section(_(FIGURES[key].name), note, _shown(figure), (table, *_more(left, MOST_LISTED)), rule=0))
    return _under(_("Rows behind the figures"), found)


def _largest_first(rows: Sequence[FigureRow]) -> Sequence[FigureRow]:
    """Rows without days have no order of their own."""
    if any(row.day is not None for row in rows):
        return rows
    return sorted(rows, key=lambda row: -(row.cents or 0))


def _without_empty(table: Table) -> Table:
    """The same without columns in which no row says anything."""
    said = [place for place in range(len(table.columns)) if any(_says(row.cells[place]) for row in table.rows)]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in said)) for row in table.rows)
    return replace(table, rows=rows, columns=tuple(table.columns[place] for place in said))


def _says(one: Cell) -> bool:
    return any(line_text(line) for line in one.lines)


def _list_columns() -> tuple[PaperColumn, ...]:
    return (
        PaperColumn(_("Account"), stretch=1), PaperColumn(_("Day"), 62), PaperColumn(_("About"), stretch=1),
        PaperColumn(_("Amount"), 78, align="right"), PaperColumn(_("Not counted, because"), stretch=0.9),
    )  # fmt: skip


def _listed(row: FigureRow, reason: str) -> Row:
    amount = "" if row.cents is None else _amount(row.cents, row.currency)
    return Row((
        cell(text(row.account, small=True)), cell(text(row.day.isoformat() if row.day else "", small=True)),
        cell(text(row.words, small=True)), cell(text(amount, small=True)), cell(text(reason, muted=True, small=True)),
    ))  # fmt: skip


def _tables(view: Dashboard) -> list[Section]:
    """What the charts draw, in numbers; shares as percentages."""
    found = []
    for key in view.wish.charts:
        heads, rows = TABLES[key](view)
        if not rows or key in DRAWN_WHOLE:
            continue
        columns = tuple(
            PaperColumn(head, stretch=1 if place else 2, align="right" if place else "left")
            for place, head in enumerate(heads)
        )
        lines = tuple(Row(tuple(map(_cell, row))) for row in rows[:MOST_ROWS])
        more = _more(len(rows) - MOST_ROWS, MOST_ROWS)
        found.append(Section(_(TITLES[key]), blocks=(Table(lines, columns, tight=True), *more), rule=0))
    return _under(_("Tables behind the charts"), found)


def _cell(value: Value) -> Cell:
    if isinstance(value, float):
        words = formats.percent(value)
    elif isinstance(value, Decimal):
        words = formats.money(value)
    else:
        words = formats.number(value) if isinstance(value, int) else str(value or "")
    return cell(text(words, small=True))


def _under(heading: str, sections: Sequence[Section]) -> list[Section]:
    """Sections that begin a page, under a heading of their own."""
    return [Section(heading, new_page=True, rule=0), *sections] if sections else []


def _definitions(view: Dashboard, facts: ReportFacts) -> list[Section]:
    columns = (PaperColumn(_("Figure"), stretch=1), PaperColumn(_("Formula"), stretch=2.6))
    rows = tuple(
        Row((cell(_(entry.name)), cell(text(_(entry.formula), small=True))))
        for entry in FIGURES.values()
        if entry.make is not None
    )
    return [
        *_under(_("Definitions"), [Section(blocks=(Table(rows, columns),), rule=0)]),
        Section(
            _("How the past was counted"), blocks=(Paragraphs(tuple(map(text, definition_lines(view, facts)))),), rule=0
        ),
    ]


def definition_lines(view: Dashboard, facts: ReportFacts) -> list[str]:
    """The definitions that can be chosen, what was changed of them, and which months may still change."""
    lines = [
        ngettext(
            "Grace after a contract's end: {n} day", "Grace after a contract's end: {n} days", facts.grace_days
        ).format(n=facts.grace_days),
        _("A customer who left without a word counts as lost from {day}").format(day=_(RECOGNITION[facts.recognition])),
        *(_("Changed on {told}").format(told=change.told()) for change in facts.changes),
    ]
    open_months = [f"{month.first:%Y-%m}" for month in view.trend if month.provisional]
    if open_months:
        lines.append(
            _("May still change, because the grace is not over: {months}").format(months=_(", ").join(open_months))
        )
    return [*lines, _("As known on {day}.").format(day=facts.printed_at.date().isoformat())]
