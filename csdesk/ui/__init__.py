"""How CSDesk looks: the only floor that imports PySide6.

PySide6 reads the source of every module that is imported after it, for a switch that CSDesk does not use; that makes the
import of SQLAlchemy a quarter longer. The import as it was before is put back here, ahead of everything in this floor.
"""

import builtins

_plain = builtins.__import__
import PySide6.QtCore  # noqa: E402, F401

builtins.__import__ = _plain
