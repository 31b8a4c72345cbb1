"""Data and backups: where they lie, what is kept, the way back, what can be taken along."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.help import open_folder
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button, Card, Label
from csdesk.ui.core.theme import px
from csdesk.ui.settings import safekeeping
from csdesk.ui.settings.section import Rows, Section, row_of

if TYPE_CHECKING:
    from csdesk.services.files.backups import Backup
    from csdesk.ui.core.context import Context

SHOWN_AT_FIRST = 8


class DataSection(Section):
    """The safety tile leads here."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Data and backups"), parent)
        self.keeping = safekeeping.Safekeeping(context, self)
        self.keeping.told.connect(self._told)
        self.keeping.done.connect(self.shown)
        self._backups: tuple[Backup, ...] = ()
        self._second = ""
        self._all_shown = False
        self.add_card(self._place_card())
        self.add_card(self._backup_card())
        self.add_card(self._second_card())
        self.add_card(self._archive_card())
        self.column.addStretch(1)

    def _place_card(self) -> Card:
        card = Card(_("Your data"), note=_("One file on this machine; nothing is sent anywhere"))
        folders = self.keeping.folders
        where = Label(str(folders.data), elide=True)
        self.open_folder = Button(_("Open folder"), small=True)
        self.open_folder.clicked.connect(self._open_data)
        rows = Rows(card, 120)
        row = row_of(where, self.open_folder, stretch=False)
        row.setStretch(0, 1)
        rows.add(_("Data folder"), row)
        self.saved = Label("", elide=True)
        self.check = Button(_("Check now"), "shield", small=True)
        self.check.clicked.connect(self.keeping.check)
        row = row_of(self.saved, self.check, stretch=False)
        row.setStretch(0, 1)
        rows.add(_("Last saved"), row)
        self.health = Label("", wrap=True)
        self.health.hide()
        card.add(self.health)
        return card

    def _backup_card(self) -> Card:
        card = Card(_("Backups"), padded=False)
        self.backups_card = card
        self.from_file = Button(_("From a file…"), small=True, kind="ghost")
        self.from_file.clicked.connect(self._restore_file)
        self.restore = Button(_("Restore…"), "undo", "Enter", small=True)
        self.restore.clicked.connect(self._restore_chosen)
        self.back_up = Button(_("Back up now"), "save", small=True)
        self.back_up.clicked.connect(self.keeping.back_up)
        for button in (self.from_file, self.restore, self.back_up):
            card.header.addWidget(button)
        self.list = LinesView(_("Backups"), 128, grows=True)
        self.list.opened.connect(self._restore_chosen)
        self.empty = Label(
            _("No backup yet. One is made at each start and end, and every half hour of work."), ink="muted", wrap=True
        )
        self.empty.setContentsMargins(px(15), 0, px(15), px(15))
        self.more = _More("")
        self.more.clicked.connect(self._show_all)
        self.files = Label("", "caption", "muted", wrap=True)
        self.files.setContentsMargins(px(15), 0, px(15), px(8))
        self.files.hide()
        card.add(self.files)
        card.add(self.list)
        card.add(self.empty)
        foot = row_of(self.more)
        foot.setContentsMargins(px(15), 0, px(15), px(8))
        card.add(foot)
        return card

    def _second_card(self) -> Card:
        card = Card(_("Second folder for backups"))
        note = _("Each backup is copied there too: a stick, a share, a synced folder. Whole files do no harm there.")
        card.add(Label(note, ink="muted", wrap=True))
        self.second = Label("", elide=True)
        self.choose_second = Button(_("Choose…"), small=True)
        self.choose_second.clicked.connect(self._choose_second)
        self.no_second = Button(_("None"), small=True, kind="ghost")
        self.no_second.setAccessibleName(_("No second folder"))
        self.no_second.clicked.connect(self._drop_second)
        row = row_of(self.second, self.no_second, self.choose_second, stretch=False)
        row.setStretch(0, 1)
        card.add(row)
        return card

    def _archive_card(self) -> Card:
        card = Card(_("Take everything along"))
        note = _(
            "JSON holds everything and can be taken in again, here or on another machine; a workbook is for reading."
        )
        card.add(Label(note, ink="muted", wrap=True))
        self.export_json = Button(_("Export as JSON…"), "export")
        self.export_xlsx = Button(_("Export as workbook…"), "sheet")
        self.take_in = Button(_("Take an archive in…"), "import")
        self.export_json.clicked.connect(self._export_json)
        self.export_xlsx.clicked.connect(self._export_xlsx)
        self.take_in.clicked.connect(self._take_in)
        card.add(row_of(self.export_json, self.export_xlsx, self.take_in))
        self.archived = Label("", wrap=True)
        self.archived.hide()
        card.add(self.archived)
        return card

    def shown(self) -> None:
        from csdesk.services.files.backups import list_backups
        from csdesk.services.files.kept_files import beside_backups, folder_of

        folder, files = self.keeping.folders.backups, folder_of(self.keeping.folders.store)

        def backups(_connection: object) -> tuple[list[Backup], str]:
            return list_backups(folder), beside_backups(files)

        self.context.runner.ask(backups, then=self._backups_came, owner=self, key="backups")
        saved = self.context.desk.saved_at
        self.saved.setText(formats.moment_long(saved) if saved else _("Nothing changed since the start"))

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        self._second = str(settings["backup.second_folder"])
        self.second.setText(self._second or _("None chosen"))
        self.no_second.setVisible(bool(self._second))

    def _backups_came(self, found: tuple[list[Backup], str]) -> None:
        self.files.setText(found[1])
        self.files.setVisible(bool(found[1]))
        self._show_backups(found[0])

    def _show_backups(self, backups: list[Backup]) -> None:
        self._backups = tuple(backups)
        shown = self._backups if self._all_shown else self._backups[:SHOWN_AT_FIRST]
        today = self.context.clock.today()
        self.list.set_lines([_line(backup, today) for backup in shown])
        for widget in (self.list, self.restore):
            widget.setVisible(bool(backups))
        self.empty.setVisible(not backups)
        hidden = len(self._backups) - len(shown)
        text = ngettext("Show {n} older backup", "Show {n} older backups", hidden)
        self.more.set_words(text.format(n=hidden))
        self.more.setVisible(hidden > 0)
        newest = next((backup for backup in backups if backup.verified), None)
        problem = self.keeping.keeper.safety.problem
        text = (
            _("Last good one {when}").format(when=formats.ago(newest.made_at, self.context.clock.now()))
            if newest
            else ""
        )
        self.backups_card.set_title(_("Backups"), problem or text)

    def _told(self, place: str, sentence: str) -> None:
        label = self.health if place == "health" else self.archived
        label.setText(sentence)
        label.setVisible(bool(sentence))

    def _show_all(self) -> None:
        self._all_shown = True
        self._show_backups(list(self._backups))
        self.list.setFocus()

    def _restore_chosen(self, _key: object = None) -> None:
        if self.list.current_key() is None:
            self.list.choose_first()
        chosen = next((backup for backup in self._backups if backup.path.name == self.list.current_key()), None)
        if chosen is not None:
            self.keeping.ask_restore(chosen.path, _when(chosen), holds(chosen.counts))

    def _restore_file(self) -> None:
        start = str(self.keeping.folders.backups)
        chosen, _kind = QFileDialog.getOpenFileName(self.window(), _("Restore from a file"), start, _("Backup (*.db)"))
        if chosen:
            self.keeping.ask_restore(Path(chosen), Path(chosen).name, "")

    def _choose_second(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), _("Second folder for backups"), self._second)
        if chosen and chosen != self._second:
            self.change({"backup.second_folder": chosen}, then=self._second_chosen)

    def _second_chosen(self, _done: object) -> None:
        self.keeping.back_up()

    def _drop_second(self) -> None:
        self.change({"backup.second_folder": ""})

    def _open_data(self) -> None:
        open_folder(self.keeping.folders.data)

    def _export_json(self) -> None:
        self._export(".json", _("Archive (*.json)"))

    def _export_xlsx(self) -> None:
        self._export(".xlsx", _("Workbook (*.xlsx)"))

    def _export(self, suffix: str, kinds: str) -> None:
        name = f"CSDesk {self.context.clock.today().isoformat()}{suffix}"
        chosen, _kind = QFileDialog.getSaveFileName(self.window(), _("Export everything"), name, kinds)
        if chosen:
            self.keeping.export(Path(chosen).with_suffix(suffix))

    def _take_in(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self.window(), _("Take an archive in"), "", _("Archive (*.json)"))
        if chosen:
            self.keeping.take_in(Path(chosen))


