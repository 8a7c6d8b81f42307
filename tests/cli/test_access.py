"""`demotic serve` with users, tokens and rules, `demotic user`, and servers that clients try to hold up."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from demotic.cli._bodies import Bodies, has_body
from demotic.service.identity import read_users

from .test_serve import PATIENCE, refused, serving

USER = (sys.executable, "-m", "demotic.cli", "user")
RULES = """
claims = { category = "Edm.Int32" }
[sets.Products]
read = ["Category_ID eq $user/category", { roles = ["boss"] }]
hide = ["Weight"]
"""


def user(*arguments: str, password: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*USER, *arguments], input=password, capture_output=True, text=True, timeout=PATIENCE)


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


@pytest.mark.feature("F-CLI-91")
def test_users_are_added_changed_and_removed(tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    assert user("add", str(file), "ann", "--role", "boss", "--claim", "region=EU", password="one\n").stdout == (
        f"added ann in {file}\n"
    )
    assert user("add", str(file), "bob", password="two\n").returncode == 0
    found = read_users(file).users
    assert (found["ann"].roles, found["ann"].claims) == (("boss",), {"region": "EU"})
    assert found["ann"].hash.fits("one")
    assert "one" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert user("add", str(file), "ann", password="three\n").stdout == f"changed ann in {file}\n"
    assert read_users(file).users["ann"].hash.fits("three")
    assert user("remove", str(file), "ann").stdout == f"removed ann from {file}\n"
    assert set(read_users(file).users) == {"bob"}


@pytest.mark.feature("F-CLI-91")
@pytest.mark.parametrize(
    ("arguments", "password", "message"),
    [
        (("add", "users.json", "a:b"), "x\n", "cannot be the name of a user"),
        (("add", "users.json", "ann"), "\n", "a password has between"),
        (("add", "users.json", "ann", "--claim", "region"), "x\n", "is no claim"),
        (("remove", "users.json", "ann"), "", "there is no file"),
    ],
)
def test_what_cannot_be_a_user_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], password: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = user(*arguments, password=password)
    assert result.returncode in (1, 2)
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.feature("F-CLI-90", "F-CLI-92")
@pytest.mark.spec("OD-262")
@pytest.mark.conformance("4.0-intermediate 10")
def test_users_see_what_the_rules_let_them(shop: Path, tmp_path: Path) -> None:
    users, rules = tmp_path / "users.json", tmp_path / "rules.toml"
    rules.write_text(RULES)
    user("add", str(users), "ann", "--claim", "category=1", password="a\n")
    user("add", str(users), "bob", "--role", "boss", password="b\n")
    with serving(shop, "--users", str(users), "--rules", str(rules), "--cors", "https://app.example.com") as server:
        assert f"Who may do what stands in {rules}." in server.banner
        assert "Only those are let in who say who they are." in server.banner
        for target in ("/", "/odata/v4/", "/odata/v4/$metadata", "/odata/v4/Products"):
            response, _ = server.get(target)
            assert (target, response.status) == (target, 401)
            assert response.getheader("www-authenticate", "").startswith('Basic realm="')
        assert server.get("/healthz")[0].status == 200
        counts = {}
        for name, password in (("ann", "a"), ("bob", "b")):
            response, body = server.get("/odata/v4/Products/$count", **basic(name, password))
            counts[name] = int(body)
            assert response.getheader("vary") is not None
        assert 0 < counts["ann"] < counts["bob"]
        assert b"Weight" not in server.get("/odata/v4/$metadata", **basic("bob", "b"))[1]
        assert server.get("/", **basic("ann", "a"))[0].status == 200
        response, _ = server.get("/odata/v4/Products(1)", Origin="https://app.example.com", **basic("bob", "b"))
        assert response.getheader("access-control-allow-origin") == "https://app.example.com"


@pytest.mark.feature("F-CLI-90")
def test_where_others_can_reach_it_somebody_must_say_who_may_come_in(shop: Path) -> None:
    error = refused(str(shop), "--port", "0", "--host", "0.0.0.0")
    assert "nothing says who may come in" in error
    assert "--allow-anonymous" in error


@pytest.mark.feature("F-CLI-92")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--users", "none.json"], "there is no file none.json"),
        (["--jwt-keys", "none.json"], "there is no file none.json"),
        (["--jwt-issuer", "x"], "--jwt-issuer and --jwt-audience are about tokens"),
        (["--rules", "none.toml"], "there is no file none.toml"),
        (["--rules", "wrong.toml"], "sets.Product: there is no entity set Product"),
        (["--cors", "app.example.com"], "is no origin"),
        (["--cors", "*", "--cors-credentials"], "all origins cannot be given credentials"),
    ],
)
def test_wrong_users_keys_rules_and_origins_are_told_before_anything_is_served(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.toml").write_text("[sets.Product]\nread = true\n")
    result = subprocess.run(
        [sys.executable, "-m", "demotic.cli", "serve", str(shop), "--port", "0", *options],
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert result.returncode in (1, 2)
    assert result.stdout == ""
    assert message in result.stderr


# --- clients that hold up, and the end


@pytest.mark.feature("F-CLI-93")
def test_a_client_that_sends_slowly_holds_nobody_up(shop: Path) -> None:
    with serving(shop, "--body-timeout", "1", "--body-threads", "16", "--read-only") as server:
        slow = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(20)]
        try:
            for connection in slow:
                connection.sendall(
                    b"POST /odata/v4/Categories HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    b'Content-Length: 100\r\n\r\n{"Name"'
                )
            for _ in range(3):
                assert server.get("/odata/v4/Products(1)")[0].status == 200
            statuses = sorted(connection.recv(4096).split(b" ", 2)[1] for connection in slow)
            assert statuses == [b"408"] * 16 + [b"503"] * 4
        finally:
            for connection in slow:
                connection.close()
        assert server.get("/odata/v4/Products(1)")[0].status == 200


class Exchange:
    def __init__(self) -> None:
        self.answered: list[tuple[int, bytes]] = []

    def response_bytes(self, status: int, fields: list[tuple[str, str]], body: bytes) -> None:
        self.answered.append((status, body))


class Input:
    def __init__(self, *parts: bytes) -> None:
        self.parts = list(parts)

    def read(self, size: int) -> bytes:
        return self.parts.pop(0) if self.parts else b""


@pytest.mark.parametrize(
    ("parts", "length", "most", "expected"),
    [
        ((b"ab", b"cd"), "4", 10, b"abcd"),
        ((b"ab", b"cd"), None, 10, b"abcd"),
        ((b"x" * 5, b"y" * 5, b"z"), "11", 10, b""),
        ((b"x" * 5, b"y" * 6, b"z"), None, 10, b"x" * 5 + b"y" * 6),
    ],
)
def test_a_body_is_read_as_far_as_it_is_taken(
    parts: tuple[bytes, ...], length: str | None, most: int, expected: bytes
) -> None:
    seen = []

    def answer(exchange: Exchange, variable: dict[str, object]) -> int:
        seen.append(variable["wsgi.input"].read())  # type: ignore[attr-defined]
        return 200

    variable = {"wsgi.input": Input(*parts), "CONTENT_LENGTH": length, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert has_body(variable)
    assert Bodies(answer, 30.0, most).take(Exchange(), variable) == 200
    assert seen == [expected]


@pytest.mark.parametrize("variable", [{}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "0"}])
def test_requests_without_a_body_are_told_from_others(variable: dict[str, str]) -> None:
    assert not has_body(variable)


@pytest.mark.feature("F-CLI-15")
def test_what_is_under_way_ends_before_the_server(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE Lines (ID INTEGER PRIMARY KEY, Text TEXT NOT NULL)")
        db.executemany("INSERT INTO Lines VALUES (?, ?)", ((n, "x" * 100) for n in range(40_000)))
        db.commit()
    with serving(path, "--page-size", "0") as server:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        connection.sendall(b"GET /odata/v4/Lines HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        received = connection.recv(1000)
        os.kill(server.process.pid, signal.SIGTERM)
        while data := connection.recv(1 << 16):
            received += data
        connection.close()
        server.process.wait(timeout=PATIENCE)
    assert received.startswith(b"HTTP/1.1 200 ")
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"chunked" in head.lower()
    assert body.endswith(b"0\r\n\r\n")
    assert body.count(b'"Text"') == 40_000


def test_tokens_are_taken_by_a_server(shop: Path, tmp_path: Path) -> None:
    from joserfc import jwt
    from joserfc.jwk import OctKey

    secret = base64.urlsafe_b64encode(b"k" * 32).decode().rstrip("=")
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [{"kty": "oct", "k": secret}]}))
    token = jwt.encode(
        {"alg": "HS256"},
        {"sub": "ann", "exp": 4_000_000_000, "iss": "us"},
        OctKey.import_key({"kty": "oct", "k": secret}),
    )
    with serving(shop, "--jwt-keys", str(keys), "--jwt-issuer", "us") as server:
        assert server.get("/odata/v4/", Authorization=f"Bearer {token}")[0].status == 200
        response, _ = server.get("/odata/v4/", Authorization=f"Bearer {token}x")
        assert (response.status, response.getheader("www-authenticate")) == (
            401,
            f'Bearer realm="{shop.stem}", error=invalid_token',
        )
