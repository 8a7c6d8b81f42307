"""`demotic query`: requests answered without a server, in three formats."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from demotic.cli import main


class Asked:
    """What a query printed, and its exit status."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


@pytest.fixture
def ask(shop: Path, capsys: pytest.CaptureFixture[str]):
    def asked(*arguments: str, database: Path = shop) -> Asked:
        status = main(["query", str(database), *arguments])
        shown = capsys.readouterr()
        return Asked(status, shown.out, shown.err)

    return asked


@pytest.mark.feature("F-CLI-30")
def test_a_request_is_answered_as_json_by_default(ask) -> None:
    found = ask("Products?$filter=Price gt 100&$orderby=Price desc&$select=ID,Name,Price")
    assert (found.status, found.err) == (0, "")
    assert json.loads(found.out)["value"] == [
        {"ID": 11, "Name": "Tap Water 100% pure", "Price": 113.12},
        {"ID": 31, "Name": "Cardamom", "Price": 107.36},
        {"ID": 29, "Name": "Franzbrötchen", "Price": 101.59},
    ]


@pytest.mark.feature("F-CLI-30")
@pytest.mark.parametrize(
    ("request_text", "names"),
    [
        ("Products?$filter=Name eq 'Franzbrötchen'&$select=Name", ["Franzbrötchen"]),
        ("/Products?$filter=contains(Name,'100%')&$select=Name", ["Tap Water 100% pure"]),
        ("Products?$filter=contains(Name,'100%25')&$select=Name", ["Tap Water 100% pure"]),
    ],
)
def test_a_request_is_typed_as_it_reads(ask, request_text: str, names: list[str]) -> None:
    assert [row["Name"] for row in json.loads(ask(request_text).out)["value"]] == names


@pytest.mark.feature("F-CLI-30")
def test_without_a_request_the_sets_are_listed(ask) -> None:
    assert "Products" in [row["name"] for row in json.loads(ask().out)["value"]]


@pytest.mark.feature("F-CLI-31")
def test_a_table_has_a_row_for_each_entity(ask) -> None:
    query = "Products?$filter=Price gt 100&$orderby=Price desc&$select=ID,Name,Price&$count=true&$top=2"
    found = ask(query, "--format", "table")
    assert [line.rstrip() for line in found.out.splitlines()] == [
        "ID  Name                  Price",
        "11  Tap Water 100% pure  113.12",
        "31  Cardamom             107.36",
        "2 of 3",
    ]


@pytest.mark.feature("F-CLI-31")
def test_a_single_entity_is_a_line_for_each_property(ask) -> None:
    found = ask("Products(11)?$select=ID,Name,Weight&$expand=Category($select=Name)", "-f", "table")
    assert [line.split("  ")[0] for line in found.out.splitlines()] == ["ID", "Name", "Weight", "Category/Name"]


@pytest.mark.feature("F-CLI-31")
def test_csv_has_columns_for_related_entities_and_keeps_digits(ask) -> None:
    found = ask(
        "Products?$select=Name,Price&$top=2&$orderby=ID&$expand=Category($select=Name),Photos($select=ID)", "-f", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert list(rows[0]) == ["Name", "Price", "Category/Name", "Photos"]
    assert rows[0]["Price"] == "28.95"
    assert isinstance(json.loads(rows[0]["Photos"]), list)


@pytest.mark.feature("F-CLI-31")
@pytest.mark.parametrize(
    ("request_text", "out"),
    [
        ("Products/$count", "66\n"),
        ("Products(1)/Name/$value", "Olive Oil\n"),
        ("Products(1)/Name", "value  Olive Oil\n"),
    ],
)
def test_plain_values_are_printed_plainly(ask, request_text: str, out: str) -> None:
    assert ask(request_text, "-f", "table").out == out


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("query") / "numbers.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Numbers (ID INTEGER NOT NULL PRIMARY KEY, Name TEXT)")
        connection.executemany("INSERT INTO Numbers VALUES (?, ?)", ((n, f"n\n{n}") for n in range(1, 5502)))
        connection.commit()
    return path


