"""`demotic copy`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demotic.cli import main
from demotic.sample import create
from demotic.store.sql import open_store


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.db"
    create(path)
    return str(path)


@pytest.mark.feature("F-COPY-07")
@pytest.mark.spec("OD-295")
def test_a_database_is_copied_into_a_new_one(shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal = str(tmp_path / "copy.db")
    assert main(["copy", shop, goal, "--create", "--dry-run"]) == 0
    assert not Path(goal).exists()
    assert "tables would be made" in capsys.readouterr().out
    assert main(["copy", shop, goal, "--create", "--batch", "400"]) == 0
    told = capsys.readouterr().out
    with open_store(shop) as one, open_store(goal) as two, one.transaction() as a, two.transaction() as b:
        assert set(a) <= set(b)
        for name in a:
            assert [dict(e) for e in a[name].values()] == [dict(e) for e in b[name].values()]
            assert f"{len(a[name])} copied" in told
    assert main(["copy", shop, goal]) == 2
    assert "entities already" in capsys.readouterr().err
    assert main(["copy", shop, goal, "--update", "--set", "Categories"]) == 0


@pytest.mark.feature("F-COPY-07")
def test_a_copy_is_resumed(shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    goal, state = str(tmp_path / "copy.db"), tmp_path / "copy.state"
    assert main(["copy", shop, goal, "--create", "--set", "Categories"]) == 0
    with closing(sqlite3.connect(goal)) as db:
        db.executescript(
            "CREATE TRIGGER no BEFORE INSERT ON Products WHEN NEW.ID > 10 BEGIN SELECT RAISE(ABORT,'x'); END"
        )
    some = ["--set", "Categories", "--set", "Suppliers", "--set", "Products"]
    arguments = ["copy", shop, goal, *some, "--update", "--batch", "4", "--state", str(state)]
    assert main(arguments) == 2
    assert state.exists()
    with closing(sqlite3.connect(goal)) as db:
        db.execute("DROP TRIGGER no")
    capsys.readouterr()
    assert main(arguments) == 0
    assert not state.exists()
    assert "but" not in capsys.readouterr().out


@pytest.mark.feature("F-COPY-07")
@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ("shop.db", "cannot be copied into itself"),
        (".", "is a folder"),
        ("nowhere.db", "there is no file nowhere.db"),
        ("sqlite:///shop.db", "cannot be copied into itself"),
    ],
)
def test_what_is_wrong_is_told(
    goal: str, message: str, shop: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(Path(shop).parent)
    assert main(["copy", "shop.db", goal]) == 2
    assert message in capsys.readouterr().err
