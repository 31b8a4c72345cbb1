"""What can be done with this checkout: python3 tasks.py VERB [ARGUMENTS]

  run      open the window; without a display, import the sample handover and print the visit plan. ARGUMENTS go to main.py
  test     all tests; ARGUMENTS go to pytest
  check    lint, format, types, import contracts
  bench    speed and memory; ARGUMENTS name the benchmarks
  screens  pictures of every screen into screens/; ARGUMENTS narrow it: zh_CN dark 1440x900
  build    the program for people without Python, into dist/
  texts    collect the texts of the code into resources/locale and name those without a translation
  setup    only make .venv and see to what Qt needs from the system; ARGUMENT: run (default), dev or build

Needs Python 3.11 or newer and nothing else. Packages come from where your pip gets them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = ROOT / "requirements"
LOCAL = ROOT / ".local"
LINUX = sys.platform.startswith("linux")

QT_PACKAGES = ("libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libxkbcommon0", "libdbus-1-3")
WINDOW_PACKAGES = (
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
TEST_PACKAGES = ("xvfb", "poppler-utils")
QT_STARTS = "from PySide6 import QtPrintSupport, QtSvg, QtTest, QtWidgets; QtWidgets.QApplication([])"


class Stop(Exception):
    """Ends the task with a sentence for the person who called it."""


# --- the packages ---------------------------------------------------------------------------------------------------


def set_up(group: str) -> None:
    """See that .venv holds the group's packages ("run", "dev" or "build"), Qt starts and the texts are compiled."""
    stamp = f"{platform.python_version()} {lock_digest(group)}"
    note = VENV / f"csdesk-{group}.stamp"
    if not (PYTHON.exists() and note.exists() and note.read_text(encoding="utf-8") == stamp):
        make_venv()
        say(f"Installing the packages of {LOCKS.name}/{group}.txt …")
        install(LOCKS / f"{group}.txt")
        note.write_text(stamp, encoding="utf-8")
    if LINUX:
        see_to_qt(group)
    compile_texts()


def lock_digest(group: str) -> str:
    """What changes whenever the group's lock does."""
    return hashlib.sha256((LOCKS / f"{group}.txt").read_bytes()).hexdigest()


def make_venv() -> None:
    """Make .venv, anew where its interpreter does not start (the folder was moved, Python was updated)."""
    if PYTHON.exists() and succeeds([PYTHON, "-c", "import pip"]):
        return
    say(f"Making {VENV.name} …")
    made = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if LINUX and not succeeds([sys.executable, "-c", "import ensurepip, venv"]):
        install_from_system(("python3-venv",), "Python's venv is missing.")
    if not succeeds(made):
        call(made)


