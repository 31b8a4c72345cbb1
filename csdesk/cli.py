"""The command line over the same services as the window: for a nightly backup, a script, a check.

Exit status: 0 done (warnings too); 1 finished, but a row was refused or a check found damage; 2 bad usage, a file that
cannot be read or holds nothing, a store that cannot be written: then one line on stderr says what and what to do.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from csdesk import __version__
from csdesk.services.core import texts
from csdesk.services.core.clock import Clock
from csdesk.services.core.errors import DeskError, Problem, Problems
from csdesk.services.core.folders import Folders, folders_at, refuse_unfit
from csdesk.services.core.texts import N_, _, ngettext

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
        return self.doors.desk(self.folders.data, self.clock)

    def answer(self, document: object, *lines: str) -> None:
        """Print the JSON document where one was asked for, else the lines."""
        if getattr(self.asked, "json", False):
            print(json.dumps(document, ensure_ascii=False, indent=1))
        else:
            print("\n".join(lines))


def run(arguments: Sequence[str], doors: Doors) -> int:
    """Do what the command line says; the exit status. Never lets an exception out."""
    _speak_utf8()
    language = _early(arguments, "--lang")
    texts.install(language if language in texts.LANGUAGES else texts.system_language())
    try:
        asked = _parser().parse_args(_with_files(arguments))
    except _BadUsage as error:
        return _fail(str(error))
    folders = folders_at(asked.data_dir)
    call = Call(doors, folders, Clock(asked.today), texts.language(), asked)
    try:
        work: Callable[[Call], int] = asked.work
        return work(call)
    except DeskError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail(_("Stopped; nothing half-done was kept."))
    except Exception:  # noqa: BLE001  logged whole, told in one line
        return _bug(folders)


def _speak_utf8() -> None:
    """A pipe on Windows would else take GBK or cp1252, and a file name may hold what is no text at all."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _fail(sentence: str) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return FAILED


def _bug(folders: Folders) -> int:
    """What nobody foresaw goes into the log, whole; the user reads one line."""
    import logging

    log = folders.logs / "csdesk.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(log, encoding="utf-8")
    except OSError:
        return _fail(_("CSDesk made a mistake: {error}. Everything saved before is safe.").format(error=_last_error()))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("csdesk")
    logger.addHandler(handler)
    logger.exception("not caught: %s", " ".join(sys.argv[1:]))
    logger.removeHandler(handler)
    handler.close()
    text = _("CSDesk made a mistake: {error}. Everything saved before is safe; details are in {log}.")
    return _fail(text.format(error=_last_error(), log=log))


def _last_error() -> str:
    kind, error, _trace = sys.exc_info()
    return f"{kind.__name__ if kind else ''}: {error}"[:200]


