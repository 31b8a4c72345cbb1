"""What is done with the store as a whole: back up, restore, check, export, take in. Long work, beside the UI thread."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from csdesk.services.core import formats
from csdesk.services.core.errors import StorageError
from csdesk.services.core.texts import _, ngettext

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.folders import Folders
    from csdesk.services.core.progress import Progress
    from csdesk.services.files.backups import Backup
    from csdesk.services.files.checking import Flaw, Health
    from csdesk.services.files.keeper import Keeper
    from csdesk.services.files.restoring import Restored
    from csdesk.ui.core.context import Context

RESTORED_BAR = "restored"
FLAWS_SHOWN = 5


class Safekeeping(QObject):
    """``told`` gives an outcome as a sentence with its place ("health" or "archive"); ``done`` follows each work."""

    told = Signal(str, str)
    done = Signal()

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.keeper = keeper_of(context)
        self.folders = self.keeper.folders

    def back_up(self) -> None:
        """A backup now; says so where nothing changed since the last one."""
        before = self.keeper.safety.backup_at

        def work(_desk: Desk, progress: Progress) -> Backup:
            progress.step(_("Copying and checking"))
            return self.keeper.now()

        def made(backup: Backup) -> None:
            same = backup.made_at == before
            text = _("Nothing changed since the backup of {when}.") if same else _("Backed up and verified: {when}")
            self._context.messages.toast(text.format(when=formats.moment_long(backup.made_at)))
            self._over()

        self._context.runner.work(work, made, _("Backing up…"), failed=self._failed, writes=False)

    def ask_restore(self, source: Path, name: str, holds: str) -> None:
        """Ask, then make the store what ``source`` holds."""
        kept = _("What you have now is backed up first, so you can come back to it.")
        text = _("Everything becomes as it was then: {holds}.").format(holds=holds) if holds else ""
        self._context.messages.ask(
            _("Restore {name}?").format(name=name), f"{text} {kept}".strip(), _("Restore"),
            partial(self.restore, source), danger=True,
        )  # fmt: skip

    def restore(self, source: Path) -> None:
        """Make the store what ``source`` holds; open pages see the old state or the new one, nothing between."""
        keeper, folders, clock = self.keeper, self.folders, self._context.clock

        def work(desk: Desk, progress: Progress) -> Restored:
            from csdesk.services.accounts.standing import refresh_whole_standing
            from csdesk.services.files.restoring import restore

            progress.step(_("Restoring and checking"))
            keeper.pause()
            try:
                restored = restore(source, folders, clock)
                refresh_whole_standing(desk)
            except BaseException:
                keeper.resume()
                raise
            return restored

        self._context.runner.work(work, self._restored, _("Restoring…"))

    def _restored(self, restored: Restored) -> None:
        from csdesk.services.core.changes import EVERYTHING

        self._context.runner.changed.emit(EVERYTHING)
        self._over()
        text = _("The backup is back: {n} accounts. Look around: no backups are made until you say that it is right.")
        actions = [(_("It is right"), self._keep)]
        if restored.undo_with is not None:
            actions.append((_("Back to what I had"), partial(self._go_back, restored.undo_with.path)))
        count = formats.number(dict(restored.facts.counts).get("accounts", 0))
        self._context.messages.bar("", text.format(n=count), "warn", tuple(actions), RESTORED_BAR, closable=False)

    def _keep(self) -> None:
        self._context.messages.clear(RESTORED_BAR)
        self.keeper.resume()
        self.back_up()

    def _go_back(self, source: Path) -> None:
        self._context.messages.clear(RESTORED_BAR)
        self.restore(source)

    def check(self) -> None:
        """Look at every page, every rule, every backup; the outcome is told as a sentence."""

        def work(_desk: Desk, progress: Progress) -> tuple[Health, list[Flaw]]:
            from csdesk.services.files.checking import check, check_backups

            progress.step(_("Looking through the data file"))
            health = check(self.folders.store)
            progress.step(_("Looking through the backups"))
            return health, check_backups(self.folders.backups)

        self._context.runner.work(work, self._checked, _("Checking…"), writes=False)

    def _checked(self, found: tuple[Health, list[Flaw]]) -> None:
        health, bad = found
        flaws = [*health.flaws, *bad]
        if not flaws:
            text = _("All is well: the data file is whole, every rule holds, every backup can be read. Checked {when}.")
            sentence = text.format(when=formats.moment_long(self._context.clock.now()))
        else:
            head = ngettext("{n} thing is not as it should be:", "{n} things are not as they should be:", len(flaws))
            lines = [head.format(n=len(flaws)), *(flaw.sentence for flaw in flaws[:FLAWS_SHOWN])]
            if health.damaged:
                lines.append(_("The file itself is damaged: restore the newest verified backup below."))
            sentence = "\n".join(lines)
        self.told.emit("health", sentence)

    def export(self, path: Path) -> None:
        """Write everything to a JSON archive or, by its suffix, a workbook."""
        clock = self._context.clock

        def work(desk: Desk, progress: Progress) -> None:
            progress.step(_("Writing everything"))
            with desk.read() as connection:
                if path.suffix == ".xlsx":
                    from csdesk.services.archive.workbook import export_xlsx

                    export_xlsx(connection, path)
                else:
                    from csdesk.services.archive.export import export_json

                    export_json(connection, path, clock)

        def written(_nothing: object) -> None:
            def show() -> None:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

            self._context.messages.toast(_("Exported to {file}").format(file=path.name), link=(_("Open folder"), show))

        self._context.runner.work(work, written, _("Exporting…"), writes=False)

    def take_in(self, path: Path) -> None:
        """Store what is new or newer in an archive, in one step that undo takes back; a backup comes first."""
        keeper = self.keeper

        def work(desk: Desk, progress: Progress) -> Any:
            from csdesk.services.archive.commands import TakeIn, take_in
            from csdesk.services.archive.reading import read_archive

            progress.step(_("Reading the archive"))
            archive = read_archive(path)
            keeper.before_import()
            return desk.do(take_in, TakeIn(archive, path.name), progress=progress)

        self._context.runner.work(work, partial(self._taken_in, path.name), _("Taking the archive in…"))

    def _taken_in(self, name: str, done: Any) -> None:
        counts = [
            formats.number(sum(found.values())) for found in (done.value.new, done.value.updated, done.value.same)
        ]
        text = _("{file}: {new} new, {updated} updated, {same} same")
        told = text.format(file=name, new=counts[0], updated=counts[1], same=counts[2])
        self.told.emit("archive", _(", ").join(filter(None, (told, done.value.renumbered_sentence))))
        self._over()

    def _over(self) -> None:
        self._context.runner.saved.emit(self._context.desk.saved_at)
        self.done.emit()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, StorageError):
            raise error
        self._context.messages.bar("", str(error), "error", ((_("Try again"), self.back_up),), "storage")
        self._over()


def keeper_of(context: Context) -> Keeper:
    """The keeper that the composition root handed in; one of its own where a store was opened without."""
    from csdesk.services.core.folders import Folders
    from csdesk.services.files.keeper import Keeper
    from csdesk.services.settings.queries import second_folder

    if context.keeper is None:
        desk = context.desk
        context.keeper = Keeper(
            Folders.under(desk.database.path.parent), context.clock, second=partial(second_folder, desk), desk=desk
        )
    return context.keeper


def folders_of(context: Context) -> Folders:
    """The folders of the open store."""
    return keeper_of(context).folders
