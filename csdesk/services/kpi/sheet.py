"""Figures for other programs: one sheet of all of them, one of every row behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from csdesk.services.core.columns import Kind
from csdesk.services.core.texts import C_, N_, _
from csdesk.services.files.writing import Heading, OutSheet, Value, write_csv, write_workbook
from csdesk.services.kpi.figures import Entry
from csdesk.services.kpi.rules import Figure, Row, amount_text
from csdesk.services.kpi.rules import Kind as FigureKind

SIDES = {"counted": N_("Counted"), "base": N_("Measured against"), "left_out": N_("Not counted")}
"""The three lists behind a figure."""
MONEY = (FigureKind.MONEY, FigureKind.MONEY_RATE, FigureKind.MONEY_PER, FigureKind.RATIO)


def rows_of(figure: Figure) -> Iterator[tuple[str, Row, str]]:
    """Every row behind a figure: its list (see ``SIDES``), the row, why it was left out (a msgid)."""
    for row in figure.counted:
        yield "counted", row, ""
    for row in figure.base:
        yield "base", row, ""
    for row, reason in figure.left_out:
        yield "left_out", row, reason


def figure_sheets(
    figures: Mapping[str, Figure],
    entries: Mapping[str, Entry],
    beside: Mapping[str, tuple[str, str]] | None = None,
    note: str = "",
) -> list[OutSheet]:
    """All figures with their counts and formulas, then every row behind each.

    ``beside`` gives of a figure its target and its change in words, of several currencies those of its ``main`` one; ``note``
    stands above both sheets.
    """
    return [replace(sheet, note=note) for sheet in (_figures(figures, entries, beside or {}), _rows(figures, entries))]


def write_figures(path: Path, sheets: Sequence[OutSheet]) -> None:
    """Write them: all into a workbook, the first into a .csv. Raises StorageError."""
    if path.suffix.lower() == ".csv":
        write_csv(path, [heading.title for heading in sheets[0].columns], sheets[0].rows)
    else:
        write_workbook(path, sheets)


def _figures(
    figures: Mapping[str, Figure], entries: Mapping[str, Entry], beside: Mapping[str, tuple[str, str]]
) -> OutSheet:
    heads = (
        Heading(_("Figure"), width=28), _number(_("Value")), _number(_("Numerator")), _number(_("Denominator")),
        Heading(_("Currency"), width=10), Heading(_("Target"), width=16), Heading(_(C_("figure", "Change")), width=16),
        _number(_("Not counted")), Heading(_("Formula"), width=60, wraps=True),
    )  # fmt: skip
    rows: list[Sequence[Value]] = []
    for key, whole in figures.items():
        entry = entries[key]
        for figure in whole.by_currency.values() or (whole,):
            money = figure.kind in MONEY
            is_judged = figure.currency == whole.main().currency
            target, change = beside.get(key, ("", "")) if is_judged else ("", "")
            rows.append(
                (_(entry.name), cell_value(figure), cell_count(figure, figure.numerator),
                 cell_count(figure, figure.denominator if figure.per is None else figure.per), figure.currency if money else "", target, change,
                 len(whole.left_out), _(entry.formula) if entry.formula else "")
            )  # fmt: skip
    return OutSheet(_("Figures"), heads, rows)


def _rows(figures: Mapping[str, Figure], entries: Mapping[str, Entry]) -> OutSheet:
    heads = (
        Heading(_("Figure"), width=28), Heading(_("List"), width=16), Heading(_("Account"), width=28),
        Heading(_("Day"), Kind.DAY, 12), Heading(_("About"), width=36), Heading(_("Amount"), Kind.MONEY, 16),
        Heading(_("Currency"), width=10), _number(_("Days")), Heading(_("Reason"), width=40),
    )  # fmt: skip

    def made() -> Iterator[Sequence[Value]]:
        for key, figure in figures.items():
            for side, row, reason in rows_of(figure):
                money = None if row.cents is None else Decimal(row.cents).scaleb(-2)
                yield (
                    _(entries[key].name), _(SIDES[side]), row.account, row.day, row.words, money,
                    "" if money is None else row.currency, row.days, _(reason) if reason else "",
                )  # fmt: skip

    return OutSheet(_("Rows"), heads, made())


def _number(title: str) -> Heading:
    return Heading(title, Kind.NUMBER)


def cell_value(figure: Figure) -> Value:
    """The value of a figure as a cell: rates as fractions, amounts as decimals, None for nothing to measure."""
    value = figure.value
    if value is not None and figure.kind in (FigureKind.MONEY, FigureKind.MONEY_PER):
        return Decimal(amount_text(round(value)))
    return float(value) if isinstance(value, Fraction) else value


def cell_count(figure: Figure, count: int | Fraction | None) -> Value:
    """A numerator or a denominator as a cell: money in units of its currency, except what money is divided by."""
    if not figure.known or count is None:
        return None
    if figure.kind in MONEY and not (figure.kind == FigureKind.MONEY_PER and count in (figure.denominator, figure.per)):
        return Decimal(amount_text(round(count)))
    return float(count) if isinstance(count, Fraction) else count
