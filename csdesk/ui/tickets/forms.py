"""The forms of demands: product's answer, another date, what came out, other words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import Decision, DemandSize, Scope
from csdesk.services.core.drafts import Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import parse_day
from csdesk.services.tickets.rules import MISSING
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form
from csdesk.ui.tickets.ticket_verbs import DAY_HINT

if TYPE_CHECKING:
    from datetime import date

    from csdesk.services.tickets.choices import Choices
    from csdesk.services.tickets.demands import Review
    from csdesk.services.tickets.queries import DemandCard, DemandView
    from csdesk.ui.core.context import Context

YES, NO = "yes", "no"


def answer_fields(choices: Choices) -> list[FormField]:
    """The fields of a review; release and reviewer complete from what was used before."""
    unsaid = ("", _("not said"))
    return [
        FormField("decision", N_("Decision"), FieldKind.CHOICE, required=True,
                  options=(("", _("Choose…")), *((word.value, _(word.label)) for word in Decision))),
        FormField("reasonable", N_("Reasonable?"), FieldKind.CHOICE,
                  options=(unsaid, (YES, _("reasonable")), (NO, _("not reasonable")))),
        FormField("scope", N_("Generic or custom"), FieldKind.CHOICE,
                  options=(unsaid, *((word.value, _(word.label)) for word in Scope))),
        FormField("size", N_("Size"), FieldKind.CHOICE,
                  options=(unsaid, *((word.value, _(word.label)) for word in DemandSize))),
        FormField("release", N_("Release"), hint=N_("Needed only when accepted"), suggestions=choices.releases),
        FormField("planned_on", N_("Planned for"), FieldKind.DAY, hint=DAY_HINT),
        FormField("reason", N_("Reason, for us alone"), FieldKind.LONG),
        FormField("answer", N_("What the customer is told"), FieldKind.LONG,
                  hint=N_("Words that the customer can accept")),
        FormField("by", N_("Reviewed by"), suggestions=choices.reviewers),
        FormField("on", N_("Reviewed on"), FieldKind.DAY, hint=DAY_HINT),
    ]  # fmt: skip


def record_answer(context: Context, demand_id: int, parent: QWidget, decision: Decision | None = None) -> None:
    """Write down what product said to a demand, read freshly; ``decision`` is chosen already."""
    today = context.clock.today()

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.tickets.demands import review_demand

        wish = read_answer(typed, demand_id, today)
        context.runner.do(review_demand, wish, then=dialog.done_well, failed=dialog.refuse)

    def show(view: DemandView, choices: Choices) -> None:
        card = view.card
        draft = {
            "decision": decision.value if decision else "", "reasonable": _said(view.reasonable), "scope": card.scope or "",
            "size": view.size or "", "release": card.release, "by": view.reviewed_by, "on": today.isoformat(),
            "planned_on": _planned_day(card), "answer": view.answer,
        }  # fmt: skip
        title = _("Product's answer to {number}: {name}").format(number=card.number, name=card.title)
        key = f"demand.answer.{demand_id}"
        dialog = open_form(context, title, answer_fields(choices), draft, send, draft_key=key, parent=parent.window())
        wanted = {Decision.ACCEPTED: "planned_on", Decision.DECLINED: "reason"}
        if decision is not None:
            dialog.form.cells[wanted[decision]].editor.setFocus()

    _with_demand(context, demand_id, parent, show)


def read_answer(typed: Mapping[str, str], demand_id: int, today: Any) -> Review:
    """The review that was typed. Raises Problems at the fields."""
    from csdesk.services.tickets.demands import Review

    read = Reader(typed)
    decision = read.word("decision", Decision)
    if decision is None and not read.problems:
        read.refuse("decision", _("Say whether it is accepted or declined."), "missing")
    planned = read.value("planned_on", lambda text: parse_day(text, today))
    on = read.value("on", lambda text: parse_day(text, today))
    reasonable = {YES: True, NO: False}.get(typed.get("reasonable", ""))
    scope, size = read.word("scope", Scope), read.word("size", DemandSize)
    declined = decision == Decision.DECLINED
    reason, answer = (read.text(key, required=_(MISSING[key]) if declined else "") for key in ("reason", "answer"))
    by, release = read.text("by"), read.text("release")
    read.check()
    assert decision is not None
    return Review(demand_id, decision, reasonable, scope, size, reason, answer, by, release, planned, on)


def ask_date(context: Context, demand_id: int, parent: QWidget) -> None:
    """Ask for another date of an accepted demand."""
    today = context.clock.today()

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.tickets.demands import Redate, redate_demand

        read = Reader(typed)
        key = "planned_on"
        day = read.value(key, lambda text: parse_day(text, today))
        if day is None and not read.problems:
            read.refuse(key, _(MISSING[key]), "missing")
        wish = Redate(demand_id, day or today, read.text("release"), read.text("note"))
        read.check()
        context.runner.do(redate_demand, wish, then=dialog.done_well, failed=dialog.refuse)

    def show(view: DemandView, choices: Choices) -> None:
        card = view.card
        fields = [
            FormField("planned_on", N_("Planned for"), FieldKind.DAY, DAY_HINT, required=True),
            FormField("release", N_("Release"), suggestions=choices.releases),
            FormField("note", N_("Why the date moves"), wide=True),
        ]
        draft = {"planned_on": _planned_day(card), "release": card.release, "note": ""}
        title = _("Another date for {number}: {name}").format(number=card.number, name=card.title)
        open_form(context, title, fields, draft, send, verb=_("Move the date"), parent=parent.window())

    _with_demand(context, demand_id, parent, show)


def ask_release(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Ask on which day and in which release some demands came out."""
    today = context.clock.today()

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.tickets.demands import ReleaseDemands, release_demands

        read = Reader(typed)
        day = read.value("on", lambda text: parse_day(text, today))
        wish = ReleaseDemands(ids, day, read.text("release"))
        read.check()
        context.runner.do(release_demands, wish, then=dialog.done_well, failed=dialog.refuse)

    def show(view: DemandView, choices: Choices) -> None:
        card = view.card
        fields = [
            FormField("on", N_("Released on"), FieldKind.DAY, DAY_HINT, required=True),
            FormField("release", N_("Release"), suggestions=choices.releases),
        ]
        draft = {"on": today.isoformat(), "release": card.release if len(ids) == 1 else ""}
        title = _("Released: {name}").format(name=card.title) if len(ids) == 1 else _("Released demands")
        open_form(context, title, fields, draft, send, verb=_("Mark as released"), parent=parent.window())

    _with_demand(context, ids[0], parent, show)


