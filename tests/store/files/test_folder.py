"""A folder as an entity set, from Python and over HTTP."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demotic.cli import main
from demotic.errors import LimitExceeded
from demotic.files import NoSuchFile, NotAFolder, memory_files
from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store import ReadOnly, Store
from demotic.store.files import folder_store
from demotic.syntax.http import Request, Response

WRITTEN = datetime(2024, 2, 29, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what is to be seen, beside a secret and in it all that must not be."""
    (tmp_path / "secret.txt").write_text("secret")
    top = tmp_path / "base"
    (top / "dtest" / "deep").mkdir(parents=True)
    (top / "tmp.txt").write_bytes(b"Hello\n")
    (top / "dtest" / "tmp.txt").write_bytes(b"Hi")
    (top / "dtest" / "ünï & 'x'.json").write_bytes(b"{}")
    (top / ".hidden").write_text("x")
    (top / ".git").mkdir()
    (top / ".git" / "config").write_text("x")
    (top / "link.txt").symlink_to("../secret.txt")
    (top / "up").symlink_to("..")
    os.mkfifo(top / "pipe")
    os.utime(top / "tmp.txt", (WRITTEN.timestamp(), WRITTEN.timestamp()))
    return top


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with folder_store(folder) as found:
        yield found


SEEN = ["/", "/dtest", "/dtest/deep", "/dtest/tmp.txt", "/dtest/ünï & 'x'.json", "/tmp.txt"]


@pytest.mark.feature("F-FOLDER-01")
@pytest.mark.spec("OD-289")
def test_files_and_folders_are_entities(store: Store) -> None:
    with store.transaction() as tx:
        files = tx["Files"]
        assert list(files) == SEEN
        assert dict(files["/tmp.txt"]) == {
            "Path": "/tmp.txt",
            "Name": "tmp.txt",
            "IsFolder": False,
            "Size": 6,
            "MediaType": "text/plain",
            "Modified": WRITTEN,
            "Created": files["/tmp.txt"]["Created"],
        }
        top = files["/"]
        assert (top["Name"], top["IsFolder"], top["Size"], top["MediaType"]) == ("", True, None, None)
        assert list(files.where("Size lt 5 and endswith(Name,'.txt')")) == ["/dtest/tmp.txt"]
        assert list(files.where("Path eq '/dtest'")) == ["/dtest"]
        assert [e["Name"] for e in files.where("not IsFolder").order_by("Size desc")[:1].values()] == ["tmp.txt"]


@pytest.mark.feature("F-FOLDER-02")
def test_navigation_leads_to_the_folder_and_what_is_in_it(store: Store) -> None:
    with store.transaction() as tx:
        files = tx["Files"]
        assert list(files.follow("/", "Children")) == ["/dtest", "/tmp.txt"]
        assert list(files.follow("/tmp.txt", "Children")) == []
        deep = files.expand("Parent($expand=Parent)")["/dtest/deep"]
        assert (deep["Parent"].key, deep["Parent"]["Parent"].key) == ("/dtest", "/")
        assert files.expand("Parent")["/"]["Parent"] is None
        assert list(files.where("Parent/Name eq 'dtest' and not IsFolder")) == SEEN[3:5]
        assert list(files.where("Children/any(c:c/Size eq 6)")) == ["/"]


ESCAPES = [
    "",
    "tmp.txt",
    "//tmp.txt",
    "/tmp.txt/",
    "/dtest/../tmp.txt",
    "/./tmp.txt",
    "/../secret.txt",
    "/up",
    "/up/secret.txt",
    "/link.txt",
    "/.hidden",
    "/.git/config",
    "/pipe",
    "/tmp.txt/x",
    "/nothing",
    "/a\0b",
    "/\udc80",
    "\\tmp.txt",
    "/" + "x" * 5000,
    "/x" * 2000,
]


@pytest.mark.feature("F-FOLDER-03")
@pytest.mark.parametrize("path", ESCAPES, ids=lambda path: ascii(path)[:30])
def test_nothing_else_can_be_reached(path: str, store: Store) -> None:
    with store.transaction() as tx:
        assert path not in tx["Files"]
        if "\0" not in path and "\udc80" not in path:
            quoted = path.replace("'", "''")
            assert list(tx["Files"].where(f"Path eq '{quoted}'")) == []


