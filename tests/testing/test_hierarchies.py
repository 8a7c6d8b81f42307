"""The suite of stores whose model has types derived from others, over all four."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demotic.model import check
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, drop_tables, open_store
from demotic.testing.stores import HierarchySuite, staff

PROVES: dict[str, tuple[Any, ...]] = {
    "an_entity_comes_with_its_type_and_all_its_properties": (pytest.mark.feature("F-STORE-30"),),
    "a_collection_is_cast_to_a_derived_type": (pytest.mark.feature("F-STORE-31"),),
    "conditions_speak_of_derived_types": (pytest.mark.feature("F-STORE-31"),),
    "entities_are_ordered_by_what_only_some_have": (pytest.mark.feature("F-STORE-31"),),
    "what_is_selected_and_expanded_depends_on_the_type": (pytest.mark.feature("F-STORE-31"),),
    "complex_values_keep_their_types": (pytest.mark.feature("F-STORE-32"),),
    "an_entity_of_a_derived_type_is_inserted_changed_and_removed": (pytest.mark.feature("F-WRITE-12"),),
    "what_fits_no_type_is_refused": (pytest.mark.feature("F-WRITE-12"),),
    "an_entity_keeps_its_type": (pytest.mark.feature("F-WRITE-12"),),
    "links_lead_to_entities_of_their_type_alone": (pytest.mark.feature("F-WRITE-12"),),
    "entities_of_derived_types_are_inserted_with_others": (pytest.mark.feature("F-WRITE-12"),),
}
for _name, _marks in PROVES.items():
    for _mark in _marks:
        _mark(getattr(HierarchySuite, f"test_{_name}"))


class TestMemory(HierarchySuite):
    def new_store(self, tmp_path: Path) -> Store:
        return MemoryStore(staff())


class TestSqlite(HierarchySuite):
    def new_store(self, tmp_path: Path) -> Store:
        create_tables(tmp_path / "staff.db", staff())
        return open_store(tmp_path / "staff.db", model=staff())


def emptied(server: Any, url: str, quote: str) -> Store:
    """Open the tables of the staff on a server, which one test after the other uses, without anything in them."""
    name = f"{quote}People{quote}"
    links = ", ".join(f"{quote}{column}{quote} = NULL" for column in ("friend_id", "manager_id"))
    emptying = [f"UPDATE {name} SET {links}"]
    emptying += [
        f"DELETE FROM {quote}{table}{quote}" for table in ("People_projects", "Projects", "People", "Rooms", "Homes")
    ]
    server.run(";\n".join(emptying), url.rpartition("/")[2])
    return open_store(url, model=staff())


@pytest.fixture(scope="module")
def postgresql_staff(postgresql: Any) -> str:
    made: str = postgresql.new_database("")
    create_tables(made, staff())
    return made


@pytest.fixture(scope="module")
def mariadb_staff(mariadb: Any) -> str:
    made: str = mariadb.new_database("")
    create_tables(made, staff())
    return made


class TestPostgresql(HierarchySuite):
    @pytest.fixture(autouse=True)
    def _staff(self, postgresql: Any, postgresql_staff: str) -> None:
        self.staff = postgresql, postgresql_staff, '"'

    def new_store(self, tmp_path: Path) -> Store:
        return emptied(*self.staff)


class TestMariadb(HierarchySuite):
    @pytest.fixture(autouse=True)
    def _staff(self, mariadb: Any, mariadb_staff: str) -> None:
        self.staff = mariadb, mariadb_staff, "`"

    def new_store(self, tmp_path: Path) -> Store:
        return emptied(*self.staff)


@pytest.mark.feature("F-TABLES-13")
def test_the_tables_of_a_hierarchy_are_found_again(tmp_path: Path) -> None:
    assert check(staff()) == []
    path = tmp_path / "staff.db"
    made = create_tables(path, staff())
    people = next(text for text in made if text.startswith('CREATE TABLE "People"'))
    assert '"@type" VARCHAR(255) NOT NULL' in people
    assert '"salary" DECIMAL(9,2),' in people  # required of workers alone
    assert '"Customer_level" VARCHAR(10)' in people
    with open_store(path, model=staff()) as store:
        assert store.notes == ()
        with store.transaction() as tx:
            tx["People"].insert({"id": "x", "name": "X", "level": "new"}, type="Customer")
    with open_store(path, model=staff()) as store, store.transaction() as tx:
        assert [(e.type.name, e["level"]) for e in tx["People"].values()] == [("Customer", "new")]
    assert len(drop_tables(path, staff())) > 0


def test_a_suite_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="which store"):
        HierarchySuite().new_store(tmp_path)
