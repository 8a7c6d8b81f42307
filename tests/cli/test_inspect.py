"""`demotic inspect`: what a database is served as, in four forms."""

from __future__ import annotations

import importlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demotic.cli import main
from demotic.cli._inspect import indented_xml
from demotic.model import Model
from demotic.model.csdl import read_xml, write_json


def inspect(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(["inspect", *arguments]) == status
    shown = capsys.readouterr()
    return shown.out if status == 0 else shown.err


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inspect") / "garden.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            CREATE TABLE Beds (ID INTEGER NOT NULL PRIMARY KEY, Name VARCHAR(20) NOT NULL);
            CREATE TABLE Plants (
              Bed_ID INTEGER NOT NULL REFERENCES Beds (ID), Number INTEGER NOT NULL, Height DECIMAL(6, 2),
              PRIMARY KEY (Bed_ID, Number)
            );
            CREATE VIEW Tall AS SELECT Number, Height FROM Plants WHERE Height > 2;
            """
        )
    return path


@pytest.mark.feature("F-CLI-20")
def test_sets_properties_keys_navigation_and_what_is_left_out_are_shown(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = inspect(capsys, str(database))
    shown, _, left_out = text.partition("\nLeft out\n")
    assert shown.splitlines() == [
        f"{database}: 2 entity sets",
        "",
        "Beds",
        "  ID      Int64, key",
        "  Name    String(20), not null",
        "  Plants  -> Plants, many",
        "",
        "Plants",
        "  Bed_ID  Int64, key",
        "  Number  Int64, key",
        "  Height  Decimal(6, 2)",
        "  Bed     -> Beds, one (Bed_ID = ID)",
    ]
    assert left_out.startswith("  Tall  ")


@pytest.mark.feature("F-CLI-11", "F-CLI-20")
def test_tables_are_chosen_and_views_get_keys(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = inspect(capsys, str(database), "--include", "T*", "--key", "Tall=Number")
    assert text.splitlines()[2:4] == ["Tall", "  Number  Int64, key"]
    assert "Beds" not in text
    alone = inspect(capsys, str(database), "--exclude", "Pl*")
    assert alone.splitlines()[0] == f"{database}: 1 entity set"
    assert "Plants" not in alone


@pytest.mark.feature("F-CLI-21")
def test_the_three_documents_say_the_same(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    csdl = read_xml(inspect(capsys, str(shop), "--format", "csdl").encode())
    as_json = json.loads(inspect(capsys, str(shop), "--format", "json"))
    (tmp_path / "inspected_shop.py").write_text(inspect(capsys, str(shop), "--format", "python"))
    monkeypatch.syspath_prepend(tmp_path)
    declared = importlib.import_module("inspected_shop").model
    assert json.loads(write_json(csdl)) == as_json
    assert _sets(declared) == _sets(csdl)
    assert len(_sets(csdl)) >= 10


def _sets(model: Model) -> dict[str, list[str]]:
    assert model.container is not None
    return {
        name: [*item.type.all_properties(), *item.type.all_navigation()] for name, item in model.container.sets.items()
    }


DOCUMENTS = [
    ("<a/>", "<a/>"),
    ("<a><b/></a>", "<a>\n  <b/>\n</a>"),
    ("<a><b>x</b><b>y\nz</b></a>", "<a>\n  <b>x</b>\n  <b>y\nz</b>\n</a>"),
    ('<?xml version="1.0"?>\n<a b="x>y"><c d="/>"/></a>', '<?xml version="1.0"?>\n<a b="x>y">\n  <c d="/>"/>\n</a>'),
    ("<a><!-- x --><b><c/></b></a>", "<a>\n  <!-- x -->\n  <b>\n    <c/>\n  </b>\n</a>"),
]


@pytest.mark.parametrize(("compact", "indented"), DOCUMENTS)
def test_a_document_is_indented_and_its_text_left_alone(compact: str, indented: str) -> None:
    assert indented_xml(compact) == indented


@pytest.mark.feature("F-CLI-02")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--include", "*", "--exclude", "*"],
            "error: no table or view of the database can be published\n"
            "hint: the patterns to include and exclude leave nothing over of what there is: Beds, Plants, Tall\n",
        ),
        (
            ["--exclude", "Salaries"],
            "error: no table or view is called 'Salaries'\nhint: there are: Beds, Plants, Tall\n",
        ),
    ],
)
def test_patterns_that_do_not_fit_the_tables_are_told(
    options: list[str], message: str, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inspect(capsys, str(database), *options, status=2) == message


def test_what_the_owner_should_know_is_noted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE Beds (Name TEXT PRIMARY KEY); INSERT INTO Beds VALUES (NULL), ('a');")
    assert inspect(capsys, str(path)).endswith("Notes\n  Beds  1 row is left out, whose key is null\n")


def test_a_stated_key_that_rows_share_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE Beds (Name TEXT); INSERT INTO Beds VALUES ('a'), ('a');")
    assert "several have Name='a'" in inspect(capsys, str(path), "--key", "Beds=Name", status=2)
