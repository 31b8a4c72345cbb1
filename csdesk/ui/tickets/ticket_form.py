"""The fields of a ticket: what is asked first, and what is asked about a wish, a bug, a question; the form that edits one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import Channel, Importance, Severity, TicketKind
from csdesk.services.core.texts import N_, _
from csdesk.services.tickets.ticket_fields import BACKGROUND, OBSERVED
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import Form, FormDialog, open_form

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.services.tickets.ticket_facts import FormChoices
    from csdesk.ui.core.context import Context

ONLY_BUG = (*OBSERVED, "severity")
UNSAID = ("", "\u2014")


def background_fields(contacts: tuple[tuple[str, str], ...] = ()) -> list[FormField]:
    """What may be said beyond the customer's words; ``contacts`` are (id, name) of the account's people."""
    return [
        FormField("why", N_("Why do they want it?"), FieldKind.LONG, hint=N_("What they want to reach with it")),
        FormField("who", N_("Who needs it, how many?")),
        FormField("how_often", N_("How often?")),
        FormField("workaround", N_("How do they do it today?"), wide=True),
        FormField("worth", N_("What is it worth to them?"), hint=N_("Hours, money, a renewal that hangs on it")),
        FormField("otherwise", N_("What happens without it?")),
        FormField("scene", N_("What were they doing?"), wide=True),
        FormField("steps", N_("Steps, one a line"), FieldKind.LONG),
        FormField("seen", N_("What was seen"), FieldKind.LONG),
        FormField("expected", N_("What was expected"), wide=True),
        FormField("environment", N_("Version, browser, device")),
        FormField("severity", N_("Severity"), FieldKind.CHOICE,
                  options=(UNSAID, *((word.value, _(word.label)) for word in Severity))),
        FormField("importance", N_("Importance to the customer"), FieldKind.CHOICE,
                  options=tuple((word.value, _(word.label)) for word in Importance)),
        FormField("contact", N_("Who said it"), FieldKind.CHOICE, options=(UNSAID, *contacts)),
        FormField("channel", N_("By which way"), FieldKind.CHOICE,
                  options=(UNSAID, *((word.value, _(word.label)) for word in Channel))),
        FormField("reported_on", N_("Said on"), FieldKind.DAY),
        FormField("title", N_("Short title"), hint=N_("Empty: the beginning of their words")),
        FormField("notes", N_("Notes, for us alone")),
    ]  # fmt: skip


BEGINNING = {"importance": Importance.IMPORTANT.value}


def suit(form: Form, kind: str) -> None:
    """Show the fields that a kind has; what was typed in the others stays."""
    for keys, shown in ((BACKGROUND, kind == TicketKind.REQUIREMENT), (ONLY_BUG, kind == TicketKind.BUG)):
        for key in keys:
            form.cells[key].setVisible(shown)


def edit_ticket(context: Context, ticket_id: int, parent: QWidget, problems: Sequence[Problem] = ()) -> None:
    """Change a ticket's words, read freshly; the kind and the account stay. ``problems`` say what it lacks for a move."""
    from csdesk.services.tickets.ticket_facts import ticket_form

    def opened(found: tuple[Mapping[str, Any], FormChoices] | None) -> None:
        if found is not None:
            _edit(context, *found, parent).refuse(problems)

    context.runner.ask(ticket_form, ticket_id, then=opened, owner=parent)


def _edit(context: Context, row: Mapping[str, Any], choices: FormChoices, parent: QWidget) -> FormDialog:
    from csdesk.services.tickets.commands import ChangeTicket, change_ticket
    from csdesk.services.tickets.ticket_fields import parse

    fields = [
        FormField("text", N_("What the customer said"), FieldKind.LONG, required=True),
        FormField("module", N_("Module"), suggestions=choices.modules, wide=True),
        *background_fields(choices.contacts),
    ]
    draft = {field.key: "" if row[field.key] is None else str(row[field.key]) for field in fields}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeTicket(row["id"], parse({**typed, "kind": row["kind"]}, context.clock.today()), row["version"])
        context.runner.do(change_ticket, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Edit {number}").format(number=row["shown"])
    dialog = open_form(context, title, fields, draft, send, draft_key=f"ticket.{row['id']}", parent=parent.window())
    suit(dialog.form, row["kind"])
    return dialog
