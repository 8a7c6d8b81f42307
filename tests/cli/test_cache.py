"""`demotic cache`: a shared cache seen and invalidated from outside the programs that use it, on a real memcached."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest

from demotic.cache import Backend, cached, open_backend
from demotic.cache.metrics import Publisher
from demotic.cache.web import path_tag
from demotic.cli import main


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a memcached of one's own."""
    program = shutil.which("memcached")
    if program is None:
        pytest.skip("no program memcached")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([program, "-u", "nobody", "-l", "127.0.0.1", "-p", str(port), "-m", "16"])
    while True:
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            continue
    yield f"127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def address(server: str, request: pytest.FixtureRequest) -> str:
    """The address of a cache that no other test uses. (Flushing would take what is stored within the same second.)"""
    return f"memcached://{server}/n{abs(hash(request.node.nodeid))}"


@pytest.fixture
def backend(address: str) -> Iterator[Backend]:
    opened = open_backend(address)
    yield opened
    opened.close()


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def asked(*arguments: str) -> tuple[int, str, str]:
        status = main(["cache", *arguments])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return asked


class Users:
    """A class with a cached method and pages."""

    runs: list[str]

    def __init__(self, backend: Backend, name: str = "shop:email") -> None:
        self.runs = []

        @cached(60, backend=backend, name=name, tags=lambda user: [f"user:{user}", path_tag(f"/{user}")])
        def email(user: str) -> str:
            self.runs.append(user)
            return f"{user}@example.com"

        self.email = email


@pytest.mark.feature("F-CLI-40")
def test_ping_tells_which_servers_answer(run: Run, server: str) -> None:
    status, out, _ = run("ping", f"memcached://{server}")
    assert (status, out.split("  ")[0]) == (0, server)
    assert "answers in" in out
    with socket.create_server(("127.0.0.1", 0)) as free:
        gone = f"127.0.0.1:{free.getsockname()[1]}"
    status, out, _ = run("ping", f"memcached://{server},{gone}")
    assert status == 1
    assert f"{gone}  does not answer" in out


@pytest.mark.parametrize(
    ("arguments", "forgotten"),
    [
        (["--tag", "user:bob"], {"bob"}),
        (["--tag", "user:bob", "--tag", "user:ann"], {"bob", "ann"}),
        (["--path", "/ann"], {"ann"}),
        (["--function", "shop:email"], {"bob", "ann"}),
        (["--function", "shop:other", "--class", "shop:Users"], set()),
        (["--all"], {"bob", "ann"}),
    ],
)
@pytest.mark.feature("F-CLI-41")
@pytest.mark.spec("CACHE-011", "CACHE-016")
def test_invalidate_forgets_what_was_chosen(
    arguments: list[str], forgotten: set[str], run: Run, address: str, backend: Backend
) -> None:
    users = Users(backend)
    users.email("bob"), users.email("ann")
    users.runs.clear()
    assert run("invalidate", address, *arguments) == (0, "", "")
    users.email("bob"), users.email("ann")
    assert set(users.runs) == forgotten


@pytest.mark.feature("F-CLI-42")
def test_stats_adds_up_what_processes_count(run: Run, server: str, address: str, backend: Backend) -> None:
    assert run("stats", address)[0:2] == (
        1,
        "no process has left its counters here (demotic.cache.metrics.Publisher leaves them)\n",
    )
    users = Users(backend, "shop:counted")
    for _ in range(4):
        users.email("bob")
    with Publisher(backend, every=3600) as one, Publisher(backend, every=3600) as other:
        assert one.publish()
        assert other.publish()
        status, out, _ = run("stats", address)
        assert status == 0
        line = next(line for line in out.splitlines() if line.startswith("shop:counted"))
        assert line.split()[1:6] == ["2", "6", "2", "0", "75%"]
        status, out, _ = run("stats", address, "--format", "json", "--servers")
    document = json.loads(out)
    found = next(each for each in document["functions"] if each["function"] == "shop:counted")
    assert (status, found["processes"], found["hits"], found["hit_ratio"]) == (0, 2, 6, 0.75)
    assert server in document["servers"]


@pytest.mark.feature("F-CLI-42")
def test_stats_shows_what_servers_say(run: Run, address: str) -> None:
    _, out, _ = run("stats", address, "--servers")
    assert "  curr_items: " in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ping", "memory://"], "memory:// is in this process alone"),
        (["stats", "elsewhere"], "'elsewhere' is no address of a cache"),
        (["invalidate", "memory://"], "nothing to forget was named"),
        (["invalidate", "memory://", "--all"], "memory:// is in this process alone"),
        (["stats", "memory://", "--format", "xml"], "'xml'"),
        (["ping"], "CACHE"),
        (["flush"], "No such command 'flush'"),
    ],
)
@pytest.mark.feature("F-CLI-43")
def test_what_is_wrong_is_told(arguments: list[str], message: str, run: Run) -> None:
    status, _, err = run(*arguments)
    assert status == 2
    assert message in err
    assert "hint:" in err


@pytest.mark.feature("F-CLI-43")
def test_help_shows_the_commands(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert all(name in out for name in ("ping", "stats", "invalidate"))
