"""Taking an import back, shown before it is done: what goes, what stays because it was edited, what cannot go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.dialogs import Dialog
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Label, Tabs
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.handover.undoing import Sorted

SHOWN = 500


class TakeBackDialog(Dialog):
    """``agreed`` is called where the user wants it done."""

    def __init__(self, told: Sorted, agreed: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(_("Take this import back?"), told.file_name, parent)
        self._told = told
        self.body.addWidget(Label(_counted(told), ink="muted", wrap=True))
        self.tabs = Tabs(
            [
                ("taken", _("Taken back"), formats.number(len(told.taken))),
                ("kept", _("Kept, edited since"), formats.number(len(told.kept))),
                ("cannot", _("Cannot go"), formats.number(len(told.cannot))),
            ],
            "taken" if told.taken else "kept",
        )
        self.tabs.chosen.connect(self._fill)
        self.body.addWidget(self.tabs)
        self.lines = LinesView(_("Accounts"))
        self.lines.setMinimumSize(px(520), px(220))
        self.nothing = Label(_("None."), ink="muted")
        self.nothing.setMinimumHeight(px(60))
        self.body.addWidget(self.lines, 1)
        self.body.addWidget(self.nothing, 1)
        self.keep = self.add_verb(_("Leave everything as it is"), self.reject, closes=False)
        self.verb = self.add_verb(_("Take back"), agreed, "primary")
        self._fill(self.tabs.current())
        self.keep.setFocus()

    def _fill(self, key: str) -> None:
        fates = {"taken": self._told.taken, "kept": self._told.kept, "cannot": self._told.cannot}[key]
        why = {"kept": _("edited after the import"), "cannot": _("something later belongs to it")}.get(key, "")
        badge = {"kept": Badge(_("stays"), "warn"), "cannot": Badge(_("stays"), "bad")}.get(key)
        lines = [Line(fate.account_id, fate.name, fate.why or why, right_badge=badge) for fate in fates[:SHOWN]]
        self.lines.set_lines(lines)
        self.lines.setVisible(bool(lines))
        self.nothing.setVisible(not lines)


def _counted(told: Sorted) -> str:
    words = [
        ngettext("{n} account", "{n} accounts", told.counts.get("accounts", 0)).format(
            n=told.counts.get("accounts", 0)
        ),
        ngettext("{n} contact", "{n} contacts", told.counts.get("contacts", 0)).format(
            n=told.counts.get("contacts", 0)
        ),
        ngettext("{n} contract", "{n} contracts", told.counts.get("contracts", 0)).format(
            n=told.counts.get("contracts", 0)
        ),
    ]
    sentence = _(
        "What the import made goes into the bin, what it changed gets its old value: {records}. This can be undone."
    )
    return sentence.format(records=_(", ").join(words))
