"""How renewals are put into words, and the mark of a category."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import (
    HOME_CURRENCY,
    RenewalCategory,
    RenewalCause,
    RenewalKind,
    RenewalStage,
    RenewalState,
)
from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _
from csdesk.services.renewals.rules import UNJUDGED
from csdesk.ui.core import paint

if TYPE_CHECKING:
    from csdesk.services.renewals.queries import RenewalCard
    from csdesk.services.renewals.rules import Forecast, Split, Weights

_C = RenewalCategory
MARKS = {
    _C.COMMIT.value: C_("mark", "C"),
    _C.LIKELY.value: C_("mark", "L"),
    _C.AT_RISK.value: C_("mark", "R"),
    _C.LOST.value: C_("mark", "X"),
    UNJUDGED: "?",
}
"""The letter of a category, in its square."""
INKS = {_C.COMMIT.value: "ink_green", _C.AT_RISK.value: "ink_red", _C.LOST.value: "ink_grey"}
"""Solid marks; likely is outlined in blue, what is not judged in grey."""
OUTLINES = {_C.LIKELY.value: "ink_blue", UNJUDGED: "control"}
CATEGORY_TONES = {"commit": "ok", "likely": "blue", "at_risk": "bad", "lost": "neutral"}
STAGE_TONES = {
    "signed": "ok",
    "lost": "bad",
    "promised": "renew",
    "negotiating": "blue",
    "contacted": "line",
    "not_started": "neutral",
}
STATE_TONES = {"open": "line", "renewed": "ok", "churned": "bad"}
WORDS = {
    "stage": RenewalStage,
    "category": RenewalCategory,
    "renewal_state": RenewalState,
    "renewal_kind": RenewalKind,
    "renewal_cause": RenewalCause,
}
CENTER = Qt.AlignmentFlag.AlignCenter
NOT_JUDGED = N_("Not judged")
BOLD_DAYS, RED_DAYS = 60, 30


def stored_word(key: str, value: str) -> str:
    """A stored word of a renewal's column for people."""
    return _(WORDS[key](value).label)


def category_words(category: str | None) -> str:
    """A category in words."""
    return _(NOT_JUDGED) if category in (None, UNJUDGED) else _(RenewalCategory(str(category)).label)


def amount_words(cents: int | None, currency: str) -> str:
    """An amount; its currency where it is not the home one."""
    return formats.cents(cents) if currency == HOME_CURRENCY else f"{formats.cents(cents)} {currency}"


def days_words(card: RenewalCard, today: date) -> str:
    """How many days are left, or by how many it is over."""
    return formats.days_left(card.end_on, today)


def days_look(card: RenewalCard, today: date) -> tuple[str, bool]:
    """Ink and weight of the days: bold from 60 on, red from 30 on and when it is over; plain once decided."""
    days = (card.end_on - today).days
    if not card.is_open:
        return "muted", False
    return "ink_red" if days <= RED_DAYS else "text", days <= BOLD_DAYS


def step_words(card: RenewalCard, today: date) -> str:
    """What is to be done next: its words, the day of a task, the next visit; "" where nothing is planned."""
    if card.step_on is None:
        return card.step.replace("\n", " ")
    day = formats.day_short(card.step_on, today)
    return f"{day} {card.step}" if card.step else _("Visit: {day}").format(day=day)


def outcome_words(card: RenewalCard) -> str:
    """What was decided; "" while nothing is."""
    if card.state == RenewalState.RENEWED:
        return _("Renewed at {amount}").format(amount=amount_words(card.final_cents, card.currency))
    return _("Lost") if card.state == RenewalState.CHURNED else ""


def spoken(card: RenewalCard, today: date) -> str:
    """The whole card in words, for screen readers and the tooltip."""
    parts = [
        card.account, card.number, amount_words(card.target_cents, card.currency), formats.day_iso(card.end_on),
        days_words(card, today), _(RenewalStage(card.shown_stage).label), category_words(card.category),
        forecast_words(card), step_words(card, today), outcome_words(card),
        _("Renews by itself unless notice is given") if card.auto_renew and card.is_open else "",
        _("Its grace is over: record the outcome") if card.lapsed else "",
    ]  # fmt: skip
    return " \u00b7 ".join(part for part in parts if part)


def forecast_words(card: RenewalCard) -> str:
    """The forecast where it differs from what is to be renewed."""
    if card.forecast_cents is None or card.forecast_cents == card.target_cents:
        return ""
    if card.home_forecast is not None:
        return _("forecast {amount}").format(amount=formats.money_shortest(card.home_forecast))
    return _("forecast {amount}").format(amount=amount_words(card.forecast_cents, card.currency))


def weights_words(weights: Weights) -> str:
    """By what the forecast is weighted."""
    shares = [(category, weights.of(category)) for category in RenewalCategory if category != RenewalCategory.LOST]
    said = _(", ").join(f"{_(category.label)} {share}\u00a0%" for category, share in shares)
    return _("Weighted: {shares}; not judged counts as likely").format(shares=said)


def goal_words(forecast: Forecast) -> str:
    """The weighted rate, and what it lacks of the goal."""
    rate = formats.percent(forecast.rate)
    if forecast.goal is None:
        return _("{rate} of {amount}, no target set").format(rate=rate, amount=formats.money_shortest(forecast.target))
    missing, goal = forecast.missing or 0, formats.percent(forecast.goal)
    if missing > 0:
        return _("{rate}, target {goal}, short by {amount}").format(
            rate=rate, goal=goal, amount=formats.money_shortest(missing)
        )
    return _("{rate}, target {goal} reached").format(rate=rate, goal=goal)


def split_words(made: Split) -> str:
    """How what follows splits against what ended."""
    parts = [_("{amount} renewed").format(amount=formats.cents(made.renewed))]
    if made.price_rise:
        parts.append(_("{amount} agreed price rise").format(amount=formats.cents(made.price_rise)))
    if made.expansion:
        parts.append(_("{amount} expansion").format(amount=formats.cents(made.expansion)))
    if made.contraction:
        parts.append(_("{amount} contraction").format(amount=formats.cents(made.contraction)))
    return _(", ").join(parts)


def paint_mark(painter: QPainter, rect: QRect, category: str | None, selected: bool = False) -> int:
    """The square of a category: solid, or outlined; its width."""
    key = category or UNJUDGED
    side = paint.badge_height()
    box = QRectF(rect.left(), round(rect.center().y() - side / 2 + 1), side, side)
    if key in OUTLINES:
        paint.rounded(painter, box, 4, "surface", OUTLINES[key], 1.5 if key != UNJUDGED else 1)
        ink = "ink_blue" if key != UNJUDGED else "muted"
    else:
        paint.rounded(painter, box, 4, INKS[key])
        ink = "surface"
    letter = MARKS[key]
    paint.paint_text(painter, box.toRect(), _(letter), "caption", ink, True, CENTER)
    return side


class CategoryMark(QWidget):
    """The square of a category as a widget."""

    def __init__(self, category: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._category = category
        self.setFixedSize(QSize(paint.badge_height() + 2, paint.badge_height() + 2))
        self.setAccessibleName(category_words(category))

    def show_category(self, category: str | None) -> None:
        """Show another one."""
        self._category = category
        self.setAccessibleName(category_words(category))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_mark(QPainter(self), self.rect(), self._category)
