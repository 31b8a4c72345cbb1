"""Why a file cannot be taken, as a code with particulars; the sentence is made where a person reads it."""

from __future__ import annotations


class Refused(Exception):
    """The file is not read. `code` says why, `what` names its true type where that is the reason."""

    def __init__(self, code: str, what: str = "", number: int = 0) -> None:
        super().__init__(code, what, number)
        self.code, self.what, self.number = code, what, number
