"""A second start hands its files to the window that is open already and brings it forward.

The lock that decides who is first is ``services/core/instance``; here is the bell: a local socket that only this user may
use. The window answers every ring, so that one which hangs is told from one which works.
"""

from __future__ import annotations

import json
import logging
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)
ANSWER = b"here\n"
LONGEST = 1 << 20


class Rung(StrEnum):
    """What came of ringing: the window answered, it is there but does not answer, or there is none."""

    ANSWERED = "answered"
    SILENT = "silent"
    NOBODY = "nobody"


def ring(channel: str, files: tuple[str, ...] = (), wait_ms: int = 1500) -> Rung:
    """Ask the window that listens on ``channel`` to come forward and to take these files (absolute paths)."""
    socket = QLocalSocket()
    socket.connectToServer(channel)
    if not socket.waitForConnected(wait_ms):
        return Rung.NOBODY
    socket.write(json.dumps({"files": list(files)}).encode() + b"\n")
    if socket.bytesToWrite():
        socket.waitForBytesWritten(wait_ms)
    while not socket.canReadLine():
        if not socket.waitForReadyRead(wait_ms):
            return Rung.SILENT
    return Rung.ANSWERED if socket.readLine().data() == ANSWER else Rung.SILENT


class Doorbell(QObject):
    """Listens on ``channel`` and says ``rung`` with the files that a second start hands over, often none."""

    rung = Signal(list)

    def __init__(self, channel: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        QLocalServer.removeServer(
            channel
        )  # what a killed window left behind; the store's lock says there is none other
        self.listening = self._server.listen(channel)
        if not self.listening:
            log.warning("a second start cannot raise this window: %s", self._server.errorString())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def _greet(self) -> None:
        while (visitor := self._server.nextPendingConnection()) is not None:
            visitor.readyRead.connect(self._hear)
            visitor.disconnected.connect(visitor.deleteLater)
            if visitor.canReadLine():
                self._take(visitor)

    def _hear(self) -> None:
        visitor = self.sender()
        if isinstance(visitor, QLocalSocket):
            self._take(visitor)

    def _take(self, visitor: QLocalSocket) -> None:
        if visitor.bytesAvailable() > LONGEST:
            visitor.abort()
            return
        if not visitor.canReadLine():
            return
        try:
            files = [str(name) for name in json.loads(bytes(visitor.readLine().data()))["files"]]
        except (ValueError, TypeError, KeyError):
            visitor.abort()
            return
        visitor.write(ANSWER)
        visitor.flush()
        self.rung.emit(files)
