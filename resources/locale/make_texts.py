"""Collects the texts of the code and compiles their translations: python resources/locale/make_texts.py collect|compile.

collect takes every msgid of csdesk/ into the .po files, keeps the translations, drops what is used no longer, and names
what is missing (status 1). compile makes the .mo files, which are not committed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
CODE = HERE.parent.parent / "csdesk"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "C_": ((1, "c"), 2)}
Key = tuple[str | tuple[str, str], str | None]
"""A msgid, a pair where it has a plural, and its context."""


def texts_of_the_code(code: Path = CODE) -> dict[Key, list[str]]:
    """Every text, with the places where it stands."""
    found: dict[Key, list[str]] = {}
    for file, line, message, _comments, context in extract_from_dir(
        str(code), [("**.py", "python")], keywords=KEYWORDS
    ):
        msgid = tuple(message) if isinstance(message, (list, tuple)) else message
        found.setdefault((msgid, context), []).append(f"{code.name}/{file}:{line}")  # type: ignore[arg-type]
    return found


def translation(catalog: Catalog, key: Key) -> Message | None:
    """What a catalog says for a text."""
    msgid, context = key
    message = catalog.get(msgid if isinstance(msgid, str) else msgid[0], context)
    return message if message is not None and message.id == msgid else None


def translations() -> Iterator[tuple[Path, Catalog]]:
    """Every .po file and what it holds."""
    for path in sorted(HERE.glob("*/LC_MESSAGES/csdesk.po")):
        with path.open("rb") as source:
            yield path, read_po(source, locale=path.parent.parent.name)


def is_translated(message: Message) -> bool:
    """Whether every form of a message has its words."""
    forms = (message.string,) if isinstance(message.string, str) else message.string
    return bool(forms) and all(forms) and not message.fuzzy


def collect() -> int:
    """Rewrite the .po files from the code; gives 1 where a translation is missing."""
    wanted, missing = texts_of_the_code(), 0
    for path, old in translations():
        fresh = Catalog(locale=old.locale, project="CSDesk", version="1", fuzzy=False)
        for key in wanted:
            message = translation(old, key)
            fresh.add(key[0], message.string if message is not None else None, context=key[1])
        for message in fresh:
            if message.id and not is_translated(message):
                missing += 1
                print(f"{path.parent.parent.name}: {message.id!r} ({wanted[message.id, message.context][0]})")  # type: ignore[index]
        temporary = path.with_suffix(".tmp")
        with temporary.open("wb") as target:
            write_po(target, fresh, sort_output=True, width=0)
        os.replace(temporary, path)
    print(f"{len(wanted)} texts, {missing} translations missing")
    return int(missing > 0)


def compile_all() -> int:
    """Write a .mo beside every .po."""
    for path, catalog in translations():
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        with temporary.open("wb") as target:
            write_mo(target, catalog)
        os.replace(temporary, path.with_suffix(".mo"))
    return 0


if __name__ == "__main__":
    verbs = {"collect": collect, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1]]())