class _BadUsage(Exception):
    """The arguments make no sense; the sentence says which and where to look."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _BadUsage(_("{problem}. See: {program} --help").format(problem=message.rstrip("."), program=self.prog))


def _early(arguments: Sequence[str], option: str) -> str:
    """The value of an option before anything is parsed: help and complaints speak its language."""
    for index, word in enumerate(arguments):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and index + 1 < len(arguments):
            return arguments[index + 1]
    return ""


def _with_files(arguments: Sequence[str]) -> list[str]:
    """Files in place of a command (opened with CSDesk on the desktop) are for the window."""
    words = list(arguments)
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 1 if "=" in words[at] or words[at] in ("-h", "--help", "--version") else 2
    if at < len(words) and words[at] not in COMMANDS and all(Path(word).is_file() for word in words[at:]):
        words.insert(at, WINDOW)
    return words


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("“{text}” is no day like 2026-11-23").format(text=text)) from None


def _size(text: str) -> tuple[int, int]:
    width, _cross, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 200 <= int(width) <= 8000 and 200 <= int(height) <= 8000):
        raise argparse.ArgumentTypeError(_("“{text}” is no size like 1440x900").format(text=text))
    return int(width), int(height)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(_("“{text}” is no whole number above zero").format(text=text))
    return int(text)


def _import_handover(call: Call) -> int:
    from csdesk.services.handover.importing import import_files

    asked = call.asked
    mapping = _mapping(asked.mapping) if asked.mapping else None
    desk = call.open()
    try:
        if not asked.dry_run:
            _back_up_first(call, desk)
        reports = import_files(desk, asked.files, sheet=asked.sheet, mapping=mapping, dry_run=asked.dry_run)
    finally:
        desk.close()
    failed = [report for report in reports if "error" in report]
    refused = any(report["rows"]["refused"] for report in reports if "error" not in report)
    if asked.json:
        call.answer(reports[0] if len(reports) == 1 else reports)
    for report in reports:
        if "error" not in report and not asked.json:
            print(_import_line(report, asked.dry_run))
    if failed:
        return _fail(" ".join(f"{Path(report['file']).name}: {report['error']}" for report in failed))
    return REFUSED if refused else DONE


def _back_up_first(call: Call, desk: Desk) -> None:
    """An empty store has nothing to lose."""
    from sqlalchemy import text

    with desk.read() as connection:
        used = connection.scalar(text("SELECT 1 FROM accounts LIMIT 1"))
    if used:
        from csdesk.services.files.keeper import Keeper

        Keeper(call.folders, call.clock).before_import()


def _mapping(path: Path) -> dict[str, str | None]:
    """The mapping of a file: heading → field, null for a column to leave out."""
    from csdesk.services.core.storage_errors import file_error

    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise file_error(error, path) from error
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str | None) for value in found.values()):
        sentence = _("{name} is no mapping: a JSON object from headings to fields is needed.").format(name=path.name)
        raise Problems([Problem("mapping", sentence, code="mapping")])
    return found


def _import_line(report: dict[str, Any], dry_run: bool) -> str:
    rows = report["rows"]
    pattern = (
        _("{file} would give: {new} new, {updated} updated, {same} same, {skipped} skipped, {refused} refused")
        if dry_run
        else _("{file}: {new} new, {updated} updated, {same} same, {skipped} skipped, {refused} refused")
    )
    lines = [pattern.format(file=report["file"], **{key: rows[key] for key in rows if key != "read"})]
    for problem in report["rejected"]:
        place = " ".join(str(problem[key]) for key in ("sheet", "row", "column") if problem[key])
        lines.append(f"  {place}: {problem['message']}")
    return "\n".join(lines)


def _plan_visits(call: Call) -> int:
    from csdesk.services.visits.planning import plan

    asked = call.asked
    desk = call.open()
    try:
        planned = plan(desk, asked.first, asked.last, asked.capacity)
        if asked.pdf:
            from csdesk.ui.core.printing import pdf

            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
            pdf(planned.report(), asked.pdf)
        if asked.ics:
            from csdesk.services.visits.calendar_file import write_plan

            write_plan(asked.ics, planned.plan)
    finally:
        desk.close()
    document = planned.as_json()
    visits = len(document["visits"])
    line = ngettext("{n} visit planned from {first} to {last}", "{n} visits planned from {first} to {last}", visits)
    call.answer(document, line.format(n=visits, first=asked.first, last=asked.last), *planned.notes)
    return DONE


def _export(call: Call) -> int:
    desk = call.open()
    try:
        with desk.read() as connection:
            if call.asked.format == "xlsx":
                from csdesk.services.archive.workbook import export_xlsx

                export_xlsx(connection, call.asked.out)
            else:
                from csdesk.services.archive.export import export_json

                export_json(connection, call.asked.out, call.clock)
    finally:
        desk.close()
    call.answer({"file": str(call.asked.out)}, _("Exported to {file}").format(file=call.asked.out))
    return DONE


def _import_archive(call: Call) -> int:
    from csdesk.services.archive.commands import TakeIn, take_in
    from csdesk.services.archive.reading import read_archive

    path: Path = call.asked.file
    archive = read_archive(path)
    desk = call.open()
    try:
        _back_up_first(call, desk)
        taken = desk.do(take_in, TakeIn(archive, path.name)).value
    finally:
        desk.close()
    new, updated, same = (sum(counts.values()) for counts in (taken.new, taken.updated, taken.same))
    line = _("{file}: {new} new, {updated} updated, {same} same").format(
        file=path, new=new, updated=updated, same=same
    )
    call.answer({"file": str(path), "new": taken.new, "updated": taken.updated, "same": taken.same}, line)
    return DONE


def _demo(call: Call) -> int:
    from csdesk.services.demo.commands import DemoSize, make_demo
    from csdesk.services.search.pinyin import fill_pinyin

    desk = call.open()
    try:
        made = desk.do(make_demo, DemoSize(call.asked.accounts, call.asked.seed)).value
        fill_pinyin(desk)
    finally:
        desk.close()
    line = _("Made {accounts} accounts, {contacts} contacts, {contracts} contracts, {visits} visits").format(**made)
    call.answer(made, line)
    return DONE


def _backup(call: Call) -> int:
    from csdesk.services.files.backups import write_copy
    from csdesk.services.files.keeper import Keeper

    _need_store(call)
    out: Path | None = call.asked.out
    if out is None:
        out = Keeper(call.folders, call.clock).now().path
    else:
        write_copy(call.folders.store, out)
    call.answer({"file": str(out)}, _("Backed up to {file}; the copy was read back whole").format(file=out))
    return DONE


def _need_store(call: Call) -> None:
    from csdesk.services.core.storage_errors import Trouble, told
    from csdesk.services.files.restoring import trouble_with_store

    trouble = trouble_with_store(call.folders)
    if trouble is not None:
        raise trouble
    if not call.folders.store.exists():
        what = _("There is no data file in {folder} yet.").format(folder=call.folders.data)
        raise told(Trouble.MISSING, what, "", _("Name another folder with --data-dir."))


def _restore(call: Call) -> int:
    from csdesk.services.files.restoring import restore

    refuse_unfit(call.folders.data)
    restored = restore(call.asked.file, call.folders, call.clock)
    kept = restored.undo_with.path if restored.undo_with else restored.set_aside
    lines = [_("Restored from {file}").format(file=call.asked.file)]
    if kept:
        lines.append(_("What was there before is kept in {file}").format(file=kept))
    call.answer({"file": str(call.asked.file), "kept": str(kept) if kept else None}, *lines)
    return DONE


def _check(call: Call) -> int:
    from csdesk.services.files.checking import check_backups, examine

    if not call.folders.used:
        _need_store(call)
    health = examine(call.folders)
    flaws = [*health.flaws, *check_backups(call.folders.backups)]
    document = {
        "whole": not flaws,
        "damaged": health.damaged,
        "flaws": [{"code": flaw.code, "message": flaw.sentence, "id": flaw.row} for flaw in flaws],
        "counts": dict(health.facts.counts),
    }
    call.answer(document, *(flaw.sentence for flaw in flaws), *([] if flaws else [_("Everything is whole.")]))
    return REFUSED if flaws else DONE


def _screenshots(call: Call) -> int:
    from csdesk.ui.gallery import draw_all

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _need_store(call)
    desk = call.open()
    try:
        asked = call.asked
        files = draw_all(desk, call.doors.features(), asked.out, call.folders, call.language, asked.theme, asked.size)
    finally:
        desk.close()
    line = ngettext("{n} picture in {folder}", "{n} pictures in {folder}", len(files))
    call.answer([str(file) for file in files], line.format(n=len(files), folder=asked.out))
    return DONE


def _window(call: Call) -> int:
    """Open the window; without a display say what is missing."""
    if _lacks_display():
        what = _("There is no display to open the window on (DISPLAY is not set).")
        return _fail(f"{what} {_('Commands work without one: see --help')}")
    refuse_unfit(call.folders.data)
    files = tuple(str(file.absolute()) for file in getattr(call.asked, "files", ()))
    try:
        return call.doors.window(call.folders, call.clock, language=call.asked.lang, files=files)
    except ImportError as error:
        if "PySide6" not in str(error.name or "") and ".so" not in str(error):
            raise
        text = _("A library of the system that the window needs is missing: {detail}. Run: python3 tasks.py setup")
        return _fail(text.format(detail=error))


def _lacks_display() -> bool:
    """Whether this is a system with X or Wayland and neither is there; Windows and macOS always have one."""
    if sys.platform in ("win32", "darwin"):
        return False
    return not any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))


WINDOW = "open"
COMMANDS: dict[str, tuple[Callable[[Call], int], str]] = {
    "import-handover": (_import_handover, N_("import sales handover workbooks")),
    "plan-visits": (_plan_visits, N_("draft a visit plan by the rules, store it, print it")),
    "export": (_export, N_("write everything in the store to a file")),
    "import-archive": (_import_archive, N_("take such an export in again")),
    "demo": (_demo, N_("fill an empty store with a believable portfolio")),
    "backup": (_backup, N_("make a verified copy of the store")),
    "restore": (_restore, N_("bring the store back from a copy")),
    "check": (_check, N_("look for damage in the store and its backups")),
    "screenshots": (_screenshots, N_("draw every screen into a PNG file")),
    WINDOW: (_window, N_("open the window, with files if any are named")),
}


def _parser() -> _Parser:
    """The whole grammar; general options may stand before the command or after it."""
    general = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _general_options(general)
    parser = _Parser(prog="csdesk", description=_("CSDesk: the desk of a customer success manager."), allow_abbrev=False)
    _general_options(parser)
    parser.add_argument("--version", action="version", version=f"CSDesk {__version__}")
    parser.set_defaults(data_dir=None, lang=None, today=None, work=_window)
    commands = parser.add_subparsers(metavar=_("COMMAND"), parser_class=_Parser)
    made = {}
    for name, (work, sentence) in COMMANDS.items():
        made[name] = commands.add_parser(
            name, help=_(sentence), description=_(sentence), parents=[general], allow_abbrev=False
        )
        made[name].set_defaults(work=work)
        if name != WINDOW:
            made[name].add_argument("--json", action="store_true", help=_("print one JSON document, nothing else"))
    _options(made)
    return parser


def _general_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help=_("the folder that holds the store"))
    parser.add_argument("--lang", choices=tuple(texts.LANGUAGES), help=_("the language"))
    parser.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help=_("stands in for the clock"))


def _options(made: dict[str, _Parser]) -> None:
    handover = made["import-handover"]
    handover.add_argument("files", nargs="+", type=Path, metavar="FILE")
    handover.add_argument("--sheet", metavar="NAME", help=_("only this sheet"))
    handover.add_argument("--mapping", type=Path, metavar="FILE", help=_("JSON: what each heading means"))
    handover.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    plan = made["plan-visits"]
    plan.add_argument("--from", dest="first", type=_day, required=True, metavar="DATE")
    plan.add_argument("--to", dest="last", type=_day, required=True, metavar="DATE")
    plan.add_argument("--capacity", type=_count, metavar="N", help=_("visits a day"))
    plan.add_argument("--pdf", type=Path, metavar="FILE", help=_("print it into a PDF"))
    plan.add_argument("--ics", type=Path, metavar="FILE", help=_("write it for calendars"))
    made["export"].add_argument("--format", choices=("json", "xlsx"), required=True)
    made["export"].add_argument("--out", type=Path, required=True, metavar="FILE")
    made["import-archive"].add_argument("file", type=Path, metavar="FILE")
    made["demo"].add_argument("--accounts", type=_count, default=86, metavar="N", help=_("how many accounts"))
    made["demo"].add_argument("--seed", type=int, default=1, metavar="N", help=_("the same seed, the same portfolio"))
    made["backup"].add_argument("--out", type=Path, metavar="FILE")
    made["restore"].add_argument("file", type=Path, metavar="FILE")
    screens = made["screenshots"]
    screens.add_argument("--out", type=Path, required=True, metavar="DIR")
    screens.add_argument("--theme", choices=("light", "dark"), default="light")
    screens.add_argument("--size", type=_size, default=(1440, 900), metavar="WxH")
    made[WINDOW].add_argument("files", nargs="*", type=Path, metavar="FILE")
