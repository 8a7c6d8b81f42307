"""Every store that keeps streams passes the suite that is shipped for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from demotic.model import check
from demotic.store import Store
from demotic.store.memory import MemoryStore
from demotic.store.sql import create_tables, open_store
from demotic.testing.stores import MediaSuite, gallery

PROVES: dict[str, tuple[pytest.MarkDecorator, ...]] = {
    "what_is_written_is_read": (pytest.mark.feature("F-MEDIA-01"), pytest.mark.spec("OD-175", "OD-176", "OD-180")),
    "a_part_is_read": (pytest.mark.feature("F-MEDIA-01"),),
    "a_media_entity_has_a_stream_from_the_start_and_a_property_none": (
        pytest.mark.feature("F-MEDIA-02"),
        pytest.mark.spec("OD-181"),
    ),
    "what_is_replaced_leaves_nothing_behind": (pytest.mark.feature("F-MEDIA-02"), pytest.mark.spec("OD-178")),
    "changes_of_an_entity_leave_its_streams": (pytest.mark.feature("F-MEDIA-02"),),
    "streams_go_with_their_entities": (pytest.mark.feature("F-MEDIA-03"),),
    "keys_of_several_parts_and_of_text": (pytest.mark.feature("F-MEDIA-01"), pytest.mark.spec("OD-182")),
    "an_exception_leaves_streams_as_they_were": (pytest.mark.feature("F-MEDIA-03"),),
    "what_may_not_be_changes_nothing": (pytest.mark.feature("F-MEDIA-03"),),
    "a_reader_sees_one_state": (pytest.mark.feature("F-MEDIA-03"),),
}
for _name, _marks in PROVES.items():
    for _mark in _marks:
        _mark(getattr(MediaSuite, f"test_{_name}"))


class TestMemory(MediaSuite):
    def new_store(self, tmp_path: Path) -> Store:
        return MemoryStore(gallery())


class TestSqlite(MediaSuite):
    def new_store(self, tmp_path: Path) -> Store:
        model = gallery()
        create_tables(tmp_path / "gallery.db", model)
        return open_store(tmp_path / "gallery.db", model=model)


# Those that refer to others first.
TABLES = ("Photo_media", "Sheet_media", "Document_media", "Photo", "Album", "Sheet", "Document")


class ServerSuite(MediaSuite):
    """Tables on a server, which one test after the other uses, without anything in them."""

    quote = '"'
    made: tuple[Any, str]

    def new_store(self, tmp_path: Path) -> Store:
        server, url = self.made
        deletes = ";\n".join(f"DELETE FROM {self.quote}{name}{self.quote}" for name in TABLES)
        server.run(deletes, url.rpartition("/")[2])
        return open_store(url, model=gallery())


@pytest.fixture(scope="module")
def postgresql_gallery(postgresql: Any) -> str:
    url: str = postgresql.new_database("")
    create_tables(url, gallery())
    return url


@pytest.fixture(scope="module")
def mariadb_gallery(mariadb: Any) -> str:
    url: str = mariadb.new_database("")
    create_tables(url, gallery())
    return url


class TestPostgresql(ServerSuite):
    @pytest.fixture(autouse=True)
    def _gallery(self, postgresql: Any, postgresql_gallery: str) -> None:
        self.made = postgresql, postgresql_gallery


class TestMariadb(ServerSuite):
    quote = "`"

    @pytest.fixture(autouse=True)
    def _gallery(self, mariadb: Any, mariadb_gallery: str) -> None:
        self.made = mariadb, mariadb_gallery


def test_the_model_of_the_gallery_is_right() -> None:
    assert check(gallery()) == []


def test_a_suite_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="which store"):
        MediaSuite().new_store(tmp_path)