@pytest.mark.feature("F-CLI-32")
@pytest.mark.parametrize("form", ["json", "csv"])
def test_all_follows_next_links(ask, numbers: Path, form: str) -> None:
    found = ask("Numbers?$select=ID", "--all", "--format", form, database=numbers)
    assert (found.status, found.err) == (0, "")
    if form == "json":
        content = json.loads(found.out)
        assert set(content) == {"@odata.context", "value"}
        ids = [row["ID"] for row in content["value"]]
    else:
        ids = [int(row["ID"]) for row in csv.DictReader(io.StringIO(found.out))]
    assert ids == list(range(1, 5502))


@pytest.mark.feature("F-CLI-32")
def test_without_all_the_rest_is_told_and_can_be_asked_for(ask, numbers: Path) -> None:
    first = ask("Numbers?$select=ID", database=numbers)
    assert "--all" in first.err
    content = json.loads(first.out)
    assert len(content["value"]) == 5000
    rest = ask(content["@odata.nextLink"], database=numbers)
    assert [row["ID"] for row in json.loads(rest.out)["value"]] == list(range(5001, 5502))


@pytest.mark.feature("F-CLI-31")
def test_a_value_cannot_break_a_table(ask, numbers: Path) -> None:
    assert ask("Numbers?$top=1", "-f", "table", database=numbers).out.splitlines()[1].split() == ["1", "n·1"]


@pytest.mark.feature("F-CLI-33")
def test_a_syntax_error_shows_the_place(ask) -> None:
    found = ask("Products?$filter=Price gtt 20")
    assert (found.status, found.out) == (2, "")
    error, text, caret = found.err.splitlines()[:3]
    assert error.startswith("error: expected ")
    assert text[caret.index("^")] == "g"


@pytest.mark.feature("F-CLI-33")
@pytest.mark.parametrize(
    ("request_text", "status", "message"),
    [
        ("Products(99999)", 1, "error: "),
        ("Products?$filter=Price gt 100000", 1, "nothing found"),
        ("Categories(1)/Parent", 1, "nothing found"),
        ("Nowhere", 1, "error: "),
        ("Products?$filter=Prize gt 1", 2, "Price"),
        ("Products?$frobnicate=1", 2, "error: "),
        ("Products('x')", 2, "error: "),
    ],
)
def test_the_exit_status_tells_nothing_found_from_a_wrong_request(
    ask, request_text: str, status: int, message: str
) -> None:
    found = ask(request_text)
    assert found.status == status
    assert message in found.err
    assert "Traceback" not in found.err


@pytest.mark.feature("F-CLI-02")
def test_a_reader_that_leaves_early_is_no_error(numbers: Path) -> None:
    command = [sys.executable, "-m", "demotic.cli", "query", str(numbers), "Numbers", "--all", "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.feature("F-CLI-31")
@pytest.mark.parametrize(
    ("request_text", "header"),
    [
        ("Products?$select=Price,Name,ID&$top=1", "Price,Name,ID"),
        ("Products?$select=Price,Name&$filter=Price gt 100000", "Price,Name"),
        ("Tags?$filter=ID lt 0", "ID,Name"),
        ("Tags?$select=Name,*&$filter=ID lt 0", "Name,ID"),
        (
            "Categories?$select=Name&$filter=ID lt 0"
            "&$expand=Parent($select=Name,ID;$expand=Parent($select=ID)),Products",
            "Name,Parent/Name,Parent/ID,Parent/Parent/ID,Products",
        ),
        ("Categories(1)?$select=Name,ID&$expand=Parent($select=Name)", "Name,ID,Parent/Name"),
    ],
)
def test_the_request_decides_on_the_columns_of_csv(ask, request_text: str, header: str) -> None:
    found = ask(request_text, "-f", "csv")
    assert found.out.splitlines()[0] == header
    assert len(found.out.splitlines()) == (1 if found.status == 1 else 2)
