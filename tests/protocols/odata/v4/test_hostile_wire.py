"""The hostile requests once more, as bytes to the socket of a real server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from ....properties import nasty
from .test_hostile import GROUPS, INSIDE, REPEATED, ROOT, unfolded

PATIENCE = 60
VISIBLE = re.compile(r"[\x21-\x7e]+")
TCHAR = re.compile(r"[A-Za-z]+")
LONG = 8000
"""From here on a server may close the connection without a word."""
IN_FIELD = re.compile(r"[\x20-\x7e]*")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    database = nasty.write_sqlite(tmp_path_factory.mktemp("wire") / "nasty.db")
    command = [sys.executable, "-m", "demotic.cli", "serve", str(database), "--port", "0", "--read-only"]
    command += ["--body-timeout", "1"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert process.stdout is not None
    watchdog = threading.Timer(PATIENCE, os.killpg, [process.pid, signal.SIGKILL])
    watchdog.start()
    try:
        banner = "".join(iter(process.stdout.readline, "Ctrl-C stops the server.\n"))
        found = re.search(r"http://[^:]+:(\d+)/$", banner, re.MULTILINE)
        assert found, banner
        _await(int(found[1]))
        watchdog.cancel()
        yield int(found[1])
    finally:
        watchdog.cancel()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _await(port: int) -> None:
    """Wait until the server takes connections; the watchdog of the fixture ends it if it never does."""
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), PATIENCE):
            return


def send(port: int, message: bytes) -> bytes:
    """Send bytes and return all that comes back until the server closes the connection."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        # The server may refuse, and close, before all is said.
        with suppress(ConnectionError):
            connection.sendall(message)
        with suppress(ConnectionError):
            while not _is_whole(answer) and (piece := connection.recv(65536)):
                answer += piece
    return answer


def _is_whole(answer: bytes) -> bool:
    """Whether a response with a known length is there: one to a body that never comes is not followed by a close."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(end) and length is not None and len(body) >= int(length[1])


def taken_apart(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Return status, fields and body of a response."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    assert re.match(r"HTTP/1\.[01] [2-5]\d\d", first), answer[:200]
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), fields, body


REQUESTS = [(group, request) for group in GROUPS for request in group["requests"]]


@pytest.mark.feature("F-ODATA-15")
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group["title"][:60])
def test_hostile_bytes_are_answered(port: int, group: dict[str, Any]) -> None:
    for request in group["requests"]:
        given = {"target": request} if isinstance(request, str) else request
        told = REPEATED.sub(lambda found: found[0], str(given))[:300]
        method = unfolded(given.get("method", "GET"))
        # A blank would end the target.
        target = unfolded(given["target"]).replace(" ", "%20")
        fields = {"Host": "localhost", **{n: unfolded(v) for n, v in given.get("headers", {}).items()}}
        if "host" in fields:
            del fields["Host"]
        lines = [f"{method} {ROOT}{target} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items()), "Connection: close"]
        answer = send(port, "\r\n".join([*lines, "", ""]).encode("latin-1"))
        is_http = (
            VISIBLE.fullmatch(target) and TCHAR.fullmatch(method) and all(map(IN_FIELD.fullmatch, fields.values()))
        )
        if not answer:
            assert not is_http or len("".join(lines)) > LONG, told
            continue
        status, got, body = taken_apart(answer)
        assert status != 500, told
        if is_http and "odata-version" in got:
            # The server in front cuts fragments off, and decodes paths, broken escapes and slashes included.
            changed = "#" in target or "%" in target.partition("?")[0]
            assert status in group["status"] or (changed and status in (200, 204, 400, 404, 501)), (told, body[:300])
        if status >= 400 and got.get("content-type", "").startswith("application/json"):
            error = json.loads(_body(got, body))["error"]
            assert error["code"] and error["message"] and not INSIDE.search(error["message"]), told


def _body(fields: dict[str, str], body: bytes) -> bytes:
    if fields.get("transfer-encoding", "").lower() != "chunked":
        return body
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        whole += body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]
    return whole


NO_HTTP = [
    b"",
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /odata/v4/ HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\n\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    b"POST /odata/v4/Things HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
    b"POST /odata/v4/Things HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"ffffffffffffffff\r\na",
    b"GET /odata/v4/ HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 500_000 + b"\r\n\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\nHost : a\r\n\r\n",
    b"GET /odata/v4/ HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
    b"GET  /odata/v4/  HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /odata/v4/\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 100,
    b"GET http://evil.example/odata/v4/Things?$top=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
]


@pytest.mark.parametrize("message", NO_HTTP, ids=lambda message: repr(message[:50]))
def test_what_is_hardly_http_leaves_the_server_in_order(port: int, message: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        with suppress(OSError):
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionError):
            while piece := connection.recv(65536):
                answer += piece
    assert not answer.startswith(b"HTTP/1.1 500"), answer[:300]
    assert b"Traceback" not in answer
    sane = send(port, b"GET /odata/v4/Things/$count HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert taken_apart(sane)[::2] == (200, str(len(nasty.THINGS)).encode())


def test_an_encoded_slash_in_a_key_is_data_on_the_wire_too(port: int) -> None:
    target = b"/odata/v4/Kinds('it''s%2F%25')/Title/$value"
    answer = send(port, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert taken_apart(answer)[::2] == (200, "ß".encode())
