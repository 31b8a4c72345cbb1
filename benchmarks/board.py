"""Opens the board of a store, scrolls its fullest columns and prints: ms until the cards stood there, ms a frame (median and the
99th of 100), ms for a frame of as many empty cards."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from benchmarks.measure import median, p99
from csdesk.app import open_desk
from csdesk.services.core.clock import Clock
from csdesk.services.tickets.board import BoardView, board_view
from csdesk.ui.core import paint, theme
from csdesk.ui.core.messages import Messages
from csdesk.ui.core.runner import Runner
from csdesk.ui.tickets.board import DemandBoard

DAY = date(2026, 11, 23)
FRAMES, STEP = 400, 60
CARDS = (185, 101)


class Scroll(QObject):
    """Asks for the cards and scrolls when they are there."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.board = DemandBoard()
        self.board.resize(816, 720)
        self.board.show()
        self.runner = Runner(open_desk(Path(folder), Clock(DAY)), Messages())
        self.began = time.perf_counter()
        self.runner.ask(board_view, DAY, then=self.show, owner=self)

    def show(self, view: BoardView) -> None:
        """Show the cards."""
        self.board.show_cards(view.cards, DAY)
        self.board.repaint()
        self.shown = (time.perf_counter() - self.began) * 1000
        QTimer.singleShot(0, self, self.scroll)

    def scroll(self) -> None:
        """Scroll the two fullest columns to and fro; paint each frame at once."""
        lists = sorted((column.list for column in self.board.columns), key=lambda one: -one.model_.rowCount())[:2]
        times = []
        for frame in range(FRAMES):
            began = time.perf_counter()
            for one in lists:
                one.verticalScrollBar().setValue((frame * STEP) % one.verticalScrollBar().maximum())
                one.viewport().repaint()
            times.append((time.perf_counter() - began) * 1000)
        print(self.shown, median(times), p99(times), empty_frame(), flush=True)
        os._exit(0)


def empty_frame() -> float:
    """Sixteen rounded boxes, as they stand in the two columns."""
    picture = QPixmap(400, 720)
    times = []
    for _frame in range(FRAMES):
        began = time.perf_counter()
        painter = QPainter(picture)
        for place in range(16):
            box = (
                picture.rect()
                .adjusted(0, 0, CARDS[0] - 400, CARDS[1] - 720)
                .translated(200 * (place % 2), 105 * (place // 2))
            )
            paint.rounded(painter, box, 4, "surface", "divider")
        painter.end()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def main() -> None:
    """Run it."""
    app = QApplication([])
    theme.apply(app, "light")
    scroll = Scroll(sys.argv[1])
    app.exec()
    del scroll


main()
