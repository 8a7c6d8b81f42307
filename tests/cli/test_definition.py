"""`demotic tables`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from demotic.cli import main
from demotic.model import declare, entity, write_xml
from demotic.store.sql import open_store, table_statements


@entity(key="id", set="Teas")
class Tea:
    id: int
    name: str


MODEL = declare("teas", Tea)
HERE = f"{__name__}:MODEL"


@pytest.fixture
def document(tmp_path: Path) -> str:
    path = tmp_path / "teas.xml"
    path.write_bytes(write_xml(MODEL))
    return str(path)


@pytest.mark.feature("F-TABLES-10")
@pytest.mark.spec("OD-215", "OD-296")
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mariadb", "mysql"])
def test_the_statements_are_shown(dialect: str, document: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", document, "--dialect", dialect]) == 0
    assert capsys.readouterr().out == "".join(f"{text};\n" for text in table_statements(MODEL, dialect))
    assert main(["tables", document, "--dialect", dialect, "--show-drop"]) == 0
    assert capsys.readouterr().out.startswith("DROP TABLE")


@pytest.mark.feature("F-TABLES-10")
def test_tables_are_made_and_dropped(document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "teas.db")
    assert main(["tables", document, "--create", database]) == 0
    assert main(["tables", document, "--create", database]) == 2
    assert main(["tables", document, "--create", database, "--missing"]) == 0
    with open_store(database) as store, store.transaction() as tx:
        assert list(tx) == ["Teas"]
    assert main(["tables", document, "--drop", database]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == ["1 table made", "0 tables made", "1 table dropped"]
    assert told.err.splitlines()[0] == "error: there are tables already: Teas"


@pytest.mark.feature("F-TABLES-11")
def test_a_database_is_published_as_a_model(document: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "teas.db")
    assert main(["query", document, "--model", document]) == 2
    assert main(["tables", document, "--create", database]) == 0
    assert main(["inspect", database, "--format", "csdl", "--model", document]) == 0
    assert 'Namespace="teas"' in capsys.readouterr().out
    assert main(["query", database, "Teas", "--model", document, "--format", "csv"]) == 1
    with sqlite3.connect(database) as db:
        db.execute("DROP TABLE Teas")
        db.execute("CREATE TABLE Teas (id INTEGER PRIMARY KEY)")
    db.close()
    capsys.readouterr()
    assert main(["inspect", database, "--model", document]) == 2
    assert "Teas has no column name" in capsys.readouterr().err
    assert main(["inspect", database, "--model", document, "--include", "T*"]) == 2
    assert "--model says what is published" in capsys.readouterr().err


@pytest.mark.feature("F-TABLES-10")
def test_a_model_may_be_one_of_python(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "shop_of_tea.py").write_text(
        "from demotic.model import declare, entity\n@entity(key='id', set='Cups')\nclass Cup:\n    id: int\n"
        "MODEL = declare('cups', Cup)\nOTHER = 1\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert main(["tables", "shop_of_tea:MODEL"]) == 0
    assert 'CREATE TABLE "Cups"' in capsys.readouterr().out
    assert main(["tables", "shop_of_tea:OTHER"]) == 2
    assert "is no model" in capsys.readouterr().err


@pytest.mark.feature("F-TABLES-10")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.xml"], "there is no model 'nowhere.xml'"),
        (["no.such.module:MODEL"], "there is no model"),
        (["x:y z"], "there is no model"),
        (["m:x", "--missing"], "--missing says which tables to make"),
        (["m:x", "--create", "a", "--drop", "b"], "made or dropped, not both"),
    ],
)
def test_what_is_wrong_is_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", *arguments]) == 2
    assert message in capsys.readouterr().err
