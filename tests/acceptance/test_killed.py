"""A server that is killed: what it acknowledged is there, what it did not is there whole or not at all.

Each server here is a process of its own that answers over HTTP and is ended by SIGKILL, which it cannot notice.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from demotic.store.sql import open_store

TABLES = """
CREATE TABLE "Boxes" ("ID" INT NOT NULL PRIMARY KEY, "Label" VARCHAR(20) NOT NULL);
CREATE TABLE "Parts" ("ID" INT NOT NULL PRIMARY KEY, "Box_ID" INT NOT NULL, "Name" VARCHAR(20) NOT NULL,
  FOREIGN KEY ("Box_ID") REFERENCES "Boxes" ("ID"));
INSERT INTO "Boxes" VALUES (1, 'one');
"""
PARTS = 3

# Serves a database, and kills itself just before or just after its first commit.
SERVER = """
import os, signal, sys
from wsgiref.simple_server import make_server
from demotic.protocols.odata import ODataV4
from demotic.service import Service
from demotic.store.sql import open_store
from demotic.store.sql._store import SqlDraft
from demotic.transports.wsgi import WsgiApplication

url, moment = sys.argv[1:]
commit = SqlDraft.commit

def killed(self):
    if moment == "after":
        commit(self)
    os.kill(os.getpid(), signal.SIGKILL)

SqlDraft.commit = killed
with make_server("127.0.0.1", 0, WsgiApplication(ODataV4(Service(open_store(url))))) as server:
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
"""


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind."""
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "boxes.db")) as db:
            db.executescript(TABLES)
        return str(tmp_path / "boxes.db")
    script = TABLES if request.param == "postgresql" else TABLES.replace('"', "`")
    made: str = request.getfixturevalue(request.param).new_database(script)
    return made


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a server until the block ends; give its process and port."""
    command = [sys.executable, *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        port = next(int(found[1]) for line in process.stdout if (found := re.search(r"http://[^:]+:(\d+)/$", line)))
        yield process, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def post(port: int, number: int) -> int | None:
    """Insert a box with its parts; return the status, ``None`` if there is no answer."""
    parts = [{"ID": number * 10 + n, "Name": f"part {n}"} for n in range(PARTS)]
    body = json.dumps({"ID": number, "Label": f"box {number}", "Parts": parts})
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        try:
            connection.request("POST", "/odata/v4/Boxes", body, {"Content-Type": "application/json"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


def boxes(url: str) -> dict[int, int]:
    """Return how many parts each box has: asked of a store that is opened anew, as a server is that starts again."""
    with open_store(url) as store, store.transaction() as tx:
        return {box["ID"]: len(box["Parts"]) for box in tx["Boxes"].expand("Parts").values()}


@pytest.mark.feature("F-SQLWRITE-08")
@pytest.mark.parametrize(("moment", "left"), [("before", {1: 0}), ("after", {1: 0, 2: PARTS})])
def test_what_is_killed_around_a_commit_acknowledges_nothing(url: str, moment: str, left: dict[int, int]) -> None:
    with running("-c", SERVER, url, moment) as (process, port):
        assert post(port, 2) is None
        assert process.wait(30) == -signal.SIGKILL
    assert boxes(url) == left
    with open_store(url) as store, store.transaction(write=True) as tx:  # nothing is locked by who is no more
        tx["Boxes"].insert({"ID": 3, "Label": "three"})
    assert boxes(url) == {**left, 3: 0}


@pytest.mark.feature("F-SQLWRITE-08")
def test_what_was_acknowledged_under_load_is_there_and_nothing_is_half_there(url: str) -> None:
    done, sent, numbers, enough = set(), set(), count(100), Event()
    with running("-m", "demotic.cli", "serve", url, "--port", "0") as (process, port):
        until = time.monotonic() + 30
        while post(port, 99) is None and time.monotonic() < until:  # it tells its address before it listens
            time.sleep(0.02)

        def write() -> None:
            for number in numbers:
                sent.add(number)
                status = post(port, number)
                if status is None:
                    return
                assert status == 201
                done.add(number)
                if len(done) >= 20:
                    enough.set()

        threads = [Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert enough.wait(30)
        os.killpg(process.pid, signal.SIGKILL)
        for thread in threads:
            thread.join()
    found = boxes(url)
    assert found.pop(1) == 0
    assert found.pop(99) == PARTS
    assert done <= set(found) <= sent
    assert set(found.values()) == {PARTS}
