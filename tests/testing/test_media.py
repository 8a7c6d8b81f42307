"""Every store that keeps streams passes the suite that is shipped for them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from demotic.errors import Unsupported
from demotic.model import check
from demotic.store import Store
from demotic.store.copying import copy
from demotic.store.media import Info, Kept, Media, kept
from demotic.store.memory import MemoryStore
from demotic.store.providers import Provider, ProviderStore
from demotic.store.providers._state import ProviderFault
from demotic.store.sql import create_tables, open_store, table_statements
from demotic.testing.stores import MediaSuite, gallery
from demotic.testing.stores._media import held

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


@pytest.mark.feature("F-MEDIA-01")
def test_tables_made_otherwise_keep_no_media_and_say_so(tmp_path: Path) -> None:
    path, model = tmp_path / "plain.db", gallery()
    statements = [text for text in table_statements(model) if "_media" not in text.partition("(")[0]]
    with closing(sqlite3.connect(path)) as db:
        for text in statements:
            db.execute(re.sub(r'^  "(Small_|Scan_)?media_.*\n', "", text, flags=re.MULTILINE))
    with open_store(path, model=model) as store:
        assert [place for place, text in store.notes if "streams" in text] == ["Photo", "Sheet", "Document"]
        with store.transaction(write=True) as tx:
            photo = tx["Photo"].insert({"Title": "Sea"})
            assert tx["Photo"][photo.key]["Title"] == "Sea"
            for change in (
                lambda: tx["Photo"].open_media(photo.key),
                lambda: tx["Photo"].write_media(photo.key, b"x"),
                lambda: tx["Photo"].insert({"Small": b"x"}),
            ):
                with pytest.raises(Unsupported, match="nowhere to keep"):
                    change()
            assert len(tx["Photo"]) == 1


def none() -> Iterator[dict[str, Any]]:
    return iter(())


class Pages(Provider):
    """Gives streams in every form there is, and a wrong one."""

    def entities(self) -> Iterator[dict[str, Any]]:
        yield {"ID": 1, "$value": b"bytes", "Small": lambda: Media(b"called", "image/png")}
        yield {"ID": 2, "$value": kept(Media(b"kept", "text/plain")), "Small": None}
        yield {"ID": 3, "Small": "text"}
        yield {"ID": 4, "Small": lambda: Kept(Info("text/plain", 1, "no tag"), (b"x",))}


@pytest.mark.feature("F-MEDIA-01")
@pytest.mark.spec("OD-292")
def test_providers_give_streams() -> None:
    with (
        ProviderStore(gallery(), {"Photo": Pages(), "Album": none, "Sheet": none, "Document": none}) as store,
        store.transaction() as tx,
    ):
        found = {}
        for key, name in ((1, "$value"), (1, "Small"), (2, "$value"), (2, "Small")):
            media = tx["Photo"].open_media(key, name)
            found[key, name] = media and (media.info.content_type, media.read())
        assert found == {
            (1, "$value"): ("application/octet-stream", b"bytes"),
            (1, "Small"): ("image/png", b"called"),
            (2, "$value"): ("text/plain", b"kept"),
            (2, "Small"): None,
        }
        with pytest.raises(ProviderFault, match="for the stream Small"):
            tx["Photo"].open_media(3, "Small")
        with pytest.raises(ProviderFault, match="no tag"):
            tx["Photo"].open_media(4, "Small")


@pytest.mark.feature("F-COPY-06")
def test_streams_are_copied_and_cleared(tmp_path: Path) -> None:
    source, path = MemoryStore(gallery()), tmp_path / "gallery.db"
    create_tables(path, source.model)
    with source.transaction() as tx:
        tx["Photo"].insert({"ID": 1, "$value": Media(b"x" * 600_000, "image/jpeg"), "Small": b"small"})
        tx["Sheet"].insert({"Book": "b", "No": 1, "Scan": b"scan"})
    with open_store(path, model=source.model) as target:
        copy(source, target, streams=True)
        with target.transaction() as tx:
            assert held(tx["Photo"], 1) == ("image/jpeg", b"x" * 600_000)
            assert held(tx["Photo"], 1, "Small") == ("image/png", b"small")
            assert held(tx["Sheet"], ("b", 1), "Scan")[1] == b"scan"
        with source.transaction() as tx:
            tx["Photo"].remove_media(1, "Small")
        copy(source, target, streams=True, existing="update")
        with target.transaction() as tx:
            assert tx["Photo"].open_media(1, "Small") is None


def test_the_model_of_the_gallery_is_right() -> None:
    assert check(gallery()) == []


def test_a_suite_without_a_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="which store"):
        MediaSuite().new_store(tmp_path)
