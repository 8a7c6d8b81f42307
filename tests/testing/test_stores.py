"""Every store passes the suite that is shipped for them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.model import check
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.testing.stores import StoreSuite, schema, world

# What the tests of the suite prove, by their names: marks of this project, which a suite for others does not carry.
PROVES: dict[str, tuple[pytest.MarkDecorator, ...]] = {
    "what_is_inserted_is_returned_and_kept": (
        pytest.mark.feature("F-WRITE-01"),
        pytest.mark.spec("OD-112", "OD-200", "OD-233"),
    ),
    "the_store_makes_a_key_that_is_not_given": (
        pytest.mark.feature("F-WRITE-02"),
        pytest.mark.spec("OD-086", "OD-234"),
    ),
    "what_is_not_given_is_the_default_or_null": (pytest.mark.feature("F-WRITE-02"),),
    "what_may_not_be_inserted_changes_nothing": (pytest.mark.feature("F-WRITE-03"), pytest.mark.spec("OD-202")),
    "an_update_changes_what_is_given": (pytest.mark.feature("F-WRITE-04"), pytest.mark.spec("OD-113", "OD-089")),
    "replacing_sets_what_is_not_given_to_its_default": (pytest.mark.feature("F-WRITE-04"), pytest.mark.spec("OD-235")),
    "a_key_cannot_change": (pytest.mark.feature("F-WRITE-04"), pytest.mark.spec("OD-085")),
    "an_upsert_changes_or_inserts": (pytest.mark.feature("F-WRITE-05"),),
    "a_deleted_entity_is_gone_with_its_links_and_what_depends_on_it": (
        pytest.mark.feature("F-WRITE-06"),
        pytest.mark.spec("OD-111", "OD-092", "OD-237"),
    ),
    "what_others_refer_to_is_not_deleted": (pytest.mark.feature("F-WRITE-06"),),
    "clearing_removes_what_the_collection_has": (pytest.mark.feature("F-WRITE-06"), pytest.mark.spec("OD-116")),
    "links_are_made_and_removed_on_both_sides": (
        pytest.mark.feature("F-WRITE-07"),
        pytest.mark.spec("OD-101", "OD-102"),
    ),
    "a_link_to_one_takes_the_place_of_the_one_before": (
        pytest.mark.feature("F-WRITE-07"),
        pytest.mark.spec("OD-099", "OD-236"),
    ),
    "a_link_that_is_needed_is_not_removed": (pytest.mark.feature("F-WRITE-07"), pytest.mark.spec("OD-105")),
    "an_update_may_change_links": (pytest.mark.feature("F-WRITE-07"), pytest.mark.spec("OD-100")),
    "new_entities_are_inserted_with_those_they_belong_to": (
        pytest.mark.feature("F-WRITE-08"),
        pytest.mark.spec("OD-099", "OD-106"),
    ),
    "a_deep_insert_that_fails_in_the_middle_leaves_nothing": (
        pytest.mark.feature("F-WRITE-08"),
        pytest.mark.spec("OD-106"),
    ),
    "a_new_entity_may_be_inserted_under_another": (
        pytest.mark.feature("F-WRITE-08"),
        pytest.mark.spec("OD-103", "OD-029"),
    ),
    "an_entity_tag_tells_whether_an_entity_was_changed": (
        pytest.mark.feature("F-WRITE-09"),
        pytest.mark.spec("OD-259"),
    ),
    "writers_that_compare_first_lose_no_update": (pytest.mark.feature("F-WRITE-09"), pytest.mark.spec("OD-201")),
    "an_exception_leaves_everything_as_it_was": (pytest.mark.feature("F-WRITE-10"), pytest.mark.spec("OD-238")),
    "a_refused_change_leaves_the_others_of_its_transaction": (pytest.mark.feature("F-WRITE-10"),),
    "changes_are_seen_within_and_by_others_afterwards": (pytest.mark.feature("F-WRITE-10"),),
}
for _name, _marks in PROVES.items():
    for _mark in _marks:
        _mark(getattr(StoreSuite, f"test_{_name}"))


def sqlite_world(folder: Path) -> Store:
    path = folder / "world.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema("sqlite"))
    return open_store(path)


class TestMemory(StoreSuite):
    def new_store(self, tmp_path: Path) -> Store:
        return MemoryStore(world())


class TestSqlite(StoreSuite):
    def new_store(self, tmp_path: Path) -> Store:
        return sqlite_world(tmp_path)


class TestTablesOfTheModel(StoreSuite):
    def new_store(self, tmp_path: Path) -> Store:
        model = world()
        create_tables(tmp_path / "world.db", model)
        return open_store(tmp_path / "world.db", model=model)


# Those that refer to others first.
TABLES = ("Line", "Product_Tag", "Product", "Folder", "Tag", "Supplier")


def emptied(server: Any, url: str, quote: str) -> Store:
    """Open the tables of the world on a server, which one test after the other uses, without anything in them."""
    server.run(";\n".join(f"DELETE FROM {quote}{name}{quote}" for name in TABLES), url.rpartition("/")[2])
    return open_store(url)


@pytest.fixture(scope="module")
def postgresql_world(postgresql: Any) -> str:
    made: str = postgresql.new_database(schema("postgresql"))
    return made


@pytest.fixture(scope="module")
def mariadb_world(mariadb: Any) -> str:
    made: str = mariadb.new_database(schema("mariadb"))
    return made


class TestPostgresql(StoreSuite):
    @pytest.fixture(autouse=True)
    def _world(self, postgresql: Any, postgresql_world: str) -> None:
        self.world = postgresql, postgresql_world, '"'

    def new_store(self, tmp_path: Path) -> Store:
        return emptied(*self.world)


class TestMariadb(StoreSuite):
    @pytest.fixture(autouse=True)
    def _world(self, mariadb: Any, mariadb_world: str) -> None:
        self.world = mariadb, mariadb_world, "`"

    def new_store(self, tmp_path: Path) -> Store:
        return emptied(*self.world)


class TestWithoutReturning(TestMariadb):
    """What MySQL lacks, as far as that can be tried on MariaDB: its INSERT returns nothing here either."""

    @pytest.fixture(autouse=True)
    def _returns_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("MySQLdb", reason="the driver of MariaDB is compiled where that can be done")
        monkeypatch.setattr("demotic.store.sql.dialects.mariadb._dialect.Mariadb.returns", False)


def outline(store_model: Any) -> Any:
    return {
        name: (
            {p.name: (p.type.qualified_name, p.nullable) for p in item.type.properties.values()},
            {n.name: (n.collection, n.partner and n.partner.name, n.on_delete) for n in item.type.navigation.values()},
        )
        for name, item in store_model.container.sets.items()
    }


@pytest.mark.feature("F-WRITE-11")
def test_the_tables_of_the_world_give_its_model(tmp_path: Path) -> None:
    assert check(world()) == []
    with sqlite_world(tmp_path) as store:
        assert outline(store.model) == outline(world())


@pytest.mark.feature("F-WRITE-11")
def test_the_tables_of_the_world_give_its_model_on_servers_too(postgresql_world: str, mariadb_world: str) -> None:
    for url in (postgresql_world, mariadb_world):
        with open_store(url) as store:
            assert outline(store.model) == outline(world())


def test_a_suite_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="which store"):
        StoreSuite().new_store(tmp_path)
