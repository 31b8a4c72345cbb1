"""The forms of visits: new, change, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import VisitKind
from csdesk.services.core.drafts import Reader
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import parse_count, parse_day
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard
    from csdesk.ui.core.context import Context


ZONE = FormField(
    "zone", N_("Time zone of the people met"), hint=N_("such as Europe/Berlin, where it is not yours"), wide=True
)


def _kinds() -> tuple[tuple[str, str], ...]:
    return tuple((kind.value, _(kind.label)) for kind in VisitKind)


def _people(context: Context, account_id: int) -> tuple[tuple[str, str], ...]:
    from csdesk.services.contacts.queries import contacts_of

    with context.desk.read() as connection:
        people = contacts_of(connection, account_id)
    return (("", "\u2014"), *((str(p.id), f"{p.name} {p.title}".strip()) for p in people if p.left_on is None))


def _name(context: Context, account_id: int) -> str:
    from csdesk.services.accounts.queries import names_of

    with context.desk.read() as connection:
        return names_of(connection, [account_id]).get(account_id, "")


def new_visit(context: Context, account_id: int | None, day: date, parent: QWidget) -> FormDialog:
    """Plan a visit by hand; without an account its name is asked for."""
    from csdesk.services.visits.commands import AddVisit, add_visit
    from csdesk.services.visits.series import add_series
    from csdesk.ui.visits.series_form import series_fields, series_of

    known: dict[str, int] = {}
    fields: list[FormField] = []
    if account_id is None:
        known = account_names(context)
        fields.append(FormField("account", N_("Account"), required=True, wide=True, suggestions=tuple(known)))
    fields += [
        FormField("day", N_("Day"), FieldKind.DAY, required=True),
        FormField("starts_at", N_("Time"), hint="9:30"),
        FormField("kind", N_("Kind"), FieldKind.CHOICE, options=_kinds()),
        FormField("minutes", N_("Minutes")),
        FormField("goal", N_("Goal"), wide=True),
    ]
    if account_id is not None:
        fields.append(FormField("contact_id", N_("Whom"), FieldKind.CHOICE, options=_people(context, account_id)))
    fields += [*series_fields(), ZONE]
    draft = {"day": day.isoformat(), "kind": VisitKind.ONSITE.value, "every": "1"}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        target = account_id or known.get(typed.get("account", "").strip())
        if target is None:
            read.refuse("account", _("Choose one of the accounts."), "unknown")
        on = read.value("day", lambda text: parse_day(text, context.clock.today()))
        if on is None and not read.problems:
            read.refuse("day", _("On which day?"), "missing")
        minutes = read.value("minutes", parse_count)
        read.check()
        assert target is not None
        assert on is not None
        contact = int(typed["contact_id"]) if typed.get("contact_id") else None
        wish = AddVisit(
            target, on, VisitKind(typed["kind"]), typed["starts_at"].strip(), minutes, typed["goal"].strip(), contact,
            typed["zone"].strip(),
        )  # fmt: skip

        def stored(done: Any) -> None:
            dialog.done_well()
            context.go.to("visits", day=on.isoformat(), visit=done.value)

        series = series_of(typed, wish, context.clock.today())
        context.runner.do(
            add_visit if series is None else add_series, wish if series is None else series,
            then=stored, failed=dialog.refuse,
        )  # fmt: skip

    title = _("Plan a visit to {name}").format(name=_name(context, account_id)) if account_id else _("Plan a visit")
    return open_form(context, title, fields, draft, send, parent=parent.window())


def account_names(context: Context) -> dict[str, int]:
    """All accounts by the name that lists show."""
    from csdesk.services.accounts.queries import ACCOUNTS, names_of
    from csdesk.services.core.columns import Query

    with context.desk.read() as connection:
        ids = ACCOUNTS.ids(connection, Query(sort="name"), context.clock.today())
        names = names_of(connection, ids)
    return {names[row_id]: row_id for row_id in ids}


def plan_accounts(context: Context, ids: list[int], day: date, parent: QWidget) -> FormDialog:
    """Plan a visit to each of several accounts from a day on, as many a day as the capacity allows."""
    from csdesk.services.visits.batch import PlanAccounts
    from csdesk.services.visits.batch import plan_accounts as plan_all

    fields = [
        FormField("day", N_("From day"), FieldKind.DAY, required=True),
        FormField("kind", N_("Kind"), FieldKind.CHOICE, options=_kinds()),
        FormField("goal", N_("Goal"), wide=True),
    ]
    start = max(day, context.clock.today())

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        on = read.value("day", lambda text: parse_day(text, context.clock.today()))
        read.check()
        if on is None:
            raise Problems([Problem("day", _("On which day?"), code="missing")])
        wish = PlanAccounts(tuple(ids), on, VisitKind(typed["kind"]), typed["goal"].strip())

        def stored(_done: Any) -> None:
            dialog.done_well()
            context.go.to("visits", day=on.isoformat())

        context.runner.do(plan_all, wish, then=stored, failed=dialog.refuse)

    title = _("Plan visits to {n} accounts").format(n=len(ids))
    draft = {"day": start.isoformat(), "kind": VisitKind.ONSITE.value}
    return open_form(context, title, fields, draft, send, verb=_("Plan visits"), parent=parent.window())


def edit_visit_form(context: Context, card: VisitCard, parent: QWidget) -> FormDialog:
    """Change a visit's kind, time, goal and contact; of one that repeats, those that follow too."""
    from csdesk.services.visits.commands import EditVisit, edit_visit
    from csdesk.services.visits.series import EditFollowing, edit_following
    from csdesk.ui.visits.series_form import reach_fields, shift_of

    fields = [
        FormField("starts_at", N_("Time"), hint="9:30"),
        FormField("minutes", N_("Minutes")),
        FormField("kind", N_("Kind"), FieldKind.CHOICE, options=_kinds()),
        FormField("contact_id", N_("Whom"), FieldKind.CHOICE, options=_people(context, card.account_id)),
        FormField("goal", N_("Goal"), wide=True),
        FormField("agenda", N_("Agenda"), FieldKind.LONG),
        ZONE,
        *(reach_fields() if card.series_id else ()),
    ]
    draft = {
        "starts_at": card.starts_at,
        "minutes": str(card.minutes),
        "kind": card.kind.value,
        "contact_id": str(card.contact_id or ""),
        "goal": card.goal,
        "agenda": card.agenda,
        "zone": card.zone,
        "day": card.day.isoformat() if card.day else "",
    }

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        minutes = read.value("minutes", parse_count)
        read.check()
        wish = EditVisit(
            card.id,
            card.version,
            VisitKind(typed["kind"]),
            typed["starts_at"].strip(),
            minutes,
            typed["goal"].strip(),
            typed["agenda"].strip(),
            int(typed["contact_id"]) if typed["contact_id"] else 0,
            typed["zone"].strip(),
        )
        if typed.get("reach") == "following":
            following = EditFollowing(wish, shift_of(typed, card, context.clock.today()))
            context.runner.do(edit_following, following, then=dialog.done_well, failed=dialog.refuse)
        else:
            context.runner.do(edit_visit, wish, then=dialog.done_well, failed=dialog.refuse)

    return open_form(
        context, _("Visit to {name}").format(name=card.account), fields, draft, send,
        draft_key=f"visit.{card.id}", parent=parent.window(),
    )  # fmt: skip


def cancel_form(context: Context, card: VisitCard, parent: QWidget) -> FormDialog:
    """Cancel a visit; a reason excuses it in the plan's execution."""
    from csdesk.services.visits.commands import CancelVisit, cancel_visit

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = CancelVisit(card.id, typed["excuse"].strip(), card.version)
        context.runner.do(cancel_visit, wish, then=dialog.done_well, failed=dialog.refuse)

    fields = [FormField("excuse", N_("Why the customer called off (excuses it in the execution rate)"), wide=True)]
    title = _("Cancel the visit to {name}").format(name=card.account)
    return open_form(context, title, fields, {}, send, verb=_("Cancel visit"), parent=parent.window())
