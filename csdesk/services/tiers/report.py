"""The portfolio by ARR as a report: the same rows for paper, workbook and text table."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from csdesk.services.core import formats
from csdesk.services.core.report import Cell, Line, PaperColumn, Report, Row, Section, Span, Table, TierMark, cell, text
from csdesk.services.core.texts import _, is_chinese
from csdesk.services.tiers.queries import Pareto, Ranked, TierSum


def pareto_report(view: Pareto, now: datetime) -> Report:
    """Tiers with their counts and sums, then each account in the order of ARR with the share reached."""
    columns = (
        PaperColumn(_("Rank"), 36, align="right"),
        PaperColumn(_("Account"), stretch=1),
        PaperColumn(_("Tier"), 40, align="center"),
        PaperColumn(_("ARR (CNY)"), 90, align="right"),
        PaperColumn(_("Share reached (%)"), 80, align="right"),
        PaperColumn(_("Largest 20 %"), 80, align="center"),
    )
    rows = tuple(_ranked(place, one, view) for place, one in enumerate(view.ranked, 1))
    tiers = Section(_("By tier"), blocks=(Table(tuple(_summed(one, view) for one in view.tiers), _tier_columns()),))
    return Report(
        title=_("Accounts by ARR"),
        subtitle=now.date().isoformat(),
        summary=(text(head_sentence(view)),),
        sections=(tiers, Section(_("Accounts"), blocks=(Table(rows, columns),))),
        printed_at=now,
        language="zh_CN" if is_chinese() else "en",
    )


def head_sentence(view: Pareto) -> str:
    """The Pareto share in words."""
    if view.head_share is None:
        return _("No contract runs today.")
    words = _("The largest 20 % ({head} of {all} accounts) hold {share} of the ARR.")
    return words.format(head=view.head, all=len(view.ranked), share=formats.percent(view.head_share))


def _tier_columns() -> tuple[PaperColumn, ...]:
    return (
        PaperColumn(_("Tier"), 60),
        PaperColumn(_("Accounts"), 80, align="right"),
        PaperColumn(_("ARR (CNY)"), 110, align="right"),
        PaperColumn(_("Share of ARR (%)"), 90, align="right"),
    )


def _summed(one: TierSum, view: Pareto) -> Row:
    share = one.arr_cents / view.total_cents if view.total_cents else None
    return Row(
        (
            _tier(one.tier),
            cell(formats.number(one.accounts), value=one.accounts),
            _amount(one.arr_cents),
            _percent(share),
        )
    )


def _ranked(place: int, one: Ranked, view: Pareto) -> Row:
    return Row(
        (
            cell(str(place), value=place),
            cell(one.name),
            _tier(one.tier),
            _amount(one.arr_cents),
            _percent(one.reached),
            cell(_("yes") if place <= view.head else ""),
        )
    )


def _percent(share: float | None) -> Cell:
    if share is None:
        return cell(formats.NOTHING)
    value = round(Decimal(share) * 100, 1)
    return cell(f"{value:.1f}", value=value)


def _amount(cents: int) -> Cell:
    return cell(formats.cents(cents), value=Decimal(cents).scaleb(-2))


def _tier(tier: str | None) -> Cell:
    return cell(Line((TierMark(tier),))) if tier else cell(Line((Span(_("no tier")),)))
