"""`demotic serve` as a person starts it: in a process of its own, asked over HTTP, stopped by a signal."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

PATIENCE = 60
SERVE = (sys.executable, "-m", "demotic.cli", "serve")


class Served:
    """A server under test; ``banner`` is what it printed until it was ready to be asked."""

    def __init__(self, process: subprocess.Popen[str], banner: list[str], port: int) -> None:
        self.process, self.banner, self.port = process, banner, port

    def get(self, target: str, **fields: str) -> tuple[http.client.HTTPResponse, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", target, headers=fields)
            response = connection.getresponse()
            return response, response.read()

    def value(self, target: str) -> list[dict[str, object]]:
        response, body = self.get(f"/odata/v4/{target}")
        assert response.status == 200, body
        found: list[dict[str, object]] = json.loads(body)["value"]
        return found

    def stop(self, sign: signal.Signals, *, group: bool = True) -> tuple[int, str]:
        """Stop it as a terminal does (the whole group) or another program (the parent); return status and log."""
        (os.killpg if group else os.kill)(self.process.pid, sign)
        _, log = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, log


@contextmanager
def serving(database: Path | str, *options: str) -> Iterator[Served]:
    """Serve a database on a free port until the block ends."""
    command = [*SERVE, str(database), "--port", "0", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    watchdog = threading.Timer(PATIENCE, os.killpg, [process.pid, signal.SIGKILL])
    watchdog.start()
    try:
        assert process.stdout is not None
        banner = []
        for line in process.stdout:
            banner.append(line.rstrip("\n"))
            if line.startswith("Ctrl-C"):
                break
        else:
            pytest.fail(f"the server did not start: {process.communicate()[1]}")
        port = re.search(r"http://[^:]+:(\d+)/$", "\n".join(banner), re.MULTILINE)
        served = Served(process, banner, int(port[1]) if port else 0)
        if port:
            _await_answer(served)
        watchdog.cancel()
        yield served
    finally:
        watchdog.cancel()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _await_answer(served: Served) -> None:
    while served.process.poll() is None:
        try:
            served.get("/healthz")
            return
        except OSError:
            threading.Event().wait(0.01)
    pytest.fail(f"the server ended: {served.process.communicate()[1]}")


@pytest.fixture(scope="module")
def served(shop: Path) -> Iterator[Served]:
    with serving(shop, "--key", "Product Sales=Product_ID", "--title", "A <Shop>") as server:
        yield server


@pytest.mark.feature("F-CLI-10")
def test_the_banner_says_what_is_served_and_what_to_open(served: Served, shop: Path) -> None:
    text = "\n".join(served.banner)
    url = f"http://127.0.0.1:{served.port}/"
    assert str(shop) in served.banner[0]
    assert "Products" in text
    assert re.search(r"\d+ entity sets: Categories, ", text)
    links = [line.strip() for line in served.banner if line.startswith("  http")]
    assert links[:3] == [url, f"{url}odata/v4/", f"{url}odata/v4/$metadata"]
    assert "Anyone" not in text
    for link in links:
        response, _ = served.get(link.removeprefix(url.rstrip("/")))
        assert (link, response.status) == (link, 200)


@pytest.mark.parametrize("path", ["/odata", "/odata/", "/odata/v3/Products", "/odata/v4x/"])
def test_an_address_beside_the_service_tells_where_it_is(served: Served, path: str) -> None:
    response, body = served.get(path)
    assert (response.status, body) == (404, b"Nothing is published at this address. The service is at /odata/v4/\n")


@pytest.mark.feature("F-CLI-10")
def test_a_filtered_ordered_expanded_query_is_answered(served: Served) -> None:
    found = served.value("Products?$filter=Price%20gt%20100&$orderby=Price%20desc&$expand=Category&$select=Name")
    assert [row["Name"] for row in found] == ["Tap Water 100% pure", "Cardamom", "Franzbrötchen"]
    assert all(isinstance(row["Category"], dict) for row in found)


@pytest.mark.feature("F-CLI-11")
def test_a_view_with_a_key_is_a_set(served: Served) -> None:
    assert len(served.value("Product_Sales?$top=3")) == 3


@pytest.mark.feature("F-CLI-16", "F-CLI-11")
def test_every_link_of_the_start_page_leads_somewhere(served: Served) -> None:
    response, body = served.get("/")
    assert (response.status, response.getheader("content-type")) == (200, "text/html; charset=utf-8")
    page = body.decode()
    assert "<h1>A &lt;Shop&gt;</h1>" in page
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page)}
    assert len(links) > 10
    assert {link: served.get(f"/{link}")[0].status for link in links} == dict.fromkeys(links, 200)


@pytest.mark.feature("F-CLI-17")
def test_health_icon_and_what_is_not_there(served: Served) -> None:
    statuses = {path: served.get(path)[0].status for path in ("/healthz", "/favicon.ico", "/nowhere", "/odata/v4")}
    assert statuses == {"/healthz": 200, "/favicon.ico": 204, "/nowhere": 404, "/odata/v4": 200}


@pytest.mark.feature("F-CLI-14")
def test_each_request_is_a_line_in_the_log_with_the_id_of_its_answer(shop: Path) -> None:
    with serving(shop) as server:
        response, body = server.get("/odata/v4/Products(1)?$select=Name")
        status, log = server.stop(signal.SIGTERM, group=False)
    assert status == 0
    name = response.getheader("x-request-id")
    lines = [line for line in log.splitlines() if f" {name} " in line]
    assert len(lines) == 1
    assert f" GET /odata/v4/Products(1)?$select=Name 200 {len(body)} " in lines[0]


@pytest.mark.feature("F-CLI-15", "F-CLI-14")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("group", [True, False], ids=["all processes", "the parent"])
def test_a_signal_ends_it_without_a_word(shop: Path, sign: signal.Signals, group: bool) -> None:
    with serving(shop, "--no-log", "--workers", "2") as server:
        assert server.get("/odata/v4/Products(1)")[0].status == 200
        assert server.stop(sign, group=group) == (0, "")


@pytest.mark.feature("F-CLI-11", "F-CLI-12")
def test_options_choose_what_is_served_and_how(shop: Path) -> None:
    options = ["--include", "Cat*", "--include", "Products", "--exclude", "Tags", "--page-size", "5"]
    with serving(shop, *options, "--exclude", "Categories", "--threads", "1") as server:
        assert [row["name"] for row in server.value("")] == ["Products"]
        assert len(server.value("Products")) == 5


@pytest.mark.feature("F-CLI-11")
def test_page_size_0_is_no_limit(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Numbers (ID INTEGER NOT NULL PRIMARY KEY)")
        connection.executemany("INSERT INTO Numbers VALUES (?)", ((n,) for n in range(6000)))
        connection.commit()
    with serving(path, "--page-size", "0") as server:
        assert len(server.value("Numbers")) == 6000


@pytest.mark.feature("F-CLI-12")
def test_links_carry_the_public_address(shop: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    with serving(
        shop, "--root-url", "https://data.example.com/shop", "--port", str(port), "--host", "localhost"
    ) as server:
        server.port = port
        _await_answer(server)
        assert "  https://data.example.com/shop/odata/v4/" in server.banner
        assert f"It listens at http://localhost:{port}/ on this machine." in server.banner
        _, body = server.get("/odata/v4/Products?$top=1")
        assert json.loads(body)["@odata.context"].startswith("https://data.example.com/shop/odata/v4/$metadata")
        assert b"<pre>https://data.example.com/shop/odata/v4/</pre>" in server.get("/")[1]


@pytest.mark.feature("F-CLI-12")
def test_all_addresses_come_with_a_warning(shop: Path) -> None:
    with serving(shop, "--host", "0.0.0.0", "--allow-anonymous") as server:
        assert "Anyone who can reach this machine can read this data." in server.banner


def refused(*arguments: str) -> str:
    result = subprocess.run([*SERVE, *arguments], capture_output=True, text=True, timeout=PATIENCE)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    return result.stderr


@pytest.mark.feature("F-CLI-13")
@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nowhere.db", "nowhere.db"),
        ("sqlite:///nowhere.db", "nowhere.db"),
        ("mongodb://localhost/shop", "mongodb"),
        ("text.db", "text.db"),
        ("empty.db", "published"),
    ],
)
def test_what_cannot_be_served_is_told(url: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.db").write_text("This is no database, though it is long enough to be one.\n" * 20)
    sqlite3.connect("empty.db").close()
    error = refused(url, "--port", "0")
    assert error.startswith("error: ")
    assert message in error


@pytest.mark.feature("F-CLI-13")
def test_a_port_in_use_is_told(served: Served, shop: Path) -> None:
    assert refused(str(shop), "--port", str(served.port)).startswith(f"error: 127.0.0.1:{served.port} is in use")


@pytest.mark.feature("F-CLI-13")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--include", "Nothing*"], "Nothing*"),
        (["--key", "Nowhere=ID"], "Nowhere"),
        (["--key", "Product Sales=Nothing"], "Nothing"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
    ],
)
def test_an_option_that_fits_nothing_is_told(shop: Path, options: list[str], message: str) -> None:
    assert message in refused(str(shop), "--port", "0", *options)


@pytest.mark.feature("F-CLI-18")
def test_a_query_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "slow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            CREATE TABLE Digits (ID INTEGER NOT NULL PRIMARY KEY);
            INSERT INTO Digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
            CREATE VIEW Endless AS
            SELECT a.ID AS ID FROM Digits a, Digits b, Digits c, Digits d, Digits e, Digits f, Digits g, Digits h,
              Digits i, Digits j, Digits k, Digits l, Digits m;
            """
        )
    with serving(path, "--key", "Endless=ID", "--time-limit", "0.3") as server:
        response, body = server.get("/odata/v4/Endless/$count")
        assert response.status == 503
        assert json.loads(body)["error"]["code"] == "QueryTooLong"
        assert len(server.value("Digits")) == 10


@pytest.mark.feature("F-CLI-12")
def test_clients_that_stop_reading_do_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Numbers (ID INTEGER NOT NULL PRIMARY KEY, Words TEXT)")
        connection.executemany("INSERT INTO Numbers VALUES (?, ?)", ((n, "word " * 40) for n in range(60_000)))
        connection.commit()
    with serving(path, "--page-size", "0") as server, ExitStack() as stalled:
        for _ in range(4):
            client = stalled.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            client.sendall(b"GET /odata/v4/Numbers HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 200"
        assert [server.get(f"/odata/v4/Numbers({n})")[0].status for n in range(5)] == [200] * 5
