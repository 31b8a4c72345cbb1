"""What renewed by itself is written once its day has come, and told on Today and on the renewals until somebody has seen it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from csdesk.services.core.texts import _, ngettext

if TYPE_CHECKING:
    from csdesk.services.core.changes import Changes
    from csdesk.services.renewals.automatic import ByThemselves
    from csdesk.ui.core.context import Context

SEEN = "renewals.seen"
"""The last step of this kind that was seen, among what the window remembers."""
PAGES = ("today", "renewals")
WRITTEN, PROPOSED = "renewals.written", "renewals.proposed"
VIEW = "by_itself"


class AutomaticRenewals(QObject):
    """Looks when it is made and after every change, a new day among them; writes at most once a day."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._tried: date | None = None
        self._said: ByThemselves | None = None
        context.runner.changed.connect(self._changed)
        self.look()

    def look(self) -> None:
        """Ask what is to be written and what to be told."""
        from csdesk.services.renewals.automatic import by_themselves

        if self._context.is_open:
            today, seen = self._context.clock.today(), int(self._context.state.get(SEEN) or 0)
            self._context.runner.ask(by_themselves, today, seen, then=self._fill, owner=self)

    def tell_again(self) -> None:
        """The window was made anew: say what it does not know."""
        self._said = None
        self.look()

    def _changed(self, changes: Changes) -> None:
        if changes.touches(("contracts", "accounts", "settings")):
            self.look()

    def _fill(self, found: ByThemselves) -> None:
        from csdesk.services.renewals.automatic import RenewByThemselves, renew_by_themselves

        today = self._context.clock.today()
        if found.due and self._tried != today:
            self._tried = today
            told_by_bar = self._context.go.here in PAGES
            self._context.runner.do(renew_by_themselves, RenewByThemselves(), toast=not told_by_bar)
        if found != self._said:
            self._said = found
            self._tell(found)

    def _tell(self, found: ByThemselves) -> None:
        messages = self._context.messages
        for page in PAGES:
            messages.clear(f"{WRITTEN}:{page}")
        messages.clear(PROPOSED)
        if found.written:
            verbs = (
                (_("Look at them"), self.show),
                (_("Undo"), self.take_back),
                (_("I have seen them"), self.have_seen),
            )
            for page in PAGES:
                messages.bar(page, _written_words(found), "sample", verbs, f"{WRITTEN}:{page}", closable=False)
        if found.proposed:
            asking = ((_("Look at them"), self.show_proposed), (_("Write them"), self.write_proposed))
            messages.bar("renewals", _proposed_words(found), "warn", asking, PROPOSED)

    def show(self) -> None:
        """The contracts that renewed by themselves, as a list."""
        self._context.go.to("renewals", show="table", view=VIEW)

    def show_proposed(self) -> None:
        """The contracts that are proposed, as a list."""
        self._context.go.to("renewals", show="table", filter=("unwritten", ""))

    def write_proposed(self) -> None:
        """Write the contracts that are proposed, in one step."""
        from csdesk.services.renewals.automatic import RenewByThemselves, renew_by_themselves

        if self._said is not None and self._said.proposed:
            ids = tuple(one.id for one in self._said.proposed)
            self._context.runner.do(renew_by_themselves, RenewByThemselves(ids))

    def take_back(self) -> None:
        """Undo the newest step that is told; what it made is not made again by itself."""
        if self._said is not None and self._said.written:
            self._context.runner.undo_step(self._said.written[-1].step_id)

    def have_seen(self) -> None:
        """Say no more of what is told now."""
        if self._said is not None and self._said.written:
            self._context.state.set(SEEN, self._said.written[-1].step_id)
            self.look()


def _written_words(found: ByThemselves) -> str:
    count = sum(step.contracts for step in found.written)
    names = list(dict.fromkeys(name for step in found.written for name in step.accounts))
    words = ngettext(
        "{n} contract renewed by itself and its next term is written: {names}",
        "{n} contracts renewed by themselves and their next terms are written: {names}",
        count,
    )
    return words.format(n=count, names=_names(names))


def _proposed_words(found: ByThemselves) -> str:
    count = len(found.proposed)
    words = ngettext(
        "{n} contract that renews by itself had ended before it came in; its next term is not written: {names}",
        "{n} contracts that renew by themselves had ended before they came in; their next terms are not written: {names}",
        count,
    )
    return words.format(n=count, names=_names(list(dict.fromkeys(one.account for one in found.proposed))))


def _names(names: list[str]) -> str:
    from csdesk.services.accounts.commands import named

    return named(names)
