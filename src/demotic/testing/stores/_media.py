"""The behaviour of a store that keeps streams. Each test starts from an empty gallery: photos, sheets, documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from demotic.errors import DemoticError, InvalidInput, PayloadTooLarge, PreconditionFailed
from demotic.model import InvalidValue, Model
from demotic.model.csdl import read_xml
from demotic.query import UnknownName
from demotic.store import Collection, MissingValue, NoSuchEntity, Store
from demotic.store.media import CHUNK, OWN, Media, Readable

BIG = bytes(range(256)) * (2 * CHUNK // 256) + b"the rest"
"""Content of two chunks and a little more."""


def gallery() -> Model:
    """Return the model of the gallery, new each time."""
    return read_xml((files(__package__) / "gallery.xml").read_bytes())


def held(photos: Collection, key: Any, name: str = OWN.name) -> tuple[str, bytes]:
    """Return the type and content of a stream that holds something."""
    found = photos.open_media(key, name)
    assert found is not None
    return found.info.content_type, found.read()


def tag(photos: Collection, key: Any, name: str = OWN.name) -> str:
    """Return the entity tag of a stream that holds something."""
    with opened(photos, key, name) as found:
        return found.info.etag


def opened(photos: Collection, key: Any, name: str = OWN.name) -> Readable:
    """Return a stream that holds something, open for reading."""
    found = photos.open_media(key, name)
    assert found is not None
    return found


class MediaSuite:
    """Subclass it for a store that keeps streams, and have ``new_store`` return an empty one for the gallery."""

    def new_store(self, tmp_path: Any) -> Store:
        """Return an empty store; ``tmp_path`` is a folder of the test's own."""
        raise NotImplementedError("say which store is to be tested")

    @pytest.fixture
    def store(self, tmp_path: Any) -> Iterator[Store]:
        """The store, with nothing in it."""
        with self.new_store(tmp_path) as store:
            yield store

    @pytest.mark.parametrize("form", ["bytes", "file", "pieces"])
    def test_what_is_written_is_read(self, store: Store, form: str) -> None:
        pieces = [BIG[at : at + 100_001] for at in range(0, len(BIG), 100_001)]
        given: Any = {"bytes": BIG, "file": io.BytesIO(BIG), "pieces": iter(pieces)}[form]
        with store.transaction(write=True) as tx:
            photo = tx["Photo"].insert({"Title": "Sea", OWN.name: Media(given, "image/jpeg"), "Small": b"\0\xff"})
            assert held(tx["Photo"], photo.key) == ("image/jpeg", BIG)
        with store.transaction() as tx:
            with opened(tx["Photo"], photo.key) as found:
                info = found.info
                assert (info.content_type, info.length) == ("image/jpeg", len(BIG))
                assert info.etag.startswith('"') and info.modified is not None and info.modified.tzinfo is not None
                chunks = list(found.chunks())
            assert b"".join(chunks) == BIG and max(map(len, chunks)) <= CHUNK
            assert held(tx["Photo"], photo.key, "Small") == ("image/png", b"\0\xff")
            assert dict(tx["Photo"][photo.key]) == {"ID": photo.key, "Title": "Sea", "Album_Name": None}

    @pytest.mark.parametrize(
        ("start", "stop"),
        [(0, 1), (0, CHUNK), (CHUNK - 1, CHUNK + 1), (CHUNK, None), (5, 2 * CHUNK + 3), (len(BIG) - 2, None), (7, 7)],
    )
    def test_a_part_is_read(self, store: Store, start: int, stop: int | None) -> None:
        with store.transaction(write=True) as tx:
            key = tx["Photo"].insert({OWN.name: Media(BIG)}).key
        found = store.media(tx.entity_set("Photo"), (key,), OWN)
        assert found is not None
        with found:
            assert b"".join(found.chunks(start, stop)) == BIG[start:stop]

    def test_a_media_entity_has_a_stream_from_the_start_and_a_property_none(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            key = tx["Photo"].insert({"Title": "Empty"}).key
            assert held(tx["Photo"], key) == ("application/octet-stream", b"")
            assert tx["Photo"].open_media(key, "Small") is None

    def test_what_is_replaced_leaves_nothing_behind(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            photos = tx["Photo"]
            key = photos.insert({"Title": "Sea", OWN.name: Media(BIG, "image/jpeg"), "Small": b"small"}).key
            before = tag(photos, key)
            photos.write_media(key, b"new", "text/plain", if_match=before)
            assert held(photos, key) == ("text/plain", b"new")
            assert tag(photos, key) != before
            photos.write_media(key, BIG, "image/jpeg")
            assert tag(photos, key) == before
            photos.write_media(key, b"", "image/jpeg", "Small")
            assert held(photos, key, "Small") == ("image/jpeg", b"")
            photos.remove_media(key, "Small")
            assert photos.open_media(key, "Small") is None
            assert photos[key]["Title"] == "Sea"

    def test_changes_of_an_entity_leave_its_streams(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            photos = tx["Photo"]
            key = photos.insert({OWN.name: Media(b"one", "a/b"), "Small": b"two"}).key
            state = photos[key].etag
            photos.write_media(key, b"three", "a/b")
            assert photos[key].etag == state  # which speaks of properties alone
            photos.update(key, {"Title": "Named"}, if_match=state)
            photos.replace(key, {})
            assert held(photos, key) == ("a/b", b"three") and held(photos, key, "Small") == ("image/png", b"two")
            photos.update(key, {"Small": None, OWN.name: Media(b"four")})
            assert photos.open_media(key, "Small") is None and held(photos, key)[1] == b"four"

    def test_streams_go_with_their_entities(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            tx["Album"].insert({"Name": "a", "Photo": [{"ID": 1, OWN.name: Media(BIG), "Small": b"x"}, {"ID": 2}]})
            tx["Photo"].insert({"ID": 3, "Small": b"y"})
            tx["Photo"].delete(3)
            tx["Album"].delete("a")
            assert len(tx["Photo"]) == 0
            for key in (1, 3):
                with pytest.raises(NoSuchEntity):
                    tx["Photo"].open_media(key)
                tx["Photo"].insert({"ID": key})
                assert held(tx["Photo"], key)[1] == b"" and tx["Photo"].open_media(key, "Small") is None

    def test_keys_of_several_parts_and_of_text(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            tx["Sheet"].insert({"Book": "Ünï", "No": 1, "Scan": b"one"})
            tx["Sheet"].insert({"Book": "Ünï", "No": 2, "Scan": b"two"})
            tx["Document"].insert({"Name": "a/b 'c'", OWN.name: Media(b"text", "text/plain;charset=utf-8")})
            tx["Sheet"].write_media(("Ünï", 1), b"1", name="Scan")
            assert [held(tx["Sheet"], ("Ünï", number), "Scan")[1] for number in (1, 2)] == [b"1", b"two"]
            assert held(tx["Document"], "a/b 'c'") == ("text/plain;charset=utf-8", b"text")

    def test_an_exception_leaves_streams_as_they_were(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            key = tx["Photo"].insert({OWN.name: Media(b"old", "a/b"), "Small": b"s"}).key
        with pytest.raises(ZeroDivisionError), store.transaction(write=True) as tx:
            tx["Photo"].write_media(key, BIG)
            tx["Photo"].remove_media(key, "Small")
            _ = 1 / 0

        def breaking() -> Iterator[bytes]:
            yield BIG
            raise OSError("the line is cut")

        with store.transaction(write=True) as tx:
            with pytest.raises(OSError, match="cut"):
                tx["Photo"].write_media(key, breaking())
            assert held(tx["Photo"], key) == ("a/b", b"old")
            with pytest.raises(OSError, match="cut"):
                tx["Photo"].insert({"ID": 77, "Small": Media(breaking())})
        with store.transaction() as tx:
            assert list(tx["Photo"]) == [key]
            assert held(tx["Photo"], key) == ("a/b", b"old") and held(tx["Photo"], key, "Small")[1] == b"s"

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            (lambda tx, key: tx["Photo"].write_media(99, b"x"), NoSuchEntity),
            (lambda tx, key: tx["Photo"].write_media(key, b"x", name="Large"), UnknownName),
            (lambda tx, key: tx["Photo"].write_media(key, b"x", name="Title"), UnknownName),
            (lambda tx, key: tx["Photo"].write_media(key, "text"), InvalidInput),
            (lambda tx, key: tx["Photo"].write_media(key, ["text"]), InvalidInput),
            (lambda tx, key: tx["Photo"].write_media(key, b"x", "no type"), InvalidInput),
            (lambda tx, key: tx["Photo"].write_media(key, b"x", "a/b\r\nX: y"), InvalidInput),
            (lambda tx, key: tx["Photo"].write_media(key, b"x", if_match='"other"'), PreconditionFailed),
            (lambda tx, key: tx["Photo"].write_media(key, b"x", name="Small", if_match="*"), PreconditionFailed),
            (lambda tx, key: tx["Photo"].remove_media(key, OWN.name), InvalidValue),
            (lambda tx, key: tx["Photo"].update(key, {OWN.name: b"bare"}), InvalidInput),
            (lambda tx, key: tx["Photo"].update(key, {"Small": 5}), InvalidInput),
            (lambda tx, key: tx["Photo"].select("Small"), InvalidInput),
            (lambda tx, key: tx["Album"].insert({"Name": "b", OWN.name: Media(b"x")}), UnknownName),
            (lambda tx, key: tx["Sheet"].insert({"Book": "c", "No": 1}), MissingValue),
            (lambda tx, key: tx["Sheet"].insert({"Book": "c", "No": 1, "Scan": b"x" * 1001}), PayloadTooLarge),
            (lambda tx, key: tx["Sheet"].remove_media(("a", 1), "Scan"), InvalidValue),
        ],
    )
    def test_what_may_not_be_changes_nothing(self, store: Store, change: Any, error: type[DemoticError]) -> None:
        with store.transaction(write=True) as tx:
            key = tx["Photo"].insert({OWN.name: Media(b"old", "a/b")}).key
            tx["Sheet"].insert({"Book": "a", "No": 1, "Scan": b"scan"})
            with pytest.raises(error):
                change(tx, key)
            assert held(tx["Photo"], key) == ("a/b", b"old") and tx["Photo"].open_media(key, "Small") is None
            assert held(tx["Sheet"], ("a", 1), "Scan")[1] == b"scan"
            assert (len(tx["Photo"]), len(tx["Sheet"]), len(tx["Album"])) == (1, 1, 0)

    def test_a_reader_sees_one_state(self, store: Store) -> None:
        with store.transaction(write=True) as tx:
            key = tx["Photo"].insert({OWN.name: Media(BIG, "a/b")}).key
        found = store.media(tx.entity_set("Photo"), (key,), OWN)
        assert found is not None
        with found:
            chunks = found.chunks()
            first = next(chunks)
            with store.transaction(write=True) as tx:
                tx["Photo"].write_media(key, b"new")
            assert first + b"".join(chunks) == BIG
