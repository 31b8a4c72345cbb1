"""About the program: versions, folders, licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.crash import versions
from csdesk.ui.core.help import About, KeySheet
from csdesk.ui.core.parts import Button, Card, Label
from csdesk.ui.settings.section import Rows, Section, row_of

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context

LICENCES = (
    ("Qt, PySide6", "LGPL-3.0"),
    ("SQLAlchemy, Alembic, openpyxl, RapidFuzz, python-calamine", "MIT"),
    ("pypinyin, chinesecalendar, msoffcrypto-tool, platformdirs", "MIT"),
    ("icalendar, python-dateutil", "BSD, Apache-2.0"),
    ("Python", "PSF-2.0"),
    ("SQLite", N_("public domain")),
    ("XlsxWriter", "BSD-2-Clause"),
    ("CSDesk Sans (Noto Sans CJK SC)", "OFL-1.1"),
)


class AboutSection(Section):
    """What this is and on what it stands."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("About"), parent)
        card = Card("CSDesk", note=_("The desk for customer success: local, in one file, offline."))
        self.versions = Label(versions(), ink="muted", wrap=True)
        card.add(self.versions)
        self.copy = Button(_("Copy diagnostics"), "copy")
        self.copy.clicked.connect(self._copy)
        more = Button(_("Folders…"))
        more.clicked.connect(self._folders)
        keys = Button(_("Keys"), key="F1")
        keys.clicked.connect(self._keys)
        card.add(row_of(self.copy, more, keys))
        self.add_card(card)
        licences = Card(_("Licences"), note=_("What CSDesk is built with"))
        rows = Rows(licences, 360, 20)
        for name, licence in LICENCES:
            rows.add(name, Label(_(licence), ink="muted"))
        self.add_card(licences)
        self.column.addStretch(1)

    def _about(self) -> About:
        from csdesk.ui.settings.safekeeping import folders_of

        folders = folders_of(self.context)
        named = ((_("Data"), folders.data), (_("Backups"), folders.backups), (_("Log"), folders.logs))
        return About(named, self.window())

    def _copy(self) -> None:
        about = self._about()
        QGuiApplication.clipboard().setText(about.diagnostics())
        about.deleteLater()
        self.copy.set_words(_("Copied"))

    def _folders(self) -> None:
        self._about().open()

    def _keys(self) -> None:
        KeySheet(self.context.actions, self.window()).open()
