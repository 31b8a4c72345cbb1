"""To product and back, from anywhere: asks what goes out and where to; asks for the workbook that came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.progress import Progress
    from csdesk.services.tickets.product import ForProduct, Sendable
    from csdesk.ui.core.context import Context

CHOSEN, TO_REVIEW, ALL = "chosen", "to_review", "all"


def export_for_product(context: Context, ids: Sequence[int] = ()) -> None:
    """Ask which demands go to product, with names or tiers, and where the workbook is to lie; then write it.

    ``ids`` are the demands that are chosen on the page. What is sent counts as sent in one step, unless the user unticks
    that.
    """
    from csdesk.services.tickets.product import sendable

    if context.is_open:
        today, asker = context.clock.today(), context.runner
        context.runner.ask(sendable, today, then=partial(_ask, context, tuple(ids)), owner=asker, key="for product")


def take_back(context: Context, path: str | Path | None = None) -> None:
    """Show what product answered: of the workbook that is named, or of one that the user chooses."""
    if path is not None:
        context.go.to("answers", path=str(path))
    else:
        context.go.to("answers", choose=True)


def _ask(context: Context, ids: tuple[int, ...], found: Sendable) -> None:
    if not (ids or found.to_review or found.with_product or found.bugs):
        context.messages.toast(_("Nothing waits for product: no demand is to be reviewed and no bug is open."))
        return
    which = {
        CHOSEN: ids,
        TO_REVIEW: found.to_review,
        ALL: tuple(dict.fromkeys((*found.to_review, *found.with_product))),
    }

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        from csdesk.services.tickets.product import ForProduct

        wish = ForProduct(
            which[typed["which"]], typed.get("bugs") == "1", typed["names"] == "names", typed["sends"] == "1"
        )
        _save(context, wish, dialog)

    titles = {CHOSEN: N_("Those chosen"), TO_REVIEW: N_("All to be reviewed"), ALL: N_("All that wait for an answer")}
    options = tuple(
        (key, _("{words} ({n})").format(words=_(titles[key]), n=len(which[key])))
        for key in titles
        if which[key] or key != CHOSEN
    )
    first = next((key for key in (CHOSEN, TO_REVIEW, ALL) if which[key]), TO_REVIEW)
    open_form(
        context, _("Workbook for product"), _fields(options, found),
        {"which": first, "names": "names", "bugs": "1" if found.bugs else "", "sends": "1"}, send,
        verb=_("Save workbook…"), parent=QApplication.activeWindow(),
    )  # fmt: skip


def _fields(options: tuple[tuple[str, str], ...], found: Sendable) -> list[FormField]:
    fields = [
        FormField("which", N_("Demands"), FieldKind.CHOICE, options=options, wide=True),
        FormField(
            "names", N_("Accounts"), FieldKind.CHOICE, wide=True,
            options=(("names", _("With their names")), ("tiers", _("Tiers alone, names left out"))),
        ),
    ]  # fmt: skip
    if found.bugs or found.unclear:
        fields.append(FormField("bugs", _bug_words(found), FieldKind.CHECK, wide=True))
    return [*fields, FormField("sends", N_("Count as sent to product from today on"), FieldKind.CHECK, wide=True)]


def _bug_words(found: Sendable) -> str:
    words = ngettext("{n} bug that waits", "{n} bugs that wait", found.bugs).format(n=found.bugs)
    if not found.unclear:
        return words
    more = ngettext(
        "{words} ({n} stays: what was seen or how bad it is is missing)",
        "{words} ({n} stay: what was seen or how bad it is is missing)",
        found.unclear,
    )
    return more.format(words=words, n=found.unclear)


def _save(context: Context, wish: ForProduct, dialog: FormDialog) -> None:
    name = _("Demands for product {day}.xlsx").format(day=context.clock.today().isoformat())
    chosen, _kind = QFileDialog.getSaveFileName(dialog, _("Workbook for product"), name, _("Workbook (*.xlsx)"))
    if not chosen:
        return
    path = Path(chosen).with_suffix(".xlsx")

    def write(desk: Desk, progress: Progress) -> Any:
        from csdesk.services.tickets.product import send_to_product

        return send_to_product(desk, path, wish, progress)

    def written(done: Any) -> None:
        dialog.done_well()

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

        context.messages.toast(_sent_words(done.value, path.name), link=(_("Open folder"), show))

    def failed(error: BaseException) -> None:
        from csdesk.services.core.errors import DeskError, Problem, Problems

        if not isinstance(error, DeskError):
            raise error
        dialog.refuse(error.problems if isinstance(error, Problems) else [Problem("file", str(error))])

    context.runner.work(write, written, _("Writing the workbook for product"), failed=failed)


def _sent_words(sent: Any, file: str) -> str:
    demands = ngettext("{n} demand", "{n} demands", sent.demands).format(n=sent.demands)
    bugs = ngettext("{n} bug", "{n} bugs", sent.bugs).format(n=sent.bugs)
    both = _(", ").join([demands, bugs] if sent.bugs else [demands])
    return _("Saved: {what} in {file}").format(what=both, file=file)
