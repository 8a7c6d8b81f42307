"""What the command line says, and its exit status, for what it is given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from demotic import __version__
from demotic.cli import main


def run(*arguments: str) -> int:
    return main(arguments)


@pytest.mark.feature("F-CLI-01")
def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"demotic {__version__}\n"


@pytest.mark.feature("F-CLI-01")
@pytest.mark.parametrize("command", ["serve", "inspect", "query", "sample"])
def test_each_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: demotic {command} ")
    assert f"\n    demotic {command} shop.db" in shown


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert "Commands:\n  serve" in capsys.readouterr().out


WRONG = [
    (["frob"], "No such command 'frob'", "`demotic --help`"),
    (["serve"], "Missing argument", "`demotic serve --help`"),
    (["serve", "shop.db", "--prot", "1"], "No such option: --prot", "`demotic serve --help`"),
    (["serve", "shop.db", "--port", "70000"], "Invalid value for '--port'", "`demotic serve --help`"),
    (["serve", "shop.db", "--page-size", "-1"], "Invalid value for '--page-size'", "`demotic serve --help`"),
    (["serve", "shop.db", "--workers", "0"], "Invalid value for '--workers'", "`demotic serve --help`"),
    (["serve", "shop.db", "--key", "Sales"], "--key 'Sales' states no key", "View=col,col"),
    (["serve", "shop.db", "--key", "Sales=a,,b"], "--key 'Sales=a,,b' states no key", "View=col,col"),
    (["serve", "shop.db", "--key", "V=a", "--key", "V=b"], "--key states the key of V twice", "View=col,col"),
    (["serve", "shop.db", "--root-url", "data.example.com"], "'data.example.com' is no address", "https://"),
    (["serve", "shop.db", "--root-url", "https://x.example/?a"], "is no address of a site", "https://"),
    (["serve", "shop.db", "--key", "V=a,b,a"], "--key 'V=a,b,a' names a twice", "each column once"),
    (["query", "shop.db", "http://localhost:8000/odata/v4/X"], "is a whole address", "'X'"),
    (["query", "shop.db", "https://data.example.com/feed"], "is a whole address", "after the service root"),
    (["inspect", "shop.db", "--format", "pdf"], "'pdf' is not one of", "`demotic inspect --help`"),
    (["query", "shop.db", "Products", "more"], "unexpected extra argument", "`demotic query --help`"),
]


@pytest.mark.feature("F-CLI-02")
@pytest.mark.parametrize(("arguments", "message", "hint"), WRONG, ids=[" ".join(case[0]) for case in WRONG])
def test_a_wrong_command_line_is_refused_with_a_hint(
    arguments: list[str], message: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    shown = capsys.readouterr()
    error, _, advice = shown.err.partition("\nhint: ")
    assert error.startswith("error: ")
    assert message in error
    assert hint in advice
    assert shown.out == ""


@pytest.mark.feature("F-CLI-03")
@pytest.mark.parametrize("library", ["typer", "granian", "sqlalchemy"])
def test_a_missing_library_is_told_with_the_extra_that_brings_it(library: str, shop: Path) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; from demotic.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "serve", str(shop), "--port", "0"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert result.stderr.startswith(f"error: the library {library}")
    assert "hint: install Demotic with its extra 'serve', e.g. pip install '.[serve]' in a clone" in result.stderr
    assert "Traceback" not in result.stderr


def _broken(*_: object) -> int:
    raise ZeroDivisionError("by accident")


@pytest.mark.feature("F-CLI-02")
def test_a_fault_of_ours_is_told_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demotic.cli._commands.run", _broken)
    assert run("query", "shop.db") == 3
    shown = capsys.readouterr().err
    assert shown.startswith("error: unexpected ZeroDivisionError: by accident\nhint: ")
    assert "Traceback" not in shown


@pytest.mark.feature("F-CLI-02")
@pytest.mark.parametrize("arguments", [["--debug", "query", "shop.db"], ["query", "shop.db", "--debug"]])
def test_debug_shows_where_it_happened(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demotic.cli._commands.run", _broken)
    assert run(*arguments) == 3
    assert "in _broken" in capsys.readouterr().err


def test_an_interruption_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("demotic.cli._commands.run", interrupted)
    assert run("query", "shop.db") == 130
    assert capsys.readouterr().err == ""


@pytest.mark.feature("F-CLI-04")
def test_the_sample_is_written_once_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "shop.db"
    assert run("sample", str(file)) == 0
    assert f"demotic serve {file}" in capsys.readouterr().out
    file.write_bytes(b"mine")
    assert run("sample", str(file)) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_bytes() == b"mine"
    assert run("sample", str(file), "--force") == 0
    assert file.read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.parametrize("options", [(), ("--force",)])
@pytest.mark.parametrize("place", [".", "..", "/", ""])
def test_a_folder_is_no_place_for_a_sample(
    place: str,
    options: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("sample", place, *options) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"error: {place or '.'} is a folder\nhint: name a file, such as ")
    assert list(tmp_path.iterdir()) == []


def test_a_sample_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sample", str(tmp_path / "no" / "such.db")) == 2
    assert "cannot be written" in capsys.readouterr().err
