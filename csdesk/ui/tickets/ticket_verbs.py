"""Moving tickets: each verb asks for what it needs, and says what is missing at its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from csdesk.services.core.drafts import Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import parse_day
from csdesk.services.tickets.rules import MISSING, TICKET_MOVES, ticket_move
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

OWN = ("why", "seen", "severity")
"""What a move needs that stands in the ticket itself: it is said by editing the ticket."""
DAY_HINT = "2026-03-05, +7"
ON = FormField("on", N_("On"), FieldKind.DAY, hint=DAY_HINT)
RELEASE = FormField("release", N_("Release"))
PLANNED = FormField("planned_on", N_("Planned for"), FieldKind.DAY, hint=DAY_HINT, required=True)
ASKED: Mapping[str, tuple[FormField, ...]] = {
    "accept": (PLANNED, RELEASE, FormField("note", N_("Note, for us alone"), wide=True)),
    "redate": (PLANNED, RELEASE, FormField("note", N_("Why was it moved?"), wide=True)),
    "fix": (ON, RELEASE),
    "decline": (
        FormField("note", N_("Reason, for us alone"), FieldKind.LONG, required=True),
        FormField("answer", N_("What the customer is told"), FieldKind.LONG, required=True,
                  hint=N_("Words that the customer can accept")),
    ),
    "answer": (FormField("answer", N_("What the customer is told"), FieldKind.LONG, required=True),),
    "withdraw": (FormField("note", N_("Why do they no longer want it?"), FieldKind.LONG),),
    "reopen": (FormField("note", N_("What is it now?"), FieldKind.LONG),),
    "ask_back": (FormField("note", N_("What is to be asked?"), FieldKind.LONG),),
}  # fmt: skip
"""What is asked before a move; the others are made at once."""


class Movable(Protocol):
    """What a move looks at."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def verbs(self) -> tuple[str, ...]: ...


def common_verbs(rows: Iterable[Movable]) -> tuple[str, ...]:
    """What can be done with all of these, in the order of the first."""
    listed = list(rows)
    if not listed:
        return ()
    return tuple(verb for verb in listed[0].verbs if all(verb in row.verbs for row in listed))


def verb_label(verb: str) -> str:
    """A verb's words, the same for every kind that has it."""
    return next(_(move.label) for moves in TICKET_MOVES.values() for move in moves if move.verb == verb)


def missing_words(kind: str, verb: str, details: Mapping[str, Any]) -> str:
    """The sentence that says what a ticket lacks for a move, "" where it lacks nothing."""
    move = ticket_move(kind, verb)
    needs = move.needs if move is not None else ()
    return next((_(MISSING[key]) for key in needs if key in OWN and not details.get(key)), "")


def verbs_menu(context: Context, rows: Sequence[Movable], parent: QWidget, at: QPoint) -> None:
    """Offer what can be done with all of these now."""
    menu = QMenu(parent)
    verbs = common_verbs(rows)
    ids = tuple(row.id for row in rows)
    for verb in verbs:
        menu.addAction(verb_label(verb)).triggered.connect(partial(move, context, ids, verb, parent))
    if not verbs:
        menu.addAction(_("Nothing can be done with these together")).setEnabled(False)
    pop_up(menu, at)


def move(context: Context, ids: tuple[int, ...], verb: str, parent: QWidget, _checked: bool = False) -> None:
    """Make a move with some tickets, asking first for what it needs."""
    fields = ASKED.get(verb)
    if fields is None:
        _do(context, ids, verb, {}, partial(_refused, context, ids, parent))
        return

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        _do(context, ids, verb, typed, dialog.refuse, dialog.done_well)

    begun = {"on": context.clock.today().isoformat()} if ON in fields else {}
    key = f"ticket.{verb}.{ids[0]}" if len(ids) == 1 else ""
    label = verb_label(verb)
    open_form(context, label, fields, begun, send, verb=label, draft_key=key, parent=parent.window())


def _do(
    context: Context,
    ids: tuple[int, ...],
    verb: str,
    typed: Mapping[str, str],
    failed: Callable[[tuple[Any, ...]], object],
    then: Callable[[Any], object] | None = None,
) -> None:
    """Raises Problems for what cannot be read."""
    from csdesk.services.tickets.commands import MoveTickets, move_tickets

    today = context.clock.today()
    read = Reader(typed)
    on = read.value("on", lambda text: parse_day(text, today))
    planned = read.value("planned_on", lambda text: parse_day(text, today))
    read.check()
    wish = MoveTickets(ids, verb, on, read.text("note"), read.text("answer"), planned, read.text("release"))

    def refused(problems: tuple[Any, ...]) -> None:
        failed(tuple(_at_its_field(one) for one in problems))

    context.runner.do(move_tickets, wish, then=then, failed=refused)


def _at_its_field(problem: Any) -> Any:
    from dataclasses import replace

    return replace(problem, field="note") if problem.field == "reason" else problem


def _refused(context: Context, ids: tuple[int, ...], parent: QWidget, problems: tuple[Any, ...]) -> None:
    """What stands in the ticket is said there: its form opens with the sentence at the field."""
    from csdesk.ui.tickets.ticket_form import edit_ticket

    if len(ids) == 1 and any(one.field in OWN for one in problems):
        edit_ticket(context, ids[0], parent, problems)
    else:
        context.messages.toast(" ".join(one.message for one in problems))
