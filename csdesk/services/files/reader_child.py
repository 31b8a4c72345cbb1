"""The process that opens a file from outside: reads it from stdin under limits, answers on stdout, touches nothing else.

It speaks no language and knows no accounts; what it finds goes to the desk in frames, and a refusal as a code.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import Any, BinaryIO

from csdesk.services.files.frames import read_frame
from csdesk.services.files.limits import Limits, confine
from csdesk.services.files.refusal import Refused
from csdesk.services.files.sheet_output import Output

_DEFAULT_PASSWORD = "VelvetSweatshop"  # noqa: S105 - no secret: Excel uses it for files that open without asking


def child_main(argv: list[str]) -> int:
    """Serve one file: options and bytes come on stdin, frames go to stdout. Exit status 0 once the answer is complete."""
    if argv:
        return 2
    gc.disable()  # rows hold no cycles, and the process ends with its answer
    options = read_frame(sys.stdin.buffer)
    limits = Limits(**options["limits"])
    confine(limits)
    data = sys.stdin.buffer.read(limits.file + 1)
    output = Output(sys.stdout.buffer, limits)
    try:
        if len(data) > limits.file:
            raise Refused("too_large")
        if options.get("calendar"):
            from csdesk.services.files.calendar_scan import scan_calendar

            scan_calendar(data, options, output)
        else:
            _read(data, options, output)
    except Refused as refused:
        output.send({"refused": refused.code, "what": refused.what, "number": refused.number})
    except (MemoryError, RecursionError):
        output.send({"refused": "memory", "what": "", "number": 0})
    output.send({"done": True})
    return 0


def _read(data: bytes, options: dict[str, Any], output: Output) -> None:
    from csdesk.services.files.sniffing import kind_of

    kind = kind_of(data)
    if kind == "encrypted":
        data = _decrypted(data, options["password"])
        kind = kind_of(data)
        kind = "xls" if kind == "encrypted" else kind  # an opened .xls keeps the mark that it was locked
    if kind == "text":
        _read_text(data, options["encoding"], output)
        return
    output.send({"kind": kind})
    try:
        if kind in ("xlsx", "xlsb", "ods"):
            _read_package(data, kind, options["engine"], output)
        else:
            from csdesk.services.files.xls_scan import ignored_in_xls, scan_xls

            for code in ignored_in_xls(data):
                output.send({"told": code})
            _read_fast(io.BytesIO(data), output, scan_xls(data, output.limits))
    except Refused as refused:
        if refused.code == "encrypted" and options["password"]:
            raise Refused("unsupported", "locked") from refused  # a protection that we cannot open, right or wrong
        raise


def _read_package(data: bytes, kind: str, engine: str, output: Output) -> None:
    from csdesk.services.files.package_scan import scan_package

    facts = scan_package(data, kind, output.limits)
    for code in facts.ignored:
        output.send({"told": code})
    if engine == "fast" and facts.fast:
        try:
            _read_fast(io.BytesIO(data), output, facts.sheets)
            return
        except Refused as refused:
            if kind != "xlsx" or refused.code != "damaged":
                raise
            output.send({"again": True})
    if kind != "xlsx":
        raise Refused("too_large")
    _read_streaming(io.BytesIO(data), output, facts.sheets)


def _read_fast(file: BinaryIO, output: Output, facts: dict[str, Any]) -> None:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(file) as book:
            _send_book(book, output, facts)
    except calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except (Refused, MemoryError):
        raise
    except BaseException as error:  # its panics are no Exceptions
        raise Refused("damaged") from error


def _send_book(book: Any, output: Output, facts: dict[str, Any]) -> None:
    wanted = [meta for meta in book.sheets_metadata if str(meta.typ).endswith("WorkSheet")]
    for meta in wanted[: output.limits.sheets]:
        sheet = book.get_sheet_by_name(meta.name)
        found = facts.get(meta.name)
        about = {"merged": _merged(sheet, output.limits), **(found.as_message() if found else {})}
        if found:
            _note_facts(found, output)
        if sheet.start is None:
            output.sheet(meta.name, (), hidden=_hidden(meta), facts=about)
            continue
        output.sheet(
            meta.name,
            sheet.iter_rows(),
            hidden=_hidden(meta),
            left=sheet.start[1],
            expected=sheet.end[0] + 1,
            facts=about,
        )
    if len(wanted) > output.limits.sheets:
        output.send({"sheets_beyond": len(wanted) - output.limits.sheets})


def _hidden(meta: Any) -> bool:
    return not str(meta.visible).endswith(".Visible")


def _merged(sheet: Any, limits: Limits) -> list[tuple[int, int, int, int]]:
    if sheet.end is None:
        return []
    bottom, right = sheet.end
    ranges = (sheet.merged_cell_ranges or [])[: limits.merged]
    return [
        (top, left, min(last, bottom, limits.rows - 1), min(far, right, limits.columns - 1))
        for (top, left), (last, far) in ranges
        if top <= min(bottom, limits.rows - 1) and left <= min(right, limits.columns - 1)
    ]


def _note_facts(facts: Any, output: Output) -> None:
    for code, places, count in (
        ("error_cells", facts.errors, facts.error_count),
        ("uncached", facts.unresolved, facts.unresolved_count),
    ):
        if count:
            output.noted[code] = (list(places), count)


def _read_streaming(file: BinaryIO, output: Output, facts: dict[str, Any]) -> None:
    """The slow reader, which holds one row at a time: for sheets with a cell far away, and where the fast one gives up."""
    # openpyxl would import these where they are there; it needs neither to read values.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    sys.modules.setdefault("PIL", None)  # type: ignore[arg-type]
    import warnings

    import openpyxl

    warnings.simplefilter("ignore")
    if not openpyxl.DEFUSEDXML:
        raise Refused("unsafe_xml")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets[: output.limits.sheets]:
            sheet.reset_dimensions()
            found = facts.get(sheet.title)
            if found and found.unresolved_count:
                output.noted["uncached"] = (list(found.unresolved), found.unresolved_count)
            output.sheet(
                sheet.title,
                sheet.iter_rows(values_only=True),
                hidden=sheet.sheet_state != "visible",
                facts=found.as_message() if found else {},
                errors=True,
            )
    except (Refused, MemoryError):
        raise
    except Exception as error:  # whatever it stumbled over, the file cannot be read
        raise Refused("damaged") from error


def _read_text(data: bytes, encoding: str, output: Output) -> None:
    from csdesk.services.files.text_tables import decoded, is_markup, possible_encodings, read_text

    text, name = decoded(data, encoding)
    markup = is_markup(text)
    if markup == "html":
        from csdesk.services.files.markup_tables import html_tables

        _send_tables("html", html_tables(text), output)
    elif markup == "spreadsheetml":
        from csdesk.services.files.markup_tables import office_2003_tables

        _send_tables("spreadsheetml", office_2003_tables(data), output)
    elif markup:
        raise Refused("unsupported" if markup == "flat_ods" else "not_a_spreadsheet", markup)
    else:
        table = read_text(text, name)
        told = {"encoding": table.encoding, "delimiter": table.delimiter, "encodings": possible_encodings(data)}
        output.send({"kind": "csv", **told})
        if table.quotes_ignored:
            output.note("quotes_ignored")
        output.sheet("", table.rows(), expected=table.count)


def _send_tables(kind: str, tables: list[Any], output: Output) -> None:
    output.send({"kind": kind})
    for name, hidden, rows, merged in tables[: output.limits.sheets]:
        bounds = (output.limits.rows - 1, output.limits.columns - 1)
        clipped = [
            (top, left, min(bottom, bounds[0]), min(right, bounds[1]))
            for top, left, bottom, right in merged[: output.limits.merged]
            if top <= bounds[0] and left <= bounds[1]
        ]
        output.sheet(name, rows, hidden=hidden, expected=len(rows), facts={"merged": clipped})


def _decrypted(data: bytes, password: str) -> bytes:
    """The file without its protection, in memory only. Raises Refused where the password is missing or wrong."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    opened = io.BytesIO()
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
        modern = {"verify_password": True} if type(book).__name__ == "OOXMLFile" else {}
        book.load_key(password=password or _DEFAULT_PASSWORD, **modern)
        book.decrypt(opened)
    except (InvalidKeyError, DecryptionError) as error:
        raise Refused("wrong_password" if password else "encrypted") from error
    except (FileFormatError, ParseError) as error:
        raise Refused("damaged") from error
    except Exception as error:  # odd protections end in odd errors; without the key there is nothing to read
        raise Refused("unsupported" if password else "encrypted", "locked") from error
    return opened.getvalue()


if __name__ == "__main__":
    status = child_main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)  # tidying up a large workbook would only keep the desk waiting
