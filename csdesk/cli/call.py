"""One call of the program from the command line: what it works with, how it answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.services.core.clock import Clock
from csdesk.services.core.folders import Folders, refuse_unfit
from csdesk.services.core.storage_errors import Trouble, told
from csdesk.services.core.texts import _

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.ui.core.page import Feature

DONE, REFUSED, FAILED = 0, 1, 2


@dataclass(frozen=True)
class Doors:
    """What the composition root hands in: how the store and the window are opened, which screens there are."""

    desk: Callable[[Path, Clock], Desk]
    window: Callable[..., int]
    features: Callable[[], tuple[Feature, ...]]


@dataclass(frozen=True)
class Call:
    """One call of the program: where, when, with what."""

    doors: Doors
    folders: Folders
    clock: Clock
    language: str
    asked: argparse.Namespace

    def open(self) -> Desk:
        """The desk of this call's folder. Raises StorageError."""
        refuse_unfit(self.folders.data)
        if self.folders.data.is_file():
            what = _("{path} is a file; the data need a folder of their own.").format(path=self.folders.data)
            raise told(Trouble.PLACE, what, "", _("Name another folder with --data-dir."))
        return self.doors.desk(self.folders.data, self.clock)

    def answer(self, document: object, *lines: str) -> None:
        """Print the JSON document where one was asked for, else the lines."""
        if getattr(self.asked, "json", False):
            print(json.dumps(document, ensure_ascii=False, indent=1))
        else:
            print("\n".join(lines))


def fail(sentence: str) -> int:
    """Say it in one line on stderr; the exit status for it."""
    print(" ".join(sentence.split()), file=sys.stderr)
    return FAILED
