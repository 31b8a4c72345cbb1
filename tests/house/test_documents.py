"""What stands in the files that people read, and in those that tools read."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

READ_BY_PEOPLE = {".md", ".txt", ".in", ".cfg", ".toml", ".spec", ""}
MACHINES = re.compile(r"(?<![\w.])/(?:work|root|home|Users|opt|tmp)/|[A-Z]:\\Users")
HOSTS = re.compile(
    r"pypi\.(?:org|python)|pythonhosted|tuna\.|aliyun|mirrors?\.|npmmirror|deb\.debian|douban|huaweicloud|(?<!emit-)(?:index-url|find-links)",
    re.I,
)
NAME = re.compile(r"^([A-Za-z0-9_.-]+)")


def test_no_file_names_a_machine_or_a_registry(tracked: list[Path], root: Path) -> None:
    for file in tracked:
        if file.suffix not in READ_BY_PEOPLE or file.name == "OFL.txt" or "tests" in file.relative_to(root).parts:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for pattern, why in (
            (MACHINES, "a place of one machine"),
            (HOSTS, "where packages come from; that is the user's choice"),
        ):
            found = pattern.search(text)
            assert found is None, f"{file.relative_to(root)} names {why}: {found and found.group()!r}"


def names_in(text: str) -> set[str]:
    lines = (line.strip() for line in text.splitlines())
    matches = (NAME.match(line) for line in lines if line and not line.startswith(("#", "-")))
    return {match.group(1).lower().replace("_", "-") for match in matches if match}


def test_locks_hold_what_was_asked_for(root: Path) -> None:
    for wanted in (root / "requirements").glob("*.in"):
        locked = wanted.with_suffix(".txt").read_text(encoding="utf-8")
        missing = names_in(wanted.read_text(encoding="utf-8")) - names_in(locked)
        assert not missing, f"make {wanted.stem}.txt again (requirements/README.md says how): {missing} is not in it"
        loose = [
            line
            for line in locked.splitlines()
            if line.strip() and not line.startswith(("#", " ")) and "==" not in line
        ]
        assert not loose, f"{wanted.stem}.txt pins no version of {loose}"


def test_setup_cfg_and_the_lock_agree_on_what_csdesk_runs_on(root: Path) -> None:
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg", encoding="utf-8")
    asked = names_in(settings["options"]["install_requires"])
    assert asked == names_in((root / "requirements/run.in").read_text(encoding="utf-8")) - {"babel"}


def test_links_between_documents_lead_somewhere(tracked: list[Path], root: Path) -> None:
    for file in tracked:
        if file.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (file.parent / target).exists(), (
                    f"{file.relative_to(root)} points at {target}, which is not there"
                )


def test_the_build_script_of_ci_calls_what_the_readme_says(root: Path) -> None:
    assert "python3 tasks.py test" in (root / "README.md").read_text(encoding="utf-8")
    assert "python3 tasks.py test" in (root / ".ci/run").read_text(encoding="utf-8")