class _More(Button):
    """Shows the rest."""

    def __init__(self, text: str) -> None:
        super().__init__(text, kind="link")

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _when(backup: Backup) -> str:
    return formats.moment_long(backup.made_at)


def _line(backup: Backup, today: Any) -> Line:
    from csdesk.services.files.backups import LABELS, Reason

    reason = _(LABELS[Reason(backup.reason)]) if backup.reason in set(Reason) else backup.reason
    badge = Badge(_("verified"), "ok") if backup.verified else Badge(_("not verified"), "warn")
    note = " \u00b7 ".join(part for part in (size_text(backup.size), holds(backup.counts)) if part)
    return Line(
        backup.path.name,
        reason,
        left=formats.moment_near(backup.made_at, today),
        note=note,
        right_badge=badge,
        bold=False,
    )


def holds(counts: Mapping[str, int]) -> str:
    """What a backup holds, in words; "" where it is not known."""
    if not counts:
        return ""
    return _("{accounts} accounts, {contacts} contacts, {visits} visits").format(
        accounts=formats.number(counts.get("accounts", 0)),
        contacts=formats.number(counts.get("contacts", 0)),
        visits=formats.number(counts.get("visits", 0)),
    )


def size_text(size: int) -> str:
    """1.4 MB, in thousands of thousands as file managers say it."""
    if size < 1_000_000:
        return _("{n} KB").format(n=formats.number(max(1, round(size / 1000))))
    return _("{n} MB").format(n=f"{size / 1_000_000:,.1f}")
