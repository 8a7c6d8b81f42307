"""Media through `demotic serve`: sent and fetched over HTTP, in pieces, within the limits that are set."""

from __future__ import annotations

import http.client
from importlib.resources import files
from pathlib import Path

import pytest

from demotic.cli import main
from demotic.testing import stores

from .test_serve import serving


@pytest.mark.feature("F-MEDIA-06", "F-MEDIA-08")
def test_media_is_sent_to_a_server_and_fetched_again(tmp_path: Path) -> None:
    model, database = tmp_path / "gallery.xml", tmp_path / "gallery.db"
    model.write_bytes((files(stores) / "gallery.xml").read_bytes())
    assert main(["tables", str(model), "--create", str(database)]) == 0
    content = bytes(range(256)) * 20_000
    with serving(database, "--model", str(model), "--media-size", "5") as server:

        def send(method: str, path: str, body: bytes | None = None, **fields: str) -> tuple[int, bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            given = {name.replace("_", "-"): value for name, value in fields.items()}
            connection.request(method, f"/odata/v4/{path}", body, given)
            answer = connection.getresponse()
            found = answer.status, answer.read()
            connection.close()
            return found

        assert send("POST", "Photo", content, content_type="image/png")[0] == 201
        assert send("GET", "Photo(1)/$value") == (200, content)
        assert send("GET", "Photo(1)/$value", range="bytes=1000000-1000003") == (206, content[1_000_000:1_000_004])
        refused, told = send("PUT", "Photo(1)/$value", b"x" * (5 * 1024 * 1024 + 1), content_type="image/png")
        assert refused == 413 and b"at most 5242880 are taken" in told
        assert send("GET", "Photo(1)/$value") == (200, content)
