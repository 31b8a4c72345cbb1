"""The files of an account's contracts: attached by a button, a key or by letting them go over the contract; opened, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QMenu

from csdesk.services.core.texts import _
from csdesk.ui.core.columns_menu import pop_up
from csdesk.ui.core.lines import Badge, Line, LinesView

if TYPE_CHECKING:
    from csdesk.services.attachments.queries import AttachmentRow
    from csdesk.services.contracts.queries import ContractRow
    from csdesk.ui.core.context import Context

OF_A_CONTRACT = ("contract", "line", "file")
"""The first part of the keys of lines that belong to a contract; its id is the last one."""


def file_lines(contract_id: int, files: Sequence[AttachmentRow]) -> list[Line]:
    """The files of one contract."""
    from csdesk.services.files.kept_files import size_text

    return [
        Line(
            ("file", row.id, contract_id),
            f"\u2003{row.kept.name}",
            note=_("File"),
            badges=() if row.there else (Badge(_("missing"), "bad"),),
            right=size_text(row.kept.size),
            bold=False,
            muted=not row.there,
        )
        for row in files
        if row.owner_id == contract_id
    ]


class ContractFiles(QObject):
    """What can be done with the files in the list of contracts."""

    def __init__(
        self,
        context: Context,
        view: LinesView,
        contracts: Callable[[], Sequence[ContractRow]],
        files: Callable[[], Sequence[AttachmentRow]],
    ) -> None:
        super().__init__(view)
        self._context, self._view, self._contracts, self._files = context, view, contracts, files
        view.setAcceptDrops(True)
        view.viewport().installEventFilter(self)

    def attach(self, _checked: bool = False) -> None:
        """Ask for files of the chosen contract."""
        from csdesk.ui.articles.opening import choose_files

        contract = contract_of(self._view.current_key())
        if contract is not None and self._view.isVisible():
            self._attach(contract, choose_files(self._view))

    def open(self, key: object) -> bool:
        """Open the file of a line; False where the line is none."""
        from csdesk.ui.articles.opening import open_kept

        row = self._file(key)
        if row is not None:
            open_kept(self._context, row.kept)
        return row is not None

    def delete(self, key: object, _checked: bool = False) -> None:
        """Put the file of a line into the bin."""
        from csdesk.services.attachments.commands import Detach, detach

        row = self._file(key)
        if row is not None:
            self._context.runner.do(detach, Detach((row.id,)))

    def offer(self, key: object, at: QPoint) -> None:
        """The menu of a file's line."""
        menu = QMenu(self._view)
        menu.addAction(_("Open")).triggered.connect(partial(self._open_chosen, key))
        menu.addAction(_("Delete")).triggered.connect(partial(self.delete, key))
        pop_up(menu, at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent | QDragMoveEvent | QDragEnterEvent):
            contract, paths = self._target(event), _paths(event)
            if contract is None or not paths:
                return False
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._attach(contract, paths)
            return True
        return False

    def _open_chosen(self, key: object, _checked: bool = False) -> None:
        self.open(key)

    def _target(self, event: QDropEvent) -> int | None:
        """The contract beneath the mouse, or the only one that there is."""
        index = self._view.indexAt(event.position().toPoint())
        contract = contract_of(self._view.line_at(index).key) if index.isValid() else None
        every = self._contracts()
        return every[0].id if contract is None and len(every) == 1 else contract

    def _attach(self, contract: int, paths: tuple[Path, ...]) -> None:
        from csdesk.services.attachments.commands import Attach, attach_files
        from csdesk.services.files.kept_files import folder_of

        if paths:
            folder = folder_of(self._context.desk.database.path)
            self._context.runner.do(attach_files, Attach(paths, folder, contract_id=contract))

    def _file(self, key: object) -> AttachmentRow | None:
        if not isinstance(key, tuple) or key[0] != "file":
            return None
        return next((row for row in self._files() if row.id == key[1]), None)


def contract_of(key: object) -> int | None:
    """The contract that a line belongs to."""
    return key[-1] if isinstance(key, tuple) and key[0] in OF_A_CONTRACT else None


def _paths(event: QDropEvent) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
