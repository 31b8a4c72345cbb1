"""What is dragged over the plan: a planned visit, or an account that found no place."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QMouseEvent, QPixmap
from PySide6.QtWidgets import QWidget

from csdesk.ui.core.theme import px

MIME = "application/x-csdesk-visit"


def is_far(pressed: QPoint | None, event: QMouseEvent) -> bool:
    """Whether the mouse has been drawn away from where it was pressed."""
    return pressed is not None and (event.position().toPoint() - pressed).manhattanLength() > px(10)


def drag(source: QWidget, dragged: Dragged, picture: QPixmap) -> None:
    """Carry it until the button is let go."""
    carried = QDrag(source)
    carried.setMimeData(dragged.mime())
    carried.setPixmap(picture)
    carried.exec(Qt.DropAction.MoveAction)


@dataclass(frozen=True)
class Dragged:
    """What is being dragged: a planned visit, or an account that was left out."""

    visit: int = 0
    account: int = 0

    def mime(self) -> QMimeData:
        """For the drag."""
        data = QMimeData()
        data.setData(MIME, json.dumps({"visit": self.visit, "account": self.account}).encode())
        return data

    @classmethod
    def of(cls, data: QMimeData) -> Dragged | None:
        """What a drop holds, None for anything foreign."""
        if not data.hasFormat(MIME):
            return None
        told = json.loads(bytes(data.data(MIME).data()))
        return cls(int(told["visit"]), int(told["account"]))
