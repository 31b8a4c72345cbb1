"""The charts and lists of the figures page for other programs: a sheet for each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from csdesk.services.core.columns import Kind
from csdesk.services.core.texts import N_, _
from csdesk.services.files.writing import Heading, OutSheet, Value, write_csv, write_workbook
from csdesk.services.kpi.figures import REQUIREMENT_FIGURES
from csdesk.services.kpi.requirements import RequirementView
from csdesk.services.kpi.rules import Kind as FigureKind
from csdesk.services.kpi.rules import Spread
from csdesk.services.kpi.sheet import cell_count, cell_value

GROUP_TITLES = {"module": N_("By module"), "tier": N_("By tier"), "account": N_("By account")}


def figure_sheets(view: RequirementView) -> list[OutSheet]:
    """Every figure with its counts, answers by month, demands by ARR, and the main figures by module, tier and account."""
    return [_figures(view), _months(view), _top(view), *(_group(view, group) for group in view.groups)]


def write_figures(view: RequirementView, path: Path, first: int = 0) -> None:
    """Write them: all into a workbook, the one at ``first`` into a .csv. Raises StorageError."""
    sheets = figure_sheets(view)
    if path.suffix.lower() == ".csv":
        write_csv(path, [heading.title for heading in sheets[first].columns], sheets[first].rows)
    else:
        write_workbook(path, sheets)


def _figures(view: RequirementView) -> OutSheet:
    heads = (
        Heading(_("Figure"), width=28), _number(_("Value")), _number(_("Numerator")), _number(_("Denominator")),
        _number(_("90 % within")), _number(_("Not counted")), Heading(_("Formula"), width=60, wraps=True),
    )  # fmt: skip
    rows: list[Sequence[Value]] = []
    for key, figure in view.figures.items():
        entry = REQUIREMENT_FIGURES[key]
        ninetieth = figure.ninetieth if isinstance(figure, Spread) else None
        rows.append(
            (_(entry.name), cell_value(figure), cell_count(figure, figure.numerator), cell_count(figure, figure.denominator), ninetieth,
             len(figure.left_out), _(entry.formula))
        )  # fmt: skip
    return OutSheet(_("Requirement figures"), heads, rows)


def _months(view: RequirementView) -> OutSheet:
    heads = (Heading(_("Month"), width=12), _number(_("Answered in time")), _number(_("Of")), _number(_("Share")))
    rows: list[Sequence[Value]] = [
        (f"{first:%Y-%m}", figure.numerator, cell_count(figure, figure.denominator), cell_value(figure))
        for first, figure in view.months
    ]
    return OutSheet(_("Answered in time by month"), heads, rows)


def _top(view: RequirementView) -> OutSheet:
    heads = (
        Heading(_("Demand"), width=36), _number(_("Accounts")), _number(_("ARR (CNY)")),
        *(_number(_("Tier {tier}").format(tier=tier)) for tier in "ABC"),
    )  # fmt: skip
    rows: list[Sequence[Value]] = [
        (one.row.account, one.accounts, Decimal(one.arr_cents).scaleb(-2), *(one.tiers.get(tier, 0) for tier in "ABC"))
        for one in view.top
    ]
    return OutSheet(_("Top demands by ARR"), heads, rows)


def _group(view: RequirementView, group: str) -> OutSheet:
    lines = view.groups[group]
    keys = list(lines[0].figures) if lines else []
    heads = [Heading(_(GROUP_TITLES[group]), width=24)]
    for key in keys:
        heads.append(_number(_(REQUIREMENT_FIGURES[key].name)))
        if REQUIREMENT_FIGURES[key].kind == FigureKind.RATE:
            heads.append(_number(_("Of")))
    rows: list[Sequence[Value]] = []
    for line in lines:
        cells: list[Value] = [line.name or _("none")]
        for figure in line.figures.values():
            cells.append(figure.numerator)
            if figure.kind == FigureKind.RATE:
                cells.append(cell_count(figure, figure.denominator))
        rows.append(cells)
    return OutSheet(_(GROUP_TITLES[group]), heads, rows)


def _number(title: str) -> Heading:
    return Heading(title, Kind.NUMBER)