def install(lock: Path) -> None:
    """Install a lock: with uv, which takes seconds, and with pip alone where uv cannot be had or fails."""
    uv = find_uv()
    if uv is not None:
        command: list[str | Path] = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            PYTHON,
            "--compile-bytecode",
            "-r",
            lock,
        ]
        if succeeds(command, env={**os.environ, **uv_settings()}):
            return
        say("uv did not succeed; pip takes over.")
    call([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", lock])


def find_uv() -> Path | None:
    """uv from .venv, put there by pip; None where pip finds none for this machine."""
    uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not uv.exists():
        succeeds([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", LOCKS / "uv.txt"])
    return uv if uv.exists() else None


def uv_settings() -> dict[str, str]:
    """pip's own settings in uv's words, so that both ask the same places."""
    listed = subprocess.run([str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    found: dict[str, list[str]] = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        scope, _, name = key.strip().rpartition(".")
        if scope in ("global", "install", ":env:"):
            words = found.setdefault(name, [])
            words += [word for word in value.strip().strip("'\"").replace("\\n", " ").split() if word not in words]
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
        "trusted-host": "UV_INSECURE_HOST",
        "proxy": "HTTPS_PROXY",
    }
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_LINK_MODE": "copy"}
    for name, variable in names.items():
        if found.get(name) and variable not in os.environ:
            settings[variable] = ("," if name == "find-links" else " ").join(found[name])
    if found.get("no-index", ["false"])[-1].lower() in ("1", "true", "yes", "on"):
        settings["UV_NO_INDEX"] = "1"
    return settings


def compile_texts() -> None:
    """Compile the translations that are newer than what was compiled."""
    for text in ROOT.glob("resources/locale/*/LC_MESSAGES/*.po"):
        compiled = text.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < text.stat().st_mtime:
            call([PYTHON, ROOT / "resources/locale/make_texts.py", "compile"])
            return


# --- what Qt needs from Linux ---------------------------------------------------------------------------------------


def see_to_qt(group: str) -> None:
    """See that Qt starts; install what it lacks where that is allowed, else stop with the line that does it."""
    note = VENV / f"csdesk-{group}-{'display' if has_display() else 'none'}.system"
    if note.exists():
        return
    if not succeeds([PYTHON, "-c", QT_STARTS], env=with_platform("offscreen")):
        install_from_system(QT_PACKAGES, "Qt lacks libraries of the system.")
        call([PYTHON, "-c", QT_STARTS], env=with_platform("offscreen"))
    if group == "run" and has_display() and not succeeds([PYTHON, "-c", QT_STARTS]):
        install_from_system(WINDOW_PACKAGES, "Qt lacks libraries of the system to open a window.")
    if group == "dev" and not tests_have_a_screen():
        try:
            install_from_system(WINDOW_PACKAGES + TEST_PACKAGES, "The tests lack a screen of their own and PDF tools.")
        except Stop as reason:
            say(f"{reason}\nGoing on without; the tests of windows then run on Qt's offscreen platform.")
            return
    note.write_text("Qt starts\n", encoding="utf-8")


def tests_have_a_screen() -> bool:
    """Whether Xvfb is there, Qt opens windows on it, and PDFs can be read."""
    if not (shutil.which("Xvfb") and shutil.which("pdftotext")):
        return False
    with screens_of_their_own(1) as found:
        return bool(found) and succeeds([PYTHON, "-c", QT_STARTS], env={**with_platform("xcb"), "DISPLAY": found[0]})


def install_from_system(packages: tuple[str, ...], why: str) -> None:
    """Install Debian packages as root. Raises Stop with the line to run for anybody else."""
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    apt = shutil.which("apt-get")
    if apt is None:
        raise Stop(f"{why} Install what this system calls: {' '.join(packages)} (Debian's names).")
    if os.geteuid() != 0:
        raise Stop(f"{why} Run: sudo {line}")
    say(f"{why} {line}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with open(os.devnull, "wb") as nowhere:
        subprocess.run([apt, "update", "-qq"], env=environment, stdout=nowhere, check=False)
        done = subprocess.run(
            [*line.replace("apt-get", apt, 1).split(), "-qq"], env=environment, stdout=nowhere, check=False
        )
    if done.returncode:
        raise Stop(f"That did not succeed. Run it by hand, then try again: {line}")


def has_display() -> bool:
    """Whether a window can be opened here."""
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def screens_of_their_own(count: int) -> Iterator[list[str]]:
    """Start ``count`` Xvfb servers; gives their display names, none where Xvfb is missing, and ends them afterwards."""
    servers: list[subprocess.Popen[bytes]] = []
    names: list[str] = []
    try:
        for _ in range(count if shutil.which("Xvfb") else 0):
            hears, tells = os.pipe()
            command = ["Xvfb", "-displayfd", str(tells), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
            servers.append(
                subprocess.Popen(command, pass_fds=[tells], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
            os.close(tells)
            with os.fdopen(hears) as pipe:
                number = pipe.readline().strip()
            if number:
                names.append(f":{number}")
        yield names
    finally:
        for server in servers:
            server.terminate()
            server.wait()


# --- the verbs ------------------------------------------------------------------------------------------------------


def setup(arguments: list[str]) -> int:
    """Make .venv for a group."""
    group = arguments[0] if arguments else "run"
    if not (LOCKS / f"{group}.txt").exists():
        raise Stop(f"There is no group {group!r}: run, dev or build.")
    set_up(group)
    say("Ready: python3 tasks.py run")
    return 0


def run(arguments: list[str]) -> int:
    """Open the window, or do the main job where there is none."""
    set_up("run")
    if arguments or has_display():
        return desk(*arguments)
    say("No display: importing the sample handover and planning next week's visits.")
    today = datetime.now().astimezone().date()
    monday = today + timedelta(days=7 - today.weekday())
    store, paper = LOCAL / "sample", LOCAL / "sample" / "visit-plan.pdf"
    begin = ("--data-dir", str(store))
    first = desk(*begin, "import-handover", str(ROOT / "resources/samples/handover.xlsx"))
    if first > 1:
        return first
    days = ("--from", monday.isoformat(), "--to", (monday + timedelta(days=6)).isoformat())
    second = desk(*begin, "plan-visits", *days, "--pdf", str(paper), "--ics", str(paper.with_suffix(".ics")))
    if not second:
        say(f"The visit plan: {paper}\nThe calendar:   {paper.with_suffix('.ics')}\nThe store:      {store}")
    return max(first, second)


def test(arguments: list[str]) -> int:
    """Run the tests, on one process more than there are cores (some tests wait), each with a screen of its own."""
    set_up("dev")
    workers = max(2, min(4, os.cpu_count() or 2)) + 1
    with screens_of_their_own(workers) as screens:
        environment = dict(os.environ, LC_ALL="C.UTF-8") if LINUX else dict(os.environ)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a hundred children would each compile the program anew
        environment["QT_QPA_PLATFORM"] = "xcb" if screens else "offscreen"
        if screens:
            environment.update(CSDESK_TEST_DISPLAYS=" ".join(screens), DISPLAY=screens[0])
        spread = (
            []
            if any(word.startswith(("-n", "-p")) for word in arguments)
            else ["-n", str(workers), "--dist", "worksteal"]
        )
        return call_status([PYTHON, "-m", "pytest", "-q", *spread, *arguments], env=environment)


def check(arguments: list[str]) -> int:
    """Lint, format, types, import contracts: all of them, also after one that failed."""
    set_up("dev")
    lines: tuple[list[str | Path], ...] = (
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [BIN / "lint-imports", "--no-logo"] if os.name != "nt" else [BIN / "lint-imports.exe", "--no-logo"],
    )
    return max([call_status([*line, *arguments]) for line in lines])


def bench(arguments: list[str]) -> int:
    """Measure speed and memory."""
    set_up("dev")
    return call_status([PYTHON, "-m", "benchmarks", *arguments])


def screens(arguments: list[str]) -> int:
    """Draw every screen of a demo store, in both languages and themes, small, usual and large."""
    set_up("run")
    wanted = [
        (language, theme, size)
        for language in ("zh_CN", "en")
        for theme in ("light", "dark")
        for size in ("1000x600", "1440x900", "1920x1080")
        if all(word in (language, theme, size) for word in arguments)
    ]
    if not wanted:
        raise Stop(
            "Nothing to draw: name languages (zh_CN, en), themes (light, dark) or sizes (1000x600, 1440x900, 1920x1080)."
        )
    store = LOCAL / "screens"
    shutil.rmtree(store, ignore_errors=True)
    begin = ("--data-dir", str(store), "--today", "2026-11-23")
    status = desk(*begin, "demo", "--accounts", "240", "--seed", "7")
    for language, theme, size in wanted if not status else []:
        out = ROOT / "screens" / f"{language}-{theme}-{size}"
        shutil.rmtree(out, ignore_errors=True)
        words = ("--lang", language, "screenshots", "--out", str(out), "--theme", theme, "--size", size)
        status = max(status, desk(*begin, *words))
    say(f"The pictures: {ROOT / 'screens'}")
    return status


def build(arguments: list[str]) -> int:
    """Make the program with PyInstaller, and see that it starts."""
    set_up("build")
    spec, out = ROOT / "packaging/csdesk.spec", ROOT / "dist"
    places: list[str | Path] = ["--distpath", out, "--workpath", ROOT / "build"]
    status = call_status([PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, spec, *arguments])
    if status:
        return status
    made = out / "CSDesk" / ("csdesk.exe" if os.name == "nt" else "csdesk")
    shutil.rmtree(LOCAL / "built", ignore_errors=True)
    status = call_status(
        [made, "--data-dir", LOCAL / "built", "import-handover", ROOT / "resources/samples/handover.xlsx"]
    )
    say(f"The program: {made.parent}" if not status else f"{made} was built but does not do the main job.")
    return status


def texts(arguments: list[str]) -> int:
    """Bring the translations in step with the code."""
    set_up("dev")
    return call_status([PYTHON, ROOT / "resources/locale/make_texts.py", "collect", *arguments])


VERBS = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "screens": screens,
    "build": build,
    "texts": texts,
    "setup": setup,
}


# --- calling others -------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Print at once, also into a file."""
    print(text, flush=True)


def with_platform(name: str) -> dict[str, str]:
    """The environment with Qt's platform set."""
    return {**os.environ, "QT_QPA_PLATFORM": name}


def desk(*arguments: str) -> int:
    """Run main.py; gives its status."""
    return call_status([PYTHON, ROOT / "main.py", *arguments])


def call_status(command: Sequence[str | Path], env: dict[str, str] | None = None) -> int:
    """Run a command in the root and show what it prints; gives its status."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=env, check=False).returncode


def call(command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
    """Run a command that has to succeed. Raises Stop."""
    if call_status([*command], env):
        raise Stop(f"This did not succeed: {' '.join(map(str, command))}")


def succeeds(command: Sequence[str | Path], env: dict[str, str] | None = None) -> bool:
    """Run a command quietly; says whether it succeeded."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, cwd=ROOT, env=env, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def main(arguments: list[str]) -> int:
    """Do what the command line says; gives the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036
        say(f"CSDesk needs Python 3.11 or newer; this is {platform.python_version()}.")
        return 2
    verb = VERBS.get(arguments[0]) if arguments else None
    if verb is None:
        say((__doc__ or "").strip())
        return 0 if arguments[:1] in ([], ["help"], ["--help"], ["-h"]) else 2
    try:
        return verb(arguments[1:])
    except Stop as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
