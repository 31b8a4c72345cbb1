"""The sentences for what reading a file found: why it was refused, what to mind in it."""

from __future__ import annotations

from csdesk.services.core.errors import Problem, Problems
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.files.refusal import Refused
from csdesk.services.files.workbook import Note, column_letters

LISTED = 8
"""So many places are named in a sentence."""

_REASONS = {
    "missing": N_("{name} is no longer there: choose the file again."),
    "folder": N_("{name} is a folder: choose a spreadsheet in it."),
    "unreadable": N_(
        "{name} cannot be opened: close it in other programs, or copy it to another place, and try again."
    ),
    "empty": N_("{name} is empty, it has 0 bytes: export or copy it again."),
    "empty_sheets": N_("{name} has no filled cells: choose another file."),
    "not_a_spreadsheet": N_("{name} is {what}, no spreadsheet: ask for the list as .xlsx or .csv."),
    "unsupported": N_("{name} is {what}: open it in Excel or WPS, save it as .xlsx and choose that file."),
    "encrypted": N_("{name} is protected by a password: type it, or save the file without one."),
    "wrong_password": N_("The password does not open {name}: type it again."),
    "wrong_encoding": N_("{name} cannot be read as {what}: choose another encoding."),
    "truncated": N_("{name} is incomplete or damaged: copy or download it again."),
    "damaged": N_("{name} is damaged inside: open it in Excel or WPS, save it again as .xlsx and choose that file."),
    "too_large": N_("{name} is too large to read, unpacked or as it is: delete what is not needed, or split it."),
    "unsafe_xml": N_("{name} has unsafe XML inside and was refused: save it again in Excel or WPS."),
    "timeout": N_(
        "{name} took longer than {number} seconds to read: delete empty rows, columns and sheets, and save it."
    ),
    "not_a_calendar": N_("{name} is no calendar file: export your calendar as .ics and choose that file."),
    "damaged_calendar": N_("{name} is damaged inside: export the calendar again and choose that file."),
    "memory": N_("{name} needs too much memory: delete empty rows, columns and sheets, save it and try again."),
}

_TYPES = {
    "pdf": N_("a PDF document"),
    "rtf": N_("a rich text document"),
    "picture": N_("a picture"),
    "media": N_("a sound, a film or a picture"),
    "archive": N_("a compressed archive"),
    "database": N_("a database"),
    "program": N_("a program"),
    "word": N_("a Word document"),
    "slides": N_("a presentation"),
    "drawing": N_("a drawing"),
    "mail": N_("a mail message"),
    "office": N_("another kind of Office file"),
    "opendocument": N_("an OpenDocument file of another kind"),
    "html": N_("a web page without a table"),
    "xml": N_("an XML file"),
    "json": N_("a JSON file"),
    "unknown": N_("a file of an unknown kind"),
    "old_excel": N_("a workbook from a very old Excel"),
    "numbers": N_("an Apple Numbers document"),
    "sylk": N_("a SYLK table"),
    "dif": N_("a DIF table"),
    "mhtml": N_("a web archive"),
    "flat_ods": N_("a flat OpenDocument table"),
    "locked": N_("a workbook with an unusual protection"),
    "locked_archive": N_("a workbook with an unusual protection"),
    "odd_archive": N_("a workbook with an unusual compression"),
}


def refusal(refused: Refused, name: str) -> Problems:
    """The one Problem for a file that is not read; its code is `refused.code`, its field "file"."""
    what = _(_TYPES[refused.what]) if refused.what in _TYPES else refused.what
    reason = _REASONS.get(refused.code, _REASONS["damaged"])
    message = _(reason).format(name=name, what=what, number=refused.number)
    return Problems([Problem(field="file", message=message, code=refused.code)])


def note(code: str, sheet: str, cells: tuple[str, ...], count: int, columns: int, rows: int) -> Note:
    """The note on `count` cells, rows or columns of a sheet."""
    n = count
    if code == "hidden_sheet":
        message = _("Sheet {sheet} is hidden; it was read.")
    elif code == "macros":
        message = _("The file has macros: they were not run and not read.")
    elif code == "links":
        message = _("The file has links to other files: they were not followed, the values stored in it were taken.")
    elif code == "quotes_ignored":
        message = _("A quotation mark was never closed: quotation marks were ignored.")
    else:
        message = _counted(code, n)
    listed = _(", ").join(cells[:LISTED]) + (_(", …") if len(cells) > LISTED else "")
    message = message.format(n=n, sheet=sheet, cells=listed, column=column_letters(columns - 1), row=rows)
    return Note(code, message, sheet, cells, count)


def _counted(code: str, n: int) -> str:
    if code == "hidden_rows":
        return ngettext("{n} hidden row was read: {cells}.", "{n} hidden rows were read: {cells}.", n)
    if code == "hidden_columns":
        return ngettext("{n} hidden column was read: {cells}.", "{n} hidden columns were read: {cells}.", n)
    if code == "error_cells":
        return ngettext(
            "{n} cell holds an error such as #N/A and counts as empty.",
            "{n} cells hold an error such as #N/A and count as empty.",
            n,
        )
    if code == "uncached":
        return ngettext(
            "{n} formula has no stored result and counts as empty: open the file in Excel, save it and import it again.",
            "{n} formulas have no stored result and count as empty: open the file in Excel, save it and import it again.",
            n,
        )
    if code == "stray":
        return ngettext("{n} cell far below the table was skipped.", "{n} cells far below the table were skipped.", n)
    if code == "rows_beyond":
        return ngettext("{n} row after row {row} was not read.", "{n} rows after row {row} were not read.", n)
    if code == "columns_beyond":
        return ngettext(
            "{n} cell to the right of column {column} was skipped.",
            "{n} cells to the right of column {column} were skipped.",
            n,
        )
    if code == "text_cut":
        return ngettext("{n} very long text was cut.", "{n} very long texts were cut.", n)
    if code == "long_numbers":
        return ngettext(
            "{n} number has more than 15 digits: the last ones were lost when the file was saved.",
            "{n} numbers have more than 15 digits: the last ones were lost when the file was saved.",
            n,
        )
    return ngettext("{n} further sheet was not read.", "{n} further sheets were not read.", n)
