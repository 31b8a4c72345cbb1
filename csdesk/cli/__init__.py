"""The command line over the same services as the window: for a nightly backup, a script, a check.

Exit status: 0 done (warnings too); 1 finished, but a row was refused or a check found damage; 2 bad usage, a file that
cannot be read or holds nothing, a store that cannot be written: then one line on stderr says what and what to do.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence

from csdesk.cli.call import Call, Doors, fail
from csdesk.cli.grammar import BadUsage, early, parser, with_files
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import DeskError
from csdesk.services.core.folders import Folders, folders_at
from csdesk.services.core.texts import _

__all__ = ["Doors", "run"]


def run(arguments: Sequence[str], doors: Doors) -> int:
    """Do what the command line says; the exit status. Never lets an exception out."""
    _speak_utf8()
    logging.getLogger().addHandler(logging.NullHandler())  # what is logged is no second line on stderr
    language = early(arguments, "--lang")
    texts.install(language if language in texts.LANGUAGES else texts.system_language())
    try:
        asked = parser().parse_args(with_files(arguments))
    except BadUsage as error:
        return fail(str(error))
    folders = folders_at(asked.data_dir)
    call = Call(doors, folders, Clock(asked.today), texts.language(), asked)
    try:
        work: Callable[[Call], int] = asked.work
        return work(call)
    except DeskError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail(_("Stopped; nothing half-done was kept."))
    except Exception:  # noqa: BLE001  logged whole, told in one line
        return _bug(folders)


def _speak_utf8() -> None:
    """A pipe on Windows would else take GBK or cp1252, and a file name may hold what is no text at all."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _bug(folders: Folders) -> int:
    """What nobody foresaw goes into the log, whole; the user reads one line."""
    from logging.handlers import RotatingFileHandler

    log = folders.logs / "csdesk.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(log, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError:
        return fail(_("CSDesk made a mistake: {error}. Everything saved before is safe.").format(error=_last_error()))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("csdesk")
    logger.addHandler(handler)
    logger.exception("not caught: %s", " ".join(sys.argv[1:]))
    logger.removeHandler(handler)
    handler.close()
    text = _("CSDesk made a mistake: {error}. Everything saved before is safe; details are in {log}.")
    return fail(text.format(error=_last_error(), log=log))


def _last_error() -> str:
    kind, error, _trace = sys.exc_info()
    return f"{kind.__name__ if kind else ''}: {error}"[:200]
