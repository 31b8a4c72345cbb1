"""The bell between a second start and the window that is open."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from csdesk.services.core.instance import channel
from csdesk.ui.core.instance import ANSWER, Doorbell, Rung, ring


def visitor_of(name: str, line: bytes) -> QLocalSocket:
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    socket.write(line)
    socket.waitForBytesWritten(1000)
    return socket


def test_window_hears_the_files_and_answers(qtbot: QtBot, tmp_path: Path) -> None:
    bell = Doorbell(channel(tmp_path))
    assert bell.listening
    files = [str(tmp_path / "客户.xlsx"), "/b.csv"]
    with qtbot.waitSignal(bell.rung) as heard:
        visitor = visitor_of(channel(tmp_path), json.dumps({"files": files}).encode() + b"\n")
    assert heard.args == [files]
    qtbot.waitUntil(visitor.canReadLine)
    assert visitor.readLine().data() == ANSWER
    bell.close()


def test_nobody_is_at_home(qtbot: QtBot, tmp_path: Path) -> None:
    assert ring(channel(tmp_path), wait_ms=200) is Rung.NOBODY


def test_window_that_hangs_is_told_from_one_that_works(qtbot: QtBot, tmp_path: Path) -> None:
    server = QLocalServer()
    assert server.listen(channel(tmp_path))
    assert ring(channel(tmp_path), ("a",), wait_ms=200) is Rung.SILENT
    server.close()


def test_noise_on_the_line_is_ignored(qtbot: QtBot, tmp_path: Path) -> None:
    bell = Doorbell(channel(tmp_path))
    heard: list[list[str]] = []
    bell.rung.connect(heard.append)
    for noise in (b"\n", b"[]\n", b'{"files": 3}\n', b"\xff\xfe\n"):
        visitor = visitor_of(channel(tmp_path), noise)
        qtbot.waitUntil(lambda visitor=visitor: visitor.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    QCoreApplication.processEvents()
    assert heard == []
    with qtbot.waitSignal(bell.rung):
        visitor_of(channel(tmp_path), b'{"files": []}\n')
    bell.close()


def test_socket_left_by_a_killed_window_is_no_obstacle(qtbot: QtBot, tmp_path: Path) -> None:
    first = Doorbell(channel(tmp_path))
    second = Doorbell(channel(tmp_path))
    assert first.listening
    assert second.listening
    second.close()
    first.close()