def edit_demand(context: Context, demand_id: int, parent: QWidget) -> None:
    """Change a demand's words, read freshly."""

    def show(view: DemandView, choices: Choices) -> None:
        card = view.card

        def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
            from csdesk.services.tickets.demands import ChangeDemand, change_demand

            read = Reader(typed)
            wish = ChangeDemand(
                demand_id, read.text("title"), read.text("background"), read.text("module"), card.version
            )
            read.check()
            context.runner.do(change_demand, wish, then=dialog.done_well, failed=dialog.refuse)

        fields = [
            FormField("title", N_("Title"), required=True, wide=True),
            FormField("module", N_("Module"), suggestions=choices.modules, wide=True),
            FormField("background", N_("Background"), FieldKind.LONG,
                      hint=N_("Why, who, how often, what it is worth to them")),
        ]  # fmt: skip
        draft = {"title": card.title, "module": card.module, "background": view.background}
        key = f"demand.edit.{demand_id}"
        title = _("Edit {number}").format(number=card.number)
        open_form(context, title, fields, draft, send, draft_key=key, parent=parent.window())

    _with_demand(context, demand_id, parent, show)


def _with_demand(
    context: Context, demand_id: int, parent: QWidget, show: Callable[[DemandView, Choices], None]
) -> None:
    """Read a demand freshly and show a form about it; none where it is gone."""

    def read(connection: Any, demand_id: int, today: date) -> tuple[DemandView | None, Choices]:
        from csdesk.services.tickets.choices import choices
        from csdesk.services.tickets.queries import demand

        return demand(connection, demand_id, today), choices(connection)

    def came(found: tuple[DemandView | None, Choices]) -> None:
        view, choices = found
        if view is not None:
            show(view, choices)

    context.runner.ask(read, demand_id, context.clock.today(), then=came, owner=parent)


def _planned_day(card: DemandCard) -> str:
    """The day promised now, as it is typed."""
    return card.planned_on.isoformat() if card.planned_on else ""


def _said(reasonable: bool | None) -> str:
    return "" if reasonable is None else YES if reasonable else NO
