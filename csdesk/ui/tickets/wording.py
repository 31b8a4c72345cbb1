"""How demands are put into words: states, what is due, what product is reminded of, what happened."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from csdesk.models.vocabulary import (
    Decision,
    DemandSize,
    DemandState,
    NoticeCause,
    NoticeState,
    Scope,
)
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.tickets.queries import DemandCard, DemandView, MoveRow, NoticeRow, ReviewRow

DEMAND_TONES: dict[str, str] = {
    DemandState.TO_REVIEW: "neutral",
    DemandState.IN_REVIEW: "blue",
    DemandState.ACCEPTED: "warn",
    DemandState.RELEASED: "ok",
    DemandState.DECLINED: "line",
    DemandState.MERGED: "neutral",
}
IMPORTANCE_TONES = {"critical": "bad", "important": "neutral", "nice": "line", "none": "line"}
WORDS = {"state": DemandState, "scope": Scope, "size": DemandSize}
SHOWN_WORDS = 3
"""So many of the customers' sentences go into a reminder."""


def stored_word(key: str, value: str) -> str:
    """A stored word of a demand's column for people."""
    return _(WORDS[key](value).label)


def since_words(card: DemandCard, today: date) -> str:
    """Since when it is asked for, and when it was sent."""
    days = (today - card.opened_on).days
    words = ngettext("since {day}, {n} day", "since {day}, {n} days", days)
    parts = [words.format(day=formats.day_short(card.opened_on, today), n=days)]
    if card.sent_on is not None:
        parts.append(_("sent {day}").format(day=formats.day_short(card.sent_on, today)))
    return " \u00b7 ".join(parts)


def due_words(card: DemandCard, today: date) -> str:
    """What is due next, and by which day."""
    if card.raised:
        words = ngettext(
            "Declined on {day}. {n} account asks for it now: it may be reviewed again.",
            "Declined on {day}. {n} accounts ask for it now: it may be reviewed again.",
            card.accounts,
        )
        return words.format(day=formats.day_near(card.decided_on, today), n=card.accounts)
    if card.deadline is not None:
        return _waiting_words(card, card.deadline, today)
    if card.state == DemandState.ACCEPTED:
        return _planned_words(card, today)
    if card.state == DemandState.RELEASED:
        return _("Released on {day}. {told}").format(
            day=formats.day_near(card.released_on, today), told=told_words(card)
        )
    if card.state == DemandState.DECLINED:
        return _("Declined on {day}. {told}").format(
            day=formats.day_near(card.decided_on, today), told=told_words(card)
        )
    return ""


def _waiting_words(card: DemandCard, deadline: date, today: date) -> str:
    day = formats.day_near(deadline, today)
    sent = card.state == DemandState.IN_REVIEW
    if card.overdue:
        late = (
            ngettext(
                "Product's answer was due {day}: {n} working day late.",
                "Product's answer was due {day}: {n} working days late.",
                card.overdue,
            )
            if sent
            else ngettext(
                "It was to be sent to product by {day}: {n} working day late.",
                "It was to be sent to product by {day}: {n} working days late.",
                card.overdue,
            )
        )
        return late.format(day=day, n=card.overdue)
    if sent:
        return _("Working day {n} after it was sent, answer due {day}").format(n=card.passed, day=day)
    return _("Working day {n} since it was asked for, to be sent by {day}").format(n=card.passed, day=day)


def _planned_words(card: DemandCard, today: date) -> str:
    assert card.planned_on is not None
    parts = [
        _("Planned for {day}").format(day=formats.day_iso(card.planned_on))
        + (f" ({card.release})" if card.release else "")
    ]
    if card.planned_on < today:
        days = (today - card.planned_on).days
        parts.append(ngettext("{n} day ago, not released", "{n} days ago, not released", days).format(n=days))
    if card.first_planned_on is not None and card.first_planned_on != card.planned_on:
        parts.append(_("at first {day}").format(day=formats.day_iso(card.first_planned_on)))
    return " \u00b7 ".join([*parts, told_words(card)])


def told_words(card: DemandCard) -> str:
    """How many customers know."""
    return _("Told {told} of {all}").format(told=card.told, all=card.told + card.untold)


def is_late(card: DemandCard, today: date) -> bool:
    """Whether what is due next is late."""
    broken = card.state == DemandState.ACCEPTED and card.planned_on is not None and card.planned_on < today
    return card.overdue > 0 or broken


