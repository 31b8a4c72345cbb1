"""The forms of a handover record: a point with its question, the reason of a move, another text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from csdesk.models.vocabulary import HandoverPoint, HandoverState, Tier
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.handover.moves import Need, move_to
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.handover.records import HandoverRecord, PointState
    from csdesk.ui.core.context import Context


def decide(
    context: Context,
    record: HandoverRecord,
    to: HandoverState,
    parent: QWidget,
    then: Callable[[], object] | None = None,
) -> None:
    """Make a move: at once where nothing has to be said, else with a form; ``then`` follows when it is stored."""
    from csdesk.services.handover.deciding import DecideHandover, decide_handover

    move = move_to(record.state, to)

    def done(_done: object) -> None:
        if then is not None:
            then()

    asks = move is not None and (
        move.need in (Need.REASON, Need.QUESTION) or (move.need == Need.REASON_FOR_GAPS and record.missing)
    )
    if move is None or not asks:
        context.runner.do(decide_handover, DecideHandover(record.id, to, "", record.version), then=done)
        return

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        def stored(answer: object) -> None:
            dialog.done_well()
            done(answer)

        wish = DecideHandover(record.id, to, typed["text"].strip(), record.version)
        context.runner.do(decide_handover, wish, then=stored, failed=dialog.refuse)

    title = _("{verb}: {name}").format(verb=_(move.verb).rstrip("…"), name=record.account)
    hint = "" if to != HandoverState.ACCEPTED else _still_missing(record)
    required = to != HandoverState.QUESTIONED or not record.open_questions
    open_form(
        context, title, [FormField("text", move.label, FieldKind.LONG, hint, required)],
        {"text": _begin(record, to)}, send, verb=_(move.verb).rstrip("…"), parent=parent.window(),
    )  # fmt: skip


def _begin(record: HandoverRecord, to: HandoverState) -> str:
    """What stands in the form at first: of a return or a question what is missing, else nothing."""
    if to not in (HandoverState.QUESTIONED, HandoverState.RETURNED) or not record.missing:
        return ""
    return _still_missing(record)


def _still_missing(record: HandoverRecord) -> str:
    names = _(", ").join(_(point.label) for point in record.missing)
    return _("Still missing: {points}").format(points=names)


def edit_point(context: Context, record: HandoverRecord, state: PointState, parent: QWidget) -> FormDialog:
    """Change what a point says, and what sales is asked about it."""
    from csdesk.services.handover.deciding import ChangePoint, change_point

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangePoint(record.id, state.point, typed["text"], typed["question"], record.version)
        context.runner.do(change_point, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {"text": state.text, "question": state.question.text if state.question is not None else ""}
    title = _("{point} of {name}").format(point=_(state.point.label), name=record.account)
    return open_form(
        context, title, _point_fields(state), draft, send, draft_key=f"handover.{record.id}.{state.point.value}",
        parent=parent.window(),
    )  # fmt: skip


def _point_fields(state: PointState) -> list[FormField]:
    question = FormField("question", N_("Question to sales"), FieldKind.LONG, hint=N_("Empty for none"))
    if state.point != HandoverPoint.TIER:
        return [FormField("text", state.point.label, FieldKind.LONG), question]
    tiers = tuple((tier.value, f"{tier.value}  {_(tier.label)}") for tier in Tier)
    return [
        FormField("text", state.point.label, FieldKind.CHOICE, options=(("", "\u2014"), *tiers), wide=True),
        question,
    ]


def edit_text(context: Context, record: HandoverRecord, key: str, title: str, parent: QWidget) -> FormDialog:
    """Change a text outside the checklist; ``title`` is a msgid."""
    from csdesk.services.handover.deciding import ChangeHandover, change_handover

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeHandover(record.id, {key: typed["text"]}, record.version)
        context.runner.do(change_handover, wish, then=dialog.done_well, failed=dialog.refuse)

    name = _("{point} of {name}").format(point=_(title), name=record.account)
    fields = [FormField("text", title, FieldKind.LONG)]
    return open_form(context, name, fields, {"text": getattr(record, key)}, send, parent=parent.window())


def send_sheet(context: Context, ids: tuple[int, ...], parent: QWidget) -> None:
    """Write the sheet for sales where the user wants it; received handovers become questioned, one undo for all."""
    name = _("Questions to sales {day}.xlsx").format(day=context.clock.today().isoformat())
    chosen, _kind = QFileDialog.getSaveFileName(parent.window(), _("Sheet for sales"), name, _("Workbook (*.xlsx)"))
    if not chosen or not ids:
        return
    path = Path(chosen).with_suffix(".xlsx")

    def write(desk: Desk, progress: Progress) -> Any:
        from csdesk.services.handover.deciding import send_to_sales

        return send_to_sales(desk, path, ids, progress)

    def written(_done: Any) -> None:
        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        words = ngettext("Sheet for {n} handover: {file}", "Sheet for {n} handovers: {file}", len(ids))
        context.messages.toast(words.format(n=len(ids), file=path.name), link=(_("Open folder"), show))

    context.runner.work(write, written, _("Writing the sheet for sales"))
