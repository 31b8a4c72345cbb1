"""What each command does; every one imports what it needs when it is called."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csdesk.cli.call import DONE, REFUSED, Call, fail
from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.folders import refuse_unfit
from csdesk.services.core.texts import N_, _, ngettext

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk
    from csdesk.services.handover.report import ImportReport


def _import_handover(call: Call) -> int:
    from csdesk.services.core.collector import silenced

    with silenced():
        return _import_files(call)


def _import_files(call: Call) -> int:
    """The first file is read by its own process while the store is opened."""
    from csdesk.services.files.reading import ReadAhead

    asked = call.asked
    mapping = _mapping(asked.mapping) if asked.mapping else None
    ahead = ReadAhead(asked.files[0])
    try:
        from csdesk.services.handover.importing import import_files

        desk = call.open()
        try:
            if not asked.dry_run:
                _back_up_first(call, desk)
            reports = import_files(
                desk, asked.files, asked.sheet, mapping, dry_run=asked.dry_run, ahead=ahead, told=_hold
            )
        finally:
            desk.close()
    finally:
        ahead.stop()
    failed = [report for report in reports if "error" in report]
    refused = any(report["rows"]["refused"] for report in reports if "error" not in report)
    if asked.json:
        call.answer(reports[0] if len(reports) == 1 else reports)
    for report in reports:
        if "error" not in report and not asked.json:
            print(_import_line(report, asked.dry_run))
    if failed:
        return fail(" ".join(_failure(report) for report in failed))
    return REFUSED if refused else DONE


_last: list[ImportReport] = []


def _hold(report: ImportReport) -> None:
    """Keep the last report until the process ends, which is soon: taking its rows apart before would take longer."""
    _last[:] = [report]


def _failure(report: dict[str, Any]) -> str:
    """The sentence of a file that could not be imported, with its name."""
    name, sentence = Path(report["file"]).name, str(report["error"])
    return sentence if name in sentence else f"{name}: {sentence}"


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


def _kpi(call: Call) -> int:
    from csdesk.services.kpi.figures import FIGURES, as_json, figures
    from csdesk.services.kpi.rules import Period
    from csdesk.services.kpi.wording import short_text

    _need_store(call)
    period, today = Period(call.asked.first, call.asked.last), call.clock.today()
    if period.end < period.start:
        sentence = _("The last day comes before the first.")
        raise Problems([Problem("to", sentence, code="order")])
    desk = call.open()
    try:
        with desk.read() as connection:
            document = as_json(connection, period, today)
            found = figures(connection, period, today)
    finally:
        desk.close()
    call.answer(document, *(f"{_(FIGURES[key].name)}: {short_text(figure)}" for key, figure in found.items()))
    return DONE


def _report(call: Call) -> int:
    from csdesk.services.core.money import anniversary
    from csdesk.services.core.progress import Progress
    from csdesk.services.kpi.charts import TITLES
    from csdesk.services.kpi.dashboard import Wish
    from csdesk.services.kpi.rules import Period
    from csdesk.ui.core.printing import pdf
    from csdesk.ui.kpi.paper import read_report

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _need_store(call)
    month, out = call.asked.month, call.asked.pdf
    wish = Wish(Period(month, anniversary(month, 1) - timedelta(1)), charts=tuple(TITLES))
    desk = call.open()
    try:
        report = read_report(desk, wish, call.clock.local(), Progress())
    finally:
        desk.close()
    pages = pdf(report, out)
    line = ngettext("{title}: {n} page in {file}", "{title}: {n} pages in {file}", pages)
    call.answer({"file": str(out), "pages": pages}, line.format(title=report.title, n=pages, file=out))
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
    line = _("{file}: {new} new, {updated} updated, {same} same").format(file=path, new=new, updated=updated, same=same)
    document = {"file": str(path), "new": taken.new, "updated": taken.updated, "same": taken.same}
    more = {key: count for key, count in taken.renumbered.items() if count}
    call.answer(
        document | ({"renumbered": more} if more else {}), _(", ").join(filter(None, (line, taken.renumbered_sentence)))
    )
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
    from csdesk.services.files.kept_files import beside_backups, folder_of

    _need_store(call)
    out: Path | None = call.asked.out
    if out is None:
        out = Keeper(call.folders, call.clock).now().path
    else:
        write_copy(call.folders.store, out)
    lines = [_("Backed up to {file}; the copy was read back whole").format(file=out)]
    beside = beside_backups(folder_of(call.folders.store))
    call.answer({"file": str(out)}, *lines, *([beside] if beside else []))
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
    from csdesk.services.core.storage_errors import file_error
    from csdesk.ui.gallery import draw_all

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _need_store(call)
    desk = call.open()
    asked = call.asked
    try:
        files = draw_all(desk, call.doors.features(), asked.out, call.folders, call.language, asked.theme, asked.size)
    except OSError as error:
        raise file_error(error, asked.out) from error
    finally:
        desk.close()
    line = ngettext("{n} picture in {folder}", "{n} pictures in {folder}", len(files))
    call.answer([str(file) for file in files], line.format(n=len(files), folder=asked.out))
    return DONE


def _window(call: Call) -> int:
    """Open the window; without a display say what is missing."""
    if _lacks_display():
        return fail(
            _("There is no display to open the window on (DISPLAY is not set). Commands work without one: see --help")
        )
    if call.asked.data_dir is not None:
        refuse_unfit(call.folders.data)
    files = tuple(str(file.absolute()) for file in getattr(call.asked, "files", ()))
    try:
        return call.doors.window(call.folders, call.clock, language=call.asked.lang, files=files)
    except ImportError as error:
        if "PySide6" not in str(error.name or "") and ".so" not in str(error):
            raise
        text = _("A library of the system that the window needs is missing: {detail}. Run: python3 tasks.py setup")
        return fail(text.format(detail=error))


def _lacks_display() -> bool:
    """Whether this is a system with X or Wayland and neither is there; Windows and macOS always have one."""
    if sys.platform in ("win32", "darwin"):
        return False
    return not any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))


WINDOW = "open"
COMMANDS: dict[str, tuple[Callable[[Call], int], str]] = {
    "import-handover": (_import_handover, N_("import sales handover workbooks")),
    "plan-visits": (_plan_visits, N_("draft a visit plan by the rules, store it, print it")),
    "kpi": (_kpi, N_("every figure for a period")),
    "report": (_report, N_("the report of a month as a PDF")),
    "export": (_export, N_("write everything in the store to a file")),
    "import-archive": (_import_archive, N_("take such an export in again")),
    "demo": (_demo, N_("fill an empty store with a believable portfolio")),
    "backup": (_backup, N_("make a verified copy of the store")),
    "restore": (_restore, N_("bring the store back from a copy")),
    "check": (_check, N_("look for damage in the store and its backups")),
    "screenshots": (_screenshots, N_("draw every screen into a PNG file")),
    WINDOW: (_window, N_("open the window, with files if any are named")),
}
