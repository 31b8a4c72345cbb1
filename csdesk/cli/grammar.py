"""What may stand on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from csdesk import __version__
from csdesk.cli.commands import COMMANDS, WINDOW
from csdesk.services.core import texts
from csdesk.services.core.texts import _

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Further out a day is a slip of the keyboard, and ends of contracts would leave the calendar."""


class BadUsage(Exception):
    """The arguments make no sense; the sentence says which and where to look."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadUsage(_("{problem}. See: {program} --help").format(problem=message.rstrip("."), program=self.prog))


def early(arguments: Sequence[str], option: str) -> str:
    """The value of an option before anything is parsed: help and complaints speak its language."""
    for index, word in enumerate(arguments):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and index + 1 < len(arguments):
            return arguments[index + 1]
    return ""


def with_files(arguments: Sequence[str]) -> list[str]:
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
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(_("“{text}” is no day like 2026-11-23").format(text=text))
    return day


def _month(text: str) -> date:
    try:
        return _day(f"{text}-01" if len(text) == len("2026-11") else "")
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(_("“{text}” is no month like 2026-11").format(text=text)) from None


def _size(text: str) -> tuple[int, int]:
    width, _cross, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 200 <= int(width) <= 8000 and 200 <= int(height) <= 8000):
        raise argparse.ArgumentTypeError(_("“{text}” is no size like 1440x900").format(text=text))
    return int(width), int(height)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(_("“{text}” is no whole number above zero").format(text=text))
    return int(text)


def parser() -> _Parser:
    """The whole grammar; general options may stand before the command or after it."""
    general = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _general_options(general)
    grammar = _Parser(
        prog="csdesk", description=_("CSDesk: the desk of a customer success manager."), allow_abbrev=False
    )
    _general_options(grammar)
    grammar.add_argument("--version", action="version", version=f"CSDesk {__version__}")
    grammar.set_defaults(data_dir=None, lang=None, today=None, work=COMMANDS[WINDOW][0])
    commands = grammar.add_subparsers(metavar=_("COMMAND"), parser_class=_Parser)
    made = {}
    for name, (work, sentence) in COMMANDS.items():
        made[name] = commands.add_parser(
            name, help=_(sentence), description=_(sentence), parents=[general], allow_abbrev=False
        )
        made[name].set_defaults(work=work)
        if name != WINDOW:
            made[name].add_argument("--json", action="store_true", help=_("print one JSON document, nothing else"))
    _options(made)
    return grammar


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
    for days in (plan, made["kpi"]):
        days.add_argument("--from", dest="first", type=_day, required=True, metavar="DATE")
        days.add_argument("--to", dest="last", type=_day, required=True, metavar="DATE")
    plan.add_argument("--capacity", type=_count, metavar="N", help=_("visits a day"))
    plan.add_argument("--pdf", type=Path, metavar="FILE", help=_("print it into a PDF"))
    plan.add_argument("--ics", type=Path, metavar="FILE", help=_("write it for calendars"))
    made["report"].add_argument("--month", type=_month, required=True, metavar="YYYY-MM")
    made["report"].add_argument("--pdf", type=Path, required=True, metavar="FILE")
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
