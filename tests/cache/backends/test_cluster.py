"""A Redis cluster: no command has keys of two slots, which a cluster refuses even where one server has them all."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator

import pytest
from cache_servers import GUARD, HOST, Server, program, redis

from demotic.cache import Backend
from demotic.cache.backends.redis import Redis
from demotic.testing.caches import FunctionSuite, RaceSuite

pytestmark = pytest.mark.feature("F-CACHE-26")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A cluster of one server."""
    folder = tmp_path_factory.mktemp("cluster")
    server = Server(lambda port: [*redis(port), "--cluster-enabled", "yes", "--dir", str(folder)])
    if server.port > 55535:  # the cluster's own port lies 10,000 above
        server.port -= 10_000
        server.address = f"{HOST}:{server.port}"
    server.start()
    ask = [program("redis-cli"), "-p", str(server.port), "cluster"]
    subprocess.run([*ask, "addslotsrange", "0", "16383"], check=True, capture_output=True)
    for _ in range(int(GUARD / 0.02)):
        if b"cluster_state:ok" in subprocess.run([*ask, "info"], check=True, capture_output=True).stdout:
            break
        threading.Event().wait(0.02)
    yield server
    server.kill()


@pytest.fixture
def backend(cluster: Server) -> Iterator[Backend]:
    with Redis(f"redis://{cluster.address}", namespace="tests", cluster=True, timeout=30) as backend:
        backend.flush()
        yield backend


def test_the_direct_verbs_work_on_a_cluster(backend: Backend) -> None:
    names = [f"key {number}" for number in range(50)]
    assert backend.set_many(dict.fromkeys(names, b"1")) and len(backend.get_many(names)) == 50
    assert backend.incr(names[0], 4) == 5 and backend.delete_many(names) == 50 and backend.flush()
    assert all(backend.ping().values()) and backend.stats()

    async def program() -> None:
        try:
            assert await backend.aio.set_many(dict.fromkeys(names, b"1"))
            assert len(await backend.aio.get_many(names)) == 50 and await backend.aio.flush()
            assert await backend.aio.get(names[0]) is None
        finally:
            await backend.aio.close()

    asyncio.run(program())


class TestFunctions(FunctionSuite): ...


class TestRaces(RaceSuite): ...
