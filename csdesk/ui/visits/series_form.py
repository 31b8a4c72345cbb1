"""The part of a visit's form that is about repetition: how often and until when, and how far a change reaches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import SeriesUnit
from csdesk.services.core.drafts import Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import parse_count, parse_day
from csdesk.ui.core.form import FieldKind, FormField

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard
    from csdesk.services.visits.commands import AddVisit
    from csdesk.services.visits.series import AddSeries

CONTRACT = "contract"


def series_fields() -> tuple[FormField, ...]:
    """Whether, how often and until when a new visit comes again."""
    units = (("", _("Once")), *((unit.value, _("Every n {unit}").format(unit=_(unit.label))) for unit in SeriesUnit))
    ends = (("", _("A day, a number of times, or no end")), (CONTRACT, _("With the contract")))
    return (
        FormField("unit", N_("Repeats"), FieldKind.CHOICE, options=units),
        FormField("every", N_("Every how many"), FieldKind.NUMBER),
        FormField("ends", N_("Ends"), FieldKind.CHOICE, options=ends),
        FormField("until", N_("Last day"), FieldKind.DAY),
        FormField("count", N_("Number of times"), FieldKind.NUMBER),
    )


def series_of(typed: Mapping[str, str], first: AddVisit, today: date) -> AddSeries | None:
    """The series that was asked for, None for a single visit. Raises Problems for what is no number or day."""
    from csdesk.services.visits.series import AddSeries

    if not typed.get("unit"):
        return None
    read = Reader(typed)
    every = read.value("every", parse_count)
    until = read.value("until", lambda text: parse_day(text, today))
    count = read.value("count", parse_count)
    read.check()
    return AddSeries(first, SeriesUnit(typed["unit"]), every or 1, until, count, typed.get("ends") == CONTRACT)


def reach_fields() -> tuple[FormField, ...]:
    """How far a change of one visit of a series reaches."""
    reach = (("this", _("This visit alone")), ("following", _("This visit and those that follow")))
    return (
        FormField("reach", N_("Change"), FieldKind.CHOICE, options=reach),
        FormField("day", N_("Day, for those that follow too"), FieldKind.DAY),
    )


def shift_of(typed: Mapping[str, str], card: VisitCard, today: date) -> int:
    """By how many days the visit and those that follow are moved. Raises Problems for what is no day."""
    read = Reader(typed)
    day = read.value("day", lambda text: parse_day(text, today))
    read.check()
    return (day - card.day).days if day is not None and card.day is not None else 0
