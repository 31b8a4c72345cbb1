"""How tickets are put into words and lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import Channel, Importance, NoticeCause, NoticeState, Severity, TicketKind, TicketState
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.lines import Badge, Line

if TYPE_CHECKING:
    from csdesk.services.tickets.moments import AccountTickets
    from csdesk.services.tickets.queries import MoveRow, NoticeRow, TicketRow, TicketView

STATE_TONES = {
    TicketState.CAPTURED: "line",
    TicketState.CLARIFIED: "line",
    TicketState.IN_REVIEW: "blue",
    TicketState.ACCEPTED: "blue",
    TicketState.RELEASED: "ok",
    TicketState.DECLINED: "warn",
    TicketState.ANSWERED: "ok",
    TicketState.TOLD: "ok",
    TicketState.CLOSED: "neutral",
    TicketState.WITHDRAWN: "neutral",
}
KIND_ICONS = {TicketKind.REQUIREMENT: "requirements", TicketKind.BUG: "bug", TicketKind.QUESTION: "question"}
WORDS = {
    "kind": TicketKind, "state": TicketState, "importance": Importance, "severity": Severity, "channel": Channel,
}  # fmt: skip
OVER = (TicketState.TOLD, TicketState.CLOSED, TicketState.WITHDRAWN)


def stored_word(key: str, value: str) -> str:
    """A stored word of a ticket's column for people."""
    return _(WORDS[key](value).label) if key in WORDS else value


def state_badge(row: TicketRow) -> Badge:
    """What a ticket shows."""
    state = TicketState(row.state)
    return Badge(_(state.label), STATE_TONES[state])


def days_words(days: int) -> str:
    """An age."""
    return ngettext("{n} day", "{n} days", days).format(n=days)


def ticket_age(row: TicketRow, today: date) -> int:
    """Days since it was said, until it was over."""
    return ((row.closed_on or row.told_on or today) - row.reported_on).days


def ticket_line(row: TicketRow, today: date) -> Line:
    """A ticket on the page of its account."""
    badges = [state_badge(row)]
    over = row.state in OVER
    late = row.state == TicketState.ACCEPTED and row.planned_on is not None and row.planned_on < today
    right = None
    if late:
        right = Badge(_("date passed"), "overdue")
    said = " ".join(row.text.split())
    due = _("due {day}").format(day=formats.day_short(row.planned_on, today)) if row.planned_on and not over else ""
    return Line(
        ("ticket", row.id), row.title, f"\u201c{said}\u201d" if said != row.title else row.contact,
        left=formats.day_near(row.reported_on, today), icon=KIND_ICONS[TicketKind(row.kind)], badges=tuple(badges),
        note=" \u00b7 ".join(part for part in (row.number, due) if part), right=days_words(ticket_age(row, today)),
        right_badge=right, bold=not over, muted=over,
    )  # fmt: skip


def notice_words(row: NoticeRow) -> str:
    """What a customer is told, in a few words: the answer, and the day or the release that it names."""
    parts = [_(NoticeCause(row.cause).label)]
    if row.cause in (NoticeCause.DATE_SET, NoticeCause.DATE_MOVED) and row.planned_on is not None:
        parts.append(formats.day_iso(row.planned_on))
    elif row.release:
        parts.append(row.release)
    return " \u00b7 ".join(parts)


def notice_line(row: NoticeRow, today: date, *, titled: bool = True) -> Line:
    """An answer that a customer was told or is to be told; when, by whom and how."""
    told = row.state == NoticeState.TOLD
    if told and row.told_on is not None:
        ways = (row.told_by, _(Channel(row.channel).label) if row.channel else "", row.contact)
        note = " \u00b7 ".join(part for part in ways if part)
        badge = Badge(_("Told"), "ok")
        day = formats.day_near(row.told_on, today)
    else:
        days = (today - row.due_on).days
        note = _("since {days}").format(days=days_words(days)) if days > 0 else ""
        badge, day = Badge(_("To be told"), "warn"), formats.day_near(row.due_on, today)
    title = f"{notice_words(row)}: {row.title}" if titled else notice_words(row)
    return Line(
        ("notice", row.id), title, " ".join(row.text.split()), left=day, badges=(badge,), note=note, bold=not told
    )


def account_ticket_lines(found: AccountTickets, today: date) -> list[Line]:
    """What an account asked for, and what it was promised and told."""
    lines = [ticket_line(row, today) for row in found.tickets]
    if found.notices:
        head = _("What this customer was told")
        lines.append(Line("told", head, note=formats.number(len(found.notices)), section=True))
        lines += [notice_line(row, today) for row in found.notices]
    return lines


def move_line(place: int, row: MoveRow, today: date) -> Line:
    """One step of a ticket."""
    same = row.from_state == row.to_state
    title = _("Date moved") if same and row.planned_on else _(TicketState(row.to_state).label)
    day = _("for {day}").format(day=formats.day_iso(row.planned_on)) if row.planned_on else ""
    note = " \u00b7 ".join(part for part in (day, row.moved_by) if part)
    return Line(
        place, title, " ".join(row.note.split()), left=formats.day_near(row.moved_on, today), note=note, bold=False
    )


def promise_words(view: TicketView, today: date) -> list[tuple[str, str, str]]:
    """Of a bug: what was promised first, what now, how often it moved, kept or missed; (name, value, tone)."""
    row = view.row
    found: list[tuple[str, str, str]] = []
    if row.first_planned_on is None:
        if view.deadline is not None:
            late = ngettext("{n} working day over", "{n} working days over", view.overdue).format(n=view.overdue)
            words = formats.day_near(view.deadline, today)
            found.append((_("Answer of product by"), f"{words} \u00b7 {late}" if view.overdue else words,
                          "bad" if view.overdue else ""))  # fmt: skip
        return found
    found.append((_("Promised first for"), formats.day_near(row.first_planned_on, today), ""))
    if row.planned_on is not None and view.dates_moved:
        moved = ngettext("moved once", "moved {n} times", view.dates_moved).format(n=view.dates_moved)
        found.append((_("Promised now for"), f"{formats.day_near(row.planned_on, today)} \u00b7 {moved}", "warn"))
    if row.released_on is not None:
        found.append((_("Fixed on"), formats.day_near(row.released_on, today), ""))
    found.append((_("Kept?"), *_kept(view, today)))
    return found


def _kept(view: TicketView, today: date) -> tuple[str, str]:
    first = view.row.first_planned_on
    if view.kept is not None:
        return (_("kept"), "ok") if view.kept else (_("missed"), "bad")
    if first is not None and first < today and view.row.state not in OVER:
        return _("missed, still open"), "bad"
    return _("still open"), "neutral"


def detail_rows(view: TicketView) -> list[tuple[str, Any]]:
    """The background of a wish, or the scene of a bug: (msgid of the field, text), those that were said alone."""
    from csdesk.services.tickets.ticket_fields import BACKGROUND, OBSERVED
    from csdesk.ui.tickets.ticket_form import background_fields

    keys = OBSERVED if view.row.kind == TicketKind.BUG else BACKGROUND
    labels = {field.key: field.label for field in background_fields()}
    return [(labels[key], view.details[key]) for key in (*keys, "notes") if view.details.get(key)]
