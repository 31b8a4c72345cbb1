"""The command line as people and scripts meet it: main.py as a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.ui.hands import on_paper

MAIN = Path(__file__).resolve().parents[1] / "main.py"
HEADINGS = ["Customer name", "Tier", "City", "Contact", "Phone", "Contract no.", "Start date", "End date", "Amount"]
ROWS = [
    ["Northwind Tools", "A", "Leeds", "Ann Lee", "13900000001", "C-1", "2026-01-01", "2026-12-31", "120000"],
    ["Acme Paper", "B", "York", "Bob Ray", "13900000002", "C-2", "2026-03-01", "2027-02-28", "60000"],
]


def csdesk(folder: Path, *arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    """One call of the program, in English on 2026-11-23, without a display."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"QT_QPA_PLATFORM": "offscreen"} | environ
    environment = {name: value for name, value in environment.items() if value}
    general = ["--data-dir", str(folder), "--lang", "en", "--today", "2026-11-23"]
    return subprocess.run(
        [sys.executable, str(MAIN), *general, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, env=environment, timeout=120, check=False,
    )  # fmt: skip


def check_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit 2, and one line on stderr that says what; never a trace."""
    assert done.returncode == 2, done
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def check_json(done: subprocess.CompletedProcess[str], status: int = 0) -> Any:
    """The one JSON document on stdout."""
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the store will lie; a path with a space and Chinese in it."""
    return tmp_path / "desk \u5ba2\u6237"


def workbook(path: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    for row in [HEADINGS, *rows]:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return workbook(tmp_path / "handover.xlsx", ROWS)


def test_a_handover_becomes_accounts_and_a_printed_plan(folder: Path, sheet: Path, tmp_path: Path) -> None:
    report = check_json(csdesk(folder, "import-handover", sheet, "--json"))
    assert report["file"] == str(sheet)
    assert report["rows"] == {
        "read": 2, "new": 2, "updated": 0, "same": 0, "undecided": 0, "skipped": 0, "refused": 0,
    }  # fmt: skip
    assert report["created"]["accounts"] == report["created"]["contacts"] == report["created"]["contracts"] == 2
    assert report["sheets"][0]["layout"] == "table"
    assert report["sheets"][0]["header_row"] == 1
    assert report["sheets"][0]["mapping"]["Customer name"] == "account.name"
    assert report["rejected"] == []
    paper, calendar = tmp_path / "plan.pdf", tmp_path / "plan.ics"
    days = ("--from", "2026-11-30", "--to", "2026-12-04", "--pdf", paper, "--ics", calendar)
    plan = check_json(csdesk(folder, "plan-visits", *days, "--json", QT_QPA_PLATFORM=""))
    assert {visit["account"] for visit in plan["visits"]} == {"Northwind Tools", "Acme Paper"}
    assert all(visit["reason"] for visit in plan["visits"])
    assert paper.read_bytes().startswith(b"%PDF-")
    assert calendar.read_text(encoding="utf-8").count("BEGIN:VEVENT") == 2
    out = tmp_path / "all.json"
    assert csdesk(folder, "export", "--format", "json", "--out", out).returncode == 0
    document = json.loads(out.read_text(encoding="utf-8"))
    assert {account["name"] for account in document["accounts"]} == {"Northwind Tools", "Acme Paper"}


def test_figures_are_told_for_a_period(folder: Path, sheet: Path) -> None:
    assert csdesk(folder, "import-handover", sheet).returncode == 0
    days = ("--from", "2026-11-01", "--to", "2026-11-30")
    document = check_json(csdesk(folder, "kpi", *days, "--json"))
    assert (document["from"], document["to"], len(document["figures"])) == ("2026-11-01", "2026-11-30", 21)
    assert document["figures"]["visit_plan_execution"] == {
        "value": None, "numerator": 0, "denominator": 0, "excused": 0, "added_later": 0,
    }  # fmt: skip
    assert "Visit plan execution: \u2014" in csdesk(folder, "kpi", *days).stdout
    check_one_line(csdesk(folder, "kpi", "--from", "2026-11-30", "--to", "2026-11-01"), "before the first")


def test_the_same_file_again_changes_nothing(folder: Path, sheet: Path) -> None:
    csdesk(folder, "import-handover", sheet)
    again = check_json(csdesk(folder, "import-handover", sheet, "--json"))
    assert (again["rows"]["same"], again["rows"]["new"]) == (2, 0)


def test_a_dry_run_tells_and_writes_nothing(folder: Path, sheet: Path) -> None:
    told = check_json(csdesk(folder, "import-handover", sheet, "--dry-run", "--json"))
    assert told["rows"]["new"] == 2
    assert check_json(csdesk(folder, "check", "--json"))["counts"]["accounts"] == 0


def test_of_several_files_each_has_its_document_and_the_highest_status_counts(
    folder: Path, sheet: Path, tmp_path: Path
) -> None:
    bad = workbook(tmp_path / "bad.xlsx", [["", "A", "Leeds", "Ann", "1", "C-9", "soon", "later", "much"]])
    done = csdesk(folder, "import-handover", sheet, bad, "--json")
    assert done.returncode in (1, 2)
    reports = json.loads(done.stdout)
    assert [report["file"] for report in reports] == [str(sheet), str(bad)]
    assert reports[0]["rows"]["new"] == 2
    assert "Traceback" not in done.stderr


def test_a_refused_row_makes_the_status_one(folder: Path, tmp_path: Path) -> None:
    rows = [*ROWS, ["", "A", "Hull", "Cy Dee", "13900000003", "C-3", "2026-01-01", "2026-12-31", "5000"]]
    report = check_json(csdesk(folder, "import-handover", workbook(tmp_path / "h.xlsx", rows), "--json"), 1)
    assert report["rows"]["refused"] == 1
    (refusal,) = [problem for problem in report["rejected"] if problem["severity"] == "error"]
    assert refusal["row"] == 4


def test_a_mapping_given_by_hand_is_used(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Customer name", "Zzz"], ["Northwind Tools", "Leeds"]])
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"Customer name": "account.name", "Zzz": "account.city"}), encoding="utf-8")
    report = check_json(csdesk(folder, "import-handover", path, "--mapping", mapping, "--json"))
    assert report["sheets"][0]["mapping"] == {"Customer name": "account.name", "Zzz": "account.city"}
    mapping.write_text("[1]", encoding="utf-8")
    check_one_line(csdesk(folder, "import-handover", path, "--mapping", mapping), "mapping.json")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.xlsx", b""),
        ("text.xlsx", b"this is no workbook"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(200)),
        ("empty.csv", b""),
        ("zeros.csv", bytes(4_000)),
        ("picture.xls", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_one_line(
    folder: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    check_one_line(csdesk(folder, "import-handover", tmp_path / name), name)
    assert check_json(csdesk(folder, "check", "--json"))["counts"]["accounts"] == 0


def test_a_missing_file_is_named(folder: Path, tmp_path: Path) -> None:
    check_one_line(csdesk(folder, "import-handover", tmp_path / "gone.xlsx"), "gone.xlsx")


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("import-handover",),
        ("plan-visits", "--from", "2026-11-30"),
        ("plan-visits", "--from", "tomorrow", "--to", "2026-12-04"),
        ("plan-visits", "--from", "2026-12-04", "--to", "2026-11-30"),
        ("report", "--month", "2026-13", "--pdf", "x.pdf"),
        ("report", "--month", "2026-10-01", "--pdf", "x.pdf"),
        ("report", "--month", "2026-10", "--pdf", "x.pdf"),
        ("demo", "--accounts", "0"),
        ("export", "--format", "pdf", "--out", "x"),
        ("screenshots", "--out", "x", "--size", "big"),
        ("plan-visits", "--from", "0001-01-01", "--to", "0001-01-05"),
        ("--today", "someday", "check"),
        ("--today", "9999-12-31", "demo"),
        ("--lang", "fr", "check"),
        ("check",),
        ("backup",),
        ("restore", "gone.db"),
        ("import-archive", "gone.json"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_in_one_line(folder: Path, arguments: tuple[str, ...]) -> None:
    check_one_line(csdesk(folder, *arguments))


def test_a_month_is_reported_on_paper(folder: Path, tmp_path: Path) -> None:
    check_json(csdesk(folder, "demo", "--accounts", "12", "--seed", "7", "--json"))
    paper = tmp_path / "report.pdf"
    told = check_json(csdesk(folder, "report", "--month", "2026-10", "--pdf", paper, "--json", QT_QPA_PLATFORM=""))
    assert told["file"] == str(paper)
    assert told["pages"] > 3
    words = on_paper(paper)
    lost = check_json(csdesk(folder, "kpi", "--from", "2026-10-01", "--to", "2026-10-31", "--json"))["figures"]
    churn = lost["logo_churn_rate"]
    assert "Monthlyreport,October2026" in words
    assert f"{churn['numerator']}/{churn['denominator']}" in words
    check_one_line(csdesk(folder, "report", "--month", "2026-10", "--pdf", tmp_path / "gone" / "x.pdf"), "x.pdf")


def test_a_demo_is_exported_and_taken_in_again_as_it_was(folder: Path, tmp_path: Path) -> None:
    made = check_json(csdesk(folder, "demo", "--accounts", "12", "--seed", "7", "--json"))
    assert made["accounts"] == 12
    check_one_line(csdesk(folder, "demo"), "empty store")
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    assert csdesk(folder, "export", "--format", "json", "--out", first).returncode == 0
    other = tmp_path / "other"
    taken = check_json(csdesk(other, "import-archive", first, "--json"))
    assert taken["new"]["accounts"] == 12
    assert csdesk(other, "export", "--format", "json", "--out", second).returncode == 0
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in (first, second)]
    for document in documents:
        del document["exported_at"]
    assert documents[0] == documents[1]
    book = tmp_path / "a.xlsx"
    assert csdesk(folder, "export", "--format", "xlsx", "--out", book).returncode == 0
    assert len(openpyxl.load_workbook(book, read_only=True).sheetnames) > 3


def test_an_export_into_a_missing_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    check_one_line(csdesk(folder, "export", "--format", "json", "--out", tmp_path / "no" / "x.json"), "x.json")


def test_a_file_where_a_folder_is_needed_is_refused(folder: Path, sheet: Path) -> None:
    check_one_line(csdesk(sheet, "demo", "--accounts", "2"), "handover.xlsx", "folder")
    csdesk(folder, "demo", "--accounts", "2")
    check_one_line(csdesk(folder, "screenshots", "--out", sheet), "handover.xlsx")
    check_one_line(csdesk(folder, "import-handover", folder), "folder")


def test_a_confirmed_week_is_not_planned_over(folder: Path) -> None:
    csdesk(folder, "demo", "--accounts", "12")
    days = ("plan-visits", "--from", "2026-11-23", "--to", "2026-11-27")
    check_one_line(csdesk(folder, *days), "confirmed")
    following = ("plan-visits", "--from", "2026-11-30", "--to", "2026-12-04", "--capacity", "2", "--json")
    first, second = check_json(csdesk(folder, *following)), check_json(csdesk(folder, *following))
    assert len(first["visits"]) == len(second["visits"]) <= 10
    assert check_json(csdesk(folder, "check", "--json"))["whole"]


def test_a_store_that_another_program_holds_is_left_alone(folder: Path) -> None:
    import sqlite3

    csdesk(folder, "demo", "--accounts", "2")
    holder = sqlite3.connect(folder / "csdesk.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        check_one_line(
            csdesk(folder, "plan-visits", "--from", "2026-11-30", "--to", "2026-12-04"), "using the data file"
        )
        assert check_json(csdesk(folder, "check", "--json"))["counts"]["accounts"] == 2
    finally:
        holder.close()


def test_every_screen_becomes_a_picture(folder: Path, tmp_path: Path) -> None:
    csdesk(folder, "demo", "--accounts", "12")
    out = tmp_path / "screens"
    done = csdesk(folder, "screenshots", "--out", out, "--theme", "dark", "--size", "1000x600", QT_QPA_PLATFORM="")
    assert done.returncode == 0, done.stderr
    assert {"today.png", "accounts.png", "account.png", "palette.png"} <= {path.name for path in out.iterdir()}


def test_without_a_display_the_window_says_what_is_missing(folder: Path) -> None:
    if sys.platform == "linux":
        check_one_line(csdesk(folder, QT_QPA_PLATFORM=""), "DISPLAY")
        check_one_line(csdesk(folder, MAIN, QT_QPA_PLATFORM=""), "DISPLAY")
    assert not (folder / "csdesk.db").exists()


def test_a_synced_folder_is_refused_with_a_better_place(tmp_path: Path) -> None:
    done = csdesk(tmp_path / "Dropbox" / "desk", "demo", "--accounts", "2")
    check_one_line(done, "Dropbox")
    assert not (tmp_path / "Dropbox").exists()


def test_a_mistake_of_ours_is_logged_and_told_in_one_line(folder: Path, tmp_path: Path) -> None:
    broken = "import sys; sys.path.insert(0, sys.argv.pop(1)); import csdesk.app as app\n"
    broken += "def burst(*_): raise ZeroDivisionError('oh')\napp.open_desk = burst\nsys.exit(app.main())\n"
    general = [sys.executable, "-c", broken, str(MAIN.parent), "--data-dir", str(folder), "--lang", "en"]
    done = subprocess.run(
        [*general, "export", "--format", "json", "--out", str(tmp_path / "x.json")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    check_one_line(done, "ZeroDivisionError", "csdesk.log")
    assert "Traceback" in (folder / "logs" / "csdesk.log").read_text(encoding="utf-8")


def test_help_and_version_speak_the_language(folder: Path) -> None:
    assert "visit plan" in csdesk(folder, "--help").stdout
    assert csdesk(folder, "--version").stdout.startswith("CSDesk ")
    chinese = subprocess.run(
        [sys.executable, str(MAIN), "--lang=zh_CN", "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "\u62dc\u8bbf" in chinese.stdout