def reminder(view: DemandView, today: date) -> str:
    """A message to product that asks for its answer."""
    card = view.card
    head = f"{card.number} {card.title}"
    sent = card.sent_on or card.opened_on
    asked = _("It was sent on {sent}; the answer is due on {due}.")
    if card.overdue:
        asked = _("It was sent on {sent}; the answer was due on {due}.")
    lines = [
        _("Hello, may I ask how far you are with “{demand}”?").format(demand=head),
        asked.format(sent=formats.day_iso(sent), due=formats.day_iso(card.deadline)),
        ngettext(
            "{n} account asks for it, ARR {amount}.", "{n} accounts ask for it, ARR {amount} together.", card.accounts
        ).format(n=card.accounts, amount=formats.money_short(card.arr_cents)),
    ]
    said = [voice for voice in view.voices if voice.text][:SHOWN_WORDS]
    lines += [_("{account}: “{words}”").format(account=voice.account, words=voice.text) for voice in said]
    lines.append(_("What I need: accepted or declined, and by when, so that I can tell the customers."))
    return "\n".join(lines)


def review_lines(reviews: tuple[ReviewRow, ...], today: date) -> list[Line]:
    """One line for each review: when, what was decided, by whom, why, and what stood behind it."""
    lines = []
    for row in reviews:
        weight = ngettext("{n} account then", "{n} accounts then", row.accounts).format(n=row.accounts)
        facts = [
            _("Planned for {day}").format(day=formats.day_iso(row.planned_on)) if row.planned_on else "",
            row.release,
            _(Scope(row.scope).label) if row.scope else "",
            _(DemandSize(row.size).label) if row.size else "",
            "" if row.reasonable is None else _("reasonable") if row.reasonable else _("not reasonable"),
            row.reason,
        ]
        lines.append(
            Line(
                ("review", row.id),
                _(Decision(row.decision).label),
                " \u00b7 ".join(part for part in facts if part),
                left=formats.day_short(row.reviewed_on, today),
                note=row.reviewed_by,
                right=f"{weight} \u00b7 {formats.money_short(row.arr_cents)}",
                muted=False,
            )
        )
    return lines


def notice_lines(notices: tuple[NoticeRow, ...], today: date) -> list[Line]:
    """One line for each customer and answer: told when and how, or still to be told since when."""
    lines = []
    for row in sorted(notices, key=lambda row: (row.state != NoticeState.OPEN, row.due_on)):
        told = row.state == NoticeState.TOLD
        day = formats.day_short(row.told_on if told else row.due_on, today)
        badge = Badge(_("told"), "ok") if told else Badge(_("to be told"), "warn")
        cause = _(NoticeCause(row.cause).label)
        planned = formats.day_iso(row.planned_on) if row.planned_on else ""
        lines.append(
            Line(
                ("account", row.account_id),
                row.account,
                " \u00b7 ".join(part for part in (cause, planned, row.told_by if told else "") if part),
                left=day,
                tier=row.tier or "",
                right_badge=badge,
                muted=told,
            )
        )
    return lines


def move_lines(moves: tuple[MoveRow, ...], today: date) -> list[Line]:
    """One line for each step, the newest first."""
    return [
        Line(
            ("move", place),
            move_words(row),
            row.note,
            left=formats.day_short(row.moved_on, today),
            note=row.moved_by,
            bold=False,
        )
        for place, row in enumerate(moves)
    ]


def move_words(row: MoveRow) -> str:
    """What one step was."""
    to = _(DemandState(row.to_state).label)
    if row.other and row.to_state == DemandState.MERGED:
        return _("Merged into {number}").format(number=row.other)
    if row.other and row.from_state == DemandState.MERGED:
        return _("Split off from {number}").format(number=row.other)
    if row.other:
        return _("Took in or gave away: {number}").format(number=row.other)
    if row.from_state is None:
        return _("First asked for")
    if row.from_state == row.to_state == DemandState.ACCEPTED and row.planned_on is not None:
        return _("Date moved to {day}").format(day=formats.day_iso(row.planned_on))
    if row.from_state == row.to_state == DemandState.DECLINED:
        return _("Stays declined")
    return _("{before} → {after}").format(before=_(DemandState(row.from_state).label), after=to)
