"""What every test may use: the inventory marker, the test data, the sample shop, and tools from outside.

A test that lacks data, a tool or a service skips and says what is missing. With DEMOTIC_REQUIRE_SERVICES=1 (continuous
integration sets it) every skip is a failure instead, so that nothing is left out unnoticed.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import settings

from demotic import sample
from demotic.cache import registry

ROOT = Path(__file__).resolve().parent.parent
REQUIRE_SERVICES = os.environ.get("DEMOTIC_REQUIRE_SERVICES", "") not in ("", "0")

# A machine that is busy for a moment must not fail a property: no test is about time. Properties try the same examples
# in every run, so that what passed once passes again; DEMOTIC_EXPLORE=1 looks for new ones.
EXPLORE = os.environ.get("DEMOTIC_EXPLORE", "") not in ("", "0")
settings.register_profile("demotic", deadline=None, derandomize=not EXPLORE)
settings.load_profile("demotic")

MOST_CLAIMS = 5
# What a test may claim: rows of the feature inventory, and rows of docs/features.
ID_FORMS = {"spec": re.compile(r"[A-Z]+\d?-\d{3}"), "feature": re.compile(r"F-[A-Z]+(-[A-Z]+)*-\d{2}")}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write what each test claims into the JUnit report, as properties named `spec` and `feature`."""
    for item in items:
        item.user_properties += [(marker, name) for marker in ID_FORMS for name in claims(item, marker)]


def claims(item: pytest.Item, marker: str) -> list[str]:
    """Return the ids that the test's markers claim; raise a usage error if they are too many or malformed."""
    marks = list(item.iter_markers(marker))
    if not all(mark.args for mark in marks):
        raise pytest.UsageError(f"{item.nodeid}: @pytest.mark.{marker} claims no id")
    ids = list(dict.fromkeys(name for mark in marks for name in mark.args))
    for name in ids:
        if not isinstance(name, str) or not ID_FORMS[marker].fullmatch(name):
            raise pytest.UsageError(f"{item.nodeid}: {name!r} is no id for @pytest.mark.{marker}")
    if len(ids) > MOST_CLAIMS:
        raise pytest.UsageError(f"{item.nodeid}: claims {len(ids)} ids with @pytest.mark.{marker}, not {MOST_CLAIMS}")
    return ids


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn a skipped test into a failed one where nothing may be missing."""
    report = yield
    return _no_skips(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Turn a skipped module into a failed one where nothing may be missing."""
    report = yield
    return _no_skips(report)


def _no_skips(report):
    if REQUIRE_SERVICES and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"DEMOTIC_REQUIRE_SERVICES is set, and this would be skipped: {reason}"
    return report


@contextmanager
def no_functions_left() -> Iterator[None]:
    """Let the registry of cached functions forget those that are added within: their servers may be gone afterwards."""
    before = set(registry.machines())
    yield
    for machine in set(registry.machines()) - before:
        registry._machines.discard(machine)


@pytest.fixture(scope="module", autouse=True)
def _leave_no_functions() -> Iterator[None]:
    """Leave no cached functions of one module to the next, which could not invalidate anything on servers of others."""
    with no_functions_left():
        yield


@pytest.fixture
def leave_no_functions() -> Iterator[None]:
    """Leave no cached functions of one test to the next."""
    with no_functions_left():
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public test material beside the checkout; skips where it is not there."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no test data at {os.path.relpath(folder, ROOT)}")
    return folder


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Return the path of a program: one that `make tools` installed from tests/tools, or one on PATH; else skip."""

    def find(name: str) -> str:
        installed = ROOT / "build" / "tools" / "node_modules" / ".bin"
        path = shutil.which(name, path=os.pathsep.join((str(installed), os.environ.get("PATH", ""))))
        return path or pytest.skip(f"no program {name} (`make tools` installs those of tests/tools)")

    return find


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop as a SQLite file, one for the whole run: read it, never write to it."""
    return sample.create(tmp_path_factory.mktemp("sample") / "shop.db")


class DatabaseServer:
    """A server that tests make databases on, each of its own name, all of them dropped in the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._names: list[str] = []
        self._numbers = count()

    def new_database(self, script: str = "") -> str:
        """Make a database, run a script in it, and return its URL."""
        name = f"demotic_test_{os.getpid()}_{next(self._numbers)}"
        self.run(self._creation(name))
        self._names.append(name)
        parts = urlsplit(self.url)
        url = parts._replace(path=f"/{name}").geturl()
        if script:
            self.run(script, name)
        return url

    def drop(self) -> None:
        """Drop what was made."""
        for name in self._names:
            self.run(self._removal(name))
        self._names.clear()

    def _creation(self, name: str) -> str:
        return f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"

    def _removal(self, name: str) -> str:
        return f"DROP DATABASE IF EXISTS {name}"

    def connect(self, database: str | None = None) -> Any:
        """Connect to a database, by default that of the server's URL; changes last at once."""
        raise NotImplementedError

    def run(self, script: str, database: str | None = None) -> list[Any]:
        """Run a script and return the rows of its last statement."""
        raise NotImplementedError


class PostgresqlServer(DatabaseServer):
    """PostgreSQL; the databases compare text by code point."""

    def _creation(self, name: str) -> str:
        return f"CREATE DATABASE {name} TEMPLATE template0 ENCODING UTF8 LC_COLLATE 'C' LC_CTYPE 'C'"

    def _removal(self, name: str) -> str:
        return f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"

    def connect(self, database: str | None = None) -> Any:
        import psycopg

        parts = urlsplit(self.url)
        url = self.url if database is None else parts._replace(path=f"/{database}").geturl()
        return psycopg.connect(url, autocommit=True)

    def run(self, script: str, database: str | None = None) -> list[Any]:
        connection = self.connect(database)
        try:
            cursor = connection.execute(script)
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


class MariadbServer(DatabaseServer):
    """MariaDB or MySQL; the databases compare text by code point."""

    def connect(self, database: str | None = None) -> Any:
        import MySQLdb

        parts = urlsplit(self.url)
        return MySQLdb.connect(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 3306,
            user=unquote(parts.username or "root"),
            password=unquote(parts.password or ""),
            database=database or parts.path.removeprefix("/") or None,
            charset="utf8mb4",
            autocommit=True,
        )

    def run(self, script: str, database: str | None = None) -> list[Any]:
        connection = self.connect(database)
        try:
            cursor = connection.cursor()
            rows: list[Any] = []
            for statement in (part for part in re.split(r";\s*\n|;\s*\Z", script) if part.strip()):
                cursor.execute(statement)
                rows = list(cursor.fetchall()) if cursor.description else []
            return rows
        finally:
            connection.close()


def _server(kind: type[DatabaseServer], variable: str, usual: str) -> Iterator[DatabaseServer]:
    url = os.environ.get(variable, usual)
    server = kind(url)
    try:
        server.connect().close()
    except Exception as error:
        shown = re.sub(r":[^:@/]*@", ":…@", url)
        pytest.skip(f"no database server at {shown} ({variable} names another): {error}")
    try:
        yield server
    finally:
        server.drop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[DatabaseServer]:
    """A PostgreSQL server to make databases on; skips where there is none."""
    yield from _server(PostgresqlServer, "DEMOTIC_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@pytest.fixture(scope="session")
def mariadb() -> Iterator[DatabaseServer]:
    """A MariaDB server to make databases on; skips where there is none."""
    yield from _server(MariadbServer, "DEMOTIC_TEST_MARIADB", "mariadb://root@127.0.0.1:3306/mysql")