@pytest.mark.feature("F-FOLDER-03")
def test_what_becomes_a_link_is_not_followed(store: Store, folder: Path) -> None:
    with store.transaction() as tx:
        (folder / "dtest" / "tmp.txt").unlink()
        (folder / "dtest" / "tmp.txt").symlink_to("../../secret.txt")
        assert "/dtest/tmp.txt" not in tx["Files"]
        assert "/dtest/tmp.txt" not in list(tx["Files"].follow("/dtest", "Children"))


@pytest.mark.feature("F-FOLDER-03")
def test_a_folder_is_not_changed(store: Store) -> None:
    with store.transaction() as tx:
        for change in (lambda: tx["Files"].delete("/tmp.txt"), lambda: tx["Files"].insert({"Path": "/x"})):
            with pytest.raises(ReadOnly):
                change()


@pytest.mark.feature("F-FOLDER-04")
def test_there_are_limits(folder: Path) -> None:
    with folder_store(folder, most_entries=4) as store, store.transaction() as tx:
        assert len(tx["Files"].follow("/", "Children")) == 2
        with pytest.raises(LimitExceeded, match="more than 4 files"):
            list(tx["Files"])
    with pytest.raises(NoSuchFile):
        folder_store(folder / "nowhere")
    with pytest.raises(NotAFolder):
        folder_store(folder / "tmp.txt")


@pytest.mark.feature("F-FOLDER-01")
def test_any_file_system_will_do() -> None:
    files = memory_files()
    files.path("/a.txt").write_text("A")
    with folder_store(files) as store, store.transaction() as tx:
        assert list(tx["Files"]) == ["/", "/a.txt"]


# --- over HTTP


def ask(store: Store, target: str, **fields: str) -> Response:
    path, _, query = target.partition("?")
    return ODataV4(Service(store), "/")(Request("GET", path, query, fields))


def answer(response: Response) -> Any:
    body = response.body
    return json.loads(body if isinstance(body, bytes) else b"".join(body))


@pytest.mark.feature("F-FOLDER-05")
def test_a_folder_is_served(store: Store) -> None:
    found = answer(ask(store, "/Files?$filter=Size gt 1&$select=Name,Size&$expand=Parent($select=Path)&$orderby=Size"))
    assert [(item["Name"], item["Size"], item["Parent"]["Path"]) for item in found["value"]] == [
        ("tmp.txt", 2, "/dtest"),
        ("ünï & 'x'.json", 2, "/dtest"),
        ("tmp.txt", 6, "/"),
    ]
    entity = ask(store, "/Files('%2Ftmp.txt')")
    assert "Content" not in answer(entity)
    assert answer(ask(store, "/Files('%2F')/Children/$count")) == 2
    assert ask(store, "/Files('%2F..%2Fsecret.txt')").status == 404


@pytest.mark.feature("F-FOLDER-05")
def test_the_content_is_downloaded(store: Store) -> None:
    response = ask(store, "/Files('%2Ftmp.txt')/$value")
    assert (response.status, response.body) == (200, b"Hello\n")
    assert response.field("content-type") == "text/plain"
    tag = response.field("etag")
    assert tag and ask(store, "/Files('%2Ftmp.txt')/$value", **{"if-none-match": tag}).status == 304
    part = ask(store, "/Files('%2Ftmp.txt')/$value", range="bytes=1-3")
    assert (part.status, part.body, part.field("content-range")) == (206, b"ell", "bytes 1-3/6")
    shown = answer(ask(store, "/Files('%2Ftmp.txt')"))
    assert shown["@odata.mediaContentType"] == "text/plain" and shown["@odata.mediaEtag"] == tag
    assert ask(store, "/" + shown["@odata.mediaReadLink"]).body == b"Hello\n"
    assert ask(store, "/Files('%2F')/$value").status == 204
    assert ask(store, "/Files('%2Flink.txt')/$value").status == 404


@pytest.mark.feature("F-FOLDER-05")
def test_an_entity_is_read_without_its_content(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with folder_store(folder) as store:
        monkeypatch.delattr("demotic.store.files._media.FileMedia.chunks")
        tag = dict(ask(store, "/Files('%2Ftmp.txt')").fields)["etag"]
        assert ask(store, "/Files('%2Ftmp.txt')", **{"if-none-match": tag}).status == 304


@pytest.mark.feature("F-FOLDER-05")
def test_the_command_line_takes_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", str(folder), "Files?$filter=IsFolder&$select=Path", "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["Path", "/", "/dtest", "/dtest/deep"]
    assert main(["inspect", str(folder)]) == 0
    assert "Files" in capsys.readouterr().out
    assert main(["inspect", str(folder), "--include", "x"]) == 2
    assert "a folder has no tables" in capsys.readouterr().err
